// What the window shows of a document without opening it: its own bytes where a page can show them, else what Dropbox
// makes of it, and small pictures for lists. In: a row id; out: mime type, size, bytes. Called by the application service.

import type { ClientId, LocalId, RelPath, Rev } from '../../src-shared/domain.ts';
import { THUMBNAIL_SIZES, type Rendering, type ThumbnailSize } from '../cloud/account-files.ts';
import { Fault } from '../engine/ports.ts';
import type { EntryRow } from '../store/entries.ts';
import { mimeOf, openContent, remoteBytes, type DocumentContent } from './content.ts';
import { entryOf, type FileParts } from './parts.ts';
import { documentOf, revisionsOf, versionOf } from './versions.ts';

export interface Preview {
  /** `own`: the document's bytes; `dropbox`: a PDF, a page or a picture that Dropbox made of it. */
  readonly kind: 'own' | 'dropbox';
  readonly mime: string;
  /** Bytes; null where that is not known before the end. */
  readonly size: number | null;
  readonly name: string;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** Types that a page shows by itself. SVG and HTML may hold programs and are shown as text. */
const SHOWN =
  /^(image\/(png|jpeg|gif|webp|avif|bmp)|application\/pdf|audio\/|video\/|text\/(plain|csv|markdown)|application\/json)/;
const AS_TEXT = /^(image\/svg\+xml|text\/|application\/(xml|javascript|x-sh|yaml|toml))/;
/** Of these Dropbox makes pictures. */
const PICTURES = /\.(jpe?g|png|tiff?|gif|webp|ppm|bmp|heic|pdf|docx?|pptx?|xlsx?|odt|odp|ods|rtf)$/i;
/** Bytes of a picture that a list may load whole. */
const SMALL_PICTURE = 2 * 1024 * 1024;

/**
 * Throws StoreError 'unknown-path'; Fault 'not-downloadable' where there is nothing to show, and those of disk and
 * network.
 */
export async function previewOf(parts: FileParts, id: LocalId, signal?: AbortSignal): Promise<Preview> {
  const row = entryOf(parts, id);
  const type = mimeOf(row.name);
  if (SHOWN.test(type)) return ownBytes(await openContent(parts, id, signal), type, signal);
  if (AS_TEXT.test(type)) return ownBytes(await openContent(parts, id, signal), 'text/plain', signal);
  const there = presentRevision(parts, row);
  if (there === null) {
    throw new Fault(
      'not-downloadable',
      `There is no preview of "${row.path}" until it is in Dropbox. Sync, or open it with its own program.`,
    );
  }
  return ofDropbox(row, await parts.account(there.client).files.preview(there.rev, signal));
}

/**
 * The same of an earlier version. Throws StoreError 'unknown-path', 'not-in-dropbox', 'unknown-version'; Fault
 * 'not-downloadable', and those of the network.
 */
export async function versionPreviewOf(
  parts: FileParts,
  id: LocalId,
  wanted: string,
  signal?: AbortSignal,
): Promise<Preview> {
  const document = documentOf(parts, id);
  const { client, revisions } = await revisionsOf(parts, document);
  const { rev, hash, size } = versionOf(document, revisions, wanted);
  const type = mimeOf(document.name);
  const mime = SHOWN.test(type) ? type : AS_TEXT.test(type) ? 'text/plain' : null;
  if (mime === null || hash === null) {
    return ofDropbox(document, await parts.account(client).files.preview(rev, signal));
  }
  const options = signal === undefined ? {} : { signal };
  const read = () => remoteBytes(parts, client, { rev, hash, size }, options);
  return { kind: 'own', mime, size, name: document.name, read };
}

/** A picture of at most `size` pixels in width. Fault 'not-downloadable' where there is none. */
export async function thumbnailOf(parts: FileParts, id: LocalId, size: number, signal?: AbortSignal): Promise<Preview> {
  const row = entryOf(parts, id);
  const type = mimeOf(row.name);
  const there = PICTURES.test(row.name) ? presentRevision(parts, row) : null;
  if (there !== null) {
    try {
      return ofDropbox(row, await parts.account(there.client).files.thumbnail(there.rev, nearest(size), signal));
    } catch (error) {
      // A small picture that is here needs nobody's help.
      if (!(error instanceof Fault) || error.code === 'aborted' || !isSmallPicture(row, type)) throw error;
    }
  }
  if (isSmallPicture(row, type)) return ownBytes(await openContent(parts, id, signal), type, signal);
  throw new Fault('not-downloadable', `There is no picture of "${row.path}".`);
}

function isSmallPicture(row: EntryRow, type: string): boolean {
  return row.kind === 'file' && type.startsWith('image/') && SHOWN.test(type) && row.size <= SMALL_PICTURE;
}

function nearest(size: number): ThumbnailSize {
  return THUMBNAIL_SIZES.find((one) => one >= size) ?? 2048;
}

/** The rev in Dropbox that has the very content that the document has here. */
function presentRevision({ store }: FileParts, row: EntryRow): { readonly client: ClientId; readonly rev: Rev } | null {
  const client = store.entries.clientOf(row.id);
  const synced = client === null ? null : store.sync.syncedOf(client, row.id);
  if (client === null || synced === null || row.kind !== 'file') return null;
  const remote = store.sync.remoteEntry(client, synced.remoteId);
  return remote?.rev && remote.hash === row.hash ? { client, rev: remote.rev } : null;
}

function ownBytes(content: DocumentContent, mime: string, signal?: AbortSignal): Preview {
  const { name, size } = content;
  return { kind: 'own', mime, size, name, read: () => content.read(signal === undefined ? {} : { signal }) };
}

function ofDropbox(row: EntryRow & { readonly path: RelPath }, { mime, size, bytes }: Rendering): Preview {
  return { kind: 'dropbox', mime, size, name: row.name, read: () => bytes };
}
