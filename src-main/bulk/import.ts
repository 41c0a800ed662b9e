// Import: everything below a folder of the account, outside the client's root, is copied by Dropbox into a folder of the
// documents. No content passes through this computer: the documents come in as links, whose bytes are fetched when they
// are opened. In: a folder in Dropbox and one here; out: items and what became of them. Called by run-job.ts.

import {
  baseName,
  joinPath,
  parentPath,
  ROOT,
  type ClientId,
  type ContentHash,
  type LocalId,
  type RelPath,
  type RemoteId,
} from '../../src-shared/domain.ts';
import { isIgnoredName, localNameFor, nameKey } from '../../src-shared/names.ts';
import { type Effect, Fault } from '../engine/ports.ts';
import { makeFolders, numberedName, takenNames, takeUp, type FileParts } from '../files/parts.ts';
import type { BulkItem, BulkOutcome, NewBulkItem } from '../store/bulk-jobs.ts';
import { StoreError } from '../store/errors.ts';
import type { RemoteEntry } from '../sync/model.ts';
import { DropboxFolders, isWithin, type Copied } from './dropbox-folders.ts';
import { isFatal, type BulkWork } from './run-job.ts';

export interface ImportParts extends FileParts {
  readonly platform: 'posix' | 'windows';
  /** Runs work while no other process is in a pass. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface ImportRequest {
  readonly client: ClientId;
  /** Path of the account. */
  readonly source: RelPath;
  /** A folder of the documents that is there. */
  readonly target: RelPath;
}

export function importWork(parts: ImportParts, request: ImportRequest): BulkWork {
  const work = new ImportWork(parts, request);
  return { portion: 200, list: (signal) => work.list(signal), copy: (items, folders) => work.copy(items, folders) };
}

class ImportWork {
  readonly #parts: ImportParts;
  readonly #request: ImportRequest;
  readonly #root: RelPath;
  readonly #folders: DropboxFolders;

  constructor(parts: ImportParts, request: ImportRequest) {
    this.#parts = parts;
    this.#request = request;
    this.#root = (parts.store.sync.client(request.client)?.root ?? '') as RelPath;
    this.#folders = new DropboxFolders(parts.account(request.client).files);
  }

