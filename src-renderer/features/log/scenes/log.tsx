// The log in its states.

import type { LogLine } from '../../../../src-shared/ipc/log.ts';
import { before } from '../../../gallery/company.ts';
import type { Scene } from '../../../gallery/scene.ts';

function line(id: number, more: Partial<LogLine> = {}): LogLine {
  return {
    id,
    time: before(id * 3),
    level: 'info',
    client: 'Office',
    direction: 'direct',
    kind: 'remote.upload',
    path: `Quotations/SO00${(id % 9) + 1}/Offer.pdf`,
    record: null,
    bytes: 120_401,
    duration: 140,
    result: 'done',
    reason: 'New here',
    ...more,
  };
}

const LINES: readonly LogLine[] = [
  line(6, { level: 'error', result: 'failed', reason: 'Dropbox refuses the name of this file.' }),
  line(5, { level: 'warning', result: 'held', kind: 'remote.delete', reason: 'Held: 140 deletions at once' }),
  line(4, { kind: 'local.download', direction: 'backward', reason: 'Changed in Dropbox' }),
  line(3),
  line(2),
  line(1),
];

export const scenes: readonly Scene[] = [
  { id: 'log-some', title: 'Some lines', screen: 'log', answers: { 'log.list': () => [...LINES] } },
  {
    id: 'log-many',
    title: '500 lines',
    screen: 'log',
    answers: { 'log.list': () => Array.from({ length: 500 }, (_, n) => line(n + 1)) },
  },
  { id: 'log-empty', title: 'Nothing yet', screen: 'log' },
];
