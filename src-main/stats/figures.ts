// The dashboard's figures (S23), each part to be asked for by itself. Reads the tables of sums that the triggers keep
// (store/migrations/figures.ts), so that the cost does not grow with the store. In: a store; out: plain views.
// Called by app/figures-service.ts.

import type { LocalId, TaskState } from '../../src-shared/domain.ts';
import type {
  Amount,
  ClientFigures,
  DuplicateFigures,
  ExtensionFigures,
  FigureOptions,
  FigurePart,
  FiguresView,
  FileFigure,
  Health,
  HealthProblem,
  QueueFigures,
  RecordFigures,
  StorageFigures,
  TypeFigures,
} from '../../src-shared/figures-views.ts';
import type { ClientSpaceView } from '../../src-shared/client-views.ts';
import { iso } from '../store/keepsakes.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { ClientRow } from '../engine/ports.ts';
import { activityFigures } from './activity.ts';
import { freeableAmounts } from './freeable.ts';
import { linkFigures } from './links.ts';

const DAY = 86_400_000;
const TOP = 10;
/** Places named of one group of duplicates. */
const PLACES = 10;
const NEARLY_FULL = 0.95;
const NOTHING: Amount = { files: 0, bytes: 0 };

/** What a part is computed from. */
interface Question {
  readonly store: DocumentStore;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly top: number;
  readonly client: ClientRow | null;
  readonly spaceOf: FigureParts['spaceOf'];
}

export interface FigureParts {
  readonly store: DocumentStore;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What is remembered of the room in a client's Dropbox. */
  readonly spaceOf: (client: string) => ClientSpaceView | null;
}

const PARTS: { readonly [P in FigurePart]: (question: Question) => FiguresView[P] } = {
  storage: storageFigures,
  clients: clientFigures,
  types: typeFigures,
  records: recordFigures,
  extensions: extensionFigures,
  largest: (question) => fileFigures(question, LARGEST),
  oldest: (question) => fileFigures(question, OLDEST),
  activity: ({ store, now, client }) => activityFigures(store.db, now, client?.name ?? null),
  queue: queueFigures,
  links: ({ store, now, client }) => linkFigures(store, client?.id ?? null, now),
  duplicates: duplicateFigures,
};

/** The parts that are asked for. Throws StoreError 'unknown-client'. */
export function figures<P extends FigurePart>(
  { store, now, spaceOf }: FigureParts,
  parts: readonly P[],
  options: FigureOptions = {},
): Pick<FiguresView, P> {
  const client = options.client === undefined ? null : store.sync.client(store.clients.get(options.client).id);
  const question: Question = { store, now, spaceOf, top: options.top ?? TOP, client };
  const answers = parts.map((part) => [part, PARTS[part](question)] as const);
  // Each part is answered by the function of that part.
  return Object.fromEntries(answers) as unknown as Pick<FiguresView, P>;
}

interface Row extends Amount {
  readonly key: number | string;
  readonly present: 0 | 1;
}

/** Sums by one column of the totals, and by whether the bytes are here. */
function sums({ store, client }: Question, column: 'client_id' | 'type_id' | 'extension'): Row[] {
  return store.db
    .prepare<[{ client: number | null }], Row>(
      `SELECT ${column} AS key, present, sum(files) AS files, sum(bytes) AS bytes FROM totals
       WHERE files > 0 AND (@client IS NULL OR client_id = @client) GROUP BY 1, 2`,
    )
    .all({ client: client?.id ?? null });
}

function amount(rows: readonly Amount[]): Amount {
  let [files, bytes] = [0, 0];
  for (const row of rows) {
    files += row.files;
    bytes += row.bytes;
  }
  return { files, bytes };
}

function storageFigures(question: Question): StorageFigures {
  const rows = sums(question, 'client_id');
  const freeable = freeableAmounts(question.store, question.now);
  const { client } = question;
  return {
    documents: amount(rows),
    local: amount(rows.filter((row) => row.present === 1)),
    freed: amount(rows.filter((row) => row.present === 0)),
    freeable: client === null ? amount([...freeable.values()]) : (freeable.get(client.id) ?? NOTHING),
    unassigned: amount(rows.filter((row) => row.key === 0)),
  };
}

