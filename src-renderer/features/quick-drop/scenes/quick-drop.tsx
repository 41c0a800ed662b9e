// The small window: typing, a record with its places, after a drop, without a folder, nothing found, failing.

import type { BoxPlace, BoxRecord } from '../../../../src-shared/ipc/box.ts';
import { found, never, Refusal, type Scene } from '../../../gallery/scene.ts';
import { QuickDrop } from '../QuickDrop.tsx';

const RECORDS: readonly BoxRecord[] = [
  record('sale.order', 'Quotations', 'SO001', 'SO001 Müller GmbH'),
  record('sale.order', 'Quotations', 'SO014', 'SO014 Müller GmbH, second floor'),
  record('account.move', 'Invoices', 'INV-2026-014', 'INV-2026-014'),
  record('res.partner', 'Contacts', 'mueller', 'Müller GmbH'),
];

function record(type: string, typeLabel: string, ref: string, name: string): BoxRecord {
  return { type, typeLabel, ref, name, folder: `${typeLabel}/${name}` };
}

const PLACES: readonly BoxPlace[] = [
  { row: 1, path: '', files: 3 },
  { row: 2, path: 'Contracts', files: 1 },
  { row: 3, path: 'Drawings', files: 12 },
  { row: 4, path: 'Drawings/Ground floor', files: 0 },
];

const answers = {
  'box.records': () => ({ records: [...RECORDS], total: RECORDS.length }),
  'box.places': () => [...PLACES],
  'files.choose': () => ({ added: ['Quotations/SO001 Müller GmbH/Signed contract.pdf'], problems: [], undo: 4 }),
};

const view = () => <QuickDrop />;
const choose = async (): Promise<void> => (await found('[role="option"]', 'SO001')).click();
const add = async (): Promise<void> => {
  await choose();
  (await found('[role="radio"]', 'Contracts')).click();
  await found('[role="radio"][aria-checked="true"]', 'Contracts');
  (await found('button', 'or choose them…')).click();
  await found('[role="status"]', '“Signed contract.pdf” is in Contracts.');
};

export const scenes: readonly Scene[] = [
  { id: 'quick-find', title: 'Typing a record', small: true, view, answers },
  { id: 'quick-record', title: 'The places of a record', small: true, view, answers, after: choose },
  { id: 'quick-done', title: 'A document was dropped', small: true, view, answers, after: add },
  {
    id: 'quick-no-folder',
    title: 'A record without a folder',
    small: true,
    view,
    answers: { ...answers, 'box.places': () => [] },
    after: choose,
  },
  {
    id: 'quick-no-records',
    title: 'No records yet',
    small: true,
    view,
    answers: { 'box.records': () => ({ records: [], total: 0 }) },
  },
  {
    id: 'quick-refused',
    title: 'A document was refused',
    small: true,
    view,
    answers: {
      ...answers,
      'files.choose': () => {
        throw new Refusal('disk-full', 'The disk is full. Free some space and drop the documents again.');
      },
    },
    after: async () => {
      await choose();
      (await found('button', 'or choose them…')).click();
      await found('[role="alert"]');
    },
  },
  {
    id: 'quick-working',
    title: 'Documents are copied',
    small: true,
    view,
    answers: { ...answers, 'files.choose': () => never() },
    after: async () => {
      await choose();
      (await found('button', 'or choose them…')).click();
    },
  },
  {
    id: 'quick-fails',
    title: 'The store cannot be read',
    small: true,
    view,
    answers: {
      'box.records': () => {
        throw new Refusal('database-corrupt', 'The database cannot be read. Restore a backup.');
      },
    },
  },
];
