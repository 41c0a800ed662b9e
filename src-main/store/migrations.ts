// The schema of the document store's database as numbered migrations: the n-th statement block leads from
// `user_version` n-1 to n. A released migration is never changed; a new one is added at the end, in a file
// of its own in migrations/.

import { CHANGES } from './migrations/changes.ts';
import { FIGURES } from './migrations/figures.ts';
import { HELD } from './migrations/held.ts';
import { OWN_MOVES } from './migrations/own-moves.ts';
import { TRASH_BEGUN } from './migrations/trash-begun.ts';
import { LINKLESS } from './migrations/linkless.ts';
import { LOOKS } from './migrations/looks.ts';
import { LINKS } from './migrations/links.ts';
import { LOG_PATH } from './migrations/log-path.ts';
import { RE_PAIRED } from './migrations/re-paired.ts';
import { NOTICES } from './migrations/notices.ts';
import { SEARCH } from './migrations/search.ts';
import { BACKUPS } from './migrations/backups.ts';
import { FILE_CHANGES } from './migrations/file-changes.ts';
import { BULK } from './migrations/bulk.ts';

const FIRST = `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Counters that rise with changes: 'local' (entries), 'catalog' (types, records, rules, clients).
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('local', 1), ('catalog', 1), ('ensured', 0);

CREATE TABLE types (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE records (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type_id INTEGER NOT NULL REFERENCES types (id) ON DELETE CASCADE,
  ref TEXT NOT NULL,
  name TEXT NOT NULL,
  fields TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(fields)),
  archived INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (type_id, ref)
) STRICT;

CREATE TABLE clients (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  root TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'connected', 'paused', 'disconnected', 'resetting')),
  reason TEXT,
  app_key TEXT,
  credentials TEXT NOT NULL,
  account TEXT CHECK (account IS NULL OR json_valid(account)),
  root_id TEXT,
  cursor TEXT,
  listing INTEGER NOT NULL DEFAULT 0,
  generation INTEGER NOT NULL DEFAULT 0,
  remote_epoch INTEGER NOT NULL DEFAULT 1,
  settled_local INTEGER NOT NULL DEFAULT 0,
  settled_remote INTEGER NOT NULL DEFAULT 0,
  last_sync INTEGER,
  checked_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE rules (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type_id INTEGER NOT NULL REFERENCES types (id) ON DELETE CASCADE,
  client_id INTEGER REFERENCES clients (id) ON DELETE SET NULL,
  filter TEXT,
  pattern TEXT NOT NULL,
  subfolders TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(subfolders)),
  parent_rule_id INTEGER REFERENCES rules (id) ON DELETE SET NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Folders and attachments. Ids are never used again: a synced entry may outlive its row.
CREATE TABLE entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  parent_id INTEGER REFERENCES entries (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'folder')),
  role TEXT CHECK (role IN ('rule', 'record', 'subfolder', 'manual')),
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  client_id INTEGER REFERENCES clients (id) ON DELETE SET NULL,
  rule_id INTEGER REFERENCES rules (id) ON DELETE SET NULL,
  record_id INTEGER REFERENCES records (id) ON DELETE SET NULL,
  type TEXT CHECK (type IN ('binary', 'url')),
  url TEXT,
  hash TEXT,
  size INTEGER NOT NULL DEFAULT 0,
  present INTEGER NOT NULL DEFAULT 1,
  frozen INTEGER NOT NULL DEFAULT 0,
  stamp_size INTEGER,
  stamp_modified INTEGER,
  file_id TEXT,
  version TEXT,
  modified INTEGER NOT NULL DEFAULT 0,
  changed_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK ((kind = 'folder') = (role IS NOT NULL)),
  CHECK ((kind = 'file') = (type IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX entries_place ON entries (ifnull(parent_id, 0), name);
CREATE INDEX entries_parent ON entries (parent_id);
CREATE INDEX entries_file_id ON entries (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX entries_hash ON entries (hash) WHERE hash IS NOT NULL;
CREATE INDEX entries_client ON entries (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX entries_rule ON entries (rule_id) WHERE rule_id IS NOT NULL;
CREATE INDEX entries_record ON entries (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX entries_erp ON entries (role, record_id) WHERE role IN ('rule', 'record');
CREATE INDEX entries_frozen ON entries (id) WHERE frozen = 1;

CREATE VIEW folders AS
  SELECT id, parent_id, role, name, client_id, rule_id, record_id, changed_at FROM entries WHERE kind = 'folder';
CREATE VIEW attachments AS
  SELECT id, parent_id AS folder_id, name, type, url, hash, size, present, modified, changed_at
  FROM entries WHERE kind = 'file';

CREATE TRIGGER entries_epoch_insert AFTER INSERT ON entries BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'local';
END;
CREATE TRIGGER entries_epoch_delete AFTER DELETE ON entries BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'local';
END;
CREATE TRIGGER entries_epoch_update AFTER UPDATE ON entries BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'local';
END;

-- A rule's or record's folder that is removed or moved asks for another look at what the catalog wants.
CREATE TRIGGER entries_erp_delete AFTER DELETE ON entries WHEN old.role IN ('rule', 'record') BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER entries_erp_update AFTER UPDATE OF parent_id, name, role, record_id ON entries
WHEN old.role IN ('rule', 'record') BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;

CREATE TRIGGER types_epoch_insert AFTER INSERT ON types BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER types_epoch_update AFTER UPDATE ON types BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER records_epoch_insert AFTER INSERT ON records BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER records_epoch_update AFTER UPDATE ON records BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER records_epoch_delete AFTER DELETE ON records BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER rules_epoch_insert AFTER INSERT ON rules BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER rules_epoch_update AFTER UPDATE ON rules BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER rules_epoch_delete AFTER DELETE ON rules BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER clients_epoch_insert AFTER INSERT ON clients BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;
CREATE TRIGGER clients_epoch_delete AFTER DELETE ON clients BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'catalog';
END;

-- What Dropbox has below a client's root, as the cursor last told.
CREATE TABLE remote (
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  path_lower TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'folder')),
  rev TEXT,
  hash TEXT,
  size INTEGER NOT NULL,
  downloadable INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  PRIMARY KEY (client_id, id),
  UNIQUE (client_id, path_lower)
) STRICT, WITHOUT ROWID;

-- The merge base. No reference to entries: it is the memory of an entry that may be gone here.
CREATE TABLE synced (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  parent_id INTEGER REFERENCES synced (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'folder')),
  local_id INTEGER NOT NULL,
  remote_id TEXT NOT NULL,
  local_name TEXT NOT NULL,
  remote_name TEXT NOT NULL,
  rev TEXT,
  hash TEXT,
  size INTEGER NOT NULL,
  UNIQUE (client_id, local_id),
  UNIQUE (client_id, remote_id)
) STRICT;
CREATE INDEX synced_parent ON synced (parent_id);

CREATE TABLE queue (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('direct', 'backward', 'reverse')),
  priority INTEGER NOT NULL,
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  from_path TEXT,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'blocked', 'running', 'done', 'stale', 'retry', 'held', 'failed')),
  live INTEGER NOT NULL GENERATED ALWAYS AS (state NOT IN ('done', 'stale')) VIRTUAL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt INTEGER,
  error TEXT,
  error_code TEXT,
  bytes INTEGER NOT NULL DEFAULT 0,
  bytes_done INTEGER NOT NULL DEFAULT 0,
  -- The operation with its expectation and dependencies; null for standing problems.
  operation TEXT CHECK (operation IS NULL OR json_valid(operation)),
  planned_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER
) STRICT;
CREATE UNIQUE INDEX queue_live ON queue (client_id, key) WHERE live = 1;
CREATE INDEX queue_finished ON queue (finished_at) WHERE live = 0;

CREATE TABLE log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
  -- By name: the log outlives a client.
  client TEXT,
  direction TEXT,
  kind TEXT NOT NULL,
  path TEXT,
  record TEXT,
  bytes INTEGER,
  duration INTEGER,
  result TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX log_time ON log (time);

CREATE TABLE conflicts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  copy_path TEXT NOT NULL,
  entry_id INTEGER,
  copy_id INTEGER,
  reason TEXT NOT NULL,
  found_at INTEGER NOT NULL,
  resolved_at INTEGER
) STRICT;
CREATE INDEX conflicts_open ON conflicts (client_id) WHERE resolved_at IS NULL;

CREATE TABLE trash (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Null where there were no bytes here: restorable from Dropbox by id and rev.
  trash_key TEXT,
  client_id INTEGER REFERENCES clients (id) ON DELETE SET NULL,
  path TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'folder')),
  reason TEXT NOT NULL CHECK (reason IN ('overwritten', 'deleted')),
  hash TEXT,
  size INTEGER NOT NULL,
  remote_id TEXT,
  rev TEXT,
  -- For folders: every entry that lay below.
  contents TEXT CHECK (contents IS NULL OR json_valid(contents)),
  removed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX trash_time ON trash (removed_at);

-- Paths that the log has named once as left alone.
CREATE TABLE ignored (
  path TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Where an interrupted large upload goes on.
CREATE TABLE upload_sessions (
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  session_id TEXT NOT NULL,
  offset INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, hash)
) STRICT, WITHOUT ROWID;

-- Full-text index: rowid 2n is entry n, rowid 2n+1 is record n.
CREATE VIRTUAL TABLE search USING fts5 (
  name, ref, fields, content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);
CREATE TRIGGER entries_search_insert AFTER INSERT ON entries BEGIN
  INSERT INTO search (rowid, name) VALUES (new.id * 2, new.name);
END;
CREATE TRIGGER entries_search_update AFTER UPDATE OF name ON entries WHEN old.name <> new.name BEGIN
  DELETE FROM search WHERE rowid = old.id * 2;
  INSERT INTO search (rowid, name) VALUES (new.id * 2, new.name);
END;
CREATE TRIGGER entries_search_delete AFTER DELETE ON entries BEGIN
  DELETE FROM search WHERE rowid = old.id * 2;
END;
CREATE TRIGGER records_search_insert AFTER INSERT ON records BEGIN
  INSERT INTO search (rowid, name, ref, fields) VALUES (new.id * 2 + 1, new.name, new.ref,
    (SELECT group_concat(value, ' ') FROM json_each(new.fields)));
END;
CREATE TRIGGER records_search_update AFTER UPDATE OF name, ref, fields ON records BEGIN
  DELETE FROM search WHERE rowid = old.id * 2 + 1;
  INSERT INTO search (rowid, name, ref, fields) VALUES (new.id * 2 + 1, new.name, new.ref,
    (SELECT group_concat(value, ' ') FROM json_each(new.fields)));
END;
CREATE TRIGGER records_search_delete AFTER DELETE ON records BEGIN
  DELETE FROM search WHERE rowid = old.id * 2 + 1;
END;
`;

