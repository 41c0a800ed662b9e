// `record import`: a CSV file becomes records, updated by their reference; all of them or none, unless a person wants the
// right lines only. A preview tells what would be done and writes nothing. Called by docktide.ts.

import { readColumns, readRecords, BadHeader, type ReadRecord } from '../import/read-records.ts';
import { AppError } from './service.ts';
import type { ImportChange, ImportOptions, ImportProblem, ImportReport } from '../../src-shared/import-views.ts';
import type { RecordRow } from '../store/catalog.ts';
import type { DocumentStore } from '../store/open-store.ts';

/** Told one by one; of more only the number. */
const NAMED = 5;
const LISTED = 100;

/** Throws AppError 'missing-file', 'unreadable-file', 'bad-csv', which names the lines, 'unknown-type'. */
export async function importRecords(store: DocumentStore, file: string, options: ImportOptions): Promise<ImportReport> {
  const { good, problems, unknownType } = await read(store, file, options);
  if (problems.length > 0 && options.skipErrors !== true && options.preview !== true) {
    if (problems.length === 1 && unknownType !== null) throw unknownType;
    throw new AppError('bad-csv', `${file}: ${named(problems)}. Nothing was imported.`);
  }
  const report = plan(store, good);
  const skipped = problems.length;
  const errors = problems.slice(0, LISTED);
  if (options.preview === true) return { ...report, skipped, errors, preview: true };
  const { added, updated } = store.catalog.putRecords(good.map(({ record }) => record));
  return {
    added,
    updated,
    ...(report.unchanged > 0 ? { unchanged: report.unchanged } : {}),
    ...(skipped > 0 ? { skipped, errors } : {}),
  };
}

/** Throws AppError 'missing-file', 'unreadable-file', 'bad-csv'. */
export async function importColumns(file: string): Promise<readonly string[]> {
  try {
    return await readColumns(file, {});
  } catch (error) {
    throw asImportError(error, file);
  }
}

interface Read {
  readonly good: readonly ReadRecord[];
  readonly problems: readonly ImportProblem[];
  /** The error of a single line that names a type that is not there. */
  readonly unknownType: Error | null;
}

async function read(store: DocumentStore, file: string, options: ImportOptions): Promise<Read> {
  const types = new Set(store.catalog.types().map((type) => type.name));
  if (options.type !== undefined) store.catalog.type(options.type, 'add');
  const good: ReadRecord[] = [];
  const problems: ImportProblem[] = [];
  let unknownType: Error | null = null;
  try {
    for await (const line of readRecords(file, options)) {
      if ('message' in line) problems.push(line);
      else if (types.has(line.record.type)) good.push(line);
      else {
        unknownType = errorOf(() => store.catalog.type(line.record.type, 'add'));
        problems.push({
          line: line.line,
          message: `line ${line.line} names the unknown document type "${line.record.type}"`,
        });
      }
    }
  } catch (error) {
    throw asImportError(error, file);
  }
  return { good, problems, unknownType };
}

function errorOf(work: () => unknown): Error | null {
  try {
    work();
    return null;
  } catch (error) {
    return error as Error;
  }
}

function asImportError(error: unknown, file: string): unknown {
  if (error instanceof BadHeader) return new AppError('bad-csv', `${file}: ${error.message}. Nothing was imported.`);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new AppError('missing-file', `There is no file ${file}. Check the path.`);
  if (code === 'EISDIR') return new AppError('unreadable-file', `${file} is a folder. Name a CSV file.`);
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
    return new AppError('unreadable-file', `${file} cannot be read: ${message}.`, { cause: error });
  }
  return error;
}

function named(problems: readonly ImportProblem[]): string {
  const words = problems.slice(0, NAMED).map((problem) => problem.message);
  const more = problems.length - words.length;
  return `${words.join('; ')}${more > 0 ? `; and ${more} more lines are wrong` : ''}`;
}

function plan(store: DocumentStore, good: readonly ReadRecord[]) {
  const known = new Map<string, RecordRow>(
    store.catalog.records().map((record) => [`${record.type}/${record.ref}`, record]),
  );
  const counts = { added: 0, updated: 0, unchanged: 0 };
  const changes: ImportChange[] = [];
  for (const { line, record } of good) {
    const key = `${record.type}/${record.ref}`;
    const before = known.get(key);
    const same =
      before !== undefined &&
      before.name === record.name &&
      Object.entries(record.fields).every(([field, value]) => before.fields[field] === value);
    if (same) {
      counts.unchanged++;
      continue;
    }
    counts[before === undefined ? 'added' : 'updated']++;
    if (changes.length < LISTED) {
      changes.push({ line, record: key, name: record.name, change: before === undefined ? 'add' : 'update' });
    }
  }
  return { ...counts, changes };
}
