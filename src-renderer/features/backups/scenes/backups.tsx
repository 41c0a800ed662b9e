// Backups: some of every state, none, the questions before a restore and a passphrase, failing.

import type { BackupLine, BackupSettingsLine } from '../../../../src-shared/ipc/backups.ts';
import { before } from '../../../gallery/company.ts';
import { found, never, type Scene } from '../../../gallery/scene.ts';

const DAY = 24 * 60;
const SETTINGS: BackupSettingsLine = {
  schedule: '0 3 * * *',
  next: before(-10 * 60),
  client: 'Office',
  verify: true,
  keep: { last: 7, daily: 7, weekly: 4, monthly: 12 },
  passphrase: true,
};

function backup(days: number, more: Partial<BackupLine> = {}): BackupLine {
  return {
    id: `backup-${days}`,
    madeAt: before(days * DAY),
    size: 41_204_118 - days * 12_000,
    state: 'verified',
    verifiedAt: before(days * DAY),
    error: null,
    encrypted: true,
    where: 'dropbox',
    client: 'Office',
    cause: 'schedule',
    ...more,
  };
}

const SOME: readonly BackupLine[] = [
  backup(1),
  backup(2, { cause: 'hand', encrypted: false, where: 'both' }),
  backup(3, { state: 'unverified', verifiedAt: null, where: 'here', client: null }),
  backup(4, { state: 'failed', error: 'Its checksum is not that of its manifest.' }),
  backup(30, { cause: 'found' }),
];
const answers = { 'backups.settings': () => SETTINGS };

export const scenes: readonly Scene[] = [
  { id: 'backups-some', title: 'Backups of every state', screen: 'backups', answers, lists: { backups: SOME } },
  {
    id: 'backups-none',
    title: 'No backup yet',
    screen: 'backups',
    answers: {
      'backups.settings': () => ({ ...SETTINGS, schedule: null, next: null, client: null, passphrase: false }),
    },
  },
  {
    id: 'backups-restore',
    title: 'Before a restore',
    screen: 'backups',
    answers,
    lists: { backups: SOME },
    after: async () => (await found('button', 'Restore…')).click(),
  },
  {
    id: 'backups-passphrase',
    title: 'A passphrase',
    screen: 'backups',
    answers,
    lists: { backups: SOME },
    after: async () => (await found('button', 'Passphrase…')).click(),
  },
  { id: 'backups-waits', title: 'Still reading', screen: 'backups', answers: { 'backups.settings': never } },
];
