// Reads, compares and draws trees of files: the documents folder beside Dropbox.

import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnName } from '../../src-shared/names.ts';
import { ContentHasher } from '../infra/content-hash.ts';

export interface TreeEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly contentHash: string | null;
  /** Bytes. */
  readonly size: number;
}

/** Everything in the folder but the store's own files, sorted by path. */
export async function readLocalTree(folder: string): Promise<readonly TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const read = async (path: string): Promise<void> => {
    for (const found of readdirSync(join(folder, path), { withFileTypes: true })) {
      if (isOwnName(found.name)) continue;
      const below = path === '' ? found.name : `${path}/${found.name}`;
      if (found.isDirectory()) {
        entries.push({ path: below, kind: 'folder', contentHash: null, size: 0 });
        await read(below);
      } else {
        const file = join(folder, below);
        entries.push({ path: below, kind: 'file', contentHash: await hashOfFile(file), size: statSync(file).size });
      }
    }
  };
  await read('');
  return entries.sort(byPath);
}

async function hashOfFile(file: string): Promise<string> {
  const hasher = new ContentHasher();
  for await (const chunk of createReadStream(file)) hasher.update(chunk as Uint8Array);
  return hasher.digest();
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Same paths, kinds and contents. */
export function sameTree(one: readonly TreeEntry[], other: readonly TreeEntry[]): boolean {
  const lines = (tree: readonly TreeEntry[]): string =>
    tree
      .map((entry) => `${entry.path}\0${entry.kind}\0${entry.contentHash ?? ''}`)
      .sort()
      .join('\n');
  return lines(one) === lines(other);
}

/** Indented names; files with their size. */
export function treeLines(tree: readonly TreeEntry[], sizeText: (bytes: number) => string): string[] {
  const sortKey = (path: string): string => path.replaceAll('/', '\0');
  return [...tree]
    .sort((a, b) => (sortKey(a.path) < sortKey(b.path) ? -1 : 1))
    .map((entry) => {
      const depth = entry.path.split('/').length - 1;
      const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
      return `${'  '.repeat(depth)}${entry.kind === 'folder' ? `${name}/` : `${name}  ${sizeText(entry.size)}`}`;
    });
}
