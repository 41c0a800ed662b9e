// Compares the tables of the dashboard's figures with a full count, and makes them anew where they differ: after a
// repair of the database, and for the sceptic (`docktide dashboard --check`). Takes a second for 200,000 files.

import type { FigureDifference } from '../../src-shared/figures-views.ts';
import { transact, type Db } from '../store/database.ts';
import { FILL_FIGURES } from '../store/migrations/figures.ts';

const FACTS = 'client_id, record_id, type_id, keep, extension, size, present, safe, used';

/** Table and what a full count says should be in it. */
const COUNTS: readonly (readonly [table: string, kept: string, counted: string])[] = [
  [
    'folder_facts',
    'SELECT folder_id, client_id, record_id, type_id, keep FROM folder_facts',
    `WITH RECURSIVE down (folder_id, client_id, record_id, type_id, keep) AS (
       SELECT folder_id, client_id, record_id, type_id, keep FROM folder_own WHERE parent_id IS NULL
       UNION ALL
       SELECT own.folder_id, ifnull(own.client_id, down.client_id), ifnull(own.record_id, down.record_id),
         ifnull(own.type_id, down.type_id), ifnull(own.keep, down.keep)
       FROM down JOIN folder_own own ON own.parent_id = down.folder_id)
     SELECT folder_id, ifnull(client_id, 0), ifnull(record_id, 0), ifnull(type_id, 0), ifnull(keep, 'days:30') FROM down`,
  ],
  ['file_facts', `SELECT entry_id, ${FACTS} FROM file_facts`, `SELECT entry_id, ${FACTS} FROM file_now`],
  [
    'totals',
    'SELECT * FROM totals WHERE files <> 0 OR bytes <> 0',
    `SELECT client_id, type_id, extension, present, count(*), sum(size) FROM file_now GROUP BY 1, 2, 3, 4`,
  ],
  [
    'record_totals',
    'SELECT * FROM record_totals WHERE files <> 0 OR bytes <> 0',
    'SELECT record_id, count(*), sum(size) FROM file_now GROUP BY 1',
  ],
  [
    'freeable',
    'SELECT * FROM freeable WHERE files <> 0 OR bytes <> 0',
    `SELECT client_id, keep, used / 86400000, count(*), sum(size) FROM file_now WHERE safe = 1 GROUP BY 1, 2, 3`,
  ],
  [
    'duplicates',
    'SELECT hash, files, size FROM duplicates',
    `SELECT hash, count(*), min(size) FROM entries WHERE kind = 'file' AND hash IS NOT NULL AND size > 0
     GROUP BY hash HAVING count(*) > 1`,
  ],
  [
    'queue_totals',
    'SELECT * FROM queue_totals WHERE tasks <> 0 OR bytes <> 0',
    'SELECT client_id, state, count(*), sum(bytes) FROM queue GROUP BY 1, 2',
  ],
  [
    'tallies',
    `SELECT name, value FROM tallies WHERE name <> 'log.bytes' AND value <> 0`,
    `SELECT * FROM (
       SELECT 'folders' AS name, (SELECT count(*) FROM entries WHERE kind = 'folder') AS value
       UNION ALL SELECT 'records', (SELECT count(*) FROM records)
       UNION ALL SELECT 'duplicates.groups', (SELECT count(*) FROM duplicates)
       UNION ALL SELECT 'duplicates.files', (SELECT sum(files) FROM duplicates)
       UNION ALL SELECT 'duplicates.bytes', (SELECT sum(wasted) FROM duplicates)) WHERE value <> 0`,
  ],
];

/** Tables whose rows are not what a full count says, with the number of rows that differ. */
export function figureDifferences(db: Db): FigureDifference[] {
  return COUNTS.flatMap(([table, kept, counted]) => {
    const differing = (one: string, other: string): number =>
      db
        .prepare<[], { rows: number }>(
          `SELECT count(*) AS rows FROM (SELECT * FROM (${one}) EXCEPT SELECT * FROM (${other}))`,
        )
        .get()?.rows ?? 0;
    const rows = Math.max(differing(kept, counted), differing(counted, kept));
    return rows === 0 ? [] : [{ table, rows }];
  });
}

/** Makes all tables of figures anew from the rows. The activity is left: it reaches further back than the log. */
export function recountFigures(db: Db): void {
  transact(db, () => {
    for (const table of [
      'file_facts',
      'folder_facts',
      'totals',
      'record_totals',
      'freeable',
      'duplicates',
      'queue_totals',
      'tallies',
    ]) {
      db.exec(`DELETE FROM ${table}`);
    }
    db.exec(FILL_FIGURES);
  });
}
