// Every call that the window makes of the main process, and every event that the main process sends to the window.
// Arguments and results are checked against these schemas in both processes. The window names folders and files by row
// id; it never sees an absolute path, but the documents folder's own path, which it shows.

import { z } from 'zod';

// ------------------------------------------------------------------ shapes
const direction = z.enum(['direct', 'backward', 'reverse']);
const syncState = z.enum([
  'synced',
  'pending',
  'uploading',
  'downloading',
  'held',
  'failed',
  'conflict',
  'freed',
  'ignored',
  'unassigned',
]);

const folderId = z.number().int().nullable();

/** One file or folder of a folder's listing. */
export const rowSchema = z.object({
  id: z.number().int(),
  kind: z.enum(['file', 'folder']),
  name: z.string(),
  /** Bytes; null for folders. */
  size: z.number().nullable(),
  /** ISO 8601, UTC. */
  changedAt: z.string().nullable(),
  state: syncState,
  client: z.string().nullable(),
  record: z.string().nullable(),
  role: z.enum(['rule', 'record', 'subfolder', 'manual']).nullable(),
  /** Address of the document in Dropbox, where it has one. */
  url: z.string().nullable(),
});
export type Row = z.infer<typeof rowSchema>;

/** `folder:12` or `file:12`: folders and files are numbered apart. */
export type RowKey = `${'file' | 'folder'}:${number}`;

export function rowKey(row: { readonly kind: 'file' | 'folder'; readonly id: number }): RowKey {
  return `${row.kind}:${row.id}`;
}

export const clientSchema = z.object({
  name: z.string(),
  state: z.enum(['draft', 'connected', 'paused', 'disconnected', 'resetting']),
  reason: z
    .enum(['login-revoked', 'permission-missing', 'no-network', 'account-full', 'root-gone', 'paused-by-person'])
    .nullable(),
  root: z.string(),
  lastSync: z.string().nullable(),
  pending: z.number(),
  held: z.number(),
  failed: z.number(),
  conflicts: z.number(),
});
export type ClientLine = z.infer<typeof clientSchema>;

const countsSchema = z.object({
  types: z.number(),
  records: z.number(),
  folders: z.number(),
  files: z.number(),
  bytes: z.number(),
  pending: z.number(),
  held: z.number(),
  failed: z.number(),
  conflicts: z.number(),
});

const problemSchema = z.object({ code: z.string(), message: z.string() });
export type Problem = z.infer<typeof problemSchema>;

/** Everything small that the whole window needs; sent anew when a part of it changes. */
export const appSchema = z.object({
  phase: z.enum(['first-run', 'ready']),
  demo: z.boolean(),
  version: z.string(),
  platform: z.string(),
  /** The documents folder, for display; before `setup.init` the one that would be taken. */
  documents: z.string(),
  clients: z.array(clientSchema),
  counts: countsSchema,
  /** Names of the clients that a pass works on now. */
  passing: z.array(z.string()),
  /** What went wrong last, by client; `''` stands for the whole store. */
  problems: z.array(problemSchema.extend({ client: z.string() })),
  /** Where tokens are kept. */
  tokensKept: z.enum(['owner-only-file', 'keyring']),
  /** To be registered with the Dropbox app, for the login in the browser. */
  redirectAddresses: z.array(z.string()),
  /** A login waits for the person in the browser. */
  loginWaits: z.boolean(),
});
export type AppView = z.infer<typeof appSchema>;

