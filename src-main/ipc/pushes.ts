// What the main process sends to the window: collected, merged, and sent at most ten times a second, a bounded amount
// each time, so that neither a pass over 20,000 files nor a folder of 30,000 makes the window stutter.

import type { Push, PushOf } from '../../src-shared/ipc-contract.ts';
import type { RemoteEntry } from '../../src-shared/ipc/demo.ts';
import type { Row, Scope } from '../../src-shared/ipc/documents.ts';
import type { LogLine } from '../../src-shared/ipc/log.ts';
import type { Task } from '../../src-shared/ipc/sync.ts';

const INTERVAL_MS = 100;
const ROWS_PER_BATCH = 2_000;
const TASKS_PER_BATCH = 400;
const LOG_LINES_KEPT = 400;
const EACH_PER_BATCH = 2;

export interface Pushes {
  app(app: PushOf<'app'>['app']): void;
  rows(change: {
    readonly folderId: number | null;
    readonly scope: Scope;
    readonly upserts: readonly Row[];
    readonly removed: readonly string[];
    readonly total: number;
  }): void;
  task(task: Task): void;
  progress(progress: Omit<PushOf<'progress'>, 'kind'>): void;
  log(line: LogLine): void;
  remote(upserts: readonly RemoteEntry[], removed: readonly string[]): void;
  /** For any feature: of several with the same key only the last one is sent. */
  latest(key: string, push: Push): void;
  /** For any feature: sent one after the other, at most two large ones in a batch. */
  each(push: Push): void;
  /** Resolves once all rows that wait now have been sent. */
  rowsSent(): Promise<void>;
  /** Forgets what was not sent yet. */
  clear(): void;
  close(): void;
}

type RowsPush = PushOf<'rows'>;

/** `send` gets one batch; nothing is kept back longer than needed to obey the limits. */
export function createPushes(send: (batch: readonly Push[]) => void): Pushes {
  let app: PushOf<'app'> | null = null;
  let rows: RowsPush[] = [];
  let tasks = new Map<number, Task>();
  let progress = new Map<string, Push>();
  let lines: LogLine[] = [];
  let remote: Push[] = [];
  let latest = new Map<string, Push>();
  let each: Push[] = [];
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | null = null;

  const pending = (): boolean =>
    app !== null ||
    rows.length + tasks.size + progress.size + lines.length + remote.length + latest.size + each.length > 0;

  const takeTasks = (): Task[] => {
    const taken = [...tasks.values()].slice(0, TASKS_PER_BATCH);
    for (const task of taken) tasks.delete(task.id);
    return taken;
  };

  const takeRows = (): RowsPush[] => {
    const taken: RowsPush[] = [];
    let room = ROWS_PER_BATCH;
    while (rows[0] !== undefined && (room >= rows[0].upserts.length || taken.length === 0)) {
      room -= rows[0].upserts.length;
      taken.push(rows[0]);
      rows = rows.slice(1);
    }
    return taken;
  };

  const flush = (): void => {
    timer = null;
    const batch: Push[] = [...takeRows(), ...progress.values(), ...remote, ...latest.values()];
    batch.push(...each.slice(0, EACH_PER_BATCH));
    each = each.slice(EACH_PER_BATCH);
    const taken = takeTasks();
    if (taken.length > 0) batch.push({ kind: 'tasks', tasks: taken });
    if (lines.length > 0) batch.push({ kind: 'log', rows: lines });
    if (app !== null) batch.push(app);
    progress = new Map();
    remote = [];
    latest = new Map();
    lines = [];
    app = null;
    send(batch);
    if (rows.length === 0) release();
    if (pending()) schedule();
  };

  const release = (): void => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  const schedule = (): void => {
    timer ??= setTimeout(flush, INTERVAL_MS);
  };

  return {
    app(view) {
      app = { kind: 'app', app: view };
      schedule();
    },
    rows({ folderId, scope, upserts, removed, total }) {
      const head = { kind: 'rows', folderId, scope, total } as const;
      for (let at = 0; at === 0 || at < upserts.length; at += ROWS_PER_BATCH) {
        const part = upserts.slice(at, at + ROWS_PER_BATCH);
        rows = [...rows, { ...head, upserts: part, removed: at === 0 ? [...removed] : [] }];
      }
      schedule();
    },
    task(task) {
      tasks.set(task.id, task);
      schedule();
    },
    progress(state) {
      progress.set(state.client, { kind: 'progress', ...state });
      schedule();
    },
    log(line) {
      lines = [...lines.slice(1 - LOG_LINES_KEPT), line];
      schedule();
    },
    remote(upserts, removed) {
      remote.push({ kind: 'remote', upserts: [...upserts], removed: [...removed] });
      schedule();
    },
    latest(key, push) {
      latest.set(key, push);
      schedule();
    },
    each(push) {
      each = [...each, push];
      schedule();
    },
    rowsSent: () =>
      rows.length === 0 ? Promise.resolve() : new Promise((resolve) => (waiting = [...waiting, resolve])),
    clear() {
      release();
      app = null;
      latest = new Map();
      each = [];
      rows = [];
      tasks = new Map();
      progress = new Map();
      lines = [];
      remote = [];
    },
    close() {
      release();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
