// The attachment box: finding a record, a box with parts, a record without a folder, no types yet.

import type { RecordsReport } from '../../../../src-shared/ipc/records.ts';
import type { BoxRow } from '../../../../src-shared/ipc/box.ts';
import { before, quotationRows } from '../../../gallery/company.ts';
import { found, never, Refusal, typeInto, type Scene } from '../../../gallery/scene.ts';
import { t } from '../../../ui/words.ts';

const ROWS: readonly BoxRow[] = [
  folder(1, null, ''),
  folder(2, 1, 'Contracts'),
  folder(3, 1, 'Drawings'),
  file(10, 1, 'Offer SO001.pdf', { size: 120_400 }),
  file(11, 1, 'Photo of the site.jpg', { size: 2_104_331, state: 'freed' }),
  file(12, 2, 'Signed contract.pdf', { size: 311_204, state: 'uploading' }),
];

const MANY: readonly BoxRow[] = [
  ...ROWS.filter((row) => row.kind === 'folder'),
  ...Array.from({ length: 3_000 }, (_, n) =>
    file(100 + n, (n % 3) + 1, `Scan ${n + 1} of the site.${['pdf', 'jpg', 'dwg'][n % 3]}`, {
      size: 900 + ((n * 7919) % 4_000_000),
      state: n % 11 === 0 ? 'pending' : 'synced',
    }),
  ),
];

function folder(row: number, parent: number | null, path: string): BoxRow {
  const name = path === '' ? 'SO001 Müller' : path;
  return { id: `folder:${row}`, row, kind: 'folder', parent, name, path, size: null, changedAt: null, state: 'synced' };
}

function file(row: number, parent: number, name: string, more: Partial<BoxRow>): BoxRow {
  const path = name;
  return {
    id: `file:${row}`,
    row,
    kind: 'file',
    parent,
    name,
    path,
    size: 0,
    changedAt: before(90),
    state: 'synced',
    ...more,
  };
}

const NAMES: readonly string[] = [
  ...quotationRows.map(({ name }) => name),
  'P1 Hotel Alster, lobby',
  'P2 Harbour hall',
  'P3 School at the park',
];
const SALES = quotationRows.length;

const answers = (folderPath: string | null) => ({
  'catalog.view': () => ({
    types: [
      { name: 'sale.order', label: 'Quotations', records: SALES },
      { name: 'project.project', label: 'Projects', records: NAMES.length - SALES },
    ],
    rules: [],
  }),
  'box.records': ({ text }: { readonly text: string }) => records(text, folderPath),
});

function records(text: string, folderPath: string | null) {
  return {
    records: NAMES.map((name, place) => ({
      type: place < SALES ? 'sale.order' : 'project.project',
      typeLabel: place < SALES ? 'Quotations' : 'Projects',
      ref: name.slice(0, name.indexOf(' ')),
      name,
      folder: place === 0 ? folderPath : `${place < SALES ? 'Quotations' : 'Projects'}/${name}`,
    })).filter(({ name }) => name.includes(text)),
    total: NAMES.filter((name) => name.includes(text)).length,
  };
}

const choose = async (): Promise<void> => (await found('[role="option"]', 'SO001 Müller')).click();

const report = (skipped: number): RecordsReport => ({
  added: 212,
  updated: 14,
  unchanged: 3,
  skipped,
  errors: [
    { line: 4, message: 'line 4 lacks type, ref or name' },
    { line: 17, message: 'line 17 names sale.order/SO017 a second time (first in line 12)' },
  ].slice(0, skipped),
  changes: Array.from({ length: 40 }, (_, n) => ({
    line: n + 2,
    record: `sale.order/SO${String(n + 1).padStart(3, '0')}`,
    name: ['Müller & Söhne', 'Smith Ltd', 'Grüße & Co'][n % 3] ?? '',
    change: n % 5 === 0 ? ('update' as const) : ('add' as const),
  })),
});

const table = (skipped: number) => ({
  ...answers('Quotations/SO001 Müller'),
  'records.chooseFile': () => ({ file: 'Orders 2026.csv', columns: ['Number', 'Customer', 'City', 'State'] }),
  'records.preview': () => report(skipped),
});