const KEEPING = `
-- How long bytes stay here: 'always', 'links' or 'days:N'; null: as the folder above, 'days:30' at the top.
ALTER TABLE entries ADD COLUMN keep TEXT;
-- One-way folders: 'up', 'down', 'off', 'both'; null: as the folder above, 'both' at the top.
ALTER TABLE entries ADD COLUMN flow TEXT CHECK (flow IN ('both', 'up', 'down', 'off'));
-- When a document was last opened through Docktide.
ALTER TABLE entries ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
-- When a folder was last compared with Dropbox itself.
ALTER TABLE synced ADD COLUMN audited_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX synced_audit ON synced (client_id, audited_at) WHERE kind = 'folder';
ALTER TABLE clients ADD COLUMN audited_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN keep TEXT;
-- Whether links are made for this client's documents; without them url is the address on Dropbox's own pages.
ALTER TABLE clients ADD COLUMN links INTEGER NOT NULL DEFAULT 0;

CREATE INDEX synced_local ON synced (local_id);

-- What a client left in its Dropbox when another one took over: its entries are no longer its business.
CREATE TABLE detached (
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  PRIMARY KEY (client_id, remote_id)
) STRICT, WITHOUT ROWID;

-- Folders on their way to another client: reverse first, then direct (S11).
CREATE TABLE handovers (
  entry_id INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
  from_client INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  to_client INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL
) STRICT;

-- Cloud-only documents that could not be brought back, for a person to handle (S12).
CREATE TABLE unconverted (
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (client_id, path)
) STRICT, WITHOUT ROWID;
`;

export const MIGRATIONS: readonly string[] = [
  FIRST,
  KEEPING,
  TRASH_BEGUN,
  NOTICES,
  SEARCH,
  FIGURES,
  BACKUPS,
  LINKS,
  FILE_CHANGES,
  CHANGES,
  BULK,
  LINKLESS,
  LOOKS,
  LOG_PATH,
  RE_PAIRED,
  HELD,
  OWN_MOVES,
];
