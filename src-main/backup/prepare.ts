// Makes a restored database ready for its place: brings an older one up to date, gives it the name and the documents folder
// of the place, makes the next pass a union, and carries over from the database that it replaces what the backup cannot
// know: logins, which backups there are, what lies in the trash, what was logged since.
// Runs on the worker thread (run-job.ts), on the restored copy; the database in use is only read.

import { openDatabase, type Db } from '../store/database.ts';
import { StoreError } from '../store/errors.ts';
import { markRestored } from '../store/restored.ts';
import { JobError, type PrepareJob, type Prepared } from './jobs.ts';
import { markOf } from './names.ts';
import { asJobError } from './pack.ts';

export function prepare(job: PrepareJob): Prepared {
  let db: Db;
  try {
    db = openDatabase(job.database);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'database-newer') {
      throw new JobError(
        'database-newer',
        'This backup was made by a newer version of Docktide. Install that version and restore again; nothing was changed.',
        { cause: error },
      );
    }
    throw asJobError(error);
  }
  try {
    markRestored(db);
    const from = metaOf(db, 'store') ?? '';
    setMeta(db, 'store', job.storeId);
    setMeta(db, 'documents', job.documents);
    addMarks(db, [markOf(from), markOf(job.storeId)]);
    if (job.present !== null) carryOver(db, job.present, from === job.storeId);
    db.prepare(`INSERT INTO log (time, level, kind, result, reason) VALUES (?, 'warning', 'backup', 'done', ?)`).run(
      job.now,
      `The database was restored from the backup ${job.id}. The next sync compares everything and deletes nothing.`,
    );
    const clients = db.prepare<[], { id: number; name: string }>('SELECT id, name FROM clients ORDER BY id').all();
    const schema = Number(db.pragma('user_version', { simple: true }));
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.pragma('journal_mode = DELETE');
    return { clients, schema };
  } finally {
    db.close();
  }
}

/** Marks of the stores whose backups this one looks after. */
export function marksOf(db: Db): string[] {
  const value = metaOf(db, 'backup-marks');
  // Written by this program alone, right below.
  return value === null ? [] : (JSON.parse(value) as string[]);
}

function addMarks(db: Db, marks: readonly string[]): void {
  setMeta(db, 'backup-marks', JSON.stringify([...new Set([...marksOf(db), ...marks])]));
}

function metaOf(db: Db, key: string): string | null {
  return db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?').get(key)?.value ?? null;
}

function setMeta(db: Db, key: string, value: string): void {
  db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, value);
}

/** `same`: the backup is of this very store, so that ids and the trash mean the same things. */
function carryOver(db: Db, present: string, same: boolean): void {
  db.prepare('ATTACH ? AS present').run(present);
  try {
    // Another version of the schema: what can be lost by that is a list that can be read again.
    const versions =
      db.pragma('present.user_version', { simple: true }) === db.pragma('user_version', { simple: true });
    if (!versions) return;
    const client = (id: string) =>
      `(SELECT id FROM clients WHERE name = (SELECT name FROM present.clients known WHERE known.id = ${id}))`;
    const columns = columnsOf(db, 'backups').map((name) => (name === 'client_id' ? client('client_id') : name));
    db.transaction(() => {
      db.exec(`DELETE FROM backups;
        INSERT INTO backups SELECT ${columns.join(', ')} FROM present.backups;
        INSERT OR IGNORE INTO backup_folders
          SELECT ${client('client_id')}, remote_id FROM present.backup_folders WHERE ${client('client_id')} IS NOT NULL;`);
      // The logins of this place: what they were when the backup was made opens nothing any more.
      db.exec(`UPDATE clients SET (credentials, app_key, account) = (
          SELECT credentials, app_key, account FROM present.clients known WHERE known.name = clients.name)
        WHERE name IN (SELECT name FROM present.clients);
        UPDATE clients SET (state, reason) = (
          SELECT state, reason FROM present.clients known WHERE known.name = clients.name)
        WHERE name IN (SELECT name FROM present.clients WHERE state <> 'resetting') AND state <> 'resetting';`);
      for (const mark of marksOfPresent(db)) addMarks(db, [mark]);
      if (!same) return;
      const trash = columnsOf(db, 'trash').filter((name) => name !== 'id');
      db.exec(`INSERT INTO trash (${trash.join(', ')})
        SELECT ${trash.map((name) => (name === 'client_id' ? client('client_id') : name)).join(', ')} FROM present.trash
        WHERE NOT EXISTS (SELECT 1 FROM main.trash mine WHERE mine.trash_key IS present.trash.trash_key
          AND mine.path = present.trash.path AND mine.removed_at = present.trash.removed_at);`);
      const log = columnsOf(db, 'log').filter((name) => name !== 'id');
      db.exec(`INSERT INTO log (${log.join(', ')}) SELECT ${log.join(', ')} FROM present.log
        WHERE id > ifnull((SELECT max(id) FROM main.log), 0) ORDER BY id;`);
    }).immediate();
  } finally {
    db.exec('DETACH present');
  }
}

function marksOfPresent(db: Db): string[] {
  const row = db.prepare<[], { value: string }>(`SELECT value FROM present.meta WHERE key = 'backup-marks'`).get();
  return row === undefined ? [] : (JSON.parse(row.value) as string[]);
}

function columnsOf(db: Db, table: string): string[] {
  return db
    .prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}', 'main')`)
    .all()
    .map(({ name }) => name);
}
