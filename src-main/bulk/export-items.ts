// What an export copies: documents and folders of the tree, with the paths that they get at the target: each of what was
// named keeps its own name, and what is in it lies below. In: rows; out: items. Used by both exports.

import { joinPath, ROOT, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import type { FileRef } from '../../src-shared/files-views.ts';
import { nameKey } from '../../src-shared/names.ts';
import { numberedName, topmost, type FileParts } from '../files/parts.ts';
import type { BulkItem, NewBulkItem } from '../store/bulk-jobs.ts';
import type { EntryRow } from '../store/entries.ts';

/** Items that are yielded at once. */
const PAGE = 1_000;

/** Throws StoreError 'unknown-path'. */
export function* exportItems(parts: FileParts, refs: readonly FileRef[]): Generator<NewBulkItem[]> {
  const { entries } = parts.store;
  const names = new Set<string>();
  let page: NewBulkItem[] = [];
  for (const row of topmost(parts, refs)) {
    const name = numberedName(row.name, names);
    names.add(nameKey(name));
    const open: { readonly row: EntryRow; readonly source: RelPath; readonly path: RelPath }[] = [
      { row, source: row.path, path: joinPath(ROOT, name) },
    ];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { row: one, source, path } = next;
      const { kind, id, size, hash } = one;
      page.push({ kind, source, sourceId: String(id), path, size: kind === 'file' ? size : 0, hash });
      const children = kind === 'folder' ? entries.children(id) : [];
      for (const child of children.toReversed()) {
        open.push({ row: child, source: joinPath(source, child.name), path: joinPath(path, child.name) });
      }
      if (page.length >= PAGE) {
        yield page;
        page = [];
      }
    }
  }
  if (page.length > 0) yield page;
}

/** The row that an item was made of; null where it is gone or has become something else. */
export function rowOf({ store }: FileParts, item: BulkItem): EntryRow | null {
  const row = store.entries.get(Number(item.sourceId) as LocalId);
  return row !== null && row.kind === item.kind ? row : null;
}
