// The queue in its states.

import type { AppView } from '../../../../src-shared/ipc/app.ts';
import type { Held, Planned, Preview, Task } from '../../../../src-shared/ipc/sync.ts';
import { before, office, usualApp } from '../../../gallery/company.ts';
import { found, never, Refusal, type Scene } from '../../../gallery/scene.ts';
import { t } from '../../../ui/words.ts';

let lastId = 0;

function task(state: Task['state'], path: string, more: Partial<Task> = {}): Task {
  const id = ++lastId;
  return {
    id,
    client: 'Office',
    kind: 'remote.upload',
    direction: 'direct',
    path,
    from: null,
    reason: 'New here',
    state,
    attempts: 0,
    nextAttempt: null,
    error: null,
    errorCode: null,
    bytes: 1_204_000 * id,
    bytesDone: state === 'running' ? 500_000 * id : 0,
    plannedAt: before(5),
    startedAt: before(4),
    finishedAt: state === 'done' ? before(id) : null,
    ...more,
  };
}

const LIVE: readonly Task[] = [
  task('running', 'Quotations/SO001 Müller/Delivery plan.xlsx'),
  task('running', 'Projects/Harbour/Photo of the site.jpg', {
    kind: 'local.download',
    direction: 'backward',
    reason: 'Changed in Dropbox',
  }),
  task('failed', 'General/Offer: final?.pdf', {
    attempts: 8,
    error: 'Dropbox does not take this name. Rename the file or folder.',
    errorCode: 'name-refused',
    nextAttempt: before(-60),
  }),
  task('held', 'Archive/Price list 2020.csv', {
    kind: 'remote.delete',
    reason: 'Deleted here',
    bytes: 0,
  }),
  task('planned', 'Quotations/SO002/Notes.txt', { reason: 'Changed here' }),
  task('blocked', 'Projects/New/Plan.dwg', { reason: 'New here' }),
];
const DONE: readonly Task[] = [
  task('done', 'General/Company profile.pdf'),
  task('done', 'General/Logo.png', { kind: 'local.download', direction: 'backward', reason: 'New in Dropbox' }),
  task('stale', 'General/Old name.pdf', { kind: 'remote.move', reason: 'Moved or renamed here', bytes: 0 }),
];

const WORKING: Partial<AppView> = {
  counts: { ...usualApp.counts, pending: 4, failed: 1 },
  clients: [{ ...office, pending: 4, failed: 1 }],
  passing: ['Office'],
};

/** Without what is held back, which has a card of its own. */
const MOVING = LIVE.filter(({ state }) => state !== 'held');
const WELL = MOVING.filter(({ state }) => state !== 'failed');

function queue(live: readonly Task[], done: readonly Task[]) {
  return { 'queue.list': ({ finished }: { readonly finished: boolean }) => [...(finished ? done : live)] };
}

const HELD: readonly Held[] = Array.from({ length: 141 }, (_, n) => ({
  id: `Office:dropbox:${n}`,
  client: 'Office',
  side: 'dropbox',
  path: `Archive/2020/Price list ${n + 1}.csv`,
  kind: 'file',
  files: 1,
  bytes: 9_120 + n,
}));
const HELD_HERE: readonly Held[] = [
  {
    id: 'Office:here:1',
    client: 'Office',
    side: 'here',
    path: 'Archive/2019',
    kind: 'folder',
    files: 212,
    bytes: 88e6,
  },
];

const STEPS: readonly Planned[] = LIVE.map((one) => ({ ...one, id: String(one.id) }));
const PREVIEW: Preview = {
  steps: [...STEPS],
  total: STEPS.length,
  held: 1,
  problems: [
    {
      client: 'Office',
      path: 'Offer: final?.pdf',
      reason:
        'Dropbox does not take the name of "General/Offer: final?.pdf": it contains a character that no name may hold. Rename it.',
    },
  ],
};

async function openPreview(): Promise<void> {
  (await found('button', t('sync.preview'))).click();
}

