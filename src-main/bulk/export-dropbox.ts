// Export to a folder of the same Dropbox account, outside the client's root: Dropbox copies, no content passes through
// this computer. What is not in Dropbox with the content that it has here is told, not guessed. In: what was named and a
// folder there; out: items and what became of them. Called by run-job.ts.

import {
  baseName,
  joinPath,
  parentPath,
  ROOT,
  type ClientId,
  type RelPath,
  type RemoteId,
} from '../../src-shared/domain.ts';
import type { FileRef } from '../../src-shared/files-views.ts';
import { nameKey } from '../../src-shared/names.ts';
import { Fault } from '../engine/ports.ts';
import { entryOf, type FileParts } from '../files/parts.ts';
import type { BulkItem, BulkOutcome, NewBulkItem } from '../store/bulk-jobs.ts';
import { StoreError } from '../store/errors.ts';
import { DropboxFolders, isWithin, type Copied } from './dropbox-folders.ts';
import { exportItems, rowOf } from './export-items.ts';
import { isFatal, type BulkWork } from './run-job.ts';

export interface DropboxExport {
  readonly client: ClientId;
  readonly refs: readonly FileRef[];
  /** Path of the account. */
  readonly target: RelPath;
}

/** The client that all of what was named belongs to. Throws StoreError 'outside-clients', 'other-client', 'unknown-path'. */
export function clientOfAll(parts: FileParts, refs: readonly FileRef[]): ClientId {
  const { store } = parts;
  const clients = new Set(refs.map((ref) => store.entries.clientOf(entryOf(parts, ref).id)));
  const [client] = clients;
  if (client == null) {
    throw new StoreError('outside-clients', 'What you named is kept in no Dropbox. Export it to a disk instead.');
  }
  if (clients.size > 1) {
    throw new StoreError(
      'other-client',
      'What you named is kept in several Dropboxes. Export them one after the other.',
    );
  }
  return client;
}

export function dropboxExportWork(parts: FileParts, request: DropboxExport): BulkWork {
  const work = new ExportWork(parts, request);
  return { portion: 200, list: () => work.list(), copy: (items, folders) => work.copy(items, folders) };
}

class ExportWork {
  readonly #parts: FileParts;
  readonly #request: DropboxExport;
  readonly #folders: DropboxFolders;

  constructor(parts: FileParts, request: DropboxExport) {
    this.#parts = parts;
    this.#request = request;
    this.#folders = new DropboxFolders(parts.account(request.client).files);
  }

  async *list(): AsyncGenerator<NewBulkItem[]> {
    const { refs, target, client } = this.#request;
    const root = (this.#parts.store.sync.client(client)?.root ?? '') as RelPath;
    for (const items of exportItems(this.#parts, refs)) {
      const inside = items.find((item) => isWithin(joinPath(target, item.path), root));
      if (inside !== undefined || isWithin(target, root)) {
        throw new StoreError(
          'inside-root',
          `"/${joinPath(target, inside?.path ?? '')}" is part of "/${root}", which is synced. Choose a folder outside of it.`,
        );
      }
      yield items;
    }
    if (target === ROOT) return;
    const [outcome] = await this.#folders.makeFolders([target]);
    if (outcome?.ok === false) throw outcome.fault;
  }

  async *copy(items: readonly BulkItem[], folders: ReadonlyMap<RelPath, RelPath>): AsyncGenerator<BulkOutcome> {
    const known = new Map(folders);
    // A folder stands before what is in it, so that runs of files find theirs.
    let files: BulkItem[] = [];
    for (const item of items) {
      if (item.kind === 'file') {
        files.push(item);
        continue;
      }
      yield* this.#copyFiles(files, known);
      files = [];
      const outcome = await this.#makeFolder(item, known);
      if (outcome.final !== null) known.set(item.path, outcome.final);
      yield outcome;
    }
    yield* this.#copyFiles(files, known);
  }

  #placeOf(path: RelPath, known: ReadonlyMap<RelPath, RelPath>): RelPath | null {
    const folder = parentPath(path);
    if (folder === ROOT) return this.#request.target;
    const final = known.get(folder);
    return final === undefined ? null : joinPath(this.#request.target, final);
  }

  #below(path: RelPath): RelPath {
    const { target } = this.#request;
    return (target === ROOT ? path : path.slice(target.length + 1)) as RelPath;
  }

  async #makeFolder(item: BulkItem, known: ReadonlyMap<RelPath, RelPath>): Promise<BulkOutcome> {
    const parent = this.#placeOf(item.path, known);
    if (parent === null) return failed(item, NO_FOLDER);
    const name = await this.#folders.folderName(parent, baseName(item.path));
    const path = joinPath(parent, name);
    const [outcome] = await this.#folders.makeFolders([path]);
    if (outcome?.ok === true) {
      const renamed = nameKey(name) !== nameKey(baseName(item.path));
      return { position: item.position, state: 'done', final: this.#below(path), reason: renamed ? TAKEN : null };
    }
    const fault = outcome?.fault ?? new Fault('server', 'Dropbox answered nothing.', { retryable: true });
    if (isFatal(fault)) throw fault;
    return failed(item, fault.message);
  }

  async *#copyFiles(items: readonly BulkItem[], known: ReadonlyMap<RelPath, RelPath>): AsyncGenerator<BulkOutcome> {
    const wishes: { readonly item: BulkItem; readonly from: RemoteId; readonly folder: RelPath }[] = [];
    for (const item of items) {
      const folder = this.#placeOf(item.path, known);
      const from = this.#remoteOf(item);
      if (folder === null) yield failed(item, NO_FOLDER);
      else if (from === null) yield failed(item, NOT_THERE);
      else wishes.push({ item, from, folder });
    }
    const copied = await this.#folders.copy(
      wishes.map(({ item, from, folder }) => ({ from, folder, hash: item.hash, name: baseName(item.path) })),
    );
    let fatal: Fault | null = null;
    for (const [index, { item }] of wishes.entries()) {
      const one = copied[index];
      if (one?.kind === 'failed' && isFatal(one.fault)) fatal = one.fault;
      else if (one !== undefined) yield this.#outcomeOf(item, one);
    }
    if (fatal !== null) throw fatal;
  }

  /** Null where Dropbox does not have the content that the document has here, as far as is known. */
  #remoteOf(item: BulkItem): RemoteId | null {
    const { store } = this.#parts;
    const row = rowOf(this.#parts, item);
    const synced = row === null ? null : store.sync.syncedOf(this.#request.client, row.id);
    const remote = synced === null ? null : store.sync.remoteEntry(this.#request.client, synced.remoteId);
    return row !== null && remote !== null && remote.hash === row.hash ? remote.id : null;
  }

  #outcomeOf(item: BulkItem, copied: Copied): BulkOutcome {
    const { position } = item;
    if (copied.kind === 'failed') return failed(item, copied.fault.message);
    const final = this.#below(copied.path);
    if (copied.kind === 'equal') return { position, state: 'skipped', final, reason: EQUAL };
    const changed = copied.entry.hash !== item.hash;
    return { position, state: 'done', final, reason: changed ? CHANGED : copied.renamed ? TAKEN : null };
  }
}

const EQUAL = 'The same content is there already.';
const TAKEN = 'The name was taken by something else.';
const CHANGED = 'It was changed in Dropbox meanwhile; its new content was copied.';
const NO_FOLDER = 'The folder above it could not be made.';
const NOT_THERE = 'Dropbox does not have it as it is here. Run "docktide sync", then resume the job.';

function failed(item: BulkItem, reason: string): BulkOutcome {
  return { position: item.position, state: 'failed', final: null, reason };
}