function clientFigures(question: Question): ClientFigures[] {
  const { store, now, client: chosen, spaceOf } = question;
  const rows = sums(question, 'client_id');
  const freeable = freeableAmounts(store, now);
  const conflicts = new Map<string, number>();
  for (const { client } of store.keepsakes.openConflicts()) conflicts.set(client, (conflicts.get(client) ?? 0) + 1);
  const clients = chosen === null ? store.sync.clients() : [chosen];
  return clients.map((client) => {
    const own = rows.filter((row) => row.key === client.id);
    const counts = { ...store.listing.taskCounts(client.id), conflicts: conflicts.get(client.name) ?? 0 };
    const space = spaceOf(client.name);
    const problems = problemsOf(client, counts, space, now);
    return {
      name: client.name,
      state: client.state,
      reason: client.reason,
      lastSync: client.lastSync === null ? null : iso(client.lastSync),
      health: healthOf(client, counts.pending, problems),
      problems,
      space,
      documents: amount(own),
      local: amount(own.filter((row) => row.present === 1)),
      freed: amount(own.filter((row) => row.present === 0)),
      freeable: freeable.get(client.id) ?? NOTHING,
      ...counts,
    };
  });
}

function problemsOf(
  client: ClientRow,
  counts: { readonly held: number; readonly failed: number; readonly conflicts: number },
  space: ClientSpaceView | null,
  now: number,
): HealthProblem[] {
  const problems: HealthProblem[] = [];
  if (client.state === 'disconnected') problems.push('disconnected');
  if (counts.held > 0) problems.push('held');
  if (counts.failed > 0) problems.push('failed');
  if (counts.conflicts > 0) problems.push('conflicts');
  if (client.state === 'connected' && client.lastSync !== null && now - client.lastSync > DAY) problems.push('late');
  const full =
    space !== null &&
    ((space.allowed !== null && space.allowed > 0 && space.used > NEARLY_FULL * space.allowed) ||
      (space.team !== null && space.team.allowed > 0 && space.team.used > NEARLY_FULL * space.team.allowed));
  if (full) problems.push('nearly-full');
  return problems;
}

function healthOf(client: ClientRow, pending: number, problems: readonly HealthProblem[]): Health {
  if (client.state !== 'connected' && client.state !== 'resetting') return 'stopped';
  if (problems.length > 0) return 'attention';
  return pending > 0 || client.state === 'resetting' || client.lastSync === null ? 'working' : 'good';
}

function typeFigures(question: Question): TypeFigures[] {
  const types = new Map(question.store.catalog.types().map((type) => [type.id, type]));
  return byKey(sums(question, 'type_id')).map(({ key, rows }) => {
    const type = types.get(Number(key));
    const local = amount(rows.filter((row) => row.present === 1));
    return { type: type?.name ?? null, label: type?.label ?? null, ...amount(rows), local };
  });
}

function extensionFigures(question: Question): ExtensionFigures[] {
  return byKey(sums(question, 'extension')).map(({ key, rows }) => ({ extension: String(key), ...amount(rows) }));
}

/** The heaviest first. */
function byKey(rows: readonly Row[]): { readonly key: number | string; readonly rows: readonly Row[] }[] {
  const keys = [...new Set(rows.map((row) => row.key))];
  return keys
    .map((key) => ({ key, rows: rows.filter((row) => row.key === key) }))
    .sort((a, b) => amount(b.rows).bytes - amount(a.rows).bytes);
}

interface RecordRow extends Amount {
  readonly record: string;
  readonly name: string;
  readonly folder: LocalId | null;
}

