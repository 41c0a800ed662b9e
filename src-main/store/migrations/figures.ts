// Tables that hold the dashboard's figures, kept right by triggers in the transaction of each write, so that showing
// them never walks the store. Two layers: what is true of one folder or file (facts, with what it inherits from the
// folders above), and sums over the facts. Read by stats/figures.ts; checked and made anew by stats/recount.ts.
//
// The views `file_now` and `folder_now` say what the facts of an entry are; triggers, recount and check all ask them.

const FACTS = `
-- Who asked for it: a person of this computer; null: Docktide by itself.
ALTER TABLE log ADD COLUMN actor TEXT;

-- Small counts by name: 'folders', 'records', 'log.bytes', 'duplicates.groups', 'duplicates.files', 'duplicates.bytes'.
CREATE TABLE tallies (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a folder hands down to what lies in it: the nearest client, record, type and policy at or above it; 0 for none.
CREATE TABLE folder_facts (
  folder_id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL,
  record_id INTEGER NOT NULL,
  type_id INTEGER NOT NULL,
  keep TEXT NOT NULL
) STRICT;

CREATE TABLE file_facts (
  entry_id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL,
  record_id INTEGER NOT NULL,
  type_id INTEGER NOT NULL,
  keep TEXT NOT NULL,
  -- Lower case, without the dot; empty for none.
  extension TEXT NOT NULL,
  size INTEGER NOT NULL,
  present INTEGER NOT NULL,
  -- The bytes here are those that Dropbox has.
  safe INTEGER NOT NULL,
  -- Milliseconds since the epoch: last opened here, last changed, or made.
  used INTEGER NOT NULL
) STRICT;
CREATE INDEX file_facts_size ON file_facts (size);
CREATE INDEX file_facts_used ON file_facts (present, used);

CREATE TABLE totals (
  client_id INTEGER NOT NULL,
  type_id INTEGER NOT NULL,
  extension TEXT NOT NULL,
  present INTEGER NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (client_id, type_id, extension, present)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_totals (
  record_id INTEGER PRIMARY KEY,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX record_totals_bytes ON record_totals (bytes);

-- Documents that are safe in Dropbox and here, by the day of their last use (days since the epoch).
CREATE TABLE freeable (
  client_id INTEGER NOT NULL,
  keep TEXT NOT NULL,
  day INTEGER NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (client_id, keep, day)
) STRICT, WITHOUT ROWID;

-- Contents that more than one file has.
CREATE TABLE duplicates (
  hash TEXT PRIMARY KEY,
  files INTEGER NOT NULL,
  size INTEGER NOT NULL,
  wasted INTEGER NOT NULL GENERATED ALWAYS AS ((files - 1) * size) STORED
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicates_wasted ON duplicates (wasted);

CREATE TABLE queue_totals (
  client_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  tasks INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (client_id, state)
) STRICT, WITHOUT ROWID;

-- What was done in each hour, day and month of this computer's time zone; outlives the log's rows.
CREATE TABLE activity (
  scale TEXT NOT NULL CHECK (scale IN ('hour', 'day', 'month')),
  -- Milliseconds since the epoch.
  start INTEGER NOT NULL,
  -- By name, as in the log; empty for none.
  client TEXT NOT NULL,
  uploads INTEGER NOT NULL,
  downloads INTEGER NOT NULL,
  bytes_up INTEGER NOT NULL,
  bytes_down INTEGER NOT NULL,
  moves INTEGER NOT NULL,
  deletions INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  PRIMARY KEY (scale, start, client)
) STRICT, WITHOUT ROWID;
`;

/** Text after the last dot, unless that is the only one and at the start, or too long or odd for an extension. */
const EXTENSION = `(
  SELECT CASE WHEN length(stem) < 2 OR length(tail) NOT BETWEEN 1 AND 10 OR instr(tail, ' ') > 0 THEN ''
    ELSE lower(tail) END
  FROM (SELECT stem, substr(e.name, length(stem) + 1) AS tail
    FROM (SELECT rtrim(e.name, replace(e.name, '.', '')) AS stem)))`;

