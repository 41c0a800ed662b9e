// An application service in memory for tests of the window alone: a small company, or one folder with very many files, or
// a store in trouble. What the window asks of it is answered at once; `tick` plays a pass.

import type { DocktideService } from '../../src-main/app/docktide.ts';
import { AppError } from '../../src-main/app/service.ts';
import type { NoticeView } from '../../src-shared/notify-views.ts';
import type { RelPath } from '../../src-shared/domain.ts';
import type { ClientView, EntryView, LogView, StatusView, TaskView } from '../../src-shared/views.ts';
import type { AppEvent } from '../../src-shared/views.ts';
import { NOTHING_DONE } from '../../src-shared/views.ts';
import { fakeFiles } from './window-fake-files.ts';

export type Scene = 'company' | 'large' | 'empty' | 'failing' | 'first-run';

const SUMMARY = {
  ...NOTHING_DONE,
  uploaded: 2,
  downloaded: 1,
  requests: 3,
  bytesUp: 2_000,
  bytesDown: 900,
  seconds: 0.4,
};

const LARGE = 30_000;
const HELD = 141;
const NOON = Date.parse('2026-11-20T12:00:00Z');

type Draft = Partial<EntryView> & { readonly path: string; readonly kind: 'file' | 'folder' };

function entries(scene: Scene): EntryView[] {
  const drafts: Draft[] = [];
  const folder = (path: string, role: EntryView['role']) => drafts.push({ path, kind: 'folder', role });
  const file = (path: string, size: number, state: EntryView['state'] = 'synced') =>
    drafts.push({ path, kind: 'file', size, state });
  if (scene === 'company' || scene === 'failing') company(folder, file, scene === 'failing');
  if (scene === 'large') {
    folder('Archive', 'manual');
    const states = ['synced', 'synced', 'synced', 'pending', 'uploading'] as const;
    const endings = ['pdf', 'png', 'csv', 'docx'];
    for (let n = 1; n <= LARGE; n++) {
      file(`Archive/Scan ${n}.${endings[n % 4]}`, 900 + ((n * 7919) % 4_000_000), states[n % 5]);
    }
  }
  const ids = new Map(drafts.map((draft, index) => [draft.path, index + 1]));
  return drafts.map((draft, index) => ({
    type: draft.kind === 'file' ? 'url' : null,
    url: null,
    size: null,
    contentHash: null,
    record: null,
    client: 'Office',
    state: 'synced',
    remoteId: null,
    rev: null,
    role: null,
    changedAt: draft.kind === 'file' ? new Date(NOON - index * 3_600_000).toISOString() : null,
    ...draft,
    id: index + 1,
    parentId: ids.get(draft.path.slice(0, Math.max(draft.path.lastIndexOf('/'), 0))) ?? null,
  }));
}

type AddFolder = (path: string, role: EntryView['role']) => unknown;
type AddFile = (path: string, size: number, state?: EntryView['state']) => unknown;

function company(folder: AddFolder, file: AddFile, failing: boolean): void {
  folder('General', 'manual');
  file('General/Company profile.pdf', 482_113);
  file('General/Logo.png', 38_221);
  file('General/Price list 2026.csv', 9_120, failing ? 'held' : 'synced');
  folder('Invoices', 'rule');
  folder('Quotations', 'rule');
  for (let n = 1; n <= 9; n++) {
    const record = `Quotations/SO00${n}`;
    folder(record, 'record');
    folder(`${record}/Contracts`, 'subfolder');
    folder(`${record}/Drawings`, 'subfolder');
    file(`${record}/Offer SO00${n}.pdf`, 120_400 + n, failing && n === 1 ? 'failed' : 'synced');
    file(`${record}/Delivery plan.xlsx`, 48_211, n === 1 ? 'uploading' : 'synced');
    file(`${record}/Photo of the site.jpg`, 2_104_331, n === 1 ? 'downloading' : 'freed');
    file(`${record}/Notes.txt`, 812, failing && n === 1 ? 'conflict' : 'pending');
    file(`${record}/Contracts/Signed contract.pdf`, 311_204);
    file(`${record}/Drawings/Ground floor.dwg`, 5_310_204);
  }
}

