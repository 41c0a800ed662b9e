// Routes that read files: metadata, downloads, exports, revisions, temporary links.

import { anything, choice, flag, integer, nullable, optional, struct, text } from '../arguments.ts';
import { EndpointError, MalformedCall, nest, tag, type Tagged } from '../answers.ts';
import type { View } from '../emulator.ts';
import { LookupProblem, nodeAt, requireNode, requireRevision, tombstoneAt } from '../lookup.ts';
import { entryMetadata, folderMetadata, revisionMetadata, timeText } from '../metadata.ts';
import { Download, route, type Call, type Route } from '../route.ts';
import { subtree, type Revision } from '../tree.ts';
import { zipLength, zipStream, type ZipEntry } from '../zip.ts';
import { exportPaper } from '../paper.ts';
import { readPath, rev, rootOrPath } from './fields.ts';

/** Most entries, and most bytes, of a download_zip. */
const ZIP_MAX_ENTRIES = 10_000;
const ZIP_MAX_BYTES = 20 * 1024 ** 3;

/** Runs `look`; a lookup error becomes the route's `path` error. */
export function lookingUp<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof LookupProblem) throw new EndpointError(nest('path', error.error));
    throw error;
  }
}

function getMetadata(call: Call, path: string, includeDeleted: boolean): unknown {
  const { view } = call;
  if (/^\/+$/.test(path)) throw new MalformedCall('request body: path: The root folder is unsupported.');
  return lookingUp(() => {
    if (path.startsWith('rev:')) return { '.tag': 'file', ...revisionMetadata(view, requireRevision(view, path)) };
    try {
      return entryMetadata(view, requireNode(view, path));
    } catch (error) {
      const tombstone = includeDeleted && error instanceof LookupProblem ? tombstoneAt(view, path) : null;
      if (tombstone === null) throw error;
      return entryMetadata(view, tombstone);
    }
  });
}

/** The revision to download: a `rev` argument wins over the path's current one. */
function wantedRevision(view: View, path: string, wantedRev: string | null): Revision {
  return requireRevision(view, wantedRev === null ? path : `rev:${wantedRev}`);
}

export function downloadOf(view: View, revision: Revision): Download {
  return new Download(
    revisionMetadata(view, revision),
    revision.size,
    (start, end) => view.emulator.blobs.read(revision.hash, start, end),
    { etag: revision.rev },
  );
}

function download(call: Call, path: string, wantedRev: string | null): Download {
  return lookingUp(() => {
    const revision = wantedRevision(call.view, path, wantedRev);
    if (revision.paper !== null) throw new EndpointError(tag('unsupported_file'));
    return downloadOf(call.view, revision);
  });
}

function downloadZip(call: Call, path: string): Download {
  const { view } = call;
  const folder = lookingUp(() => {
    const node = path.startsWith('rev:') ? null : nodeAt(view, path);
    if (node === null) throw new LookupProblem(tag('not_found'));
    if (node.kind === 'file') throw new LookupProblem(tag('not_folder'));
    return node;
  });
  const entries: ZipEntry[] = [];
  let bytes = 0;
  const visit = (node: typeof folder, prefix: string): void => {
    for (const child of node.children.values()) {
      const name = `${prefix}/${child.name}`;
      if (child.kind === 'folder') {
        entries.push({ name: `${name}/`, size: 0, modified: view.emulator.now(), read: () => [] });
        visit(child, name);
      } else if (child.version.paper === null) {
        const { hash, size, clientModified } = child.version;
        bytes += size;
        entries.push({ name, size, modified: clientModified, read: () => view.emulator.blobs.read(hash, 0, size) });
      }
    }
  };
  if ([...subtree(folder)].length > ZIP_MAX_ENTRIES) throw new EndpointError(tag('too_many_files'));
  visit(folder, folder.name);
  if (bytes > ZIP_MAX_BYTES) throw new EndpointError(tag('too_large'));
  return new Download({ metadata: folderMetadata(view, folder) }, zipLength(entries), () => zipStream(entries), {
    contentType: 'application/zip',
  });
}

