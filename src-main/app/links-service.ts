// The part of the application service for links: making, listing, copying, taking back, and whether a client makes any.

import {
  audienceSentence,
  type LinkListView,
  type LinksMode,
  type LinkView,
  type MadeLinkView,
  type RevokedLinksView,
} from '../../src-shared/link-views.ts';
import { expiryOf } from '../links/expiry.ts';
import { listLinks, makeLink, revokeAllLinks, revokeLink, revokeLinksTo, type LinksParts } from '../links/links.ts';
import { relativePath } from './local-folder.ts';
import { accountOf } from './roots.ts';
import { AppError } from './service.ts';
import { Fault, type ClientRow } from '../engine/ports.ts';
import { SecretsError } from '../infra/secrets.ts';
import type { LinkWish } from '../links/ports.ts';
import type { Workplace } from './docktide.ts';

export interface LinkOptions {
  /** `2027-01-31` (the end of that day) or a moment in ISO 8601. */
  readonly expires?: string;
  readonly password?: string;
  /** By the account's kind unless told. */
  readonly audience?: 'public' | 'team';
}

export interface LinksView {
  readonly client: string;
  /** Whether every document gets a shared link. */
  readonly links: boolean;
  readonly mode: LinksMode;
}

export interface LinksService {
  /** Asks Dropbox (one request for some hundred links) unless `offline`. */
  links(filter?: {
    readonly path?: string;
    readonly client?: string;
    readonly everywhere?: boolean;
    readonly offline?: boolean;
  }): Promise<LinkListView>;
  /** Throws AppError 'unknown-path', 'not-in-dropbox', 'links-off', 'no-team', 'bad-date', 'no-permission' … */
  createLink(path: string, options?: LinkOptions): Promise<MadeLinkView>;
  /** A path, or the address of a link. Throws AppError 'no-link' and as `createLink`. */
  revokeLink(pathOrUrl: string): Promise<RevokedLinksView>;
  /** Every link into the root folders, of one client or all. */
  revokeAllLinks(client?: string): Promise<RevokedLinksView>;
  /** What people should know before they let a client make links. */
  linkRisks(client: string): readonly string[];
  /** `true` and `false` stand for `on` and `off`. */
  setLinks(client: string, mode: LinksMode | boolean): LinksView;
  linksOf(client: string): LinksView;
}

export type { LinkListView, LinkView, MadeLinkView, RevokedLinksView };

export function linksOf(use: () => Workplace): LinksService {
  const changed = (place: Workplace): void => place.events.emit({ kind: 'entries-changed' });
  const viewOf = ({ store }: Workplace, name: string): LinksView => {
    const mode = store.links.mode(store.clients.get(name).id);
    return { client: name, links: mode === 'on', mode };
  };
  return {
    async links({ path, ...rest } = {}) {
      const place = use();
      const list = await listLinks(partsOf(place), {
        ...rest,
        ...(path === undefined ? {} : { path: relativePath(path) }),
      });
      if (rest.offline !== true) changed(place);
      return list;
    },
    async createLink(path, options = {}) {
      const place = use();
      const made = await makeLink(partsOf(place), relativePath(path), wishOf(place, options));
      changed(place);
      return made;
    },
    async revokeLink(pathOrUrl) {
      const place = use();
      const parts = partsOf(place);
      const revoked = /^https?:\/\//.test(pathOrUrl)
        ? await revokeLink(parts, pathOrUrl)
        : await revokeLinksTo(parts, relativePath(pathOrUrl));
      changed(place);
      return revoked;
    },
    async revokeAllLinks(client) {
      const place = use();
      const revoked = await revokeAllLinks(partsOf(place), client);
      changed(place);
      return revoked;
    },
    linkRisks(name) {
      const { store } = use();
      const kind = accountOf(store.clients.get(name))?.kind;
      const who = kind === undefined ? 'other' : kind === 'business' ? 'team' : 'public';
      return who === 'other'
        ? [
            'On a personal Dropbox account anybody who has a link can open the document; on a team account the members of the team.',
            ...ALWAYS,
          ]
        : [audienceSentence(who), ...ALWAYS];
    },
    setLinks(name, mode) {
      const place = use();
      setMode(place, name, mode === true ? 'on' : mode === false ? 'off' : mode);
      changed(place);
      return viewOf(place, name);
    },
    linksOf: (name) => viewOf(use(), name),
  };
}

const ALWAYS: readonly string[] = [
  'Links can be passed on: whoever gets one from somebody else can open it as well.',
  'Links stay valid until they are taken back or expire, also when the document changes.',
];

function wishOf({ store }: Workplace, { expires, password, audience }: LinkOptions): LinkWish {
  if (password !== undefined && password.trim() === '') {
    throw new AppError('bad-password', 'The password of the link is empty. Give one, or leave it out.');
  }
  const expiry = expires === undefined ? null : expiryOf(expires, store.now());
  if (expiry?.ok === false) throw new AppError('bad-date', expiry.message);
  return {
    ...(expiry === null ? {} : { expires: expiry.time }),
    ...(password === undefined ? {} : { password }),
    ...(audience === undefined ? {} : { audience }),
  };
}

function partsOf(place: Workplace): LinksParts {
  const { store, clouds, engine } = place;
  return {
    store,
    cloudOf: (client) => {
      try {
        return clouds.of(client).links;
      } catch (error) {
        if (error instanceof SecretsError) throw new Fault('login-lost', error.message, { cause: error });
        throw error;
      }
    },
    accountKind: async (client) => {
      const details = store.clients.get(client.name);
      const known = accountOf(details);
      if (known !== null) return known.kind;
      const account = await clouds.of(client).account();
      store.clients.setAccount(client.id, account);
      return account.kind;
    },
    homeAddress: (client, path) => engine.urlFor(client, path),
  };
}

/** Switched off, every url is the address on Dropbox's own pages again. */
function setMode({ store, engine }: Workplace, name: string, mode: LinksMode): void {
  const { id } = store.clients.get(name);
  const client: ClientRow | null = store.sync.client(id);
  store.sync.batch(() => {
    store.links.setMode(id, mode);
    if (mode !== 'off' || client === null) return;
    for (const synced of store.sync.syncedTree(id)) {
      if (synced.kind !== 'file' || store.sync.linkOf(synced.localId) === null) continue;
      store.entries.setLinked(synced.localId, engine.urlFor(client, store.entries.pathOf(synced.localId)));
    }
  });
}
