// The part of the application service that says how much of the line Docktide may take.

import { LEAST_BANDWIDTH, type BandwidthView } from '../../src-shared/bandwidth-views.ts';
import type { Workplace } from './docktide.ts';
import { AppError } from './service.ts';

export interface BandwidthService {
  bandwidth(): BandwidthView;
  /**
   * Bytes a second, whole numbers; null takes a limit away, what is left out stays. Transfers under way follow within a
   * second. Throws AppError 'bad-limit'.
   */
  setBandwidth(limits: Partial<BandwidthView>): BandwidthView;
}

export function bandwidthOf(use: () => Workplace): BandwidthService {
  return {
    bandwidth: () => use().store.bandwidth.limits(),
    setBandwidth(limits) {
      const { bandwidth } = use().store;
      for (const limit of [limits.up, limits.down]) if (limit !== undefined && limit !== null) check(limit);
      const before = bandwidth.limits();
      bandwidth.set({
        up: limits.up === undefined ? before.up : limits.up,
        down: limits.down === undefined ? before.down : limits.down,
      });
      return bandwidth.limits();
    },
  };
}

function check(limit: number): void {
  if (Number.isSafeInteger(limit) && limit >= LEAST_BANDWIDTH) return;
  throw new AppError(
    'bad-limit',
    `${limit} bytes a second is no limit that works. Take ${LEAST_BANDWIDTH / 1024} KB (${LEAST_BANDWIDTH} bytes) or more, or none.`,
  );
}