async function exportFile(call: Call, path: string, format: string | null): Promise<Download> {
  const { view } = call;
  const revision = lookingUp(() => requireRevision(view, path));
  // Some documents that cannot be downloaded cannot be exported either.
  if (revision.paper === null || revision.paper.exportAs === '') throw new EndpointError(tag('non_exportable'));
  const wanted = format ?? revision.paper.exportAs;
  if (wanted !== revision.paper.exportAs && !revision.paper.exportOptions.includes(wanted)) {
    throw new EndpointError(tag('invalid_export_format'));
  }
  const source = await view.emulator.blobs.bytes(revision.hash, revision.size);
  const exported = exportPaper(source, revisionMetadata(view, revision)['name'] as string, wanted);
  return new Download(
    {
      export_metadata: { name: exported.name, size: exported.bytes.length, export_hash: exported.hash },
      file_metadata: revisionMetadata(view, revision),
    },
    exported.bytes.length,
    (start, end) => oneChunk(exported.bytes.subarray(start, end)),
  );
}

export async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function listRevisions(call: Call, path: string, mode: 'path' | 'id', limit: number): unknown {
  const { view } = call;
  const { tree } = view.emulator;
  const node = lookingUp(() => {
    try {
      const found = requireNode(view, path);
      if (found.kind === 'folder') throw new LookupProblem(tag('not_file'));
      return found;
    } catch (error) {
      const tombstone =
        error instanceof LookupProblem && error.error['.tag'] === 'not_found' ? tombstoneAt(view, path) : null;
      if (tombstone === null) throw error;
      if (!tombstone.wasFile) throw new LookupProblem(tag('not_file'));
      return tombstone;
    }
  });
  const last = node.kind === 'deleted' ? node.pathLower : null;
  const revisions = mode === 'id' || last === null ? tree.revisionsOfId(node.id) : tree.revisionsOfPath(last);
  const here = last ?? tree.revisionsOfId(node.id)[0]?.pathLower ?? '';
  const listed = mode === 'path' ? tree.revisionsOfPath(here) : revisions;
  return {
    is_deleted: node.kind === 'deleted',
    ...(node.kind === 'deleted' ? { server_deleted: timeText(node.deletedAt) } : {}),
    entries: listed.slice(0, limit).map((revision) => revisionMetadata(view, revision)),
  };
}

function temporaryLink(call: Call, path: string): unknown {
  const { view } = call;
  const revision = lookingUp(() => requireRevision(view, path));
  if (revision.paper !== null) throw new EndpointError(tag('unsupported_file') as Tagged);
  return { metadata: revisionMetadata(view, revision), link: view.emulator.links.temporary(revision.rev) };
}

export const readingRoutes: readonly Route[] = [
  route(
    'files/get_metadata',
    'files.metadata.read',
    struct({
      path: readPath,
      include_media_info: optional(flag, false),
      include_deleted: optional(flag, false),
      include_has_explicit_shared_members: optional(flag, false),
      include_property_groups: anything,
    }),
    (call, argument) => getMetadata(call, argument.path, argument.include_deleted),
  ),
  route(
    'files/download',
    'files.content.read',
    struct({ path: readPath, rev: nullable(rev) }),
    (call, argument) => download(call, argument.path, argument.rev),
    { style: 'download' },
  ),
  route(
    'files/download_zip',
    'files.content.read',
    struct({ path: readPath }),
    (call, argument) => downloadZip(call, argument.path),
    { style: 'download' },
  ),
  route(
    'files/export',
    'files.content.read',
    struct({ path: readPath, export_format: nullable(text()) }),
    (call, argument) => exportFile(call, argument.path, argument.export_format),
    { style: 'download' },
  ),
  route(
    'files/list_revisions',
    'files.metadata.read',
    struct({
      path: rootOrPath,
      mode: optional(choice('path', 'id'), 'path' as const),
      limit: optional(integer(1, 100), 10),
      before_rev: nullable(rev),
    }),
    (call, argument) => listRevisions(call, argument.path, argument.mode, argument.limit),
  ),
  route('files/get_temporary_link', 'files.content.read', struct({ path: readPath }), (call, argument) =>
    temporaryLink(call, argument.path),
  ),
];