const VIEWS = `
CREATE VIEW folder_own AS
  SELECT id AS folder_id, parent_id, client_id, keep,
    CASE WHEN role = 'record' THEN record_id END AS record_id,
    CASE WHEN role = 'record' THEN (SELECT type_id FROM records WHERE records.id = entries.record_id)
      WHEN role = 'rule' THEN (SELECT type_id FROM rules WHERE rules.id = entries.rule_id) END AS type_id
  FROM entries WHERE kind = 'folder';

-- Right where the facts of the folder above are.
CREATE VIEW folder_now AS
  SELECT own.folder_id, coalesce(own.client_id, above.client_id, 0) AS client_id,
    coalesce(own.record_id, above.record_id, 0) AS record_id, coalesce(own.type_id, above.type_id, 0) AS type_id,
    coalesce(own.keep, above.keep, 'days:30') AS keep
  FROM folder_own own LEFT JOIN folder_facts above ON above.folder_id = own.parent_id;

-- Right where the facts of the folder are.
CREATE VIEW file_now AS
  SELECT e.id AS entry_id, coalesce(e.client_id, above.client_id, 0) AS client_id,
    coalesce(above.record_id, 0) AS record_id, coalesce(above.type_id, 0) AS type_id,
    coalesce(e.keep, above.keep, 'days:30') AS keep, ${EXTENSION} AS extension, e.size, e.present,
    e.present = 1 AND e.frozen = 0 AND EXISTS (
      SELECT 1 FROM synced WHERE synced.local_id = e.id AND synced.hash = e.hash
        AND synced.client_id = coalesce(e.client_id, above.client_id)) AS safe,
    max(e.used_at, e.changed_at, e.created_at) AS used
  FROM entries e LEFT JOIN folder_facts above ON above.folder_id = e.parent_id
  WHERE e.kind = 'file';

-- What one line of the log adds to the activity.
CREATE VIEW log_counts AS
  SELECT id, time, ifnull(client, '') AS client,
    result = 'done' AND kind = 'remote.upload' AS uploads,
    result = 'done' AND kind = 'local.download' AS downloads,
    iif(result = 'done' AND kind = 'remote.upload', ifnull(bytes, 0), 0) AS bytes_up,
    iif(result = 'done' AND kind = 'local.download', ifnull(bytes, 0), 0) AS bytes_down,
    result = 'done' AND kind IN ('remote.move', 'local.move') AS moves,
    result = 'done' AND kind IN ('remote.delete', 'local.trash') AS deletions,
    level = 'warning' AS warnings, level = 'error' AS errors
  FROM log
  WHERE level <> 'info'
    OR result = 'done' AND kind IN
      ('remote.upload', 'local.download', 'remote.move', 'local.move', 'remote.delete', 'local.trash');
`;

const FILE_COLUMNS = 'client_id, record_id, type_id, keep, extension, size, present, safe, used';
const FOLDER_COLUMNS = 'client_id, record_id, type_id, keep';

const changed = (...columns: readonly string[]): string =>
  columns.map((column) => `old.${column} IS NOT new.${column}`).join(' OR ');

const refreshFile = (which: string): string =>
  `UPDATE file_facts SET (${FILE_COLUMNS}) =
    (SELECT ${FILE_COLUMNS} FROM file_now WHERE file_now.entry_id = file_facts.entry_id) WHERE entry_id ${which};`;

/** Folders from `start` downwards with what they hand down; `start` gives the first ones. */
const handedDown = (start: string): string => `
  WITH RECURSIVE down (folder_id, client_id, record_id, type_id, keep) AS (
    ${start}
    UNION ALL
    SELECT own.folder_id, coalesce(own.client_id, down.client_id), coalesce(own.record_id, down.record_id),
      coalesce(own.type_id, down.type_id), coalesce(own.keep, down.keep)
    FROM down JOIN folder_own own ON own.parent_id = down.folder_id)`;

