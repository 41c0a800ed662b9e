// What people have decided about folders: how long bytes stay here, which way documents flow, what is ignored, which
// client a folder is on its way to. Plain rows; the engine's policy (app/policy.ts) and the cleaner read them.

import type { ClientId, LocalId, RelPath } from '../../src-shared/domain.ts';
import { durable, type Db } from './database.ts';
import type { Entries } from './entries.ts';
import { StoreError } from './errors.ts';
import { LEFT_AT } from './remote-rows.ts';

/** How long the bytes of documents stay here once they are safely in Dropbox. */
export type Keep =
  { readonly kind: 'always' } | { readonly kind: 'links' } | { readonly kind: 'days'; readonly days: number };
export type Flow = 'both' | 'up' | 'down' | 'off';

export const DEFAULT_KEEP: Keep = { kind: 'days', days: 30 };

export interface FolderDecision<T> {
  readonly path: RelPath;
  readonly value: T;
}

export interface Handover {
  readonly entryId: LocalId;
  readonly from: ClientId;
  readonly to: ClientId;
}

export type Keeping = ReturnType<typeof createKeeping>;

/** `always`, `links` or a number of days. Throws StoreError 'bad-policy'. */
export function parseKeep(text: string): Keep {
  if (text === 'always' || text === 'links') return { kind: text };
  const days = /^(?:days:)?(\d{1,5})$/.exec(text)?.[1];
  if (days !== undefined) return { kind: 'days', days: Number(days) };
  throw new StoreError('bad-policy', `"${text}" is no policy. Use "always", "links" or a number of days, such as 30.`);
}

export function keepText(keep: Keep): string {
  return keep.kind === 'days' ? `days:${keep.days}` : keep.kind;
}

