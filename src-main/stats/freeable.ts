// How much `docktide free` would let go now, by client: documents whose bytes are here and, the same, in Dropbox, and
// which the policy of their folder lets go. From sums by day of last use; the one day that is due in part is looked at
// file by file. The cleaner itself asks more (when other programs read a file last, Dropbox itself), so this is the most.

import type { ClientId } from '../../src-shared/domain.ts';
import type { Amount } from '../../src-shared/figures-views.ts';
import { parseKeep } from '../store/keeping.ts';
import type { DocumentStore } from '../store/open-store.ts';

const DAY = 86_400_000;

interface FreeableRow extends Amount {
  readonly client_id: ClientId;
  readonly keep: string;
  readonly day: number;
}

export function freeableAmounts(store: DocumentStore, now: number): ReadonlyMap<ClientId, Amount> {
  const { db } = store;
  const rows = db.prepare<[], FreeableRow>('SELECT * FROM freeable WHERE files > 0').all();
  const partOfDay = db.prepare<[number, number, number, string], Amount>(
    `SELECT count(*) AS files, ifnull(sum(size), 0) AS bytes FROM file_facts
     WHERE present = 1 AND used >= ? AND used <= ? AND safe = 1 AND client_id = ? AND keep = ?`,
  );
  const open = new Set(
    store.sync
      .clients()
      .filter((client) => client.state === 'connected' && !store.keeping.isResetting(client.id))
      .map((client) => client.id),
  );
  const found = new Map<ClientId, Amount>();
  for (const row of rows) {
    if (!open.has(row.client_id)) continue;
    const keep = parseKeep(row.keep);
    if (keep.kind === 'always') continue;
    const until = keep.kind === 'links' ? Number.MAX_SAFE_INTEGER : now - keep.days * DAY;
    const start = row.day * DAY;
    if (start > until) continue;
    const whole = start + DAY - 1 <= until;
    const due = whole ? row : (partOfDay.get(start, until, row.client_id, row.keep) ?? row);
    const before = found.get(row.client_id) ?? { files: 0, bytes: 0 };
    found.set(row.client_id, { files: before.files + due.files, bytes: before.bytes + due.bytes });
  }
  return found;
}
