// The limits of the line, in the database: every process that works on this document store keeps to them.

import { LEAST_BANDWIDTH, type BandwidthView } from '../../src-shared/bandwidth-views.ts';
import { durable, type Db } from './database.ts';

export interface BandwidthRows {
  limits(): BandwidthView;
  set(limits: BandwidthView): void;
}

export function createBandwidthRows(db: Db): BandwidthRows {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?');
  const put = db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  const clear = db.prepare('DELETE FROM meta WHERE key = ?');
  const limit = (key: string): number | null => {
    const value = Number(get.get(key)?.value ?? 0);
    return value >= LEAST_BANDWIDTH ? value : null;
  };
  return {
    limits: () => ({ up: limit('bandwidth.up'), down: limit('bandwidth.down') }),
    set: ({ up, down }) =>
      durable(db, () => {
        for (const [key, value] of [
          ['bandwidth.up', up],
          ['bandwidth.down', down],
        ] as const) {
          if (value === null) clear.run(key);
          else put.run(key, String(value));
        }
      }),
  };
}
