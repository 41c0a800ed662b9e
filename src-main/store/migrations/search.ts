// Migration: the full-text index anew, with what a search filters by. One row of `findable` for each file, folder and
// record; its number is the row of the index and rises with every new content, so that the newest come first. Names
// with letters that no accent rule folds are indexed in two more spellings: `Straße` also as `strasse`, `Müller` also
// as `mueller`, `Łódź` also as `lodz`. Kept by triggers, so that every write keeps the index.

/** How people write letters that they do not have; of each pair the second stands for the first. */
export const DIGRAPHS: readonly (readonly [string, string])[] = [
  ['ä', 'ae'],
  ['ö', 'oe'],
  ['ü', 'ue'],
  ['å', 'aa'],
  ['ø', 'oe'],
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['þ', 'th'],
];
export const PLAIN_LETTERS: readonly (readonly [string, string])[] = [
  ['ø', 'o'],
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['þ', 'th'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ħ', 'h'],
  ['ŧ', 't'],
  ['ı', 'i'],
];

/** Both cases of a letter, composed and decomposed: a name of a record comes as it was entered. */
function formsOf(letter: string): string[] {
  const upper = letter === 'ß' ? 'ẞ' : letter.toUpperCase();
  const forms = [letter, upper].filter((form) => form === letter || form.length === 1);
  return [...new Set(forms.flatMap((form) => [form, form.normalize('NFD')]))];
}

/** Replacements that stand in one expression: older SQLites cannot read a schema with deeper ones. */
const AT_ONCE = 8;

function respelled(column: string, letters: readonly (readonly [string, string])[]): string {
  const pairs = letters
    .filter(([letter]) => letter !== 'ı')
    .flatMap(([letter, plain]) => formsOf(letter).map((form) => [form, plain] as const))
    .concat(letters.some(([letter]) => letter === 'ı') ? [['ı', 'i'] as const] : []);
  const replaced = (text: string, from: number): string =>
    pairs
      .slice(from, from + AT_ONCE)
      .reduce((before, [form, plain]) => `replace(${before}, '${form}', '${plain}')`, text);
  let query = `SELECT ${replaced(column, 0)} AS t`;
  for (let from = AT_ONCE; from < pairs.length; from += AT_ONCE)
    query = `SELECT ${replaced('t', from)} AS t FROM (${query})`;
  return `(${query})`;
}

/** The columns `spelled` and `plain`; null where the spelling is the same: nothing is indexed twice. */
function spellings(column: string): string {
  return [DIGRAPHS, PLAIN_LETTERS]
    .map((letters) => `CASE WHEN ${column} GLOB '*[^ -~]*' THEN nullif(${respelled(column, letters)}, ${column}) END`)
    .join(', ');
}

/** What follows the last dot, unless the name starts with its only dot. */
function extension(key: string): string {
  const upToDot = `length(rtrim(${key}, replace(${key}, '.', '')))`;
  return `CASE WHEN ${upToDot} > 1 THEN nullif(substr(${key}, ${upToDot} + 1), '') END`;
}

const FIELDS = `(SELECT group_concat(value, ' ') FROM json_each(new.fields))`;
const FINDABLE = 'INSERT INTO findable (entry_id, record_id, folder, size, date, extension)';

/** `from` is empty in a trigger, where `new` is the row; else it names the table. */
function entryRow(from: string): string {
  return `${FINDABLE} SELECT new.id, NULL, ifnull(new.parent_id, 0), CASE new.kind WHEN 'file' THEN new.size END,
    CASE WHEN new.kind = 'file' AND new.modified > 0 THEN new.modified ELSE new.created_at END,
    CASE new.kind WHEN 'file' THEN ${extension('new.key')} END ${from};`;
}

function entryWords(from: string): string {
  return `INSERT INTO search (rowid, name, spelled, plain, tags)
    SELECT doc, new.key, ${spellings('new.key')}, 'k' || new.kind || ifnull(' e' || extension, '') ${from};`;
}

function recordRow(from: string): string {
  return `${FINDABLE} SELECT NULL, new.id, NULL, NULL, new.changed_at, NULL ${from};`;
}

function recordWords(from: string): string {
  return `INSERT INTO search (rowid, name, spelled, plain, ref, fields, tags)
    SELECT doc, new.name, ${spellings(`(new.name || ' ' || ifnull(${FIELDS}, ''))`)}, new.ref, ${FIELDS}, 'krecord' ${from};`;
}

const OF_ENTRY = 'FROM findable WHERE entry_id = new.id';
const insertEntry = `${entryRow('')}
  ${entryWords(OF_ENTRY)}`;
const forgetEntry = 'DELETE FROM search WHERE rowid = (SELECT doc FROM findable WHERE entry_id = old.id);';
const insertRecord = `${recordRow('')}
  ${recordWords('FROM findable WHERE record_id = new.id')}`;
const removeRecord = `DELETE FROM search WHERE rowid = (SELECT doc FROM findable WHERE record_id = old.id);
  DELETE FROM findable WHERE record_id = old.id;`;

/** As the listing compares them: name, folder and content. */
const AGREES = `(synced.local_name = entries.name AND synced.hash IS entries.hash
    AND folder.local_id IS entries.parent_id)`;
const forgetAgreed = `DELETE FROM unagreed WHERE entry_id = new.local_id AND EXISTS (
    SELECT 1 FROM entries JOIN synced ON synced.id = new.id LEFT JOIN synced folder ON folder.id = synced.parent_id
    WHERE entries.id = new.local_id AND ${AGREES});`;

export const SEARCH = `
DROP TRIGGER entries_search_insert;
DROP TRIGGER entries_search_update;
DROP TRIGGER entries_search_delete;
DROP TRIGGER records_search_insert;
DROP TRIGGER records_search_update;
DROP TRIGGER records_search_delete;
DROP TABLE search;

CREATE TABLE findable (
  doc INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id INTEGER UNIQUE,
  record_id INTEGER UNIQUE,
  -- The folder that holds it, 0 at the top; null for records.
  folder INTEGER,
  -- Files only.
  size INTEGER,
  -- When a file was last modified, else when the folder came or the record was changed; milliseconds.
  date INTEGER NOT NULL,
  extension TEXT
) STRICT;
CREATE INDEX findable_folder ON findable (folder) WHERE folder IS NOT NULL;
CREATE INDEX findable_extension ON findable (extension, date) WHERE extension IS NOT NULL;
CREATE INDEX entries_key ON entries (key);
CREATE INDEX entries_folders ON entries (parent_id) WHERE kind = 'folder';
CREATE INDEX entries_freed ON entries (id) WHERE kind = 'file' AND present = 0;
CREATE INDEX queue_place ON queue (client_id, path) WHERE live = 1;

-- Entries that the merge base may not agree with, and perhaps others: those that are pending are among them.
CREATE TABLE unagreed (
  entry_id INTEGER PRIMARY KEY
) STRICT;
INSERT INTO unagreed SELECT entries.id FROM entries LEFT JOIN synced ON synced.local_id = entries.id
  LEFT JOIN synced folder ON folder.id = synced.parent_id WHERE synced.id IS NULL OR NOT ${AGREES};
CREATE TRIGGER entries_unagreed_insert AFTER INSERT ON entries BEGIN
  INSERT OR IGNORE INTO unagreed VALUES (new.id);
END;
CREATE TRIGGER entries_unagreed_update AFTER UPDATE OF parent_id, name, hash ON entries
WHEN old.parent_id IS NOT new.parent_id OR old.name <> new.name OR old.hash IS NOT new.hash BEGIN
  INSERT OR IGNORE INTO unagreed VALUES (new.id);
END;
CREATE TRIGGER entries_unagreed_delete AFTER DELETE ON entries BEGIN
  DELETE FROM unagreed WHERE entry_id = old.id;
END;
CREATE TRIGGER synced_unagreed_insert AFTER INSERT ON synced BEGIN
  ${forgetAgreed}
END;
CREATE TRIGGER synced_unagreed_update AFTER UPDATE ON synced BEGIN
  INSERT OR IGNORE INTO unagreed SELECT old.local_id WHERE old.local_id <> new.local_id
    UNION SELECT local_id FROM synced WHERE parent_id = new.id AND old.local_id <> new.local_id;
  INSERT OR IGNORE INTO unagreed VALUES (new.local_id);
  ${forgetAgreed}
END;
CREATE TRIGGER synced_unagreed_delete AFTER DELETE ON synced BEGIN
  INSERT OR IGNORE INTO unagreed SELECT id FROM entries WHERE id = old.local_id;
END;

CREATE VIRTUAL TABLE search USING fts5 (
  name, spelled, plain, ref, fields, tags, content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);

${recordRow('FROM records AS new ORDER BY new.id')}
${recordWords('FROM records AS new JOIN findable ON record_id = new.id')}
${entryRow('FROM entries AS new ORDER BY new.id')}
${entryWords('FROM entries AS new JOIN findable ON entry_id = new.id')}

CREATE TRIGGER entries_search_insert AFTER INSERT ON entries BEGIN
  ${insertEntry}
END;
CREATE TRIGGER entries_search_name AFTER UPDATE OF key ON entries WHEN old.key <> new.key AND old.hash IS new.hash BEGIN
  ${forgetEntry}
  UPDATE findable SET extension = CASE new.kind WHEN 'file' THEN ${extension('new.key')} END WHERE entry_id = new.id;
  ${entryWords(OF_ENTRY)}
END;
CREATE TRIGGER entries_search_content AFTER UPDATE OF hash ON entries WHEN old.hash IS NOT new.hash BEGIN
  ${forgetEntry}
  DELETE FROM findable WHERE entry_id = old.id;
  ${insertEntry}
END;
CREATE TRIGGER entries_search_place AFTER UPDATE OF parent_id ON entries WHEN old.parent_id IS NOT new.parent_id BEGIN
  UPDATE findable SET folder = ifnull(new.parent_id, 0) WHERE entry_id = new.id;
END;
CREATE TRIGGER entries_search_date AFTER UPDATE OF size, modified ON entries
WHEN new.kind = 'file' AND old.hash IS new.hash AND (old.size <> new.size OR old.modified <> new.modified) BEGIN
  UPDATE findable SET size = new.size, date = CASE WHEN new.modified > 0 THEN new.modified ELSE new.created_at END
    WHERE entry_id = new.id;
END;
CREATE TRIGGER entries_search_delete AFTER DELETE ON entries BEGIN
  ${forgetEntry}
  DELETE FROM findable WHERE entry_id = old.id;
END;
CREATE TRIGGER records_search_insert AFTER INSERT ON records BEGIN
  ${insertRecord}
END;
CREATE TRIGGER records_search_update AFTER UPDATE OF name, ref, fields ON records
WHEN old.name <> new.name OR old.ref <> new.ref OR old.fields <> new.fields BEGIN
  ${removeRecord}
  ${insertRecord}
END;
CREATE TRIGGER records_search_delete AFTER DELETE ON records BEGIN
  ${removeRecord}
END;
`;
