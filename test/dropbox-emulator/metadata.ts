// Entries in the forms in which the API tells them: FileMetadata, FolderMetadata, DeletedMetadata. Paths are told from
// the place where the request looks at the tree (View). Used by every route that answers entries.

import type { View } from './emulator.ts';
import {
  pathDisplay,
  pathLower,
  type FileNode,
  type FolderNode,
  type Revision,
  type Tombstone,
  type TreeNode,
} from './tree.ts';

export type Metadata = Readonly<Record<string, unknown>>;

/** `YYYY-MM-DDTHH:MM:SSZ` of milliseconds since the epoch. */
export function timeText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function fileMetadata(view: View, node: FileNode): Metadata {
  return revisionMetadata(view, {
    ...node.version,
    id: node.id,
    pathLower: pathLower(node),
    pathDisplay: pathDisplay(node),
  });
}

export function revisionMetadata(view: View, revision: Revision): Metadata {
  return {
    name: baseName(revision.pathDisplay),
    path_lower: revision.pathLower.slice(view.prefixLower.length),
    path_display: revision.pathDisplay.slice(view.prefixDisplay.length),
    id: revision.id,
    client_modified: timeText(revision.clientModified),
    server_modified: timeText(revision.serverModified),
    rev: revision.rev,
    size: revision.size,
    is_downloadable: revision.paper === null,
    ...(revision.paper === null
      ? {}
      : { export_info: { export_as: revision.paper.exportAs, export_options: revision.paper.exportOptions } }),
    content_hash: revision.hash,
  };
}

export function folderMetadata(view: View, node: FolderNode): Metadata {
  return {
    name: node.name,
    path_lower: pathLower(node).slice(view.prefixLower.length),
    path_display: pathDisplay(node).slice(view.prefixDisplay.length),
    id: node.id,
  };
}

/** With its `.tag`, where the API says `Metadata`. */
export function entryMetadata(view: View, entry: TreeNode | Tombstone): Metadata {
  if (entry.kind === 'file') return { '.tag': 'file', ...fileMetadata(view, entry) };
  if (entry.kind === 'folder') return { '.tag': 'folder', ...folderMetadata(view, entry) };
  return {
    '.tag': 'deleted',
    name: entry.name,
    path_lower: entry.pathLower.slice(view.prefixLower.length),
    path_display: entry.pathDisplay.slice(view.prefixDisplay.length),
  };
}
