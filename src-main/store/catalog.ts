// Document types, records and folder rules: what the ERP knows and the store keeps for it. Plain rows, no folders:
// the observer makes the folders that follow from them (erp-folders.ts). Called by the application and by connectors.

import type { ClientId } from '../../src-shared/domain.ts';
import { parsePattern } from '../../src-shared/folder-pattern.ts';
import { parseFilter } from '../../src-shared/rule-filter.ts';
import { durable, type Db } from './database.ts';
import { StoreError } from './errors.ts';
import { unknownClient, unknownRecord, unknownType, type Wanted } from './unknown.ts';

export interface TypeRow {
  readonly id: number;
  readonly name: string;
  readonly label: string;
  readonly records: number;
}

export interface RecordRow {
  readonly id: number;
  readonly type: string;
  readonly typeId: number;
  readonly ref: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly archived: boolean;
}

export interface RuleRow {
  readonly id: number;
  readonly type: string;
  readonly typeId: number;
  readonly label: string;
  readonly client: string | null;
  readonly clientId: ClientId | null;
  readonly filter: string | null;
  readonly pattern: string;
  readonly subfolders: readonly string[];
  readonly parentRuleId: number | null;
}

export interface RecordInput {
  readonly type: string;
  readonly ref: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface RuleInput {
  readonly type: string;
  /** Null: the only client there is. */
  readonly client: string;
  readonly filter?: string | undefined;
  readonly pattern?: string | undefined;
  readonly subfolders?: readonly string[] | undefined;
  readonly parentRule?: number | undefined;
}

export type RuleChange = Pick<RuleInput, 'filter' | 'pattern' | 'subfolders'> & {
  /** Records that have a folder already get the subfolders, too: once, with the next look. */
  readonly existing?: boolean;
};

/** Of clients, document types and their labels; Dropbox takes no longer names for folders. */
const LONGEST_NAME = 200;

/** Begins the name of a counter that stands for a rule whose subfolders existing records are to get. */
const SPREAD = 'spread:';

export type Catalog = ReturnType<typeof createCatalog>;

type RawRecord = Omit<RecordRow, 'fields' | 'archived'> & { readonly fields: string; readonly archived: 0 | 1 };
type RawRule = Omit<RuleRow, 'subfolders'> & { readonly subfolders: string };

export function createCatalog(db: Db, now: () => number) {
  const typeColumns = `SELECT types.id, name, label, (SELECT count(*) FROM records WHERE type_id = types.id) AS records FROM types`;
  const allTypes = db.prepare<[], TypeRow>(`${typeColumns} ORDER BY name`);
  const oneType = db.prepare<[string], TypeRow>(`${typeColumns} WHERE name = ?`);
  const typeId = db.prepare<[string], { id: number; name: string }>('SELECT id, name FROM types WHERE name = ?');
  const insertType = db.prepare('INSERT INTO types (name, label, created_at) VALUES (?, ?, ?)');
  const updateType = db.prepare('UPDATE types SET name = @name, label = @label WHERE id = @id');
  const removeType = db.prepare('DELETE FROM types WHERE id = ?');
  const setLabel = db.prepare('UPDATE types SET label = ? WHERE name = ?');
  const recordColumns = `SELECT records.id, types.name AS type, type_id AS typeId, ref, records.name, fields, archived
    FROM records JOIN types ON types.id = type_id`;
  const allRecords = db.prepare<[], RawRecord>(`${recordColumns} ORDER BY types.name, ref`);
  const recordsOfType = db.prepare<[string], RawRecord>(`${recordColumns} WHERE types.name = ? ORDER BY ref`);
  const oneRecord = db.prepare<[string, string], RawRecord>(`${recordColumns} WHERE types.name = ? AND ref = ?`);
  const recordById = db.prepare<[number], RawRecord>(`${recordColumns} WHERE records.id = ?`);
  const changedSince = db.prepare<[string, number, number, number], RawRecord & { readonly changedAt: number }>(
    `${recordColumns.replace('SELECT', 'SELECT records.changed_at AS changedAt,')}
     WHERE types.name = ? AND (records.changed_at, records.id) > (?, ?) ORDER BY records.changed_at, records.id LIMIT ?`,
  );
  const insertRecord = db.prepare(
    'INSERT INTO records (type_id, ref, name, fields, created_at, changed_at) VALUES (@typeId, @ref, @name, @fields, @now, @now)',
  );
  const updateRecord = db.prepare(
    'UPDATE records SET name = @name, fields = @fields, changed_at = @now WHERE id = @id',
  );
  const archive = db.prepare('UPDATE records SET archived = ?, changed_at = ? WHERE id = ?');
  const removeRecord = db.prepare('DELETE FROM records WHERE id = ?');
  const ruleColumns = `SELECT rules.id, types.name AS type, type_id AS typeId, types.label, clients.name AS client,
      client_id AS clientId, filter, pattern, subfolders, parent_rule_id AS parentRuleId
    FROM rules JOIN types ON types.id = type_id LEFT JOIN clients ON clients.id = client_id`;
  const allRules = db.prepare<[], RawRule>(`${ruleColumns} ORDER BY rules.id`);
  const insertRule = db.prepare(`
    INSERT INTO rules (type_id, client_id, filter, pattern, subfolders, parent_rule_id, created_at)
    VALUES (@typeId, @clientId, @filter, @pattern, @subfolders, @parentRule, @now)`);
  const removeRule = db.prepare('DELETE FROM rules WHERE id = ?');
  const updateRule = db.prepare(
    'UPDATE rules SET filter = @filter, pattern = @pattern, subfolders = @subfolders WHERE id = @id',
  );
  const askSpread = db.prepare('INSERT OR REPLACE INTO counters (name, value) VALUES (?, 1)');
  const spreadAsked = db.prepare<[string], { name: string }>('SELECT name FROM counters WHERE name LIKE ?');
  const spreadDone = db.prepare('DELETE FROM counters WHERE name = ?');
  const ruleWith = (id: number): RuleRow => {
    const row = allRules.all().find((one) => one.id === id);
    if (row !== undefined) return toRule(row);
    throw new StoreError('unknown-rule', `There is no folder rule ${id}. See "docktide rule list".`);
  };
  const clientId = db.prepare<[string], { id: ClientId }>('SELECT id FROM clients WHERE name = ?');
  const clientNames = db.prepare<[], { name: string }>('SELECT name FROM clients ORDER BY id');
  /** References as long as a given one, but for two letters. */
  const refsLike = db.prepare<[number, number], { ref: string }>(
    'SELECT ref FROM records WHERE type_id = ? AND abs(length(ref) - ?) <= 2 ORDER BY ref LIMIT 10000',
  );
  const typeNames = (): string[] => allTypes.all().map((type) => type.name);

  /** Grows with every write of records by this connection; others show in SQLite's own number. */
  let written = 0;

  function typeOf(name: string, wanted: Wanted = 'look'): TypeRow {
    const type = oneType.get(name);
    if (type === undefined) throw unknownType(name, typeNames(), wanted);
    return type;
  }
  /** Without counting its records, which takes longer the more there are. */
  function typeNamed(name: string, wanted: Wanted): { readonly id: number; readonly name: string } {
    const type = typeId.get(name);
    if (type === undefined) throw unknownType(name, typeNames(), wanted);
    return type;
  }

  function refuseTaken(name: string): void {
    if (oneType.get(name) === undefined) return;
    throw new StoreError('duplicate', `There is a document type "${name}" already. Choose another name.`);
  }

  function recordOf(type: string, ref: string, wanted: Wanted = 'look'): RecordRow {
    const { id, name } = typeNamed(type, wanted);
    const row = oneRecord.get(name, ref);
    if (row !== undefined) return toRecord(row);
    const refs = refsLike.all(id, ref.length).map((other) => other.ref);
    throw unknownRecord(type, ref, refs, wanted);
  }

  function add(input: RecordInput): RecordRow {
    const type = typeNamed(input.type, 'add');
    refuseEmpty(input.ref, 'reference of a record');
    refuseEmpty(input.name, 'name of a record');
    if (oneRecord.get(type.name, input.ref) !== undefined) {
      throw new StoreError(
        'duplicate',
        `There is a record "${input.ref}" of type "${input.type}" already. Choose another reference, or rename that one.`,
      );
    }
    written++;
    insertRecord.run({
      typeId: type.id,
      ref: input.ref,
      name: input.name,
      fields: JSON.stringify(input.fields),
      now: now(),
    });
    return recordOf(input.type, input.ref);
  }

  function change(record: RecordRow, name: string, fields: Readonly<Record<string, string>>): RecordRow {
    refuseEmpty(name, 'name of a record');
    written++;
    updateRecord.run({ id: record.id, name, fields: JSON.stringify(fields), now: now() });
    return recordOf(record.type, record.ref);
  }

  return {
    types: (): TypeRow[] => allTypes.all(),
    type: typeOf,
    addType(name: string, label: string): TypeRow {
      checkType(name, label);
      refuseTaken(name);
      durable(db, () => insertType.run(name, label, now()));
      return typeOf(name);
    },
    /** What is left out stays. The folders of its rules get their new names with the next look. */
    renameType: (name: string, change: { readonly name?: string; readonly label?: string }): TypeRow =>
      durable(db, () => {
        const type = typeOf(name);
        const next = { name: change.name ?? type.name, label: change.label ?? type.label };
        checkType(next.name, next.label);
        if (next.name !== type.name) refuseTaken(next.name);
        updateType.run({ ...next, id: type.id });
        return typeOf(next.name);
      }),
    /** Its rules go with it. A type that has records stays, and throws StoreError 'type-in-use'. */
    removeType: (name: string): TypeRow =>
      durable(db, () => {
        const type = typeOf(name);
        if (type.records > 0) {
          throw new StoreError('type-in-use', `The document type "${name}" has records. Remove them first.`);
        }
        removeType.run(type.id);
        return type;
      }),
    setTypeLabel: (name: string, label: string): void => {
      refuseEmpty(label, 'label of a document type');
      durable(db, () => setLabel.run(label, typeOf(name).name));
    },

    records: (type?: string): RecordRow[] =>
      (type === undefined ? allRecords.all() : recordsOfType.all(typeOf(type).name)).map(toRecord),
    /** Another text once any record may have changed: what was made of all of them has to be made anew. */
    recordsEpoch: (): string => `${written}:${String(db.pragma('data_version', { simple: true }))}`,
    record: recordOf,
    recordById: (id: number): RecordRow | null => {
      const row = recordById.get(id);
      return row === undefined ? null : toRecord(row);
    },
    /** In the order of their changes, after the one that is named by time and id. */
    recordsChangedSince: (
      type: string,
      time: number,
      id: number,
      limit: number,
    ): (RecordRow & { readonly changedAt: number })[] =>
      changedSince.all(type, time, id, limit).map((row) => ({ ...toRecord(row), changedAt: row.changedAt })),
    addRecord: (input: RecordInput): RecordRow => durable(db, () => add(input)),
    renameRecord: (type: string, ref: string, name: string): RecordRow =>
      durable(db, () => {
        const record = recordOf(type, ref);
        return change(record, name, record.fields);
      }),
    setRecordFields: (type: string, ref: string, fields: Readonly<Record<string, string>>): RecordRow =>
      durable(db, () => {
        const record = recordOf(type, ref);
        return change(record, record.name, { ...record.fields, ...fields });
      }),
    archiveRecord: (type: string, ref: string, archived = true): RecordRow =>
      durable(db, () => {
        written++;
        archive.run(archived ? 1 : 0, now(), recordOf(type, ref).id);
        return recordOf(type, ref);
      }),
    /** Its folder goes to the trash with the next observation. */
    removeRecord: (type: string, ref: string): RecordRow =>
      durable(db, () => {
        const record = recordOf(type, ref);
        written++;
        removeRecord.run(record.id);
        return record;
      }),
    /** All of them or none: an error of one names its place among them (from 0) and changes nothing. */
    putRecords: (inputs: readonly RecordInput[]): { readonly added: number; readonly updated: number } =>
      durable(db, () => {
        let added = 0;
        let updated = 0;
        for (const input of inputs) {
          const known = oneRecord.get(typeNamed(input.type, 'add').name, input.ref);
          if (known === undefined) {
            add(input);
            added++;
          } else {
            const record = toRecord(known);
            const fields = { ...record.fields, ...input.fields };
            if (record.name === input.name && JSON.stringify(fields) === JSON.stringify(record.fields)) continue;
            change(record, input.name, fields);
            updated++;
          }
        }
        return { added, updated };
      }),

    rules: (): RuleRow[] => allRules.all().map(toRule),
    addRule(input: RuleInput): RuleRow {
      const type = typeOf(input.type, 'add');
      const client = clientId.get(input.client);
      if (client === undefined) {
        throw unknownClient(
          input.client,
          clientNames.all().map(({ name }) => name),
          'add',
        );
      }
      const { filter, pattern, subfolders } = checkedRule(input);
      const parentRule = input.parentRule ?? null;
      if (parentRule !== null && !allRules.all().some((rule) => rule.id === parentRule)) {
        throw new StoreError(
          'unknown-rule',
          `There is no folder rule ${parentRule}. Name an existing one as the parent rule.`,
        );
      }
      const id = durable(db, () =>
        insertRule.run({
          typeId: type.id,
          clientId: client.id,
          filter,
          pattern,
          subfolders: JSON.stringify(subfolders),
          parentRule,
          now: now(),
        }),
      ).lastInsertRowid;
      const added = allRules.all().find((rule) => rule.id === Number(id));
      if (added === undefined) throw new Error('The rule was not stored.');
      return toRule(added);
    },
    /** What is left out stays. Folders get their new names with the next look; those that no longer match stay. */
    updateRule(id: number, change: RuleChange): RuleRow {
      const row = ruleWith(id);
      const { filter, pattern, subfolders } = checkedRule({
        filter: change.filter ?? row.filter ?? '',
        pattern: change.pattern ?? row.pattern,
        subfolders: change.subfolders ?? row.subfolders,
      });
      durable(db, () => {
        if (change.existing === true) askSpread.run(`${SPREAD}${id}`);
        updateRule.run({ id, filter, pattern, subfolders: JSON.stringify(subfolders) });
      });
      return ruleWith(id);
    },
    setRuleClient: (id: number, client: ClientId): void =>
      void durable(db, () => db.prepare('UPDATE rules SET client_id = ? WHERE id = ?').run(client, id)),
    /** The rules whose subfolders records that have a folder already shall get, too. */
    rulesToSpread: (): ReadonlySet<number> =>
      new Set(spreadAsked.all(`${SPREAD}%`).map(({ name }) => Number(name.slice(SPREAD.length)))),
    ruleIsSpread: (id: number): void => void spreadDone.run(`${SPREAD}${id}`),
    /** Its folders stay, as manual ones. */
    removeRule: (id: number): RuleRow => {
      const row = ruleWith(id);
      durable(db, () => removeRule.run(id));
      return row;
    },
  };
}

/** Throws StoreError 'bad-name'. */
function checkType(name: string, label: string): void {
  refuseEmpty(name, 'name of a document type');
  refuseEmpty(label, 'label of a document type');
  refuseUnreadable(name, 'The name of a document type');
  refuseUnreadable(label, 'The label of a document type');
  if (!name.includes('/')) return;
  throw new StoreError(
    'bad-name',
    `The document type "${name}" holds a "/". Choose a name without it, such as sale.order.`,
  );
}

/** Throws StoreError 'bad-filter', 'bad-pattern'. */
function checkedRule(input: RuleChange) {
  const filter = input.filter?.trim() ?? '';
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new StoreError('bad-filter', parsed.message);
  const pattern = input.pattern ?? '{name}';
  const parts = parsePattern(pattern);
  if (!parts.ok) throw new StoreError('bad-pattern', parts.message);
  const names = (input.subfolders ?? []).map((name) => name.trim()).filter((name) => name !== '');
  return { filter: filter === '' ? null : filter, pattern, subfolders: [...new Set(names)] };
}

/** Throws StoreError 'bad-name' for what no list can show: too long, or with control characters. `what` begins with "The". */
export function refuseUnreadable(text: string, what: string): void {
  if (text.length > LONGEST_NAME) {
    throw new StoreError('bad-name', `${what} is longer than ${LONGEST_NAME} characters. Choose a shorter one.`);
  }
  if (/\p{Cc}/u.test(text)) {
    throw new StoreError('bad-name', `${what} holds control characters, such as a line break. Leave them out.`);
  }
}

function refuseEmpty(text: string, what: string): void {
  if (text.trim() === '') throw new StoreError('bad-name', `The ${what} is empty. Give it a name.`);
}

/** What filters and patterns see of a record. */
export function fieldsOf(record: RecordRow): Record<string, string> {
  return { ...record.fields, ref: record.ref, name: record.name, archived: record.archived ? 'yes' : 'no' };
}

function toRecord(row: RawRecord): RecordRow {
  // Written by this module alone, as texts by name.
  return { ...row, fields: JSON.parse(row.fields) as Record<string, string>, archived: row.archived === 1 };
}

function toRule(row: RawRule): RuleRow {
  return { ...row, subfolders: JSON.parse(row.subfolders) as string[] };
}