function tasks(scene: Scene): TaskView[] {
  const task = (id: number, state: TaskView['state'], path: string, more: Partial<TaskView> = {}): TaskView => ({
    id,
    client: 'Office',
    kind: 'remote.upload',
    direction: 'direct',
    path,
    from: null,
    reason: 'new here',
    state,
    attempts: 0,
    nextAttempt: null,
    error: null,
    errorCode: null,
    bytes: 120_400 * id,
    bytesDone: 50_000 * id,
    plannedAt: new Date(NOON).toISOString(),
    startedAt: new Date(NOON + 1_000).toISOString(),
    finishedAt: state === 'done' ? new Date(NOON + 60_000 * id).toISOString() : null,
    ...more,
  });
  if (scene === 'empty' || scene === 'first-run') return [];
  const list = [
    task(1, 'running', 'Quotations/SO001/Delivery plan.xlsx'),
    task(2, 'running', 'Quotations/SO001/Photo of the site.jpg', {
      kind: 'local.download',
      direction: 'backward',
      reason: 'changed in Dropbox',
    }),
    task(3, 'planned', 'Quotations/SO001/Notes.txt', { reason: 'changed here' }),
    task(4, 'done', 'General/Company profile.pdf'),
    task(5, 'done', 'General/Logo.png', { kind: 'local.download', direction: 'backward', reason: 'new in Dropbox' }),
  ];
  if (scene !== 'failing') return list;
  const failed = task(6, 'failed', 'Quotations/SO001/Offer SO001.pdf', {
    attempts: 8,
    nextAttempt: new Date(NOON + 86_400_000).toISOString(),
    error: 'Dropbox refuses the name of this file. Rename it and it is uploaded again.',
    errorCode: 'name-refused',
  });
  const held = task(7, 'held', 'General/Price list 2026.csv', {
    kind: 'remote.delete',
    reason: 'Deleted here, together with 140 others: this waits until a person agrees',
  });
  return [failed, held, ...list];
}

export function createFakeService(scene: Scene, dataFolder: string): DocktideService {
  let rows = entries(scene);
  let initialised = scene !== 'first-run';
  const queue = new Map(tasks(scene).map((task) => [task.id, task]));
  const listeners = new Set<(event: AppEvent) => void>();
  const emit = (event: AppEvent): void => {
    for (const listener of listeners) listener(event);
  };
  let held = scene === 'failing' ? HELD : 0;
  let client: ClientView | null = initialised ? fakeClient(scene) : null;
  const log: LogView[] = [...queue.values()].map((task) => logLine(task));

  const status = (): StatusView => {
    const files = rows.filter((row) => row.kind === 'file');
    const count = (state: EntryView['state']): number => files.filter((row) => row.state === state).length;
    const counts = {
      types: 2,
      records: 9,
      folders: rows.length - files.length,
      files: files.length,
      bytes: files.reduce((sum, row) => sum + (row.size ?? 0), 0),
      pending: count('pending') + count('uploading') + count('downloading'),
      held: count('held'),
      failed: count('failed'),
      conflicts: count('conflict'),
    };
    return {
      documents: '/home/ada/Documents/Docktide',
      clients: client ? [client] : [],
      counts,
      unconverted: [],
      handovers: [],
      backup: { schedule: null, next: null, last: null, waiting: 0, failure: null },
    };
  };
  const changeClient = (state: ClientView['state']): ClientView => {
    if (!client) throw new AppError('unknown-client', 'There is no client.');
    client = { ...client, state };
    emit({ kind: 'client-changed', client });
    return client;
  };
  const unused = (): never => {
    throw new AppError('not-in-fake', 'The stand-in service of this test does not do that.');
  };

  const known: Partial<DocktideService> = {
    dataFolder,
    initialised: () => initialised,
    init: () => {
      initialised = true;
      return Promise.resolve(status());
    },
    inspectDocuments: (documents) =>
      Promise.resolve({
        documents,
        exists: true,
        files: 0,
        folders: 0,
        more: false,
        free: 100_000_000_000,
        problem: documents.includes('read-only')
          ? { code: 'read-only', message: `The folder ${documents} cannot be written to.` }
          : null,
      }),
    typeSets: () => Promise.resolve([]),
    clientPhoto: () => Promise.resolve(null),
    status,
    tokensKept: () => 'owner-only-file',
    clients: () => (client ? [client] : []),
    addClient: (name, root, credentials) => {
      const state = credentials.kind === 'app-key' ? 'draft' : 'connected';
      client = { ...fakeClient('company'), name, root, state };
      return client;
    },
    connectClient: (name) => Promise.reject(new AppError('login-refused', `The login of ${name} was refused.`)),
    replaceToken: () => Promise.resolve(changeClient('connected')),
    pauseClient: () => changeClient('paused'),
    resumeClient: () => changeClient('connected'),
    removeClient: () => {
      const removed = client as ClientView;
      client = null;
      return removed;
    },
    ...fakeFiles({
      rows: () => rows,
      set(next) {
        rows = [...next];
        emit({ kind: 'entries-changed' });
      },
    }),
    list: (path) => rows.filter((row) => path === undefined || row.path === path || row.path.startsWith(`${path}/`)),
    childIds: (folderId, only, limit) =>
      rows
        .filter((row) => row.parentId === folderId && (only === 'all' || row.kind === 'folder'))
        .map((row) => row.id)
        .slice(0, limit),
    childCount: (folderId) => rows.filter((row) => row.parentId === folderId).length,
    entries: (ids) => {
      const wanted = new Set(ids);
      return rows.filter((row) => wanted.has(row.id));
    },
    children: (folderId) => rows.filter((row) => row.parentId === folderId),
    search: (text) =>
      rows
        .filter((row) => row.path.toLowerCase().includes(text.toLowerCase()))
        .slice(0, 60)
        .map(({ path, kind, record, id }) => ({ path, kind, record, id })),
    addFolder: (path) => {
      const made = { ...(entries('large')[0] as EntryView), id: rows.length + 1, path, parentId: null };
      rows = [...rows, made];
      emit({ kind: 'entries-changed' });
      return Promise.resolve(made);
    },
    sync: (options) => {
      // Deletions that wait go with the agreement of a person only.
      if (options?.yes === true) held = 0;
      if (scene === 'failing') emit({ kind: 'notice', notice: CONFLICT, elsewhere: false });
      rows = rows.map((row) => (row.state === 'pending' ? { ...row, state: 'synced' } : row));
      emit({ kind: 'entries-changed' });
      return Promise.resolve({ ...SUMMARY, errors: [] });
    },
    watch: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    queue: ({ finished = false } = {}) => [...queue.values()].filter((task) => (task.state === 'done') === finished),
    log: () => log,
    findLog: async () => ({ rows: log.toReversed(), before: null, upTo: log.length, lines: log.length }),
    history: (path) => log.filter((line) => line.path === path).map((line) => ({ ...line, from: null })),
    conflicts: () => [],
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
    trash: () => [],
    held: () => heldDeletions(held),
    refuseHeld: () => {
      const files = held;
      held = 0;
      emit({ kind: 'entries-changed' });
      return Promise.resolve([{ client: 'Office', here: files, dropbox: 0, missing: [] }]);
    },
    plan: () =>
      Promise.resolve([
        {
          client: 'Office',
          operations: [...queue.values()].filter((task) => task.state !== 'done'),
          held,
          problems:
            scene === 'failing' ? [{ path: 'a:b', reason: 'Dropbox does not take the name of "a:b". Rename it.' }] : [],
        },
      ]),
  };
  // What the window's tests do not ask for is refused, so that they need not know every capability.
  return new Proxy(known as DocktideService, {
    get: (target, name) => (name === 'then' || Reflect.has(target, name) ? Reflect.get(target, name) : unused),
  });
}

