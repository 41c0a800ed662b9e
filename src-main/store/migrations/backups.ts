// Backups (S24, B8): what was made and where it lies, what goes into one, and how a restored database says that its
// merge base is no proof. Appended to MIGRATIONS in ../migrations.ts.

export const BACKUPS = `
-- One row a backup; id is the time in UTC and the mark of the store, as in the name of its file.
CREATE TABLE backups (
  id TEXT PRIMARY KEY,
  made_at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  -- Dropbox's content hash of the file; null for one that another computer made.
  hash TEXT,
  encrypted INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('unverified', 'verified', 'failed')),
  verified_at INTEGER,
  error TEXT,
  cause TEXT NOT NULL CHECK (cause IN ('hand', 'schedule', 'found')),
  -- Whether the file lies in the data folder.
  here INTEGER NOT NULL,
  client_id INTEGER REFERENCES clients (id) ON DELETE SET NULL,
  remote_id TEXT,
  rev TEXT,
  -- What is in it; null where nobody has looked into it yet.
  manifest TEXT CHECK (manifest IS NULL OR json_valid(manifest))
) STRICT, WITHOUT ROWID;

-- Files and folders that go into every backup beside the database.
CREATE TABLE backup_sources (
  name TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Folders in Dropbox that hold backups: never synced as documents, whatever they are called.
CREATE TABLE backup_folders (
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  PRIMARY KEY (client_id, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_backup_marker ON remote (client_id, path_lower) WHERE name = '.docktide-backups';

-- 1: agreed upon before the database was restored from a backup. That one side lacks it now proves no deletion.
ALTER TABLE synced ADD COLUMN unproven INTEGER NOT NULL DEFAULT 0;
CREATE INDEX synced_unproven ON synced (client_id) WHERE unproven = 1;
`;
