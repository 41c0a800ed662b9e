// The file manager in its states.

import { rowKey } from '../../../../src-shared/ipc/documents.ts';
import type { Found } from '../../../../src-shared/ipc/files.ts';
import { atWork, before, folders, manyRows, quotationRows, recordRows, recordTrail } from '../../../gallery/company.ts';
import { found, never, Refusal, type Scene } from '../../../gallery/scene.ts';
import { useFolders } from '../../../stores/folder-store.ts';
import { only } from '../../../ui/selection.ts';
import { changeLooks, useView } from '../view-store.ts';

type Watch = { readonly folderId: number | null; readonly scope: string };

const notes = recordRows.find((row) => row.name.startsWith('Notes'));

const details = {
  'files.previewKey': () => {
    throw new Refusal('no-preview', 'Scenes have no documents behind them.');
  },
  'files.details': () => ({
    row: notes ?? (recordRows[0] as (typeof recordRows)[number]),
    path: 'Quotations/SO001 Müller/Notes from the call.txt',
    type: 'binary' as const,
    folders: [],
    inside: null,
    history: [],
  }),
};

const recordNames = quotationRows.map(({ name }) => name);

const FOUND: Found[] = ['Offer SO001.pdf', 'Offer SO002.pdf', 'Offer, second draft.pdf'].map((name, index) => ({
  id: index + 1,
  entryId: index + 1,
  kind: 'file',
  name,
  path: ['Quotations', recordNames[index], name].join('/'),
  record: `sale.order/SO00${index + 1}`,
  type: 'sale.order',
  size: 120_401 + index,
  modifiedAt: before(95 + index * 700),
  state: 'synced',
  client: 'Office',
  row: recordRows.find((row) => row.kind === 'file') ?? null,
}));

const CALL = [
  'Call with Mrs Müller, Monday 10:20',
  '',
  'She takes the larger gate, in grey.',
  'Wants the drawing of the ground floor',
  'before Thursday, and a date for the',
  'delivery in the first week of December.',
  '',
  'To do: send the link to the drawing,',
  'ask Peter about the delivery.',
].join('\n');

function selectNotes(): void {
  if (notes) useFolders.getState().select(only(rowKey(notes)));
}

function openRecord(): Promise<void> {
  return useFolders.getState().open(recordTrail);
}

export const scenes: readonly Scene[] = [
  {
    id: 'documents-record',
    title: 'The folder of a record',
    screen: 'documents',
    app: atWork,
    answers: folders(recordRows),
    after: openRecord,
  },
  {
    id: 'documents-three',
    title: 'Three documents',
    screen: 'documents',
    answers: folders(recordRows.slice(3, 6)),
    after: openRecord,
  },
  {
    id: 'documents-huge',
    title: '30,000 documents',
    screen: 'documents',
    answers: folders(manyRows(30_000)),
    after: openRecord,
  },
  {
    id: 'documents-empty',
    title: 'An empty folder',
    screen: 'documents',
    answers: folders([]),
    after: openRecord,
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
      'folder.watch': (asked: Watch) => {
        if (asked.folderId !== recordTrail.at(-1)?.id) return folders([])['folder.watch'](asked);
        throw new Refusal('gone', 'This folder does not exist any more.');
      },
    },
    after: openRecord,
  },
  {
    id: 'documents-preview',
    title: 'With preview and details',
    screen: 'documents',
    app: atWork,
    answers: { ...folders(recordRows), ...details, 'files.previewKey': () => 'key' },
    texts: { [notes?.id ?? 0]: CALL },
    after: async () => {
      await openRecord();
      selectNotes();
      changeLooks({ preview: true });
      await found('aside dl');
      await found('aside pre', 'Mrs Müller');
    },
  },
  {
    id: 'documents-grid',
    title: 'As a grid',
    screen: 'documents',
    app: atWork,
    answers: { ...folders(recordRows), ...details },
    after: async () => {
      await openRecord();
      changeLooks({ layout: 'grid' });
      await found('[role=listbox] [role=option]');
    },
  },
  {
    id: 'documents-share',
    title: 'Sharing a document',
    screen: 'documents',
    app: atWork,
    answers: {
      ...folders(recordRows),
      'files.shareRisks': () => ['Anybody who gets hold of the address can open the document.'],
    },
    after: async () => {
      await openRecord();
      useView.getState().setSharing({ id: notes?.id ?? 0, name: notes?.name ?? '' });
      await found('dialog[open] form');
    },
  },
  {
    id: 'documents-search',
    title: 'What a search has found',
    screen: 'documents',
    params: { search: 'offer', what: 'pdf' },
    answers: { ...folders(recordRows), 'files.find': () => FOUND },
  },
  {
    id: 'documents-search-nothing',
    title: 'A search that finds nothing',
    screen: 'documents',
    params: { search: 'zebra' },
    answers: { ...folders(recordRows), 'files.find': () => [] },
  },
];