  async *list(signal: AbortSignal): AsyncGenerator<NewBulkItem[]> {
    const { source, client } = this.#request;
    refuseRoot(source, this.#root);
    const { files } = this.#parts.account(client);
    const found = await files.find(source);
    if (found === null) {
      throw new StoreError(
        'unknown-path',
        `There is no "/${source}" in Dropbox. Check the path, as dropbox.com shows it.`,
      );
    }
    if (found.kind === 'file') {
      const { id, name = '', size = 0, hash = null } = found;
      yield [itemOf('file', `/${source}`, id, name as RelPath, size, hash)];
      return;
    }
    // Names come with each entry alone, and not always before those of what is in it.
    const entries: RemoteEntry[] = [];
    for await (const page of files.walk(source, signal)) entries.push(...page);
    const isNeverKept = this.#neverKept();
    const names = new Map(entries.map((entry) => [entry.pathLower, entry.name]));
    const shown = (path: RelPath): RelPath =>
      path === ROOT ? ROOT : joinPath(shown(parentPath(path)), names.get(path) ?? baseName(path));
    const items = entries.map((entry) => {
      const path = shown(entry.pathLower);
      const item = itemOf(entry.kind, `/${joinPath(source, path)}`, entry.id, path, entry.size, entry.hash);
      return isNeverKept(path, entry.kind)
        ? { ...item, skipped: 'Its name, or a pattern that you set, says that it is never kept.' }
        : item;
    });
    yield items.filter(({ kind }) => kind === 'folder').sort(byDepth);
    yield items.filter(({ kind }) => kind === 'file').sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** By its own name or that of a folder above it, or by the patterns of the people. */
  #neverKept(): (path: RelPath, kind: 'file' | 'folder') => boolean {
    const { store, engine } = this.#parts;
    const client = store.sync.client(this.#request.client);
    const policy = client === null ? null : engine.policy(client);
    return (path, kind) =>
      path.split('/').some(isIgnoredName) ||
      policy?.ignored(joinPath(this.#request.target, path), kind) === true ||
      withAbove(parentPath(path)).some((folder) => policy?.ignored(joinPath(this.#request.target, folder), 'folder'));
  }

  async *copy(items: readonly BulkItem[], folders: ReadonlyMap<RelPath, RelPath>): AsyncGenerator<BulkOutcome> {
    const { alone, disk } = this.#parts;
    await disk.check();
    const known = new Map(folders);
    const made = items.filter(({ kind }) => kind === 'folder');
    // All of one level at once: each finds the folder above it.
    for (const [, level] of [...Map.groupBy(made, depthOf)].sort(([one], [other]) => one - other)) {
      const outcomes = await alone(() => this.#makeLevel(level, known));
      for (const [index, { path }] of level.entries()) {
        const final = outcomes[index]?.final ?? null;
        if (final !== null) known.set(path, final);
      }
      yield* outcomes;
    }
    const files = items.filter(({ kind }) => kind === 'file');
    for (const [folder, group] of Map.groupBy(files, (item) => parentPath(item.path))) {
      const { outcomes, fatal } = await alone(() => this.#copyFiles(group, folder, known));
      yield* outcomes;
      if (fatal !== null) throw fatal;
    }
  }

  /** The folder here that stands for one of the source; null where that could not be made. */
  #placeOf(folder: RelPath, known: ReadonlyMap<RelPath, RelPath>): RelPath | null {
    if (folder === ROOT) return this.#request.target;
    const final = known.get(folder);
    return final === undefined ? null : joinPath(this.#request.target, final);
  }

  #below(path: RelPath): RelPath {
    const { target } = this.#request;
    return (target === ROOT ? path : path.slice(target.length + 1)) as RelPath;
  }

  async #makeLevel(items: readonly BulkItem[], known: ReadonlyMap<RelPath, RelPath>): Promise<BulkOutcome[]> {
    const chosen = new Map<number, { readonly path: RelPath; readonly renamed: boolean }>();
    const outcomes = new Map<number, BulkOutcome>();
    for (const item of items) {
      const parent = this.#placeOf(parentPath(item.path), known);
      try {
        if (parent === null) throw new Fault('gone', 'The folder above it could not be made.');
        const remoteParent = joinPath(this.#root, await this.#agreeOn([parent]).then(([path]) => path ?? ROOT));
        const wanted = await this.#folders.folderName(remoteParent, baseName(item.path));
        const name = await this.#localFolderName(parent, wanted);
        const path = joinPath(parent, name);
        await makeFolders(this.#parts.disk, path);
        const renamed = nameKey(name) !== nameKey(localNameFor(baseName(item.path), this.#parts.platform));
        chosen.set(item.position, { path, renamed });
      } catch (error) {
        outcomes.set(item.position, failedBy(item, error));
      }
    }
    const paths = [...new Set([...chosen.values()].map(({ path }) => path))];
    await takeUp(this.#parts, paths);
    await this.#agreeOn(paths);
    return items.map((item) => {
      const place = chosen.get(item.position);
      if (place === undefined) return outcomes.get(item.position) ?? failed(item, 'It could not be made.');
      const reason = place.renamed ? TAKEN : null;
      return { position: item.position, state: 'done', final: this.#below(place.path), reason };
    });
  }

  async #localFolderName(parent: RelPath, remoteName: string): Promise<string> {
    const name = localNameFor(remoteName, this.#parts.platform);
    const there = (await this.#parts.disk.list(parent)).find((entry) => nameKey(entry.name) === nameKey(name));
    if (there?.kind === 'folder') return there.name;
    return numberedName(name, await takenNames(this.#parts, parent));
  }

  async #copyFiles(items: readonly BulkItem[], from: RelPath, known: ReadonlyMap<RelPath, RelPath>): Promise<Portion> {
    const folder = this.#placeOf(from, known);
    if (folder === null) {
      return { outcomes: items.map((item) => failed(item, 'The folder above it could not be made.')), fatal: null };
    }
    const [remote] = await this.#agreeOn([folder]);
    const here = await this.#namesHere(folder);
    const copied = await this.#folders.copy(
      items.map((item) => ({
        from: item.sourceId as RemoteId,
        hash: item.hash,
        folder: joinPath(this.#root, remote ?? ROOT),
        name: baseName(item.path),
        // A document that is here alone keeps its name, unless it is this very one.
        isTaken: (key: string) => here.has(key) && here.get(key) !== item.hash,
      })),
    );
    await this.#adopt(folder, copied);
    const fatal = copied.find((one) => one.kind === 'failed' && isFatal(one.fault));
    return {
      outcomes: items.flatMap((item, index) => this.#outcomeOf(item, folder, copied[index])),
      fatal: fatal?.kind === 'failed' ? fatal.fault : null,
    };
  }

  /** Content of what is in a folder here, by name key; `unknown` for folders and what was not read yet. */
  async #namesHere(folder: RelPath): Promise<Map<string, ContentHash | 'unknown' | null>> {
    const { store } = this.#parts;
    const names = new Map<string, ContentHash | 'unknown' | null>();
    for (const key of await takenNames(this.#parts, folder)) names.set(key, 'unknown');
    const id = folder === ROOT ? null : store.entries.entryAt(folder);
    for (const row of folder === ROOT || id !== null ? store.entries.children(id) : []) {
      if (row.kind === 'file') names.set(row.key, row.hash);
    }
    return names;
  }

  /** Nothing for what is still to be done because the whole cannot go on. */
  #outcomeOf(item: BulkItem, folder: RelPath, copied: Copied | undefined): BulkOutcome[] {
    if (copied === undefined) return [];
    const { position } = item;
    if (copied.kind === 'failed') return isFatal(copied.fault) ? [] : [failed(item, copied.fault.message)];
    const final = this.#below(joinPath(folder, localNameFor(baseName(copied.path), this.#parts.platform)));
    if (copied.kind === 'equal') return [{ position, state: 'skipped', final, reason: EQUAL }];
    const changed = copied.entry.hash !== item.hash;
    return [{ position, state: 'done', final, reason: changed ? CHANGED : copied.renamed ? TAKEN : null }];
  }

  // ---------------------------------------------------------------- the merge base

  /** What was copied becomes a document here that is a link only; nothing is fetched. */
  async #adopt(folder: RelPath, copied: readonly Copied[]): Promise<void> {
    const { store, disk, engine } = this.#parts;
    const client = store.sync.client(this.#request.client);
    if (client === null) return;
    await engine.gate.effect(async () => {
      const parentId = folder === ROOT ? null : store.entries.entryAt(folder);
      const taken = new Set((await disk.list(folder)).map((entry) => nameKey(entry.name)));
      const { flow } = engine.policy(client);
      const effects: Effect[] = [];
      for (const one of copied) {
        if (one.kind !== 'copied') continue;
        const entry = below(one.entry, this.#root);
        const name = localNameFor(entry.name, this.#parts.platform);
        // What is here under that name, or was taken up by a pass already, is a pass's to judge.
        const isKnown = store.sync.remoteEntry(client.id, entry.id) !== null;
        if (isKnown || taken.has(nameKey(name)) || store.entries.at(parentId, name) !== null) continue;
        if (['up', 'off'].includes(flow(joinPath(folder, name)))) continue;
        const { hash, size, modified } = entry;
        effects.push(
          { kind: 'remote.put', entry },
          { kind: 'local.add', parentId, entryKind: 'file', name, hash, size, present: false, stamp: null, modified },
          agreement('added', entry, parentId, name),
          { kind: 'local.linked', localId: 'added', url: engine.urlFor(client, entry.pathLower) },
        );
      }
      if (effects.length > 0) store.sync.record(client.id, effects);
    });
  }

  /**
   * Makes folders that are here, and those above them, folders that both sides agree upon; answers their paths below the
   * root there, in the same order.
   */
  async #agreeOn(paths: readonly RelPath[]): Promise<RelPath[]> {
    const { store } = this.#parts;
    const { client } = this.#request;
    const remote = new Map<RelPath, RelPath>([[ROOT, ROOT]]);
    const all = new Set(paths.flatMap(withAbove));
    const levels = [...Map.groupBy(all, (path) => path.split('/').length)].sort(([one], [other]) => one - other);
    for (const [, level] of levels) {
      const missing: { readonly id: LocalId; readonly path: RelPath; readonly there: RelPath }[] = [];
      for (const path of level) {
        const id = store.entries.entryAt(path);
        if (id === null) throw new Fault('gone', `The folder "${path}" is no longer here. Look again.`);
        const synced = store.sync.syncedOf(client, id);
        const known = synced === null ? null : store.sync.remoteEntry(client, synced.remoteId);
        if (known !== null) remote.set(path, known.pathLower);
        else missing.push({ id, path, there: joinPath(remote.get(parentPath(path)) ?? ROOT, baseName(path)) });
      }
      if (missing.length === 0) continue;
      const outcomes = await this.#folders.makeFolders(missing.map(({ there }) => joinPath(this.#root, there)));
      for (const [index, { id, path }] of missing.entries()) {
        const outcome = outcomes[index];
        if (outcome?.ok !== true) throw outcome?.fault ?? new Fault('server', 'Dropbox answered nothing.');
        const entry = below(outcome.value, this.#root);
        const parentId = parentPath(path) === ROOT ? null : store.entries.entryAt(parentPath(path));
        const agreed = agreement(id, entry, parentId, baseName(path));
        store.sync.record(client, [{ kind: 'remote.put', entry }, agreed]);
        remote.set(path, entry.pathLower);
      }
    }
    return paths.map((path) => remote.get(path) ?? ROOT);
  }
}

/** What became of a portion; `fatal` where the whole cannot go on. */
interface Portion {
  readonly outcomes: readonly BulkOutcome[];
  readonly fatal: Fault | null;
}

const CHANGED = 'It was changed in Dropbox meanwhile; its new content was copied.';
const EQUAL = 'The same content is there already.';
const TAKEN = 'The name was taken by something else.';

function itemOf(
  kind: 'file' | 'folder',
  source: string,
  id: RemoteId | undefined,
  path: RelPath,
  size: number,
  hash: ContentHash | null,
): NewBulkItem {
  return { kind, source, sourceId: id ?? '', path, size, hash };
}

function withAbove(path: RelPath): RelPath[] {
  return path === ROOT ? [] : [...withAbove(parentPath(path)), path];
}

function depthOf({ path }: { readonly path: RelPath }): number {
  return path.split('/').length;
}

function byDepth(a: NewBulkItem, b: NewBulkItem): number {
  return depthOf(a) - depthOf(b) || (a.path < b.path ? -1 : 1);
}

function agreement(
  localId: LocalId | 'added',
  entry: RemoteEntry,
  localParentId: LocalId | null,
  localName: string,
): Effect {
  const { id: remoteId, kind: entryKind, name: remoteName, rev, hash, size } = entry;
  return { kind: 'synced.put', localId, remoteId, entryKind, localParentId, localName, remoteName, rev, hash, size };
}

/** An entry of the account as the client knows it: with its path below the root. */
function below(entry: RemoteEntry, root: RelPath): RemoteEntry {
  const depth = root.split('/').length;
  return { ...entry, pathLower: entry.pathLower.split('/').slice(depth).join('/') as RelPath };
}

function failed(item: BulkItem, reason: string): BulkOutcome {
  return { position: item.position, state: 'failed', final: null, reason };
}

function failedBy(item: BulkItem, error: unknown): BulkOutcome {
  if (!(error instanceof Fault) || isFatal(error)) throw error;
  return failed(item, error.message);
}

/** What lies in the root is synced already, and what holds the root holds that too. */
function refuseRoot(source: RelPath, root: RelPath): void {
  if (isWithin(source, root)) {
    throw new StoreError(
      'inside-root',
      `"/${source}" is part of "/${root}", which is synced already. Use "docktide file move" instead.`,
    );
  }
  if (isWithin(root, source)) {
    throw new StoreError(
      'inside-root',
      `"/${source}" holds "/${root}", which is synced already. Choose a folder beside it.`,
    );
  }
}
