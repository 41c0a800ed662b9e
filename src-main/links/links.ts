// Links to documents and folders (S20): made, listed, taken back. Every link that is out in the world stands in the store;
// a document's url follows. "No links to Dropbox" (mode `off`) calls no function of Dropbox's for links, but for taking
// one back that is out. Called by the application's links service.

import type { LocalId, RelPath, RemoteId } from '../../src-shared/domain.ts';
import {
  audienceSentence,
  type LinkListView,
  type LinkView,
  type MadeLinkView,
  type RevokedLinksView,
} from '../../src-shared/link-views.ts';
import { nameKey } from '../../src-shared/names.ts';
import { Fault, type AccountInfo, type ClientRow, type SharedLink } from '../engine/ports.ts';
import { StoreError } from '../store/errors.ts';
import { iso } from '../store/keepsakes.ts';
import { belowRoot, type LinkRow } from '../store/links.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { LinkCloud, LinkWish } from './ports.ts';

export interface LinksParts {
  readonly store: DocumentStore;
  readonly cloudOf: (client: ClientRow) => LinkCloud;
  /** What kind of account it is; asks Dropbox where that is not known yet. */
  readonly accountKind: (client: ClientRow) => Promise<AccountInfo['kind']>;
  /** The address of a path on Dropbox's own pages. */
  readonly homeAddress: (client: ClientRow, path: RelPath) => string;
}

export interface LinkFilter {
  /** This document or folder and what lies below. */
  readonly path?: RelPath;
  readonly client?: string;
  /** With the links of the accounts that lead to something outside of the root folders. */
  readonly everywhere?: boolean;
  /** What is known already, without asking Dropbox. */
  readonly offline?: boolean;
}

/** What a link leads to: an entry here that is in Dropbox. */
interface Target {
  readonly client: ClientRow;
  readonly entryId: LocalId;
  readonly path: RelPath;
  readonly kind: 'file' | 'folder';
  readonly remoteId: RemoteId;
}

// ---------------------------------------------------------------- making

/**
 * A link to a document or folder; one that exists is used again and given what is asked for. Throws StoreError
 * 'unknown-path', 'no-client', 'not-in-dropbox', 'links-off', 'no-team'; Faults of LinkCloud.
 */
export async function makeLink(parts: LinksParts, path: RelPath, wish: LinkWish): Promise<MadeLinkView> {
  const { store } = parts;
  const target = targetAt(store, path);
  const { client, entryId, kind } = target;
  if (store.links.mode(client.id) === 'off') return addressOnly(parts, target, wish);
  const account = await parts.accountKind(client);
  if (wish.audience === 'team' && account !== 'business') {
    throw new StoreError(
      'no-team',
      `The client "${client.name}" is a personal Dropbox account, which has no team. Make the link public, or leave the audience out.`,
    );
  }
  const cloud = parts.cloudOf(client);
  const audience = wish.audience ?? (account === 'business' ? 'team' : 'public');
  const found = await cloud.create(target.remoteId, { ...wish, audience });
  const changes = found.existing && differs(found.link, wish);
  const link = changes ? await cloud.change(found.link.url, wish) : found.link;
  store.sync.batch(() => {
    const row = { ...link, inside: true };
    if (found.existing) store.links.found(client.id, row);
    else store.links.made(client.id, row);
    store.links.allow(entryId);
    if (kind === 'file') store.entries.setLinked(entryId, link.url);
  });
  return {
    url: link.url,
    path,
    kind,
    client: client.name,
    audience: link.audience,
    password: link.password,
    expires: link.expires === null ? null : iso(link.expires),
    result: changes ? 'changed' : found.existing ? 'existing' : 'made',
    notes: notesOn(link, { ...wish, audience: wish.audience ?? link.audience }, kind, changes),
  };
}

/** Only what was asked for counts: a link that somebody else protected stays protected. */
function differs(link: SharedLink, wish: LinkWish): boolean {
  return (
    wish.password !== undefined ||
    (wish.expires !== undefined && wish.expires !== link.expires) ||
    (wish.audience !== undefined && wish.audience !== link.audience)
  );
}

function notesOn(
  link: SharedLink,
  wish: { readonly audience: string },
  kind: 'file' | 'folder',
  changed: boolean,
): string[] {
  const notes = [audienceSentence(link.audience)];
  if (kind === 'folder') notes.push('It opens everything in the folder, also what comes later.');
  if (link.password) notes.push('It asks for a password.');
  if (changed) notes.push('The link was there already; it has changed for everybody who has it.');
  if (link.audience !== wish.audience) {
    notes.push(
      `Dropbox did not make it "${wish.audience}": the sharing settings of the account or team do not allow that.`,
    );
  }
  return notes;
}