const FACT_TRIGGERS = `
CREATE TRIGGER facts_folder_insert AFTER INSERT ON entries WHEN new.kind = 'folder' BEGIN
  INSERT INTO folder_facts (folder_id, ${FOLDER_COLUMNS}) SELECT * FROM folder_now WHERE folder_id = new.id;
  INSERT INTO tallies VALUES ('folders', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER facts_folder_delete AFTER DELETE ON entries WHEN old.kind = 'folder' BEGIN
  DELETE FROM folder_facts WHERE folder_id = old.id;
  UPDATE tallies SET value = value - 1 WHERE name = 'folders';
END;
CREATE TRIGGER facts_folder_update AFTER UPDATE OF parent_id, client_id, role, record_id, rule_id, keep ON entries
WHEN new.kind = 'folder' AND (${changed('parent_id', 'client_id', 'role', 'record_id', 'rule_id', 'keep')}) BEGIN
  UPDATE folder_facts SET (${FOLDER_COLUMNS}) =
    (SELECT ${FOLDER_COLUMNS} FROM folder_now WHERE folder_now.folder_id = folder_facts.folder_id)
  WHERE folder_id = new.id;
END;
-- Only where something else is handed down: moving a folder within its record touches nothing below.
CREATE TRIGGER facts_handed_down AFTER UPDATE ON folder_facts
WHEN ${changed('client_id', 'record_id', 'type_id', 'keep')} BEGIN
  UPDATE folder_facts SET client_id = below.client_id, record_id = below.record_id, type_id = below.type_id,
    keep = below.keep
  FROM (${handedDown('SELECT new.folder_id, new.client_id, new.record_id, new.type_id, new.keep')}
    SELECT * FROM down WHERE folder_id <> new.folder_id) AS below
  WHERE folder_facts.folder_id = below.folder_id;
  ${refreshFile(`IN (SELECT id FROM entries WHERE kind = 'file' AND parent_id IN (
    WITH RECURSIVE below (id) AS (
      SELECT new.folder_id UNION ALL
      SELECT entries.id FROM below JOIN entries ON entries.parent_id = below.id WHERE entries.kind = 'folder')
    SELECT id FROM below))`)}
END;

CREATE TRIGGER facts_file_insert AFTER INSERT ON entries WHEN new.kind = 'file' BEGIN
  INSERT INTO file_facts (entry_id, ${FILE_COLUMNS}) SELECT * FROM file_now WHERE entry_id = new.id;
END;
CREATE TRIGGER facts_file_delete AFTER DELETE ON entries WHEN old.kind = 'file' BEGIN
  DELETE FROM file_facts WHERE entry_id = old.id;
END;
CREATE TRIGGER facts_file_update
AFTER UPDATE OF parent_id, client_id, keep, name, hash, size, present, frozen, used_at, changed_at ON entries
WHEN new.kind = 'file' AND (${changed('parent_id', 'client_id', 'keep', 'name', 'hash', 'size', 'present', 'frozen', 'used_at', 'changed_at')})
BEGIN
  ${refreshFile('= new.id')}
END;
CREATE TRIGGER facts_synced_insert AFTER INSERT ON synced WHEN new.kind = 'file' BEGIN
  ${refreshFile('= new.local_id')}
END;
CREATE TRIGGER facts_synced_update AFTER UPDATE OF local_id, client_id, hash ON synced
WHEN new.kind = 'file' AND (${changed('local_id', 'client_id', 'hash')}) BEGIN
  ${refreshFile('IN (old.local_id, new.local_id)')}
END;
CREATE TRIGGER facts_synced_delete AFTER DELETE ON synced WHEN old.kind = 'file' BEGIN
  ${refreshFile('= old.local_id')}
END;
`;

const DAY = 86_400_000;

const addTotals = (row: string): string => `
  INSERT INTO totals VALUES (${row}.client_id, ${row}.type_id, ${row}.extension, ${row}.present, 1, ${row}.size)
    ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes;`;
const takeTotals = (row: string): string => `
  UPDATE totals SET files = files - 1, bytes = bytes - ${row}.size
  WHERE client_id = ${row}.client_id AND type_id = ${row}.type_id AND extension = ${row}.extension
    AND present = ${row}.present;`;
const addRecord = (row: string): string => `
  INSERT INTO record_totals VALUES (${row}.record_id, 1, ${row}.size)
    ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes;`;
const takeRecord = (row: string): string => `
  UPDATE record_totals SET files = files - 1, bytes = bytes - ${row}.size WHERE record_id = ${row}.record_id;`;
const addFreeable = (row: string): string => `
  INSERT INTO freeable SELECT ${row}.client_id, ${row}.keep, ${row}.used / ${DAY}, 1, ${row}.size WHERE ${row}.safe = 1
    ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes;`;
const takeFreeable = (row: string): string => `
  UPDATE freeable SET files = files - 1, bytes = bytes - ${row}.size
  WHERE ${row}.safe = 1 AND client_id = ${row}.client_id AND keep = ${row}.keep AND day = ${row}.used / ${DAY};`;

