// The lines of an attachment box: folders by path, their documents, places to drop, and what a filter leaves.

import { expect, test } from 'vitest';
import type { BoxRow } from '../../../src-shared/ipc/box.ts';
import { boxLines, type BoxLine } from '../../../src-renderer/features/attachment-box/box-lines.ts';

const row = (id: number, kind: 'file' | 'folder', parent: number | null, path: string): BoxRow => ({
  id: `${kind}:${id}`,
  row: id,
  kind,
  parent,
  name: path.slice(path.lastIndexOf('/') + 1),
  path,
  size: null,
  changedAt: null,
  state: 'synced',
});
const rows = [
  row(3, 'folder', 1, 'Drawings'),
  row(12, 'file', 3, 'Drawings/Étage.dwg'),
  row(1, 'folder', null, ''),
  row(2, 'folder', 1, 'Contracts'),
  row(11, 'file', 1, 'Plan 10.pdf'),
  row(10, 'file', 1, 'Plan 9.pdf'),
];
const told = (lines: readonly BoxLine[]) =>
  lines.map((line) =>
    line.kind === 'file' ? `${line.file.name}${line.last ? ' .' : ''}` : `${line.kind} ${line.folder.path}`,
  );

test('the record’s own documents first, numbers in order, and a place to drop where there is nothing', () => {
  expect(told(boxLines(rows, ''))).toEqual([
    'part ',
    'Plan 9.pdf',
    'Plan 10.pdf .',
    'part Contracts',
    'empty Contracts',
    'part Drawings',
    'Étage.dwg .',
  ]);
});

test('a filter leaves the documents with these words, and only their folders', () => {
  expect(told(boxLines(rows, 'ETAGE'))).toEqual(['part Drawings', 'Étage.dwg .']);
  expect(told(boxLines(rows, 'pdf 9'))).toEqual(['part ', 'Plan 9.pdf .']);
  expect(boxLines(rows, 'nothing')).toEqual([]);
});
