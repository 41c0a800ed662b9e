// The bytes of a document as a stream: from the documents folder, or straight from Dropbox where they are not here.
// In: a row id; out: mime type, size and bytes, checked at the end against the content hash. Used for downloads, exports
// and by the window, which shows documents without a copy on the disk.

import mime from 'mime';
import type { ClientId, ContentHash, LocalId, RelPath, Rev } from '../../src-shared/domain.ts';
import { Fault } from '../engine/ports.ts';
import { ContentHasher } from '../infra/content-hash.ts';
import type { EntryRow } from '../store/entries.ts';
import { entryOf, type FileParts } from './parts.ts';

export interface ReadOptions {
  /** The first byte, and the one after the last; the whole unless told. */
  readonly start?: number;
  readonly end?: number;
  readonly signal?: AbortSignal;
}

export interface DocumentContent {
  readonly id: LocalId;
  readonly path: RelPath;
  /** The name that its bytes should have: that of a document that was exported may differ. */
  readonly name: string;
  readonly mime: string;
  /** Bytes of the whole document. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly from: 'here' | 'dropbox' | 'export';
  /** Of what `read` gives now; null where it is not known before. */
  readonly hash: () => Promise<ContentHash | null>;
  /** May be called more than once. Fault 'hash-mismatch', 'changed', those of disk and network. */
  readonly read: (options?: ReadOptions) => AsyncIterable<Uint8Array>;
}

/** Throws StoreError 'unknown-path'; Fault 'not-found', 'not-downloadable' where there are no bytes to be had. */
export async function openContent(parts: FileParts, id: LocalId, signal?: AbortSignal): Promise<DocumentContent> {
  const row = entryOf(parts, id);
  if (row.kind !== 'file') throw new Fault('not-found', `"${row.path}" is a folder and has no content of its own.`);
  const common = { id, path: row.path, name: row.name, mime: mimeOf(row.name), modified: row.modified };
  if (row.present === 1) {
    const found = await parts.disk.stat(row.path);
    if (found?.kind === 'file') {
      const { size } = found.stamp;
      const isKnown = found.stamp.version === row.version && row.hash !== null;
      return {
        ...common,
        size,
        from: 'here',
        hash: async () => (isKnown ? row.hash : ((await parts.disk.hash(row.path))?.hash ?? null)),
        read: (options = {}) => cut(localBytes(parts, row, options), options),
      };
    }
  }
  return contentInDropbox(parts, row, common, signal);
}

type Common = Pick<DocumentContent, 'id' | 'path' | 'name' | 'mime' | 'modified'>;

async function contentInDropbox(
  parts: FileParts,
  row: EntryRow & { readonly path: RelPath },
  common: Common,
  signal?: AbortSignal,
): Promise<DocumentContent> {
  const { store } = parts;
  const client = store.entries.clientOf(row.id);
  const synced = client === null ? null : store.sync.syncedOf(client, row.id);
  if (client === null || synced === null) {
    throw new Fault('not-found', `The bytes of "${row.path}" are neither here nor in Dropbox. Sync and try again.`);
  }
  const remote = store.sync.remoteEntry(client, synced.remoteId);
  const { rev, hash, size } = remote?.rev && remote.hash !== null ? remote : synced;
  if (rev !== null && hash !== null) {
    const wanted = { rev, hash, size };
    return {
      ...common,
      size,
      from: 'dropbox',
      hash: async () => hash,
      read: (options = {}) => cut(remoteBytes(parts, client, wanted, options), options),
    };
  }
  // It exists in the cloud only: Dropbox makes a file of it, which is small and comes without a size.
  const exported = await parts.account(client).exportDocument(synced.remoteId);
  const chunks: Uint8Array[] = [];
  for await (const chunk of exported.bytes) {
    signal?.throwIfAborted();
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return {
    ...common,
    name: exported.name,
    mime: mimeOf(exported.name),
    size: bytes.length,
    from: 'export',
    hash: async () => null,
    async *read({ start = 0, end = bytes.length } = {}) {
      yield bytes.subarray(start, end);
    },
  };
}

/** A file that nobody has touched since it was last looked at must have the content that it had. */
async function* localBytes(
  { disk }: FileParts,
  row: EntryRow & { readonly path: RelPath },
  { start = 0, end, signal }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const { path } = row;
  const before = await disk.stat(path);
  const expected = before?.stamp.version === row.version ? row.hash : null;
  const hasher = start === 0 && end === undefined && expected !== null ? new ContentHasher() : null;
  for await (const chunk of disk.read(path, start)) {
    signal?.throwIfAborted();
    hasher?.update(chunk);
    yield chunk;
  }
  const after = await disk.stat(path);
  if (after?.stamp.version !== before?.stamp.version) {
    throw new Fault('changed', `"${path}" was changed by another program while it was read. Try again.`);
  }
  if (hasher !== null && hasher.digest() !== expected) {
    throw new Fault('hash-mismatch', `"${path}" could not be read as it was written: the disk may be damaged.`);
  }
}

/** A version of a document, checked at the end where all of it is read. */
export async function* remoteBytes(
  parts: FileParts,
  client: ClientId,
  wanted: { readonly rev: Rev; readonly hash: ContentHash; readonly size: number },
  { start = 0, end, signal }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const hasher = start === 0 && end === undefined ? new ContentHasher() : null;
  for await (const chunk of parts.account(client).download(wanted, start, signal)) {
    hasher?.update(chunk);
    yield chunk;
  }
  if (hasher !== null && hasher.digest() !== wanted.hash) {
    throw new Fault('hash-mismatch', 'The document arrived damaged from Dropbox. Try again.', { retryable: true });
  }
}

/** Ends a stream that begins at `start` before `end`. */
async function* cut(bytes: AsyncIterable<Uint8Array>, { start = 0, end }: ReadOptions): AsyncGenerator<Uint8Array> {
  if (end === undefined) {
    yield* bytes;
    return;
  }
  let left = end - start;
  if (left <= 0) return;
  for await (const chunk of bytes) {
    yield chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= chunk.length;
    if (left <= 0) return;
  }
}

export function mimeOf(name: string): string {
  return mime.getType(name) ?? 'application/octet-stream';
}
