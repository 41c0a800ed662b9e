// The part of the application service that keeps documents safe and tidy: trash, conflicts, freeing, ignore patterns,
// one-way folders, reverse sync. Each method checks the words it is given and calls the service in keeping/.

import type { ClientId, LocalId, RelPath } from '../../src-shared/domain.ts';
import { isReachable } from '../../src-shared/client-state.ts';
import { nameKey } from '../../src-shared/names.ts';
import { bringBack } from '../engine/bring-back.ts';
import { freeBytes, type FreedDocument } from '../keeping/cleaner.ts';
import { settleConflict, type SettledConflict, type Settlement } from '../keeping/conflicts.ts';
import { heldDeletions, refuseDeletions, type HeldDeletion, type RefusedDeletions } from '../keeping/held.ts';
import { whyIgnored, type IgnoredWhy } from '../keeping/policy.ts';
import { reopenConflict, type ReopenedConflict } from '../keeping/reopen.ts';
import { giveTo } from '../keeping/reverse.ts';
import { iso } from '../store/keepsakes.ts';
import { keepText, parseKeep, type Flow } from '../store/keeping.ts';
import type { DocumentStore } from '../store/open-store.ts';
import { conflictVersions, type ConflictVersionsView } from './conflict-versions.ts';
import type { Workplace } from './docktide.ts';
import { relativePath } from './local-folder.ts';
import { tellClient } from './notices.ts';
import { AppError } from './service.ts';

export interface TrashView {
  readonly id: number;
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly client: string | null;
  readonly reason: 'overwritten' | 'deleted';
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly removedAt: string;
}

export interface FolderPolicyView {
  readonly path: string;
  /** `always`, `links` or `days:N`. */
  readonly keep: string | null;
  readonly flow: Flow | null;
}

export interface IgnoredView {
  readonly path: string;
  /** Null: it is synced. */
  readonly why: IgnoredWhy | null;
}