const SUM_TRIGGERS = `
CREATE TRIGGER sums_insert AFTER INSERT ON file_facts BEGIN
  ${addTotals('new')}${addRecord('new')}${addFreeable('new')}
END;
CREATE TRIGGER sums_delete AFTER DELETE ON file_facts BEGIN
  ${takeTotals('old')}${takeRecord('old')}${takeFreeable('old')}
END;
CREATE TRIGGER sums_totals_update AFTER UPDATE ON file_facts
WHEN ${changed('client_id', 'type_id', 'extension', 'present', 'size')} BEGIN
  ${takeTotals('old')}${addTotals('new')}
END;
CREATE TRIGGER sums_record_update AFTER UPDATE ON file_facts WHEN ${changed('record_id', 'size')} BEGIN
  ${takeRecord('old')}${addRecord('new')}
END;
CREATE TRIGGER sums_freeable_update AFTER UPDATE ON file_facts
WHEN (old.safe = 1 OR new.safe = 1) AND (${changed('safe', 'client_id', 'keep', 'used', 'size')}) BEGIN
  ${takeFreeable('old')}${addFreeable('new')}
END;

CREATE TRIGGER tallies_records_insert AFTER INSERT ON records BEGIN
  INSERT INTO tallies VALUES ('records', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER tallies_records_delete AFTER DELETE ON records BEGIN
  UPDATE tallies SET value = value - 1 WHERE name = 'records';
END;
`;

const joins = (row: string): string => `
  UPDATE duplicates SET files = files + 1 WHERE hash = ${row}.hash AND ${row}.size > 0;
  INSERT INTO duplicates (hash, files, size) SELECT ${row}.hash, 2, ${row}.size
    WHERE ${row}.hash IS NOT NULL AND ${row}.size > 0
      AND NOT EXISTS (SELECT 1 FROM duplicates WHERE hash = ${row}.hash)
      AND EXISTS (SELECT 1 FROM entries WHERE hash = ${row}.hash AND id <> ${row}.id AND kind = 'file');`;
const leaves = (row: string): string => `
  UPDATE duplicates SET files = files - 1 WHERE hash = ${row}.hash AND ${row}.size > 0;
  DELETE FROM duplicates WHERE hash = ${row}.hash AND files < 2;`;
const tally = (name: string, change: string): string => `
  INSERT INTO tallies VALUES ('${name}', ${change}) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value;`;

const lower = (name: string, by: string): string => `
  UPDATE tallies SET value = value - (${by}) WHERE name = '${name}';`;

const DUPLICATE_TRIGGERS = `
CREATE TRIGGER duplicates_file_insert AFTER INSERT ON entries
WHEN new.kind = 'file' AND new.hash IS NOT NULL AND new.size > 0 BEGIN${joins('new')}
END;
CREATE TRIGGER duplicates_file_delete AFTER DELETE ON entries
WHEN old.kind = 'file' AND old.hash IS NOT NULL AND old.size > 0 BEGIN${leaves('old')}
END;
CREATE TRIGGER duplicates_file_update AFTER UPDATE OF hash ON entries
WHEN new.kind = 'file' AND old.hash IS NOT new.hash BEGIN${leaves('old')}${joins('new')}
END;
CREATE TRIGGER duplicates_insert AFTER INSERT ON duplicates BEGIN
  ${tally('duplicates.groups', '1')}${tally('duplicates.files', 'new.files')}${tally('duplicates.bytes', 'new.wasted')}
END;
CREATE TRIGGER duplicates_update AFTER UPDATE ON duplicates BEGIN
  ${tally('duplicates.files', 'new.files - old.files')}${tally('duplicates.bytes', 'new.wasted - old.wasted')}
END;
CREATE TRIGGER duplicates_delete AFTER DELETE ON duplicates BEGIN
  ${lower('duplicates.groups', '1')}${lower('duplicates.files', 'old.files')}${lower('duplicates.bytes', 'old.wasted')}
END;
`;

const addTask = (row: string): string => `
  INSERT INTO queue_totals VALUES (${row}.client_id, ${row}.state, 1, ${row}.bytes)
    ON CONFLICT DO UPDATE SET tasks = tasks + 1, bytes = bytes + excluded.bytes;`;
const takeTask = (row: string): string => `
  UPDATE queue_totals SET tasks = tasks - 1, bytes = bytes - ${row}.bytes
  WHERE client_id = ${row}.client_id AND state = ${row}.state;`;

