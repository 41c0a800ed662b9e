// Keeps the log small: lines that are too old go, then the oldest until the rest is small enough. In small transactions,
// so that nothing waits. Settings in the database; the activity by hour goes after a quarter, by day after three years,
// by month never. Called once a day while watching, and by `docktide log keep`.

import type { LogKeepView, LogPruneView } from '../../src-shared/log-views.ts';
import { durable, transact } from '../store/database.ts';
import type { DocumentStore } from '../store/open-store.ts';

const DAY = 86_400_000;
const MEGABYTE = 1024 * 1024;
const AT_ONCE = 2000;
const KEPT_HOURS = 92 * DAY;
const KEPT_DAYS = 3 * 366 * DAY;

export const DEFAULT_LOG_KEEP: LogKeepView = { days: 180, megabytes: 200 };

export function logKeep({ db }: DocumentStore): LogKeepView {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?');
  const number = (key: string, fallback: number): number => Number(get.get(key)?.value ?? fallback);
  return {
    days: number('log.days', DEFAULT_LOG_KEEP.days),
    megabytes: number('log.megabytes', DEFAULT_LOG_KEEP.megabytes),
  };
}

export function setLogKeep({ db }: DocumentStore, keep: LogKeepView): void {
  const put = db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  durable(db, () => {
    put.run('log.days', String(keep.days));
    put.run('log.megabytes', String(keep.megabytes));
  });
}

export function isPruningDue({ db, now }: DocumentStore): boolean {
  const last = db.prepare<[], { value: string }>(`SELECT value FROM meta WHERE key = 'log.pruned'`).get();
  const elapsed = now() - Number(last?.value ?? 0);
  // A clock that was set back must not put it off for years.
  return elapsed >= DAY || elapsed < 0;
}

export async function pruneLog(store: DocumentStore): Promise<LogPruneView> {
  const { db, now } = store;
  const keep = logKeep(store);
  const tooOld = db.prepare<[number, number]>(
    'DELETE FROM log WHERE id IN (SELECT id FROM log WHERE time < ? ORDER BY time LIMIT ?)',
  );
  const oldest = db.prepare<[number]>('DELETE FROM log WHERE id IN (SELECT id FROM log ORDER BY id LIMIT ?)');
  const size = db.prepare<[], { value: number }>(`SELECT value FROM tallies WHERE name = 'log.bytes'`);
  const count = db.prepare<[], { rows: number }>('SELECT count(*) AS rows FROM log');
  const limit = keep.megabytes * MEGABYTE;
  const before = now() - keep.days * DAY;
  let removed = 0;
  for (;;) {
    const gone = transact(db, () => {
      const old = tooOld.run(before, AT_ONCE).changes;
      if (old > 0) return old;
      const bytes = size.get()?.value ?? 0;
      if (bytes <= limit) return 0;
      // As many as the surplus asks for, going by the mean size of a line.
      const mean = bytes / Math.max(1, count.get()?.rows ?? 1);
      return oldest.run(Math.min(AT_ONCE, Math.ceil((bytes - limit) / mean))).changes;
    });
    removed += gone;
    if (gone === 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  transact(db, () => {
    const prune = db.prepare<[string, number]>('DELETE FROM activity WHERE scale = ? AND start < ?');
    prune.run('hour', now() - KEPT_HOURS);
    prune.run('day', now() - KEPT_DAYS);
    db.prepare(`INSERT INTO meta VALUES ('log.pruned', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`).run(
      String(now()),
    );
  });
  return { ...keep, removed, rows: count.get()?.rows ?? 0 };
}
