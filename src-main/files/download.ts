// Downloading documents to a file of this computer (S18): one document as it is, one or many and whole folders as a zip.
// The bytes come from the documents folder, or straight from Dropbox where they are not here, and are checked against
// their content hash; what goes wrong leaves no file behind. Called by the application service.

import { access, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { baseName, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import type { DownloadReport, FileRef } from '../../src-shared/files-views.ts';
import { nameKey } from '../../src-shared/names.ts';
import { Fault } from '../engine/ports.ts';
import { writeOutput } from '../infra/output-file.ts';
import type { EntryRow } from '../store/entries.ts';
import { StoreError } from '../store/errors.ts';
import { archiveOf, type ArchiveEntry } from './archive.ts';
import { openContent, type DocumentContent } from './content.ts';
import { numberedName, topmost, type FileParts } from './parts.ts';

export interface DownloadOptions {
  /** Puts a single document into a zip too. */
  readonly zip?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly bytesDone: number;
    readonly bytesTotal: number;
  }) => void;
}

/** A document that arrives damaged is asked for once more. */
const ATTEMPTS = 2;

interface Item {
  readonly id: LocalId;
  readonly path: RelPath;
  /** Inside the archive. */
  readonly name: string;
  readonly size: number;
  readonly modified: number;
  readonly kind: 'file' | 'folder';
}

/**
 * `out` is an absolute path: of the file, or of a folder that is there. Throws StoreError 'unknown-path', 'out-exists',
 * 'missing-file'; Faults of disk and network.
 */
export async function downloadFiles(
  parts: FileParts,
  refs: readonly FileRef[],
  out: string,
  options: DownloadOptions = {},
): Promise<DownloadReport> {
  const rows = topmost(parts, refs);
  const [only] = rows;
  if (only === undefined) throw new StoreError('unknown-path', 'Nothing was named. Name the documents to download.');
  await parts.disk.check();
  const file = await placeOf(out, rows);
  const single =
    rows.length === 1 && only.kind === 'file' && options.zip !== true && !(isZip(file) && !isZip(only.name));
  for (let attempt = 1; ; attempt++) {
    try {
      return single ? await saveOne(parts, only.id, file, options) : await saveArchive(parts, rows, file, options);
    } catch (error) {
      if (isTaken(error)) throw taken(file);
      if (!(error instanceof Fault) || error.code !== 'hash-mismatch' || attempt === ATTEMPTS) throw error;
    }
  }
}

function isZip(name: string): boolean {
  return extname(name).toLowerCase() === '.zip';
}

/** The file to write; it must not be there yet, and its folder must be. */
async function placeOf(out: string, rows: readonly (EntryRow & { readonly path: RelPath })[]): Promise<string> {
  const found = await stat(out).catch(() => null);
  const [only] = rows;
  const ownName = rows.length === 1 && only !== undefined ? only.name : 'documents';
  const file = found?.isDirectory()
    ? join(out, only?.kind === 'file' && rows.length === 1 ? ownName : `${ownName}.zip`)
    : out;
  if (await stat(file).catch(() => null)) throw taken(file);
  try {
    await access(dirname(file));
  } catch {
    throw new StoreError(
      'missing-file',
      `The folder ${dirname(file)} is not there. Make it first, or choose another place.`,
    );
  }
  return file;
}

function taken(file: string): StoreError {
  return new StoreError('out-exists', `${file} is there already and is not overwritten. Choose another name.`);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

async function saveOne(parts: FileParts, id: LocalId, file: string, options: DownloadOptions): Promise<DownloadReport> {
  const content = await openContent(parts, id, options.signal);
  const bytes = await writeOutput(
    file,
    async (output) => {
      for await (const chunk of content.read(signalOf(options))) {
        await output.write(chunk);
        const bytesTotal = content.size;
        options.onProgress?.({ done: 0, total: 1, bytesDone: output.size, bytesTotal });
      }
      return output.size;
    },
    { modified: content.modified },
  );
  return { file, zip: false, files: 1, bytes, written: bytes, skipped: [] };
}

async function saveArchive(
  parts: FileParts,
  rows: readonly (EntryRow & { readonly path: RelPath })[],
  file: string,
  options: DownloadOptions,
): Promise<DownloadReport> {
  const items = itemsOf(parts, rows);
  const { entries, skipped, bytes } = await openAll(parts, items, options);
  const written = await writeOutput(file, async (output) => {
    const stream = archiveOf(entries);
    const stop = () => stream.destroy(new Fault('aborted', 'The download was stopped.'));
    options.signal?.addEventListener('abort', stop, { once: true });
    try {
      options.signal?.throwIfAborted();
      for await (const chunk of stream as AsyncIterable<Uint8Array>) await output.write(chunk);
    } finally {
      options.signal?.removeEventListener('abort', stop);
    }
    return output.size;
  });
  const files = entries.filter((entry) => entry.content !== null).length;
  return { file, zip: true, files, bytes: bytes(), written, skipped };
}

/** Every document below what was named, and folders that hold nothing, by the names that they get in the archive. */
function itemsOf({ store }: FileParts, rows: readonly (EntryRow & { readonly path: RelPath })[]): Item[] {
  const items: Item[] = [];
  const top = new Set<string>();
  const add = (row: EntryRow, path: RelPath, name: string): void => {
    const { id, kind, size, modified } = row;
    const children = kind === 'folder' ? store.entries.children(id) : [];
    if (kind === 'file' || children.length === 0) items.push({ id, path, name, size, modified, kind });
    const taken = new Set<string>();
    for (const child of children) {
      const inner = archiveName(child.name, taken);
      add(child, `${path}/${child.name}` as RelPath, `${name}/${inner}`);
    }
  };
  for (const row of rows) add(row, row.path, archiveName(row.name, top));
  return items;
}

/** Programs that unpack take no backslash, and some do not tell letters of different case apart. */
function archiveName(name: string, taken: Set<string>): string {
  const chosen = numberedName(name.replaceAll('\\', '＼'), taken);
  taken.add(nameKey(chosen));
  return chosen;
}

async function openAll(parts: FileParts, items: readonly Item[], options: DownloadOptions) {
  const skipped: { path: string; reason: string }[] = [];
  const entries: ArchiveEntry[] = [];
  const total = items.filter((item) => item.kind === 'file').length;
  const bytesTotal = items.reduce((sum, item) => sum + item.size, 0);
  let done = 0;
  let bytesDone = 0;
  for (const item of items) {
    options.signal?.throwIfAborted();
    if (item.kind === 'folder') {
      entries.push({ name: item.name, modified: item.modified, content: null });
      continue;
    }
    let content: DocumentContent;
    try {
      content = await openContent(parts, item.id, options.signal);
    } catch (error) {
      if (!(error instanceof Fault) || (error.code !== 'not-downloadable' && error.code !== 'not-found')) throw error;
      skipped.push({ path: item.path, reason: error.message });
      continue;
    }
    const { size, modified } = content;
    const name = content.from === 'export' ? item.name.replace(/[^/]*$/, baseName(content.name as RelPath)) : item.name;
    entries.push({
      name,
      modified,
      content: {
        size,
        async *read() {
          for await (const chunk of content.read(signalOf(options))) {
            bytesDone += chunk.length;
            options.onProgress?.({ done, total, bytesDone, bytesTotal });
            yield chunk;
          }
          done++;
          options.onProgress?.({ done, total, bytesDone, bytesTotal });
        },
      },
    });
  }
  return { entries, skipped, bytes: () => bytesDone };
}

function signalOf({ signal }: DownloadOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