export interface HandoverView {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

export interface KeepingService {
  trash(): readonly TrashView[];
  settleConflict(id: number, settlement: Settlement): Promise<SettledConflict>;
  /** Takes a settlement back: what gave way comes out of the trash, and the conflict stands as before. */
  reopenConflict(id: number): Promise<ReopenedConflict>;
  conflictVersions(id: number): ConflictVersionsView;
  /** What waits for a person's agreement; `sync` with `yes` lets it go. */
  held(client?: string): readonly HeldDeletion[];
  /** Brings back what held deletions would delete, with the next pass. */
  refuseHeld(client?: string): Promise<readonly RefusedDeletions[]>;
  free(options: { readonly dryRun: boolean; readonly client?: string }): Promise<readonly FreedDocument[]>;
  /** Documents, and those in folders, by row id: freed whatever their policy says. What is not freed says why. */
  freeEntries(ids: readonly number[]): Promise<readonly FreedDocument[]>;
  /** Brings freed bytes back; answers the absolute path of the document. */
  open(path: string): Promise<{ readonly path: string; readonly file: string; readonly fetched: boolean }>;
  ignorePatterns(): readonly string[];
  setIgnorePatterns(patterns: readonly string[]): readonly string[];
  /** Of a path relative to the documents folder, there or not; a folder ends with `/`. `patterns`: instead of those set. */
  checkIgnored(path: string, patterns?: readonly string[]): IgnoredView;
  folderPolicies(): readonly FolderPolicyView[];
  setFolderKeep(path: string, keep: string): FolderPolicyView;
  setFolderFlow(path: string, flow: string): FolderPolicyView;
  /** From the next pass on everything comes back; see `status`. */
  resetClient(name: string): { readonly client: string; readonly state: 'resetting' };
  setRuleClient(type: string, client: string): readonly HandoverView[];
  setFolderClient(path: string, client: string): readonly HandoverView[];
  handovers(): readonly HandoverView[];
  unconverted(): readonly { readonly client: string; readonly path: string; readonly reason: string }[];
}

const FLOWS: readonly string[] = ['both', 'up', 'down', 'off'];

export function keepingOf(use: () => Workplace): KeepingService {
  return {
    trash: () =>
      use()
        .store.keepsakes.trashRows()
        .map(({ id, path, kind, client, reason, size, removedAt }) => ({
          id,
          path,
          kind,
          client,
          reason,
          size,
          removedAt: iso(removedAt),
        })),
    async settleConflict(id, settlement) {
      const place = use();
      const { store, engine } = place;
      const parts = {
        store,
        disk: place.disk,
        observer: engine.observer,
        gate: engine.gate,
        now: () => engine.clock.now(),
      };
      const settled = await place.passes.alone(() => settleConflict(parts, id, settlement));
      place.events.emit({ kind: 'entries-changed' });
      return settled;
    },
    async reopenConflict(id) {
      const place = use();
      const reopened = await place.passes.alone(() => reopenConflict(trashParts(place), id));
      place.events.emit({ kind: 'entries-changed' });
      return reopened;
    },
    conflictVersions: (id) => conflictVersions(use(), id),
    held: (client) => heldClients(use(), client).flatMap((one) => [...heldDeletions(use().store, one)]),
    async refuseHeld(client) {
      const place = use();
      const { store, engine } = place;
      const refused = await place.passes.alone(async () => {
        const all: RefusedDeletions[] = [];
        for (const one of heldClients(place, client)) {
          if (heldDeletions(store, one).length === 0) continue;
          all.push(await refuseDeletions({ store, cloudOf: (row) => engine.cloud(row) }, one));
        }
        return all;
      });
      for (const { client: name, here, dropbox } of refused) {
        store.sync.log({
          clientId: store.clients.get(name).id,
          level: 'info',
          direction: null,
          kind: 'held-refused',
          path: null,
          bytes: null,
          duration: null,
          result: 'note',
          reason: `${here + dropbox} files are brought back: their deletion was refused.`,
        });
      }
      place.events.emit({ kind: 'entries-changed' });
      return refused;
    },
    async free({ dryRun, client }) {
      const place = use();
      const ids = client === undefined ? connected(place) : [place.store.clients.get(client).id];
      const parts = { store: place.store, engine: place.engine, disk: place.disk };
      const freed = await place.passes.alone(async () => {
        const all: FreedDocument[] = [];
        for (const id of ids) all.push(...(await freeBytes(parts, id, { dryRun })));
        return all;
      });
      if (!dryRun) place.events.emit({ kind: 'entries-changed' });
      return freed;
    },
    async freeEntries(ids) {
      const place = use();
      const { store } = place;
      const only = new Set<LocalId>();
      for (const id of ids as readonly LocalId[]) {
        const rows = [store.entries.get(id), ...store.entries.below(id)];
        for (const row of rows) if (row?.kind === 'file') only.add(row.id);
      }
      const parts = { store, engine: place.engine, disk: place.disk };
      const freed = await place.passes.alone(async () => {
        const all: FreedDocument[] = [];
        for (const id of connected(place)) all.push(...(await freeBytes(parts, id, { dryRun: false, only })));
        return all;
      });
      place.events.emit({ kind: 'entries-changed' });
      return freed;
    },
    open: (path) => openDocument(use(), path),

    ignorePatterns: () => use().store.keeping.ignorePatterns(),
    setIgnorePatterns(patterns) {
      const cleaned = patterns.map((pattern) => pattern.trim()).filter((pattern) => pattern !== '');
      use().store.keeping.setIgnorePatterns(cleaned);
      return cleaned;
    },
    checkIgnored(text, patterns) {
      const { store, ignoreText } = use();
      const path = relativePath(text.trim().replace(/\/+$/, ''));
      const kind = /\/\s*$/.test(text) ? 'folder' : 'file';
      return { path, why: whyIgnored(path, kind, patterns ?? store.keeping.ignorePatterns(), ignoreText()) };
    },
    folderPolicies: () => folderPolicies(use()),
    setFolderKeep(path, keep) {
      const { store } = use();
      const id = folderAt(use(), path);
      store.keeping.setKeep(id, keep === 'inherit' ? null : parseKeep(keep));
      return policyAt(use(), id);
    },
    setFolderFlow(path, flow) {
      if (flow !== 'inherit' && !FLOWS.includes(flow)) {
        throw new AppError('bad-policy', `"${flow}" is no direction. Use both, up, down, off or inherit.`);
      }
      const id = folderAt(use(), path);
      use().store.keeping.setFlow(id, flow === 'inherit' ? null : (flow as Flow));
      return policyAt(use(), id);
    },

    resetClient(name) {
      const place = use();
      const { store } = place;
      const { id } = store.clients.get(name);
      if (store.sync.client(id)?.state === 'draft') {
        throw new AppError(
          'not-connected',
          `The client "${name}" is not connected yet, so there is nothing to bring back. Run: docktide client connect "${name}".`,
        );
      }
      store.keeping.forgetUnconverted(id);
      store.keeping.touch();
      store.keeping.startReset(id);
      store.sync.signalClient(id, 'reset-started');
      tellClient(place, name);
      return { client: name, state: 'resetting' };
    },
    setRuleClient: (type, client) => setRuleClient(use(), type, client),
    setFolderClient: (path, client) => {
      const place = use();
      handOver(place, folderAt(place, path), place.store.clients.get(client).id);
      return handoverViews(place);
    },
    handovers: () => handoverViews(use()),
    unconverted: () => use().store.keeping.unconverted(),
  };
}

function heldClients({ store }: Workplace, name: string | undefined) {
  const clients = store.sync.clients();
  if (name === undefined) return clients;
  const { id } = store.clients.get(name);
  return clients.filter((client) => client.id === id);
}

export function trashParts(place: Workplace) {
  const { store, engine, disk } = place;
  return {
    store,
    disk,
    observer: engine.observer,
    gate: engine.gate,
    now: () => engine.clock.now(),
    cloudOf: (name: string) => {
      const client = store.sync.client(store.clients.get(name).id);
      if (client === null) throw new AppError('unknown-client', `There is no client "${name}".`);
      return engine.cloud(client);
    },
  };
}

function connected({ store }: Workplace): ClientId[] {
  return store.sync
    .clients()
    .filter((client) => isReachable(client) && client.state !== 'resetting')
    .map((client) => client.id);
}

async function openDocument(place: Workplace, text: string) {
  const { store, engine, documents } = place;
  const path = relativePath(text);
  const id = store.entries.entryAt(path);
  const row = id === null ? null : store.entries.get(id);
  if (row?.kind !== 'file') throw new AppError('unknown-file', `There is no document "${path}". See "docktide ls".`);
  const fetched = row.present === 0;
  if (fetched) {
    const client = store.entries.clientOf(row.id);
    if (client === null)
      throw new AppError('unknown-file', `The bytes of "${path}" are nowhere to be had: it has no client.`);
    await place.passes.alone(() => bringBack(engine, client, row.id));
    place.events.emit({ kind: 'entries-changed' });
  }
  store.keeping.used(row.id, engine.clock.now());
  return { path, file: `${documents}/${path}`, fetched };
}

function folderAt({ store }: Workplace, text: string): LocalId {
  const path = relativePath(text);
  const id = store.entries.entryAt(path);
  if (id === null || store.entries.get(id)?.kind !== 'folder') {
    throw new AppError('unknown-folder', `There is no folder "${path}". See "docktide ls".`);
  }
  return id;
}

function folderPolicies({ store }: Workplace): FolderPolicyView[] {
  const views = new Map<RelPath, { keep: string | null; flow: Flow | null }>();
  for (const { path, value } of store.keeping.keeps()) views.set(path, { keep: keepText(value), flow: null });
  for (const { path, value } of store.keeping.flows()) {
    views.set(path, { keep: views.get(path)?.keep ?? null, flow: value });
  }
  return [...views].map(([path, view]) => ({ path, ...view })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function policyAt(place: Workplace, id: LocalId): FolderPolicyView {
  const path = place.store.entries.pathOf(id);
  return folderPolicies(place).find((view) => view.path === path) ?? { path, keep: null, flow: null };
}

/** Reverse first, then direct to the new client (S11): the folders go over when everything below them is here. */
function setRuleClient(place: Workplace, type: string, clientName: string): readonly HandoverView[] {
  const { store } = place;
  const { id: to } = store.clients.get(clientName);
  const rules = store.catalog.rules().filter((rule) => rule.type === store.catalog.type(type).name);
  if (rules.length === 0) {
    throw new AppError(
      'unknown-rule',
      `No folder rule applies to "${type}". Add one: docktide rule add ${type} --client ${clientName}.`,
    );
  }
  for (const rule of rules) {
    const folder = store.db
      .prepare<[number], { id: LocalId }>(`SELECT id FROM entries WHERE role = 'rule' AND rule_id = ?`)
      .get(rule.id);
    // A rule goes over together with its folder; one without a folder at once.
    if (folder) handOver(place, folder.id, to);
    else store.catalog.setRuleClient(rule.id, to);
  }
  return handoverViews(place);
}

function handOver({ store, engine }: Workplace, id: LocalId, to: ClientId): void {
  const from = store.entries.clientOf(id);
  if (from === to) {
    // Back to where it still is: nothing has been detached.
    store.keeping.endHandover(id);
    return;
  }
  const synced = from === null ? null : store.sync.syncedOf(from, id);
  if (from === null || synced === null) {
    // After a reset nothing is known of Dropbox: what lies there was this folder, and stays behind.
    if (from !== null && wasReset(store, from))
      store.keeping.detachAt(from, nameKey(store.entries.pathOf(id)) as RelPath);
    giveTo(store, id, to);
    return;
  }
  store.keeping.startHandover({ entryId: id, from, to }, engine.clock.now());
  store.keeping.touch();
}

/** It has synced before and knows nothing of its Dropbox now. */
function wasReset(store: DocumentStore, client: ClientId): boolean {
  return store.sync.client(client)?.lastSync != null && store.sync.feed(client).cursor === null;
}

function handoverViews({ store }: Workplace): HandoverView[] {
  const nameOf = (id: ClientId) => store.sync.client(id)?.name ?? '';
  return store.keeping
    .handovers()
    .map(({ entryId, from, to }) => ({ path: store.entries.pathOf(entryId), from: nameOf(from), to: nameOf(to) }));
}
