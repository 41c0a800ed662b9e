// What one word says about a client: its state, or what it is doing.

import type { AppView, ClientLine } from '../../src-shared/ipc/app.ts';
import { formatMoment } from '../ui/format.ts';
import { t } from '../ui/words.ts';

export type ClientWord =
  'in-sync' | 'syncing' | 'waiting' | 'paused' | 'draft' | 'disconnected' | 'resetting' | 'attention';

export function clientWord(client: ClientLine, app: AppView): ClientWord {
  if (client.state !== 'connected') return client.state;
  if (app.passing.includes(client.name)) return 'syncing';
  const problem = app.problems.some((one) => one.client === client.name);
  if (problem || client.held > 0 || client.failed > 0) return 'attention';
  return client.pending > 0 ? 'waiting' : 'in-sync';
}

/** A line below the header says what keeps it from Dropbox, and what to do. */
export function isExplained({ reason }: Pick<ClientLine, 'reason'>): boolean {
  return reason !== null && reason !== 'paused-by-person';
}

export function lastSync(client: ClientLine): string {
  return client.lastSync === null
    ? t('header.neverSynced')
    : t('header.lastSync', { time: formatMoment(client.lastSync) });
}
