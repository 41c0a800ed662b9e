// Conflicts in their states.

import type { Conflict, ConflictVersions } from '../../../../src-shared/ipc/conflicts.ts';
import { before, fileRow, usualApp } from '../../../gallery/company.ts';
import { found, never, Refusal, type Scene } from '../../../gallery/scene.ts';

function conflict(id: number, path: string, minutes: number): Conflict {
  const dot = path.lastIndexOf('.');
  const copy = `${path.slice(0, dot)} (conflict, Dropbox)${path.slice(dot)}`;
  return { id, client: 'Office', path, copy, foundAt: before(minutes), reason: 'Changed here and in Dropbox' };
}

const CONFLICTS: readonly Conflict[] = [
  conflict(1, 'Personnel/Holidays.xlsx', 60 * 26),
  conflict(2, 'Quotations/SO001 Müller/Price list 2026.csv', 12),
  conflict(3, 'Quotations/SO001 Müller/Notes from the call.txt', 14),
];
const MANY: readonly Conflict[] = Array.from({ length: 1_200 }, (_, n) =>
  conflict(n + 1, `Archive/${2010 + (n % 16)}/Scan ${n + 1}.pdf`, n * 3),
);

const LIST = Array.from({ length: 60 }, (_, n) => `${1000 + n};Screw M${(n % 12) + 1};${(n * 7) % 90},${n % 10}0;EUR`);
const THERE = LIST.with(20, '1020;Screw M9;51,50;EUR').with(41, '1041;Screw M6 stainless;17,10;EUR');
const TEXTS: Readonly<Record<number, string>> = {
  71: ['Article;Name;Price;Currency', ...LIST.with(20, '1020;Screw M9;50,00;EUR'), '1060;Washer;0,20;EUR'].join('\n'),
  72: ['Article;Name;Price;Currency', ...THERE.toSpliced(50, 2)].join('\n'),
};

function versions(id: number, name: string, more: Partial<ConflictVersions> = {}): ConflictVersions {
  const one = (row: number, size: number, minutes: number) => ({
    ...fileRow({ name, size, state: 'conflict' }),
    id: row,
    changedAt: before(minutes),
    path: `Quotations/SO001 Müller/${name}`,
  });
  return {
    id,
    here: one(71, 9_120, 40),
    dropbox: one(72, 9_344, 22),
    same: false,
    changedBy: 'ada',
    account: { name: 'Ada Example', email: 'ada@example.com' },
    ...more,
  };
}

const app = { counts: { ...usualApp.counts, conflicts: 3 } };
const lists = { conflicts: CONFLICTS };
const answers = { 'files.previewKey': () => 'key' };
const screen = 'conflicts';

export const scenes: readonly Scene[] = [
  {
    id: 'conflicts-text',
    title: 'Two versions of a text, with what differs',
    screen,
    lists: { conflicts: CONFLICTS.slice(1) },
    app: { counts: { ...usualApp.counts, conflicts: 2 } },
    texts: TEXTS,
    answers: { ...answers, 'conflict.versions': () => versions(2, 'Price list 2026.csv') },
    after: async () => void (await found('td', '1041')),
  },
  {
    id: 'conflicts-some',
    title: 'A document that has no preview',
    screen,
    lists,
    app,
    answers: { 'conflict.versions': () => versions(1, 'Holidays.xlsx', { changedBy: null, account: null }) },
  },
  {
    id: 'conflicts-same',
    title: 'Both versions are the same',
    screen,
    lists,
    app,
    answers: { 'conflict.versions': () => versions(1, 'Holidays.xlsx', { same: true }) },
  },
  {
    id: 'conflicts-gone',
    title: 'One version is gone',
    screen,
    lists,
    app,
    answers: { 'conflict.versions': () => versions(1, 'Holidays.xlsx', { here: null }) },
  },
  {
    id: 'conflicts-several',
    title: 'Several chosen',
    screen,
    lists,
    app,
    answers: { 'conflict.versions': () => versions(1, 'Holidays.xlsx') },
    after: async () => {
      const grid = await found('[role="grid"]');
      grid.focus();
      grid.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', ctrlKey: true, bubbles: true }));
      await found('[role="row"][aria-selected="true"]:nth-of-type(3)');
    },
  },
  {
    id: 'conflicts-huge',
    title: '1,200 conflicts',
    screen,
    lists: { conflicts: MANY },
    app: { counts: { ...usualApp.counts, conflicts: 1_200 } },
    answers: { 'conflict.versions': () => versions(1, 'Holidays.xlsx') },
  },
  {
    id: 'conflicts-changed',
    title: 'Settled meanwhile',
    screen,
    lists,
    app,
    answers: {
      'conflict.versions': () => {
        throw new Refusal('unknown-conflict', 'There is no open conflict 1. It was settled meanwhile.');
      },
    },
  },
  { id: 'conflicts-none', title: 'None', screen },
  { id: 'conflicts-loading', title: 'Being read', screen, answers: { 'list.watch': () => never() } },
  {
    id: 'conflicts-failing',
    title: 'Cannot be read',
    screen,
    answers: {
      'list.watch': () => {
        throw new Refusal('locked', 'Another program holds the database. Close it and try again.');
      },
    },
  },
];