export const taskSchema = z.object({
  id: z.number().int(),
  client: z.string(),
  kind: z.string(),
  direction,
  path: z.string(),
  from: z.string().nullable(),
  reason: z.string(),
  state: z.enum(['planned', 'blocked', 'running', 'done', 'stale', 'retry', 'held', 'failed']),
  attempts: z.number(),
  nextAttempt: z.string().nullable(),
  error: z.string().nullable(),
  bytes: z.number(),
  bytesDone: z.number(),
  plannedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
export type Task = z.infer<typeof taskSchema>;

export const logSchema = z.object({
  id: z.number().int(),
  time: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  client: z.string().nullable(),
  direction: direction.nullable(),
  kind: z.string(),
  path: z.string().nullable(),
  record: z.string().nullable(),
  bytes: z.number().nullable(),
  duration: z.number().nullable(),
  result: z.enum(['done', 'held', 'retry', 'failed', 'note']),
  reason: z.string(),
});
export type LogLine = z.infer<typeof logSchema>;

export const hitSchema = z.object({
  path: z.string(),
  kind: z.enum(['file', 'folder', 'record']),
  record: z.string().nullable(),
  id: z.number().int(),
});
export type Hit = z.infer<typeof hitSchema>;

/** One entry of the demonstration's Dropbox. */
export const remoteSchema = z.object({
  /** Below the client's root. */
  path: z.string(),
  kind: z.enum(['file', 'folder']),
  size: z.number(),
  contentHash: z.string().nullable(),
});
export type RemoteEntry = z.infer<typeof remoteSchema>;

const summarySchema = z.object({
  uploaded: z.number(),
  downloaded: z.number(),
  moved: z.number(),
  deletedLocal: z.number(),
  deletedRemote: z.number(),
  createdFolders: z.number(),
  adopted: z.number(),
  conflicts: z.number(),
  held: z.number(),
  failed: z.number(),
});
export type Summary = z.infer<typeof summarySchema>;

/** `folders` for a node of the tree, `all` for the listing beside it. */
const scope = z.enum(['all', 'folders']);
export type Scope = z.infer<typeof scope>;

const crumb = z.object({ id: z.number().int(), name: z.string() });
export type Crumb = z.infer<typeof crumb>;

const none = z.object({});
const done = z.null();
const name = z.string().trim().min(1).max(200);

// ------------------------------------------------------------------ calls
/** Arguments are one object; results are what the promise resolves to. */
export const calls = {
  'app.view': { args: none, result: appSchema },
  'app.openExternal': { args: z.object({ address: z.string() }), result: done },
  'app.showDocuments': { args: none, result: done },

  /** Asks for the documents folder with the system's dialog; null where the person cancels. */
  'setup.chooseFolder': { args: none, result: z.object({ documents: z.string() }).nullable() },
  /** Starts a document store in the chosen folder. */
  'setup.init': { args: none, result: appSchema },
  'setup.tryDemo': { args: none, result: appSchema },
  'setup.leaveDemo': { args: none, result: appSchema },

  'client.connect': {
    args: z.object({ name, root: name, method: z.enum(['app-key', 'access-token']), secret: name }),
    result: clientSchema,
  },
  'client.cancelConnect': { args: none, result: done },
  /** Opens the page of the waiting login once more. */
  'client.openLogin': { args: none, result: done },
  'client.pause': { args: z.object({ name }), result: clientSchema },
  'client.resume': { args: z.object({ name }), result: clientSchema },

  /** First rows of a folder; the others and all later changes come as `rows` events until `folder.unwatch`. */
  'folder.watch': {
    args: z.object({ folderId, scope }),
    result: z.object({ rows: z.array(rowSchema), total: z.number() }),
  },
  'folder.unwatch': { args: z.object({ folderId, scope }), result: done },
  /** `parents`: the folders from the top down to the one that gets the new one. */
  'folder.add': { args: z.object({ parents: z.array(z.number().int()), name, client: name }), result: rowSchema },
  /** The folders from the top down to the entry at `path` (relative); the last one is the entry itself where it is a folder. */
  'entry.locate': {
    args: z.object({ path: z.string() }),
    result: z.object({ folders: z.array(crumb), file: z.number().int().nullable() }),
  },
  /** Opens a document here, or in Dropbox where its bytes are only there. */
  'file.open': { args: z.object({ folderId, id: z.number().int() }), result: done },
  /** Asks for files with the system's dialog and puts them into the folder. */
  'files.choose': { args: z.object({ folderId: z.number().int() }), result: z.object({ added: z.array(z.string()) }) },

  /** `agree` lets held deletions go. */
  'sync.now': { args: z.object({ agree: z.boolean() }), result: summarySchema },
  'queue.list': { args: z.object({ finished: z.boolean() }), result: z.array(taskSchema) },
  'log.list': { args: none, result: z.array(logSchema) },
  search: { args: z.object({ text: z.string().max(500) }), result: z.array(hitSchema) },

  'demo.remote': { args: none, result: z.array(remoteSchema) },
  /** Changes something in the demonstration's Dropbox and says what. */
  'demo.change': { args: none, result: z.object({ path: z.string(), what: z.enum(['edited', 'added']) }) },
} as const;

export type CallName = keyof typeof calls;
export type CallArgs<Name extends CallName> = z.input<(typeof calls)[Name]['args']>;
export type CallResult<Name extends CallName> = z.output<(typeof calls)[Name]['result']>;

/** Files dropped on the window: the preload script turns them into paths; a page cannot send this itself. */
export const dropSchema = z.object({
  folderId: z.number().int(),
  paths: z.array(z.string().min(1)).min(1).max(10_000),
});
export const dropResult = z.object({ added: z.array(z.string()) });
export type DropResult = z.infer<typeof dropResult>;

// ------------------------------------------------------------------ events
export const pushSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('app'), app: appSchema }),
  z.object({
    kind: z.literal('rows'),
    folderId,
    scope,
    upserts: z.array(rowSchema),
    removed: z.array(z.string()),
    total: z.number(),
  }),
  z.object({ kind: z.literal('tasks'), tasks: z.array(taskSchema) }),
  z.object({
    kind: z.literal('progress'),
    client: z.string(),
    done: z.number(),
    total: z.number(),
    bytesUp: z.number(),
    bytesDown: z.number(),
  }),
  z.object({ kind: z.literal('log'), rows: z.array(logSchema) }),
  z.object({ kind: z.literal('remote'), upserts: z.array(remoteSchema), removed: z.array(z.string()) }),
]);
export type Push = z.infer<typeof pushSchema>;

// ------------------------------------------------------------------ envelope
/** The only channels between the processes. */
export const CHANNELS = { call: 'docktide:call', drop: 'docktide:drop', push: 'docktide:push' } as const;

export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: Problem };

export const answerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: problemSchema }),
]);

/** What the preload script gives to the page as `window.docktide`. */
export interface Bridge {
  call(name: string, args: unknown): Promise<unknown>;
  dropFiles(folderId: number, files: readonly File[]): Promise<unknown>;
  /** Answers the function that ends it. */
  onPush(listener: (batch: unknown) => void): () => void;
}
