// The frame around the screens: quiet, in trouble, at work; palette and shortcut sheet.

import { folders, office, recordRows, topFolders, usualApp } from '../../gallery/company.ts';
import { found, never, Refusal, type Scene } from '../../gallery/scene.ts';

const listing = folders(recordRows);

function press(key: string, ctrlKey = false): void {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }));
}

export const scenes: readonly Scene[] = [
  {
    id: 'frame-quiet',
    title: 'Everything is in sync',
    screen: 'documents',
    answers: listing,
  },
  {
    id: 'frame-trouble',
    title: 'Everything that can be wrong',
    screen: 'documents',
    answers: listing,
    app: {
      clients: [
        { ...office, state: 'disconnected', reason: 'login-revoked', failed: 2 },
        { ...office, name: 'Workshop', state: 'connected', reason: 'no-network', held: 140 },
      ],
      counts: { ...usualApp.counts, pending: 12, held: 140, failed: 2, conflicts: 3 },
      problems: [
        {
          client: '',
          code: 'root-missing',
          message:
            'The documents folder /home/ada/Documents/Docktide is missing. Connect the drive that it is on, or put the folder back; nothing was changed.',
        },
      ],
    },
  },
  {
    id: 'frame-working',
    title: 'At work for two accounts',
    screen: 'documents',
    answers: listing,
    app: {
      clients: [
        { ...office, pending: 212 },
        { ...office, name: 'Workshop', state: 'paused', reason: 'paused-by-person' },
      ],
      counts: { ...usualApp.counts, pending: 212 },
      passing: ['Office'],
    },
    pushes: [
      { kind: 'progress', client: 'Office', done: 84, total: 296, bytesUp: 48_000_000, bytesDown: 1_200_000 },
      {
        kind: 'job',
        job: { id: 1, kind: 'zip', subject: 'Quotations', done: 40, total: 100, state: 'running', problem: null },
      },
      {
        kind: 'job',
        job: {
          id: 2,
          kind: 'zip',
          subject: 'Projects',
          done: 0,
          total: 100,
          state: 'failed',
          problem: { code: 'disk-full', message: 'There is no room on this disk. Make some and try again.' },
        },
      },
    ],
  },
  {
    id: 'frame-loading',
    title: 'While the store is opened',
    answers: { 'app.view': () => never() },
  },
  {
    id: 'frame-failing',
    title: 'The store cannot be opened',
    answers: {
      'app.view': () => {
        throw new Refusal('damaged', 'The database cannot be read. Restore a backup: docktide backup list.');
      },
    },
  },
  {
    id: 'frame-palette',
    title: 'Command palette',
    screen: 'documents',
    answers: listing,
    after: async () => {
      press('k', true);
      await found('input[type=search], .mantine-Spotlight-search');
    },
  },
  {
    id: 'frame-shortcuts',
    title: 'All shortcuts',
    screen: 'documents',
    answers: listing,
    after: async () => {
      press('?');
      await found('dialog[open] dl');
    },
  },
  {
    id: 'frame-demo',
    title: 'The demonstration, with its Dropbox beside it',
    screen: 'documents',
    app: { demo: true },
    answers: {
      ...listing,
      'demo.remote': () => [
        { path: '/General', kind: 'folder', size: 0, contentHash: null },
        { path: '/General/Company profile.pdf', kind: 'file', size: 482_113, contentHash: 'a' },
        { path: '/Quotations', kind: 'folder', size: 0, contentHash: null },
        { path: '/Quotations/SO001 Müller', kind: 'folder', size: 0, contentHash: null },
        { path: '/Quotations/SO001 Müller/Offer SO001.pdf', kind: 'file', size: 120_401, contentHash: 'b' },
      ],
    },
  },
  {
    id: 'frame-first-sync',
    title: 'The first sync',
    screen: 'documents',
    answers: {
      'folder.watch': () => ({
        rows: topFolders.map((row, place) => ({ ...row, state: place < 2 ? 'synced' : 'pending' })),
        total: topFolders.length,
      }),
    },
    app: {
      clients: [
        { ...office, lastSync: null, pending: 892 },
        { ...office, name: 'Archive', lastSync: null },
      ],
      counts: { ...usualApp.counts, pending: 892 },
      passing: ['Office'],
    },
    pushes: [{ kind: 'progress', client: 'Office', done: 312, total: 1_204, bytesUp: 748_000_000, bytesDown: 0 }],
  },
];
