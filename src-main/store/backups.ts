// Backups as rows: which there are and where they lie, what goes into one, how and when they are made. The archives
// themselves are made and read by backup/. Called by the backup service.

import type { ClientId, ContentHash, RemoteId, Rev } from '../../src-shared/domain.ts';
import type { BackupKeep, BackupState } from '../../src-shared/backup-views.ts';
import { durable, type Db } from './database.ts';
import { StoreError } from './errors.ts';

export interface BackupRow {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  readonly size: number;
  /** Of the file; null for one that another computer made. */
  readonly hash: ContentHash | null;
  readonly encrypted: boolean;
  readonly state: BackupState;
  readonly verifiedAt: number | null;
  readonly error: string | null;
  readonly cause: 'hand' | 'schedule' | 'found';
  /** Whether the file lies in the data folder. */
  readonly here: boolean;
  readonly clientId: ClientId | null;
  readonly remoteId: RemoteId | null;
  readonly rev: Rev | null;
  /** As JSON; null where nobody has looked into it yet. */
  readonly manifest: string | null;
}

export interface SourceRow {
  readonly name: string;
  readonly path: string;
  readonly addedAt: number;
}

/** What a person has decided, and what is known of the last runs. */
export interface BackupPlan {
  readonly schedule: string | null;
  readonly target: string | null;
  readonly verify: boolean;
  readonly keep: BackupKeep | null;
  /** When the schedule was set, or a scheduled run last began. */
  readonly lastRun: number | null;
  readonly failure: { readonly at: number; readonly message: string } | null;
}

const DEFAULT_PLAN: BackupPlan = {
  schedule: null,
  target: null,
  verify: true,
  keep: null,
  lastRun: null,
  failure: null,
};

type RawBackup = Omit<BackupRow, 'encrypted' | 'here'> & { readonly encrypted: 0 | 1; readonly here: 0 | 1 };

export type Backups = ReturnType<typeof createBackups>;

export function createBackups(db: Db, now: () => number) {
  const columns = `SELECT id, made_at AS madeAt, size, hash, encrypted, state, verified_at AS verifiedAt, error, cause, here,
    client_id AS clientId, remote_id AS remoteId, rev, manifest FROM backups`;
  const all = db.prepare<[], RawBackup>(`${columns} ORDER BY made_at DESC, id DESC`);
  const one = db.prepare<[string], RawBackup>(`${columns} WHERE id = ?`);
  const put = db.prepare(`
    INSERT INTO backups (id, made_at, size, hash, encrypted, state, verified_at, error, cause, here, client_id, remote_id,
      rev, manifest)
    VALUES (@id, @madeAt, @size, @hash, @encrypted, @state, @verifiedAt, @error, @cause, @here, @clientId, @remoteId, @rev,
      @manifest)
    ON CONFLICT (id) DO UPDATE SET size = @size, hash = @hash, encrypted = @encrypted, state = @state,
      verified_at = @verifiedAt, error = @error, here = @here, client_id = @clientId, remote_id = @remoteId, rev = @rev,
      manifest = @manifest`);
  const remove = db.prepare('DELETE FROM backups WHERE id = ?');
  const sources = db.prepare<[], SourceRow>('SELECT name, path, added_at AS addedAt FROM backup_sources ORDER BY name');
  const addSource = db.prepare('INSERT INTO backup_sources VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const removeSource = db.prepare('DELETE FROM backup_sources WHERE name = ?');
  const folders = db.prepare<[number], { id: RemoteId }>(
    `SELECT remote_id AS id FROM backup_folders known WHERE client_id = ?
       AND NOT EXISTS (SELECT 1 FROM synced WHERE synced.client_id = known.client_id AND synced.remote_id = known.remote_id)
     ORDER BY remote_id`,
  );
  const addFolder = db.prepare('INSERT INTO backup_folders VALUES (?, ?) ON CONFLICT DO NOTHING');
  const removeFolder = db.prepare('DELETE FROM backup_folders WHERE client_id = ? AND remote_id = ?');
  const getMeta = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?');
  const setMeta = db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  const get = (id: string): BackupRow | null => {
    const row = one.get(id);
    return row === undefined ? null : toBackup(row);
  };

  return {
    /** Newest first. */
    all: (): BackupRow[] => all.all().map(toBackup),
    get,
    put: (row: BackupRow): void =>
      void durable(db, () => put.run({ ...row, encrypted: row.encrypted ? 1 : 0, here: row.here ? 1 : 0 })),
    change(id: string, changes: Partial<BackupRow>): void {
      const row = get(id);
      if (row !== null) this.put({ ...row, ...changes });
    },
    remove: (id: string): void => void durable(db, () => remove.run(id)),

    sources: (): SourceRow[] => sources.all(),
    /** Throws StoreError 'duplicate'. */
    addSource(name: string, path: string): void {
      if (durable(db, () => addSource.run(name, path, now())).changes > 0) return;
      throw new StoreError('duplicate', `There is a source "${name}" already. Choose another name with --name.`);
    },
    removeSource: (name: string): boolean => durable(db, () => removeSource.run(name)).changes > 0,

    /** Dropbox ids of the folders that hold backups and no documents. */
    folders: (client: ClientId): RemoteId[] => folders.all(client).map(({ id }) => id),
    addFolder: (client: ClientId, id: RemoteId): void => void durable(db, () => addFolder.run(client, id)),
    forgetFolder: (client: ClientId, id: RemoteId): void => void durable(db, () => removeFolder.run(client, id)),

    plan(): BackupPlan {
      const value = getMeta.get('backup')?.value;
      // Written by this program alone, right below.
      return value === undefined ? DEFAULT_PLAN : { ...DEFAULT_PLAN, ...(JSON.parse(value) as Partial<BackupPlan>) };
    },
    setPlan(changes: Partial<BackupPlan>): void {
      durable(db, () => setMeta.run('backup', JSON.stringify({ ...this.plan(), ...changes })));
    },
    /** Marks of the stores, beside this one, whose backups belong to this one: it was restored from them. */
    marks(): readonly string[] {
      const value = getMeta.get('backup-marks')?.value;
      return value === undefined ? [] : (JSON.parse(value) as string[]);
    },
  };
}

function toBackup(row: RawBackup): BackupRow {
  return { ...row, encrypted: row.encrypted === 1, here: row.here === 1 };
}