export function createKeeping(db: Db, entries: Entries) {
  const setKeep = db.prepare('UPDATE entries SET keep = ? WHERE id = ?');
  const setFlow = db.prepare('UPDATE entries SET flow = ? WHERE id = ?');
  const kept = db.prepare<[], { id: LocalId; keep: string }>('SELECT id, keep FROM entries WHERE keep IS NOT NULL');
  const flows = db.prepare<[], { id: LocalId; flow: Flow }>('SELECT id, flow FROM entries WHERE flow IS NOT NULL');
  const setUsed = db.prepare('UPDATE entries SET used_at = ? WHERE id = ?');
  const getMeta = db.prepare<[], { value: string }>(`SELECT value FROM meta WHERE key = 'ignore'`);
  const setMeta = db.prepare(
    `INSERT INTO meta VALUES ('ignore', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  );
  // Of no entry in particular: everything is planned anew.
  const bumpLocal = db.prepare('INSERT INTO local_changes (entry_id) VALUES (0)');
  const handovers = db.prepare<[], { entry_id: LocalId; from_client: ClientId; to_client: ClientId }>(
    'SELECT entry_id, from_client, to_client FROM handovers ORDER BY started_at',
  );
  const addHandover = db.prepare(
    `INSERT INTO handovers VALUES (?, ?, ?, ?) ON CONFLICT (entry_id) DO UPDATE SET to_client = excluded.to_client`,
  );
  const endHandover = db.prepare('DELETE FROM handovers WHERE entry_id = ?');
  const detach = db.prepare('INSERT INTO detached VALUES (?, ?) ON CONFLICT DO NOTHING');
  const detachedIds = db.prepare<[number], { id: string }>(
    'SELECT remote_id AS id FROM detached WHERE client_id = ? ORDER BY remote_id',
  );
  const reattach = db.prepare('DELETE FROM detached WHERE client_id = ? AND remote_id = ?');
  const beginReset = db.prepare(`INSERT INTO meta VALUES ('reset:' || ?, '1') ON CONFLICT (key) DO NOTHING`);
  const endReset = db.prepare(`DELETE FROM meta WHERE key = 'reset:' || ?`);
  const openReset = db.prepare<[number], { value: string }>(`SELECT value FROM meta WHERE key = 'reset:' || ?`);
  const noteUnconverted = db.prepare(
    'INSERT INTO unconverted VALUES (?, ?, ?) ON CONFLICT (client_id, path) DO UPDATE SET reason = excluded.reason',
  );
  const unconverted = db.prepare<[], { client: string; path: RelPath; reason: string }>(
    `SELECT clients.name AS client, path, unconverted.reason FROM unconverted JOIN clients ON clients.id = client_id
     ORDER BY path`,
  );
  const forgetUnconverted = db.prepare('DELETE FROM unconverted WHERE client_id = ?');

  return {
    /** Null: as the folder above. */
    setKeep: (id: LocalId, keep: Keep | null): void =>
      void durable(db, () => setKeep.run(keep === null ? null : keepText(keep), id)),
    setFlow: (id: LocalId, flow: Flow | null): void => void durable(db, () => setFlow.run(flow, id)),
    keeps: (): FolderDecision<Keep>[] =>
      kept.all().map(({ id, keep }) => ({ path: entries.pathOf(id), value: parseKeep(keep) })),
    flows: (): FolderDecision<Flow>[] => flows.all().map(({ id, flow }) => ({ path: entries.pathOf(id), value: flow })),
    used: (id: LocalId, time: number): void => void setUsed.run(time, id),

    /** Patterns in gitignore syntax. */
    ignorePatterns(): readonly string[] {
      const value = getMeta.get()?.value;
      // Written by this program alone, right below.
      return value === undefined ? [] : (JSON.parse(value) as string[]);
    },
    /** The next pass looks at everything again. */
    setIgnorePatterns(patterns: readonly string[]): void {
      durable(db, () => {
        setMeta.run(JSON.stringify(patterns));
        bumpLocal.run();
      });
    },

    /** Lets the next pass plan although no document has changed. */
    touch: (): void => void bumpLocal.run(),
    handovers: (): Handover[] =>
      handovers.all().map((row) => ({ entryId: row.entry_id, from: row.from_client, to: row.to_client })),
    startHandover: (handover: Handover, time: number): void =>
      void durable(db, () => addHandover.run(handover.entryId, handover.from, handover.to, time)),
    endHandover: (id: LocalId): void => void endHandover.run(id),
    detach: (client: ClientId, remoteId: string): void => void detach.run(client, remoteId),
    /** Left behind while it is not known what lies there; told by its id as soon as Dropbox is listed again. */
    detachAt: (client: ClientId, path: RelPath): void => void detach.run(client, `${LEFT_AT}${path}`),
    /** Dropbox ids of the folders that a client has left behind, or their places after LEFT_AT. */
    detached: (client: ClientId): string[] => detachedIds.all(client).map(({ id }) => id),
    reattach: (client: ClientId, remoteId: string): void => void reattach.run(client, remoteId),

    /** A reset stands until everything is back, whatever becomes of the client's state meanwhile. */
    startReset: (client: ClientId): void => void durable(db, () => beginReset.run(client)),
    endReset: (client: ClientId): void => void endReset.run(client),
    isResetting: (client: ClientId): boolean => openReset.get(client) !== undefined,

    noteUnconverted: (client: ClientId, path: RelPath, reason: string): void =>
      void noteUnconverted.run(client, path, reason),
    unconverted: (): { client: string; path: RelPath; reason: string }[] => unconverted.all(),
    forgetUnconverted: (client: ClientId): void => void forgetUnconverted.run(client),
  };
}

/** The decision of the nearest folder at or above a path that has one. */
export function nearestDecision<T>(decisions: ReadonlyMap<string, T>, path: RelPath, fallback: T): T {
  if (decisions.size === 0) return fallback;
  for (let at: string = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const found = decisions.get(at);
    if (found !== undefined) return found;
    if (at === '') return fallback;
  }
}