const FAILED: readonly Task[] = (
  [
    ['name-refused', 'General/Offer: final?.pdf'],
    ['no-space', 'Projects/Harbour/Film of the site.mp4'],
    ['disk-full', 'Archive/2019/Scans.zip'],
    ['unreadable', 'Personnel/Holidays.xlsx'],
    ['no-permission', 'Shared/Plan.dwg'],
    ['network', 'Quotations/SO001 Müller/Notes.txt'],
    ['not-downloadable', 'General/Minutes.paper'],
    ['internal', 'General/Logo.png'],
  ] as const
).map(([errorCode, path]) =>
  task(errorCode === 'network' ? 'retry' : 'failed', path, {
    attempts: 8,
    errorCode,
    error: 'Dropbox answered something that Docktide does not know (500). It is tried again.',
    nextAttempt: before(-60),
  }),
);

export const scenes: readonly Scene[] = [
  {
    id: 'sync-failed',
    title: 'What failed, why, and what to do',
    screen: 'sync',
    answers: queue(FAILED, DONE),
    app: { counts: { ...usualApp.counts, failed: 7 }, clients: [{ ...office, failed: 7 }] },
  },
  {
    id: 'sync-clients',
    title: 'Several accounts: one at work, one paused, one disconnected',
    screen: 'sync',
    answers: queue(LIVE, DONE),
    app: {
      clients: [
        { ...office, pending: 340 },
        { ...office, name: 'Berlin', state: 'paused', reason: 'paused-by-person', pending: 12 },
        { ...office, name: 'Warehouse', state: 'disconnected', reason: 'login-revoked', lastSync: before(4_000) },
      ],
      passing: ['Office'],
      counts: { ...usualApp.counts, pending: 352 },
    },
    pushes: [{ kind: 'progress', client: 'Office', done: 112, total: 452, bytesUp: 41e6, bytesDown: 3e6 }],
  },
  {
    id: 'sync-working',
    title: 'Work of every kind',
    screen: 'sync',
    answers: queue(MOVING, DONE),
    app: WORKING,
  },
  {
    id: 'sync-held',
    title: 'Many deletions wait on both sides',
    screen: 'sync',
    answers: queue(WELL, DONE),
    lists: { held: [...HELD, ...HELD_HERE] },
    app: { counts: { ...usualApp.counts, pending: 4, held: 142 }, clients: [{ ...office, pending: 4, held: 142 }] },
  },
  {
    id: 'sync-preview',
    title: 'Preview of a pass',
    screen: 'sync',
    app: WORKING,
    answers: { ...queue(LIVE, DONE), 'sync.preview': () => PREVIEW },
    after: openPreview,
  },
  {
    id: 'sync-preview-nothing',
    title: 'Preview: nothing to do',
    screen: 'sync',
    answers: { ...queue([], DONE), 'sync.preview': () => ({ steps: [], total: 0, held: 0, problems: [] }) },
    after: openPreview,
  },
  {
    id: 'sync-preview-waits',
    title: 'Preview: still looking',
    screen: 'sync',
    answers: { ...queue(LIVE, DONE), 'sync.preview': never },
    after: openPreview,
  },
  {
    id: 'sync-preview-fails',
    title: 'Preview: Dropbox cannot be reached',
    screen: 'sync',
    answers: {
      ...queue(LIVE, DONE),
      'sync.preview': () => {
        throw new Refusal('network', 'Dropbox cannot be reached. Check the network and try again.');
      },
    },
    after: openPreview,
  },
  { id: 'sync-quiet', title: 'Nothing to do, some finished', screen: 'sync', answers: queue([], DONE) },
  { id: 'sync-nothing', title: 'Nothing yet', screen: 'sync' },
  {
    id: 'sync-huge',
    title: '2,000 tasks',
    screen: 'sync',
    answers: queue(
      Array.from({ length: 2_000 }, (_, n) => task('planned', `Archive/Scan ${n + 1}.pdf`)),
      [],
    ),
  },
];
