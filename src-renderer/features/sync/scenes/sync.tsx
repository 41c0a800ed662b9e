// The queue in its states.

import type { Task } from '../../../../src-shared/ipc/sync.ts';
import { before, usualApp } from '../../../gallery/company.ts';
import type { Scene } from '../../../gallery/scene.ts';

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
    bytes: 1_204_000 * id,
    bytesDone: state === 'running' ? 500_000 * id : 0,
    plannedAt: before(5),
    startedAt: before(4),
    finishedAt: state === 'done' ? before(id) : null,
    ...more,
  };
}

const LIVE: readonly Task[] = [
  task('running', 'Quotations/SO001/Delivery plan.xlsx'),
  task('running', 'Projects/Harbour/Photo of the site.jpg', {
    kind: 'local.download',
    direction: 'backward',
    reason: 'Changed in Dropbox',
  }),
  task('failed', 'General/Offer: final?.pdf', {
    attempts: 8,
    error: 'Dropbox refuses the name of this file. Rename it and it is uploaded again.',
    nextAttempt: before(-60),
  }),
  task('held', 'Archive/Price list 2020.csv', {
    kind: 'remote.delete',
    reason: 'Deleted here, with 140 others',
    bytes: 0,
  }),
  task('planned', 'Quotations/SO002/Notes.txt', { reason: 'Changed here' }),
  task('blocked', 'Projects/New/Plan.dwg', { reason: 'Its folder is made first' }),
];
const DONE: readonly Task[] = [
  task('done', 'General/Company profile.pdf'),
  task('done', 'General/Logo.png', { kind: 'local.download', direction: 'backward', reason: 'New in Dropbox' }),
  task('stale', 'General/Old name.pdf', { kind: 'remote.move', reason: 'Renamed here', bytes: 0 }),
];

function queue(live: readonly Task[], done: readonly Task[]) {
  return { 'queue.list': ({ finished }: { readonly finished: boolean }) => [...(finished ? done : live)] };
}

export const scenes: readonly Scene[] = [
  {
    id: 'sync-working',
    title: 'Work of every kind',
    screen: 'sync',
    answers: queue(LIVE, DONE),
    app: { counts: { ...usualApp.counts, pending: 4, held: 1, failed: 1 } },
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