const ACTIVITY_COLUMNS = 'uploads, downloads, bytes_up, bytes_down, moves, deletions, warnings, errors';
const ACTIVITY_SUMS = ACTIVITY_COLUMNS.split(', ');
/** Bytes that a line takes in the database, about. */
const LOG_BYTES = (row: string): string =>
  `64 + length(${row}.kind) + length(${row}.reason) + ifnull(length(${row}.client), 0) + 2 * ifnull(length(${row}.path), 0)
    + ifnull(length(${row}.record), 0)`;

const QUEUE_AND_LOG_TRIGGERS = `
CREATE TRIGGER sums_queue_insert AFTER INSERT ON queue BEGIN${addTask('new')}
END;
CREATE TRIGGER sums_queue_delete AFTER DELETE ON queue BEGIN${takeTask('old')}
END;
CREATE TRIGGER sums_queue_update AFTER UPDATE OF client_id, state, bytes ON queue
WHEN ${changed('client_id', 'state', 'bytes')} BEGIN${takeTask('old')}${addTask('new')}
END;

CREATE TRIGGER sums_log_insert AFTER INSERT ON log BEGIN
  ${tally('log.bytes', LOG_BYTES('new'))}
END;
CREATE TRIGGER sums_log_delete AFTER DELETE ON log BEGIN
  ${lower('log.bytes', LOG_BYTES('old'))}
END;
`;

/** Fills the tables from the rows that are there; the tables must be empty. The activity is not among them. */
export const FILL_FIGURES = `
INSERT INTO folder_facts (folder_id, ${FOLDER_COLUMNS})
  ${handedDown(`SELECT folder_id, ifnull(client_id, 0), ifnull(record_id, 0), ifnull(type_id, 0), ifnull(keep, 'days:30')
    FROM folder_own WHERE parent_id IS NULL`)}
  SELECT * FROM down;
INSERT INTO file_facts (entry_id, ${FILE_COLUMNS}) SELECT * FROM file_now;
INSERT INTO duplicates (hash, files, size)
  SELECT hash, count(*), min(size) FROM entries WHERE kind = 'file' AND hash IS NOT NULL AND size > 0
  GROUP BY hash HAVING count(*) > 1;
INSERT INTO queue_totals SELECT client_id, state, count(*), sum(bytes) FROM queue GROUP BY client_id, state;
INSERT INTO tallies VALUES ('folders', (SELECT count(*) FROM folder_facts));
INSERT INTO tallies VALUES ('records', (SELECT count(*) FROM records));
INSERT INTO tallies SELECT 'log.bytes', ifnull(sum(${LOG_BYTES('log')}), 0) FROM log;
`;

const FILL_ACTIVITY = `
INSERT INTO activity SELECT scale, unixepoch(CASE scale
      WHEN 'hour' THEN strftime('%Y-%m-%d %H:00:00', time / 1000, 'unixepoch', 'localtime')
      WHEN 'day' THEN date(time / 1000, 'unixepoch', 'localtime')
      ELSE date(time / 1000, 'unixepoch', 'localtime', 'start of month') END, 'utc') * 1000 AS start,
    client, ${ACTIVITY_SUMS.map((name) => `sum(${name})`).join(', ')}
  FROM log_counts, (SELECT 'hour' AS scale UNION ALL SELECT 'day' UNION ALL SELECT 'month')
  GROUP BY scale, start, client;
`;

/**
 * Adds the log's last row to the activity. Not a trigger: SQLite's own conversion to local time would cost more than the
 * whole write. Parameters: the starts of `hour`, `day` and `month`.
 */
export const COUNT_LAST_LOG = `
INSERT INTO activity SELECT scale, start, client, ${ACTIVITY_COLUMNS} FROM log_counts, (
    SELECT 'hour' AS scale, @hour AS start UNION ALL SELECT 'day', @day UNION ALL SELECT 'month', @month)
  WHERE id = last_insert_rowid()
  ON CONFLICT DO UPDATE SET ${ACTIVITY_SUMS.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`;

export const FIGURES = [
  FACTS,
  VIEWS,
  FACT_TRIGGERS,
  SUM_TRIGGERS,
  DUPLICATE_TRIGGERS,
  QUEUE_AND_LOG_TRIGGERS,
  FILL_FIGURES,
  FILL_ACTIVITY,
].join('\n');
