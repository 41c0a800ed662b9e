// The last operations that people did with files and folders, newest last; each can be taken back once.
// In: a change; out: its number. Called by the application service.

import type { FileChange } from '../../src-shared/files-views.ts';
import { durable, type Db } from './database.ts';

/** So many are kept. */
const KEPT = 200;

export interface KeptChange {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly change: FileChange;
  readonly undone: boolean;
}

interface ChangeRow {
  readonly id: number;
  readonly time: number;
  readonly change: string;
  readonly undone: 0 | 1;
}

export type FileChanges = ReturnType<typeof createFileChanges>;

export function createFileChanges(db: Db, now: () => number) {
  const insert = db.prepare('INSERT INTO file_changes (time, change) VALUES (?, ?)');
  const forget = db.prepare('DELETE FROM file_changes WHERE id <= ?');
  const one = db.prepare<[number], ChangeRow>('SELECT * FROM file_changes WHERE id = ?');
  const last = db.prepare<[], ChangeRow>('SELECT * FROM file_changes WHERE undone = 0 ORDER BY id DESC LIMIT 1');
  const all = db.prepare<[], ChangeRow>('SELECT * FROM file_changes ORDER BY id DESC');
  const setUndone = db.prepare('UPDATE file_changes SET undone = 1 WHERE id = ?');
  return {
    add: (change: FileChange): number =>
      durable(db, () => {
        const id = Number(insert.run(now(), JSON.stringify(change)).lastInsertRowid);
        forget.run(id - KEPT);
        return id;
      }),
    get: (number: number): KeptChange | null => kept(one.get(number)),
    /** The newest that was not taken back yet. */
    last: (): KeptChange | null => kept(last.get()),
    /** Newest first. */
    all: (): KeptChange[] => all.all().flatMap((row) => kept(row) ?? []),
    setUndone: (number: number): void => void setUndone.run(number),
  };
}

function kept(row: ChangeRow | undefined): KeptChange | null {
  // Written by this program alone, right above.
  return row === undefined
    ? null
    : { number: row.id, time: row.time, change: JSON.parse(row.change) as FileChange, undone: row.undone === 1 };
}
