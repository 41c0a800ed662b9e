// Dropbox metadata to the engine's entries. In: metadata as the API sends it; out: RemoteEntry below the client's root.
// What a server sends is not trusted: entries whose path makes no sense are left out instead of breaking a pass.

import type { files } from 'dropbox';

import type { RemoteEntry } from '../../sync/model.ts';
import type { ContentHash, RelPath, RemoteId, Rev } from '../../../src-shared/domain.ts';
import { nameKey } from '../../../src-shared/names.ts';

export type LiveMetadata = files.FileMetadata | files.FolderMetadata;

/** The client's root folder, as the server's paths are compared with it. */
export interface RootFolder {
  /** As it was given, without `/` at either end; may hold inner `/`. */
  readonly path: string;
  /** How many names lead to it: what is cut from the front of a path below it, whatever its case. */
  readonly depth: number;
  /** In Dropbox's key form, without `/` at either end. */
  readonly lower: string;
}

export function rootFolder(path: string): RootFolder {
  const names = path.split('/').filter((name) => name !== '');
  return { path: names.join('/'), depth: names.length, lower: names.map(nameKey).join('/') };
}

/** The path of an entry as Dropbox writes it. */
export function fullPath(root: RootFolder, path: RelPath): string {
  const parts = [root.path, path].filter((part) => part !== '');
  return parts.length === 0 ? '' : `/${parts.join('/')}`;
}

/** `path_lower` below the root; null where the path has empty names or is too short to lie below it. */
export function pathBelow(root: RootFolder, pathLower: string | undefined): RelPath | null {
  const names = pathLower?.split('/').slice(1) ?? [];
  if (names.length < root.depth || names.includes('')) return null;
  return names.slice(root.depth).join('/') as RelPath;
}

/** Whether a path of the account is the root or below it. */
export function liesInside(root: RootFolder, pathLower: string | undefined): boolean {
  if (pathLower === undefined) return false;
  const names = pathLower.split('/').slice(1, root.depth + 1);
  return names.map(nameKey).join('/') === root.lower;
}

/** Null where the server's path makes no sense. For entries outside the root use `outside`. */
export function entryBelow(root: RootFolder, metadata: LiveMetadata, kind: 'file' | 'folder'): RemoteEntry | null {
  const pathLower = pathBelow(root, metadata.path_lower);
  return pathLower === null ? null : entryAt(pathLower, metadata, kind);
}

/** An entry that is not below the root: its path is that of the account, without the leading `/`. */
export function entryOutside(metadata: LiveMetadata, kind: 'file' | 'folder'): RemoteEntry {
  return entryAt((metadata.path_lower ?? '').slice(1) as RelPath, metadata, kind);
}

function entryAt(pathLower: RelPath, metadata: LiveMetadata, kind: 'file' | 'folder'): RemoteEntry {
  const common = { id: metadata.id as RemoteId, pathLower, name: nameOf(metadata) };
  if (kind === 'folder' || !('rev' in metadata)) {
    return { ...common, kind: 'folder', rev: null, hash: null, size: 0, downloadable: true, modified: 0 };
  }
  const downloadable = metadata.is_downloadable !== false;
  const modified = Date.parse(metadata.client_modified);
  return {
    ...common,
    kind: 'file',
    rev: metadata.rev as Rev,
    hash: downloadable && metadata.content_hash !== undefined ? (metadata.content_hash as ContentHash) : null,
    size: downloadable ? metadata.size : 0,
    downloadable,
    modified: Number.isNaN(modified) ? 0 : modified,
  };
}

function nameOf(metadata: LiveMetadata): string {
  if (typeof metadata.name === 'string' && metadata.name !== '') return metadata.name;
  const path = metadata.path_display ?? metadata.path_lower ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The kind of metadata that carries its tag, or shows by its fields what it is; null for deleted entries. */
export function kindOf(metadata: files.Metadata & { readonly '.tag'?: string }): 'file' | 'folder' | null {
  const tag = metadata['.tag'];
  if (tag === 'file' || tag === 'folder') return tag;
  return tag === undefined && 'rev' in metadata ? 'file' : null;
}