/** "No links to Dropbox": the address on Dropbox's own pages, which can neither end nor ask for a password. */
function addressOnly(parts: LinksParts, { client, path, kind }: Target, wish: LinkWish): MadeLinkView {
  if (wish.password !== undefined || wish.expires !== undefined || wish.audience !== undefined) {
    throw new StoreError(
      'links-off',
      `Links are switched off for the client "${client.name}". Allow them first: docktide client links "${client.name}" on-request.`,
    );
  }
  return {
    url: parts.homeAddress(client, path),
    path,
    kind,
    client: client.name,
    audience: 'members',
    password: false,
    expires: null,
    result: 'address',
    notes: [
      `Links are switched off for "${client.name}": this is the address on dropbox.com.`,
      audienceSentence('members'),
    ],
  };
}

function targetAt(store: DocumentStore, path: RelPath): Target {
  const entryId = path === '' ? null : store.entries.entryAt(path);
  const row = entryId === null ? null : store.entries.get(entryId);
  if (entryId === null || row === null) {
    throw new StoreError(
      'unknown-path',
      `There is no document or folder "${path}". See "docktide ls"; what is new is known after the next sync.`,
    );
  }
  const clientId = store.entries.clientOf(entryId);
  const client = clientId === null ? null : store.sync.client(clientId);
  if (client === null) {
    throw new StoreError('no-client', `"${path}" belongs to no client, so it is not in Dropbox and has no link.`);
  }
  const synced = store.sync.syncedOf(client.id, entryId);
  if (synced === null) {
    throw new StoreError('not-in-dropbox', `"${path}" is not in Dropbox yet. Run "docktide sync" first.`);
  }
  return { client, entryId, path, kind: row.kind, remoteId: synced.remoteId };
}

// ---------------------------------------------------------------- listing

/** What is out in the world. A client whose Dropbox does not answer is told, with its links as they were known last. */
export async function listLinks(parts: LinksParts, filter: LinkFilter): Promise<LinkListView> {
  const { store } = parts;
  const clients = chosenClients(store, filter.client);
  const unchecked: LinkListView['unchecked'][number][] = [];
  if (filter.offline !== true) {
    for (const client of clients) {
      if (client.state === 'draft' || store.links.mode(client.id) === 'off') continue;
      try {
        await checkLinks(parts, client);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        unchecked.push({ client: client.name, code: error.code, message: error.message });
      }
    }
  }
  const names = new Map(clients.map((client) => [client.id, client.name]));
  const rows = store.links.all().filter((row) => names.has(row.clientId));
  // Two clients of one account are told the same links; each counts where it lies inside.
  const inside = new Set(rows.filter((row) => row.inside).map((row) => row.url));
  const elsewhere = new Map(rows.filter((row) => !inside.has(row.url)).map((row) => [row.url, row]));
  const shown = [...rows.filter((row) => row.inside), ...(filter.everywhere === true ? elsewhere.values() : [])];
  const views = shown.map((row) => linkView(store, row, names.get(row.clientId) ?? ''));
  const path = filter.path ?? '';
  return {
    links: path === '' ? views : views.filter((view) => view.path !== null && isWithin(view.path, path)),
    unchecked,
    elsewhere: filter.everywhere === true || path !== '' ? 0 : elsewhere.size,
  };
}

/** Asks Dropbox for all links of the account; what is gone is shown no longer. Faults of LinkCloud. */
async function checkLinks(parts: LinksParts, client: ClientRow): Promise<void> {
  const { store } = parts;
  const started = store.now();
  const found = await parts.cloudOf(client).all();
  const rootId = store.sync.feed(client.id).rootId;
  const isInside = (link: SharedLink): boolean =>
    (link.remoteId !== null &&
      (link.remoteId === rootId || store.sync.remoteEntry(client.id, link.remoteId) !== null)) ||
    (link.pathLower !== null && belowRoot(nameKey(client.root), nameKey(link.pathLower)) !== null);
  store.sync.batch(() => {
    const links = found.map((link) => ({ ...link, inside: isInside(link) }));
    const gone = store.links.replaceAll(client.id, links, started);
    for (const { url } of gone) hide(parts, client, url);
    for (const { url, expires } of links) if (expires !== null && expires <= started) hide(parts, client, url);
  });
}