const CONFLICT: NoticeView = {
  id: 1,
  time: new Date(NOON).toISOString(),
  client: 'Office',
  kind: 'conflict',
  level: 'warning',
  state: null,
  reason: null,
  count: 1,
  paths: ['General/Logo.png'],
  message: 'Office: "General/Logo.png" was changed on both sides. Both versions are kept.',
  subscribed: true,
};

function heldDeletions(count: number): ReturnType<DocktideService['held']> {
  return Array.from({ length: count }, (_, index) => ({
    client: 'Office',
    side: 'dropbox',
    path: `General/Prices/List ${index + 1}.csv` as RelPath,
    kind: 'file',
    files: 1,
    bytes: 9_120 + index,
  }));
}

function fakeClient(scene: Scene): ClientView {
  const lost = scene === 'failing';
  return {
    name: 'Office',
    state: lost ? 'disconnected' : 'connected',
    reason: lost ? 'login-revoked' : null,
    root: 'ERP Documents',
    lastSync: scene === 'empty' ? null : new Date(NOON).toISOString(),
    pending: 0,
    held: 0,
    failed: 0,
    conflicts: 0,
  };
}

function logLine(task: TaskView): LogView {
  return {
    id: task.id,
    time: task.plannedAt,
    level: task.state === 'failed' ? 'error' : task.state === 'held' ? 'warning' : 'info',
    client: task.client,
    direction: task.direction,
    kind: task.kind,
    path: task.path,
    record: null,
    bytes: task.bytes,
    duration: 120,
    result: 'done',
    reason: task.error ?? task.reason,
    actor: null,
  };
}