/** The menu of the record itself. */
const openMenu = async (): Promise<void> => {
  await choose();
  (await found('button', t('box.more', { name: 'SO001 Müller' }))).click();
  await found('[role="menuitem"]', t('box.remove.open'));
};

const press = (words: string) => async (): Promise<void> => (await found('button', t(words))).click();

export const scenes: readonly Scene[] = [
  {
    id: 'box-import',
    title: 'Records from a file, before they come in',
    screen: 'attachment-box',
    answers: table(0),
    after: press('box.import.open'),
  },
  {
    id: 'box-import-wrong',
    title: 'Some lines of the file are wrong',
    screen: 'attachment-box',
    answers: table(2),
    after: press('box.import.open'),
  },
  {
    id: 'box-new',
    title: 'A record by hand',
    screen: 'attachment-box',
    answers: answers('Quotations/SO001 Müller'),
    after: press('box.new.open'),
  },
  {
    id: 'box-record',
    title: 'A record with its parts',
    screen: 'attachment-box',
    answers: answers('Quotations/SO001 Müller'),
    lists: { box: ROWS },
    after: choose,
  },
  {
    id: 'box-menu',
    title: 'What can be done with the record itself',
    screen: 'attachment-box',
    answers: answers('Quotations/SO001 Müller'),
    lists: { box: ROWS },
    after: openMenu,
  },
  {
    id: 'box-remove',
    title: 'Removing a record says what becomes of its documents',
    screen: 'attachment-box',
    answers: answers('Quotations/SO001 Müller'),
    lists: { box: ROWS },
    after: async () => {
      await openMenu();
      (await found('[role="menuitem"]', t('box.remove.open'))).click();
      await found('dialog[open]');
    },
  },
  {
    id: 'box-many',
    title: 'A record with 3,000 documents',
    screen: 'attachment-box',
    answers: answers('Quotations/SO001 Müller'),
    lists: { box: MANY },
    after: choose,
  },
  {
    id: 'box-empty',
    title: 'A record without documents',
    screen: 'attachment-box',
    answers: answers('Quotations/SO001 Müller'),
    lists: { box: ROWS.filter((row) => row.kind === 'folder') },
    after: choose,
  },
  {
    id: 'box-nothing',
    title: 'Nothing found',
    screen: 'attachment-box',
    answers: { ...answers(null), 'box.records': () => ({ records: [], total: 0 }) },
  },
  {
    id: 'box-loading',
    title: 'The records are on their way',
    screen: 'attachment-box',
    answers: { 'catalog.view': () => never() },
  },
  { id: 'box-find', title: 'No record chosen', screen: 'attachment-box', answers: answers('Quotations/SO001 Müller') },
  {
    id: 'box-find-quickly',
    title: 'Typed, and Enter before the answer is here',
    screen: 'attachment-box',
    answers: {
      ...answers('Quotations/SO001 Müller'),
      'box.records': async ({ text }: { readonly text: string }) => {
        if (text !== '') await new Promise((resolve) => setTimeout(resolve, 100));
        return records(text, 'Quotations/SO001 Müller');
      },
    },
    after: async () => {
      await found('[role="option"]', 'SO001 Müller');
      const field = await found<HTMLInputElement>('main [role="combobox"]');
      typeInto(field, 'SO004');
      await new Promise((resolve) => requestAnimationFrame(resolve));
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      await found('h3', 'SO004 Hotel Alster');
    },
  },
  {
    id: 'box-no-folder',
    title: 'A record without a folder',
    screen: 'attachment-box',
    answers: answers(null),
    after: choose,
  },
  {
    id: 'box-no-types',
    title: 'No document types yet',
    screen: 'attachment-box',
    answers: { 'catalog.view': () => ({ types: [], rules: [] }) },
  },
  {
    id: 'box-fails',
    title: 'The store cannot be read',
    screen: 'attachment-box',
    answers: {
      'catalog.view': () => {
        throw new Refusal('database-corrupt', 'The database cannot be read. Restore a backup.');
      },
    },
  },
];
