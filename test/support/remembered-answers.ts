// A database whose SELECTs are answered from memory until a table that they read is written: the engine asks the same
// things again and again between two writes, which costs the simulation most of its time. What a statement reads and
// writes, by itself and by triggers and references, is told by SQLite. Called by store-pool.ts.

import type { Db } from '../../src-main/store/database.ts';

/** How often a table was written. */
interface Writes {
  count: number;
}

interface Opcode {
  readonly opcode: string;
  readonly p1: number;
  readonly p2: number;
  readonly p3: number;
}

type Method = (...values: unknown[]) => unknown;

/** What is prepared from here on is prepared once and remembers its answers. Rows are shared, and frozen. */
export function rememberAnswers(db: Db): void {
  const prepare = db.prepare.bind(db) as (
    source: string,
  ) => Record<'run' | 'get' | 'all', Method> & { reader: boolean; pluck: () => unknown };
  const tables = new Map<number, Writes>();
  const byName = new Map<string, Writes>();
  for (const { root, name } of prepare('SELECT rootpage AS root, tbl_name AS name FROM sqlite_schema').all() as {
    root: number;
    name: string;
  }[]) {
    const writes = byName.get(name) ?? { count: 0 };
    byName.set(name, writes);
    tables.set(root, writes);
  }
  const everything = (): void => {
    for (const writes of byName.values()) writes.count++;
  };

  const known = new Map<string, unknown>();
  const remembering = (source: string, isPlucked: boolean): unknown => {
    const statement = prepare(source);
    if (isPlucked) statement.pluck();
    const used = explained(prepare, source).flatMap(({ opcode, p1, p2, p3 }) => {
      const root = opcode === 'Clear' ? p1 : p2;
      const isTable = opcode === 'OpenRead' || ((opcode === 'OpenWrite' || opcode === 'Clear') && p3 === 0);
      const table = isTable ? tables.get(root) : undefined;
      return table === undefined ? [] : [{ table, written: opcode !== 'OpenRead' }];
    });
    const read = [...new Set(used.map(({ table }) => table))];
    const written = [...new Set(used.filter((one) => one.written).map(({ table }) => table))];
    if (written.length > 0 || !statement.reader) {
      const wrote = (): void => {
        for (const writes of written) writes.count++;
      };
      const noting =
        (method: Method): Method =>
        (...values) => {
          wrote();
          return method.apply(statement, values);
        };
      /** What changed no row has fired no trigger either. */
      const run: Method = (...values) => {
        let changes = 1;
        try {
          const result = statement.run(...values) as { changes: number };
          ({ changes } = result);
          return result;
        } finally {
          if (changes > 0) wrote();
        }
      };
      return { run, get: noting(statement.get), all: noting(statement.all) };
    }
    return {
      get: remembered(statement, statement.get, read),
      all: remembered(statement, statement.all, read),
      // Of the first column alone: another statement, so that it does not change this one.
      pluck: () => prepared(source, true),
    };
  };
  const prepared = (source: string, isPlucked: boolean): unknown => {
    const key = `${isPlucked ? 'pluck ' : ''}${source}`;
    let statement = known.get(key);
    if (statement === undefined) known.set(key, (statement = remembering(source, isPlucked)));
    return statement;
  };
  db.prepare = ((source: string) => prepared(source, false)) as typeof db.prepare;

  const exec = db.exec.bind(db);
  db.exec = (source) => {
    everything();
    return exec(source);
  };
  const transaction = db.transaction.bind(db) as (work: Method) => { immediate: Method };
  db.transaction = ((work: Method) => {
    const { immediate } = transaction(work);
    return {
      immediate: (...values: unknown[]) => {
        try {
          return immediate(...values);
        } catch (error) {
          // What was written is taken back.
          everything();
          throw error;
        }
      },
    };
  }) as unknown as typeof db.transaction;
}

function explained(prepare: (source: string) => { all: Method }, source: string): Opcode[] {
  const bare = source.replaceAll(/--.*|'[^']*'|"[^"]*"/g, '');
  const named = Object.fromEntries(Array.from(bare.matchAll(/@(\w+)/g), ([, name]) => [name, null]));
  const values: unknown[] = Array.from(bare.matchAll(/\?/g), () => null);
  if (Object.keys(named).length > 0) values.push(named);
  return prepare(`EXPLAIN ${source}`).all(...values) as Opcode[];
}

function remembered(statement: object, method: Method, read: readonly Writes[]): Method {
  const answers = new Map<unknown, unknown>();
  let of = -1;
  return (...values) => {
    // Counts only rise, so that their sum tells whether any has.
    let now = 0;
    for (const writes of read) now += writes.count;
    if (now !== of) {
      answers.clear();
      of = now;
    }
    const key = keyOf(values);
    const earlier = answers.get(key);
    if (earlier !== undefined || answers.has(key)) return earlier;
    const answer = method.apply(statement, values);
    if (Array.isArray(answer)) answer.forEach(Object.freeze);
    answers.set(key, Object.freeze(answer));
    return answer;
  };
}

function keyOf(values: readonly unknown[]): unknown {
  if (values.length === 0) return undefined;
  if (values.length === 1 && typeof values[0] !== 'object') return values[0];
  return values.length === 2 && typeof values[0] === 'number' && typeof values[1] === 'string'
    ? `${values[0]} ${values[1]}`
    : JSON.stringify(values);
}
