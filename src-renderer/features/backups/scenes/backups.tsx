// Backups: some of every state, none, the questions before a restore and a passphrase, failing.

import type { BackupLine, BackupSettingsLine } from '../../../../src-shared/ipc/backups.ts';
import { before } from '../../../gallery/company.ts';
import { found, never, type Scene } from '../../../gallery/scene.ts';
import { t } from '../../../ui/words.ts';

const DAY = 24 * 60;
/** Backups are made at three, the pictures show noon. */
const HOURS_AFTER_NIGHT = 9;
const SETTINGS: BackupSettingsLine = {
  schedule: '0 3 * * *',
  next: before(-15 * 60),
  target: null,
  client: 'Office',
  verify: true,
  keep: { last: 7, daily: 7, weekly: 4, monthly: 12 },
  passphrase: true,
};

function backup(days: number, more: Partial<BackupLine> = {}): BackupLine {
  return {
    id: `backup-${days}`,
    madeAt: before(days * DAY + HOURS_AFTER_NIGHT * 60),
    size: 41_204_118 - days * 12_000,
    state: 'verified',
    verifiedAt: before(days * DAY + HOURS_AFTER_NIGHT * 60),
    error: null,
    encrypted: true,
    where: 'dropbox',
    client: 'Office',
    cause: 'schedule',
    content: {
      version: '0.1.0',
      computer: 'office-pc',
      records: 212,
      files: 4_218,
      databaseSize: 96_204_118,
      sources: [{ name: 'Letterheads', files: 3, bytes: 204_118 }],
    },
    ...more,
  };
}

async function toLastStep(): Promise<void> {
  (await found('button', t('backups.restore'))).click();
  (await found('button', 'Next')).click();
  await found('li[aria-current="step"]', 'Is it intact?');
  (await found('button', 'Next')).click();
  await found('li[aria-current="step"]', 'What will happen');
}

const SOME: readonly BackupLine[] = [
  backup(0),
  backup(1),
  backup(2, { cause: 'hand', encrypted: false, where: 'both' }),
  backup(3, { state: 'unverified', verifiedAt: null, where: 'here', client: null }),
  backup(4, {
    state: 'failed',
    error: 'The database in it is not the one that was backed up: it was changed or damaged.',
  }),
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
    after: async () => (await found('button', t('backups.restore'))).click(),
  },
  {
    id: 'backups-check',
    title: 'Before a restore: a backup that nobody has verified',
    screen: 'backups',
    answers: {
      ...answers,
      'backups.check': () => ({
        ok: false,
        error: 'The database in it is not the one that was backed up: it was changed or damaged.',
      }),
    },
    lists: { backups: [backup(3, { state: 'unverified', verifiedAt: null })] },
    after: async () => {
      (await found('button', t('backups.restore'))).click();
      (await found('button', 'Next')).click();
      (await found('button', 'Verify it now')).click();
      await found('p', 'The database in it is not the one that was backed up: it was changed or damaged.');
    },
  },
  {
    id: 'backups-agree',
    title: 'Before a restore: what will happen',
    screen: 'backups',
    answers,
    lists: { backups: SOME },
    after: async () => {
      await toLastStep();
    },
  },
  {
    id: 'backups-restored',
    title: 'After a restore',
    screen: 'backups',
    answers: {
      ...answers,
      'backups.restore': () => ({
        madeAt: before(HOURS_AFTER_NIGHT * 60),
        previous: 'docktide-before-restore-2026-11-20.db',
        notes: ['Office needs a login: connect it again in the settings.'],
      }),
    },
    lists: { backups: SOME },
    after: async () => {
      await toLastStep();
      (await found('input[type="checkbox"]')).click();
      (await found('dialog[open] button:not(:disabled)', 'Restore')).click();
      await found('p', 'The database that was in use');
    },
  },
  {
    id: 'settings-backups',
    title: 'What is set for backups',
    screen: 'settings',
    params: { part: 'backups' },
    answers: {
      ...answers,
      'backups.sources': () => [
        { name: 'Letterheads', kind: 'folder', addedAt: before(40 * DAY) },
        { name: 'erp.conf', kind: 'missing', addedAt: before(90 * DAY) },
      ],
    },
  },
  {
    id: 'settings-backups-passphrase',
    title: 'A passphrase',
    screen: 'settings',
    params: { part: 'backups' },
    answers: { ...answers, 'backups.sources': () => [] },
    after: async () => (await found('button', 'Passphrase…')).click(),
  },
  { id: 'backups-waits', title: 'Still reading', screen: 'backups', answers: { 'backups.settings': never } },
];
