// Conflicts in their states.

import type { Conflict } from '../../../../src-shared/ipc/conflicts.ts';
import { before, usualApp } from '../../../gallery/company.ts';
import type { Scene } from '../../../gallery/scene.ts';

const CONFLICTS: readonly Conflict[] = [
  {
    id: 1,
    client: 'Office',
    path: 'Quotations/SO001/Price list 2026.csv',
    copy: 'Quotations/SO001/Price list 2026 (conflict, Dropbox).csv',
    foundAt: before(12),
    reason: 'Changed here and in Dropbox',
  },
  {
    id: 2,
    client: 'Office',
    path: 'Personnel/Holidays.xlsx',
    copy: 'Personnel/Holidays (conflict, Dropbox).xlsx',
    foundAt: before(60 * 26),
    reason: 'Changed here and in Dropbox',
  },
];

export const scenes: readonly Scene[] = [
  {
    id: 'conflicts-some',
    title: 'Two conflicts',
    screen: 'conflicts',
    lists: { conflicts: CONFLICTS },
    app: { counts: { ...usualApp.counts, conflicts: 2 } },
  },
  { id: 'conflicts-none', title: 'None', screen: 'conflicts' },
];
