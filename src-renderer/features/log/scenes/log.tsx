// The log in its states.

import type { LogLine } from '../../../../src-shared/ipc/log.ts';
import { before, office, usualApp } from '../../../gallery/company.ts';
import { found, never, Refusal, type Scene } from '../../../gallery/scene.ts';

function line(id: number, more: Partial<LogLine> = {}): LogLine {
  return {
    id,
    time: before((200_000 - id) * 3),
    level: 'info',
    client: 'Office',
    direction: 'direct',
    kind: 'remote.upload',
    path: `Quotations/SO00${(id % 9) + 1}/Offer.pdf`,
    record: `sale.order/SO00${(id % 9) + 1}`,
    bytes: 120_401,
    duration: 140,
    result: 'done',
    reason: 'New here',
    actor: null,
    ...more,
  };
}

const LINES: readonly LogLine[] = [
  line(200_000, {
    level: 'error',
    result: 'failed',
    path: 'General/Offer: final?.pdf',
    record: null,
    reason: 'Dropbox does not take this name. Rename the file or folder.',
  }),
  line(199_999, { level: 'warning', result: 'held', kind: 'remote.delete', reason: 'Deleted here' }),
  line(199_998, { kind: 'local.download', direction: 'backward', reason: 'Changed in Dropbox', client: 'Berlin' }),
  line(199_997, {
    kind: 'conflict.settle',
    direction: null,
    reason: 'conflict settled: both versions are kept',
    actor: 'ada',
  }),
  line(199_996, {
    kind: 'settings',
    client: null,
    direction: null,
    path: null,
    record: null,
    bytes: null,
    reason: 'Folder rule for "sale.order" added',
    actor: 'ada',
  }),
  line(199_995, {
    kind: 'pass',
    path: null,
    record: null,
    bytes: null,
    result: 'note',
    reason: '12 uploaded, 3 downloaded',
  }),
  line(199_994),
  line(199_993),
];

const ALL = 200_000;
const PAGE = 500;
/** As many lines as the main process would have, a page at a time. */
function page({ before: from = ALL + 1 }: { readonly before?: number }) {
  const first = from - 1;
  const rows = Array.from({ length: Math.min(PAGE, first) }, (_, n) => line(first - n));
  const last = first - rows.length + 1;
  return { rows, before: last > 1 ? last : null, upTo: ALL, lines: ALL };
}

const some = { 'log.list': () => ({ rows: [...LINES], before: null, upTo: ALL, lines: LINES.length }) };
const app = { clients: [office, { ...office, name: 'Berlin' }], counts: { ...usualApp.counts } };
const screen = 'log';

export const scenes: readonly Scene[] = [
  { id: 'log-some', title: 'Lines of many kinds', screen, app, answers: some },
  {
    id: 'log-details',
    title: 'A line and all that is known of it',
    screen,
    app,
    answers: some,
    after: async () => {
      (await found('[data-key="200000"]')).click();
      await found('dt', 'Number');
    },
  },
  { id: 'log-huge', title: '200,000 lines', screen, app, answers: { 'log.list': page } },
  {
    id: 'log-nothing-found',
    title: 'No line matches',
    screen,
    app,
    params: { level: 'error', text: 'Müller', from: '2026-11-01', to: '2026-11-20' },
    answers: { 'log.list': () => ({ rows: [], before: null, upTo: ALL, lines: ALL }) },
  },
  {
    id: 'log-searching',
    title: 'What matches so far, while older lines are looked through',
    screen,
    app,
    params: { text: 'contract' },
    answers: {
      'log.list': ({ before: from }) =>
        from === undefined ? { rows: LINES.slice(0, 3), before: 150_000, upTo: ALL, lines: ALL } : never(),
    },
  },
  {
    id: 'log-export',
    title: 'Export of what is filtered',
    screen,
    app,
    params: { level: 'warning' },
    answers: some,
    after: async () => (await found('button', 'Export…')).click(),
  },
  {
    id: 'log-share',
    title: 'What is in the file for somebody who helps',
    screen,
    app,
    answers: some,
    after: async () => (await found('button', 'Share for help…')).click(),
  },
  { id: 'log-empty', title: 'Nothing yet', screen },
  { id: 'log-loading', title: 'Being read', screen, answers: { 'log.list': never } },
  {
    id: 'log-failing',
    title: 'Cannot be read',
    screen,
    answers: {
      'log.list': () => {
        throw new Refusal('locked', 'Another program holds the database. Close it and try again.');
      },
    },
  },
];
