// The file manager in its states.

import { manyRows, recordRows, topFolders } from '../../../gallery/company.ts';
import { never, Refusal, type Scene } from '../../../gallery/scene.ts';
import { useFolders } from '../../../stores/folder-store.ts';

type Watch = { readonly folderId: number | null; readonly scope: string };

const quotations = topFolders[4];

function listing(rows: readonly (typeof recordRows)[number][]) {
  return {
    'folder.watch': ({ folderId, scope }: Watch) => {
      const shown =
        folderId === null ? topFolders : scope === 'folders' ? rows.filter((row) => row.kind === 'folder') : rows;
      return { rows: [...shown], total: shown.length };
    },
  };
}

function openQuotations(): Promise<void> {
  const { id, name } = quotations ?? { id: 0, name: '' };
  return useFolders.getState().open([{ id, name }]);
}

export const scenes: readonly Scene[] = [
  {
    id: 'documents-record',
    title: 'The folder of a record',
    screen: 'documents',
    answers: listing(recordRows),
    after: openQuotations,
  },
  {
    id: 'documents-three',
    title: 'Three documents',
    screen: 'documents',
    answers: listing(recordRows.slice(3, 6)),
    after: openQuotations,
  },
  {
    id: 'documents-huge',
    title: '30,000 documents',
    screen: 'documents',
    answers: listing(manyRows(30_000)),
    after: openQuotations,
  },
  {
    id: 'documents-empty',
    title: 'An empty folder',
    screen: 'documents',
    answers: listing([]),
    after: openQuotations,
  },
  { id: 'documents-none', title: 'No folders at all', screen: 'documents' },
  {
    id: 'documents-loading',
    title: 'A folder that is being read',
    screen: 'documents',
    answers: { 'folder.watch': () => never() },
  },
  {
    id: 'documents-failing',
    title: 'A folder that cannot be read',
    screen: 'documents',
    answers: {
      'folder.watch': ({ folderId }: Watch) => {
        if (folderId === null) return { rows: [...topFolders], total: topFolders.length };
        throw new Refusal('gone', 'This folder does not exist any more.');
      },
    },
    after: openQuotations,
  },
];
