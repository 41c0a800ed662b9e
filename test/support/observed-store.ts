// A document store in memory over a documents folder in memory, with a few words for what tests ask of them.

import type { ContentHash, LocalId, RelPath, RemoteId, Rev } from '../../src-shared/domain.ts';
import { baseName, parentPath } from '../../src-shared/domain.ts';
import type { LocalObservation, Observer } from '../../src-main/engine/ports.ts';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import type { EntryRow } from '../../src-main/store/entries.ts';
import { createObserver } from '../../src-main/store/observer.ts';
import { createStore, type DocumentStore } from '../../src-main/store/open-store.ts';
import { MemoryDisk, type MemoryDiskOptions } from '../fakes/memory-disk.ts';

export class ObservedStore {
  readonly disk: MemoryDisk;
  readonly store: DocumentStore;
  readonly observer: Observer;

  constructor(options: MemoryDiskOptions = {}) {
    let time = Date.UTC(2026, 10, 23);
    const now = (): number => ++time;
    this.disk = new MemoryDisk({ now, ...options });
    this.store = createStore({ file: ':memory:', now });
    this.store.clients.add({ name: 'main', root: 'ERP', state: 'connected', appKey: null, credentials: {} });
    this.observer = createObserver({ store: this.store, disk: this.disk });
  }

  observe(scope: 'everything' | readonly string[] = 'everything'): Promise<LocalObservation> {
    return this.observer.observe(scope as 'everything' | readonly RelPath[]);
  }

  paths(): string[] {
    return this.store.listing.list().map((entry) => entry.path);
  }

  /** Every row but ids and times: equal for stores that know the same. */
  picture(): Record<string, unknown> {
    return Object.fromEntries(
      this.store.listing.list().map((entry) => {
        const row = this.row(entry.path);
        return [entry.path, [row.kind, row.hash, row.size, row.present, row.frozen, row.file_id]];
      }),
    );
  }

  id(path: string): LocalId {
    const id = this.store.entries.entryAt(path as RelPath);
    if (id === null) throw new Error(`There is no row at ${path}; there are: ${this.paths().join(', ')}`);
    return id;
  }

  row(path: string): EntryRow {
    const row = this.store.entries.get(this.id(path));
    if (row === null) throw new Error(`There is no row at ${path}`);
    return row;
  }

  /** Adds an attachment whose bytes are in Dropbox only. */
  free(path: string, content: string): LocalId {
    const hash: ContentHash = hashOfBytes(Buffer.from(content));
    const parent = parentPath(path as RelPath);
    return this.store.entries.insert({
      parentId: parent === '' ? null : this.id(parent),
      kind: 'file',
      name: baseName(path as RelPath),
      hash,
      size: Buffer.byteLength(content),
      present: false,
      stamp: null,
    });
  }

  /** As after an upload: Dropbox knows the entry. */
  markSynced(path: string): void {
    const row = this.row(path);
    const client = this.store.sync.clients()[0];
    if (client === undefined) throw new Error('There is no client');
    this.store.sync.record(client.id, [
      {
        kind: 'synced.put',
        localId: row.id,
        remoteId: `id:${row.id}` as RemoteId,
        entryKind: row.kind,
        localParentId: row.parent_id,
        localName: row.name,
        remoteName: row.name,
        rev: row.kind === 'file' ? (`rev${row.id}` as Rev) : null,
        hash: row.hash,
        size: row.size,
      },
    ]);
  }
}

/** A store that has seen these files once; a path with a `/` at its end is a folder. */
export async function observed(files: Record<string, string>, options: MemoryDiskOptions = {}): Promise<ObservedStore> {
  const world = new ObservedStore(options);
  for (const [path, content] of Object.entries(files)) {
    if (path.endsWith('/')) world.disk.person.mkdir(path.slice(0, -1));
    else world.disk.person.write(path, content);
  }
  await world.observe();
  return world;
}
