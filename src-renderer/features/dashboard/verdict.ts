// One word about all accounts, for the owner: the worst of them counts.

import type { Figures } from '../../../src-shared/ipc/dashboard.ts';

export type Verdict = Figures['clients'][number]['health'];

const WORST_FIRST: readonly Verdict[] = ['attention', 'stopped', 'working'];

export function verdictOf({ clients }: Pick<Figures, 'clients'>): Verdict {
  if (clients.length === 0) return 'stopped';
  return WORST_FIRST.find((one) => clients.some((client) => client.health === one)) ?? 'good';
}
