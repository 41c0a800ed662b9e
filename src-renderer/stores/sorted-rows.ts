// The rows of a folder in the order the person chose. A change is merged into the sorted list, so that a folder of 30,000
// is sorted once and not ten times a second.

import { rowKey, type Row } from '../../src-shared/ipc/documents.ts';
import { compareText } from '../ui/format.ts';
import { typeOf } from '../ui/file-type.ts';

const COLUMNS = ['name', 'size', 'type', 'changed', 'record', 'state', 'link'] as const;
export type Column = (typeof COLUMNS)[number];

export interface RowOrder {
  readonly column: Column;
  readonly descending: boolean;
}

export function isColumn(name: string): name is Column {
  return COLUMNS.some((one) => one === name);
}

type Compare = (a: Row, b: Row) => number;

function byColumn(column: Column): Compare {
  switch (column) {
    case 'name':
      return () => 0;
    case 'state':
      return (a, b) => compareWords(a.state, b.state);
    case 'size':
      return (a, b) => (a.size ?? -1) - (b.size ?? -1);
    case 'type':
      return (a, b) => compareWords(typeOf(a).key, typeOf(b).key);
    case 'record':
      return (a, b) => compareWords(a.record ?? '', b.record ?? '');
    case 'link':
      return (a, b) => Number(b.url !== null) - Number(a.url !== null);
    case 'changed':
      return (a, b) => compareWords(a.changedAt ?? '', b.changedAt ?? '');
  }
}

function compareWords(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Folders stay on top whatever the order; equal values are ordered by name, then by id. */
export function comparing({ column, descending }: RowOrder): Compare {
  const primary = byColumn(column);
  const sign = descending ? -1 : 1;
  return (a, b) => {
    if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
    const chosen = primary(a, b) || (column === 'name' ? compareText(a.name, b.name) : 0);
    return sign * chosen || compareText(a.name, b.name) || a.id - b.id;
  };
}

/** `sorted` without what was removed or replaced, and with `upserts` at their places. */
export function mergeRows(
  sorted: readonly Row[],
  upserts: readonly Row[],
  removed: readonly string[],
  order: RowOrder,
): readonly Row[] {
  const compare = comparing(order);
  const leaving = new Set<string>([...removed, ...upserts.map(rowKey)]);
  const staying = leaving.size === 0 ? sorted : sorted.filter((row) => !leaving.has(rowKey(row)));
  const arriving = upserts.toSorted(compare);
  const merged: Row[] = [];
  let from = 0;
  for (const row of arriving) {
    const place = placeOf(staying, row, compare, from);
    while (from < place) merged.push(staying[from++] as Row);
    merged.push(row);
  }
  while (from < staying.length) merged.push(staying[from++] as Row);
  return merged;
}

/** Index of the first row that does not come before `row`. */
function placeOf(rows: readonly Row[], row: Row, compare: Compare, start: number): number {
  let low = start;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(rows[middle] as Row, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