function chosenClients(store: DocumentStore, name: string | undefined): readonly ClientRow[] {
  if (name === undefined) return store.sync.clients();
  const { id } = store.clients.get(name);
  return store.sync.clients().filter((client) => client.id === id);
}

function linkView(store: DocumentStore, row: LinkRow, client: string): LinkView {
  const entryId = store.links.entryOf(row);
  return {
    url: row.url,
    path: entryId === null ? null : store.entries.pathOf(entryId),
    remotePath: row.pathLower,
    name: row.name,
    kind: row.kind,
    client,
    record: entryId === null ? null : store.links.recordOf(entryId),
    audience: row.audience,
    password: row.password,
    expires: row.expires === null ? null : iso(row.expires),
    expired: row.expires !== null && row.expires <= store.now(),
    madeAt: row.madeAt === null ? null : iso(row.madeAt),
    seenAt: iso(row.seenAt),
  };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

// ---------------------------------------------------------------- taking back

/** All links to this very document or folder. Throws StoreError as `makeLink`, and 'no-link'. */
export async function revokeLinksTo(parts: LinksParts, path: RelPath): Promise<RevokedLinksView> {
  const { store } = parts;
  const { client, remoteId } = targetAt(store, path);
  const urls = new Set(store.links.to(client.id, remoteId).map((row) => row.url));
  if (store.links.mode(client.id) !== 'off') {
    for (const link of await parts.cloudOf(client).to(remoteId)) urls.add(link.url);
  }
  if (urls.size === 0) throw new StoreError('no-link', `There is no link to "${path}".`);
  return revokeEach(
    parts,
    [...urls].map((url) => ({ client, url, path })),
  );
}

/** A link by its address. Throws StoreError 'no-link'. */
export async function revokeLink(parts: LinksParts, url: string): Promise<RevokedLinksView> {
  const { store } = parts;
  const row = store.links.all().find((one) => one.url === url.trim());
  const client = row === undefined ? null : store.sync.client(row.clientId);
  if (row === undefined || client === null) {
    throw new StoreError('no-link', 'No link with this address is known. See "docktide link list --all".');
  }
  return revokeEach(parts, [{ client, url: row.url, path: pathOf(store, row) }]);
}

/** Every link into the clients' root folders, asked for anew; links to anything else of the accounts stay. */
export async function revokeAllLinks(parts: LinksParts, clientName: string | undefined): Promise<RevokedLinksView> {
  const { store } = parts;
  const { unchecked } = await listLinks(parts, clientName === undefined ? {} : { client: clientName });
  const silent = new Map(unchecked.map((one) => [one.client, one.message]));
  const wanted: Named[] = [];
  const failed: RevokedLinksView['failed'][number][] = [];
  for (const client of chosenClients(store, clientName)) {
    const rows = store.links.of(client.id).filter((row) => row.inside);
    const links = rows.map((row) => ({ client, url: row.url, path: pathOf(store, row) }));
    const message = silent.get(client.name);
    if (message === undefined) wanted.push(...links);
    // Each would fail for the same reason; without a link there is still something that nobody knows.
    else if (links.length === 0) failed.push({ url: '', path: null, client: client.name, message });
    else failed.push(...links.map(({ url, path }) => ({ url, path, client: client.name, message })));
  }
  const result = await revokeEach(parts, wanted);
  return { ...result, failed: [...failed, ...result.failed] };
}

interface Named {
  readonly client: ClientRow;
  readonly url: string;
  readonly path: string | null;
}

async function revokeEach(parts: LinksParts, links: readonly Named[]): Promise<RevokedLinksView> {
  const { store } = parts;
  const revoked: RevokedLinksView['revoked'][number][] = [];
  const failed: RevokedLinksView['failed'][number][] = [];
  for (const { client, url, path } of links) {
    const named = { url, path, client: client.name };
    try {
      await parts.cloudOf(client).revoke(url);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      failed.push({ ...named, message: error.message });
      continue;
    }
    store.sync.batch(() => {
      store.links.remove(client.id, url);
      hide(parts, client, url);
    });
    revoked.push(named);
  }
  return { revoked, failed };
}

/** The link is no longer any document's url, and none is made in its place by itself. */
function hide({ store, homeAddress }: LinksParts, client: ClientRow, url: string): void {
  for (const id of store.links.shownBy(url)) {
    store.entries.setLinked(id, homeAddress(client, store.entries.pathOf(id)));
    store.links.refuse(id);
  }
}

function pathOf(store: DocumentStore, row: LinkRow): RelPath | null {
  const id = store.links.entryOf(row);
  return id === null ? null : store.entries.pathOf(id);
}