function recordFigures({ store, top, client }: Question): RecordFigures[] {
  const rows = store.db
    .prepare<[{ client: number | null; top: number }], RecordRow>(
      `SELECT types.name || '/' || records.ref AS record, records.name, record_totals.files, record_totals.bytes,
         (SELECT min(id) FROM entries WHERE role = 'record' AND record_id = records.id) AS folder
       FROM record_totals JOIN records ON records.id = record_totals.record_id JOIN types ON types.id = records.type_id
       WHERE record_totals.files > 0 AND (@client IS NULL OR EXISTS (
         SELECT 1 FROM entries JOIN folder_facts ON folder_facts.folder_id = entries.id
         WHERE entries.role = 'record' AND entries.record_id = records.id AND folder_facts.client_id = @client))
       ORDER BY record_totals.bytes DESC LIMIT @top`,
    )
    .all({ client: client?.id ?? null, top });
  return rows.map(({ record, name, files, bytes, folder }) => ({
    record,
    name,
    files,
    bytes,
    folder: folder === null ? null : store.entries.pathOf(folder),
    folderId: folder,
  }));
}

const LARGEST = `SELECT * FROM file_facts WHERE (@client IS NULL OR client_id = @client) ORDER BY size DESC LIMIT @top`;
/** The index is by whether the bytes are here, then by time: each half gives its oldest. */
const OLDEST = `SELECT * FROM (${[1, 0]
  .map(
    (present) => `SELECT * FROM (SELECT * FROM file_facts WHERE present = ${present}
      AND (@client IS NULL OR client_id = @client) ORDER BY used LIMIT @top)`,
  )
  .join(' UNION ALL ')}) ORDER BY used LIMIT @top`;

interface FactRow {
  readonly entry_id: LocalId;
  readonly client_id: number;
  readonly record_id: number;
  readonly size: number;
  readonly present: 0 | 1;
  readonly used: number;
}

function fileFigures({ store, top, client }: Question, query: string): FileFigure[] {
  const names = new Map<number, string>(store.sync.clients().map((one) => [one.id, one.name]));
  const rows = store.db
    .prepare<[{ client: number | null; top: number }], FactRow>(query)
    .all({ client: client?.id ?? null, top });
  return rows.map((row) => {
    const record = store.catalog.recordById(row.record_id);
    return {
      id: row.entry_id,
      path: store.entries.pathOf(row.entry_id),
      size: row.size,
      client: names.get(row.client_id) ?? null,
      record: record === null ? null : `${record.type}/${record.ref}`,
      local: row.present === 1,
      usedAt: iso(row.used),
    };
  });
}

function queueFigures({ store, client }: Question): QueueFigures[] {
  return store.db
    .prepare<[{ client: number | null }], { client: string; state: TaskState; tasks: number; bytes: number }>(
      `SELECT clients.name AS client, queue_totals.state, tasks, bytes
       FROM queue_totals JOIN clients ON clients.id = client_id
       WHERE tasks > 0 AND (@client IS NULL OR client_id = @client) ORDER BY clients.id, queue_totals.state`,
    )
    .all({ client: client?.id ?? null });
}

function duplicateFigures({ store, top }: Question): DuplicateFigures {
  const tally = store.db.prepare<[string], { value: number }>('SELECT value FROM tallies WHERE name = ?');
  const places = store.db.prepare<[string], { id: LocalId }>(
    `SELECT id FROM entries WHERE hash = ? AND kind = 'file' LIMIT ${PLACES}`,
  );
  const groups = store.db
    .prepare<[number], { hash: string; size: number; files: number; wasted: number }>(
      'SELECT hash, size, files, wasted FROM duplicates ORDER BY wasted DESC LIMIT ?',
    )
    .all(top);
  return {
    groups: tally.get('duplicates.groups')?.value ?? 0,
    files: tally.get('duplicates.files')?.value ?? 0,
    wasted: tally.get('duplicates.bytes')?.value ?? 0,
    top: groups.map((group) => ({
      ...group,
      places: places.all(group.hash).map(({ id }) => ({ id, path: store.entries.pathOf(id) })),
    })),
  };
}
