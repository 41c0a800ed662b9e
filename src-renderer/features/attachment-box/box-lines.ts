// What a record's box shows, line by line: each folder with its documents, and a place to drop where it has none. Pure.

import type { BoxRow } from '../../../src-shared/ipc/box.ts';
import { compareText } from '../../ui/format.ts';

export type BoxLine =
  | { readonly kind: 'part'; readonly key: string; readonly folder: BoxRow; readonly files: number }
  | {
      readonly kind: 'file';
      readonly key: string;
      readonly folder: BoxRow;
      readonly file: BoxRow;
      readonly last: boolean;
    }
  | { readonly kind: 'empty'; readonly key: string; readonly folder: BoxRow };

/** Folders by path, the record's own first; `filter` keeps the documents whose names have every word of it. */
export function boxLines(rows: readonly BoxRow[], filter: string): readonly BoxLine[] {
  const words = folded(filter).split(/\s+/).filter(Boolean);
  const byFolder = new Map<number | null, BoxRow[]>();
  for (const row of rows) {
    if (row.kind !== 'file') continue;
    const there = byFolder.get(row.parent);
    if (there === undefined) byFolder.set(row.parent, [row]);
    else there.push(row);
  }
  const folders = rows.filter((row) => row.kind === 'folder').toSorted((a, b) => compareText(a.path, b.path));
  return folders.flatMap((folder): BoxLine[] => {
    const all = byFolder.get(folder.row) ?? [];
    const files = all
      .filter(({ name }) => words.every((word) => folded(name).includes(word)))
      .toSorted((a, b) => compareText(a.name, b.name));
    if (words.length > 0 && files.length === 0) return [];
    const head: BoxLine = { kind: 'part', key: folder.id, folder, files: files.length };
    if (files.length === 0) return [head, { kind: 'empty', key: `${folder.id}:empty`, folder }];
    return [
      head,
      ...files.map((file, index): BoxLine => ({
        kind: 'file',
        key: file.id,
        folder,
        file,
        last: index === files.length - 1,
      })),
    ];
  });
}

function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
