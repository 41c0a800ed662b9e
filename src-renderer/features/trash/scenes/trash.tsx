// The trash in its states.

import type { TrashLine } from '../../../../src-shared/ipc/trash.ts';
import { before } from '../../../gallery/company.ts';
import { found, never, Refusal, type Scene } from '../../../gallery/scene.ts';

const LINES: readonly TrashLine[] = [
  {
    id: 1,
    path: 'Quotations/SO001 Müller/Offer SO001.pdf',
    kind: 'file',
    client: 'Office',
    reason: 'overwritten',
    size: 120_401,
    removedAt: before(30),
  },
  {
    id: 2,
    path: 'Projects/Harbour/Old drawings',
    kind: 'folder',
    client: 'Office',
    reason: 'deleted',
    size: 52_310_204,
    removedAt: before(60 * 30),
  },
  {
    id: 3,
    path: 'General/Price list 2024.csv',
    kind: 'file',
    client: null,
    reason: 'deleted',
    size: 9_120,
    removedAt: before(60 * 24 * 12),
  },
];

const many: readonly TrashLine[] = Array.from({ length: 5_000 }, (_, n) => ({
  ...(LINES[n % 3] as TrashLine),
  id: n + 1,
  path: `Archive/Scan ${n + 1}.pdf`,
  removedAt: before(n * 7),
}));

export const scenes: readonly Scene[] = [
  { id: 'trash-some', title: 'Some documents', screen: 'trash', lists: { trash: LINES } },
  {
    id: 'trash-several',
    title: 'Several chosen',
    screen: 'trash',
    lists: { trash: LINES },
    after: async () => {
      const grid = await found('[role="grid"]');
      grid.focus();
      grid.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', ctrlKey: true, bubbles: true }));
      await found('button', 'Restore 3 of them');
    },
  },
  { id: 'trash-huge', title: '5,000 documents', screen: 'trash', lists: { trash: many } },
  { id: 'trash-empty', title: 'Empty', screen: 'trash' },
  { id: 'trash-loading', title: 'Being read', screen: 'trash', answers: { 'list.watch': () => never() } },
  {
    id: 'trash-failing',
    title: 'Cannot be read',
    screen: 'trash',
    answers: {
      'list.watch': () => {
        throw new Refusal('locked', 'Another program holds the database. Close it and try again.');
      },
    },
  },
];
