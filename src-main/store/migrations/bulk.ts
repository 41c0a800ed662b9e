// Migration: jobs of bulk import and export, and each document and folder of a job with what became of it.

export const BULK = `
CREATE TABLE bulk_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('import', 'export-dropbox', 'export-disk')),
  -- By name and id: the job outlives its client.
  client TEXT,
  client_id INTEGER,
  sources TEXT NOT NULL CHECK (json_valid(sources)),
  target TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'running', 'done', 'stopped', 'cancelled', 'failed')),
  error TEXT,
  -- 1 once all items are known.
  listed INTEGER NOT NULL DEFAULT 0,
  -- 1 once a person wants it to end; whoever runs it looks here.
  cancel INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

-- In the order of the work: a folder before what is in it.
CREATE TABLE bulk_items (
  job_id INTEGER NOT NULL REFERENCES bulk_jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'folder')),
  source TEXT NOT NULL,
  -- A Dropbox id for imports, a row id for exports.
  source_id TEXT NOT NULL,
  -- Below the job's target, as it was meant; and as it came out.
  path TEXT NOT NULL,
  final TEXT,
  size INTEGER NOT NULL,
  hash TEXT,
  state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'skipped', 'failed')),
  reason TEXT,
  PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_items_state ON bulk_items (job_id, state, position);
`;
