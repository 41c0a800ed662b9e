// Every call that the window makes of the main process, every list that it watches and every event that it gets, composed
// from the features' own files in ipc/. Arguments and results are checked against these schemas in both processes. The
// window names folders and files by row id; it never sees an absolute path, but the documents folder's own, which it shows.

import { z } from 'zod';
import { appCalls, appPushes } from './ipc/app.ts';
import { backupCalls, backupLists } from './ipc/backups.ts';
import { boxCalls, boxLists } from './ipc/box.ts';
import { problemSchema, type Problem } from './ipc/common.ts';
import { conflictCalls, conflictLists } from './ipc/conflicts.ts';
import { dashboardCalls } from './ipc/dashboard.ts';
import { demoCalls, demoPushes } from './ipc/demo.ts';
import { desktopCalls, desktopPushes } from './ipc/desktop.ts';
import { documentCalls, documentPushes } from './ipc/documents.ts';
import { fileCalls } from './ipc/files.ts';
import { jobCalls, jobPushes } from './ipc/jobs.ts';
import { linkCalls } from './ipc/links.ts';
import { logCalls, logPushes } from './ipc/log.ts';
import { preferenceCalls } from './ipc/preferences.ts';
import { recordCalls } from './ipc/records.ts';
import { searchCalls } from './ipc/search.ts';
import { settingsCalls } from './ipc/settings.ts';
import { setupCalls } from './ipc/setup.ts';
import { syncCalls, syncLists, syncPushes } from './ipc/sync.ts';
import { trashCalls, trashLists } from './ipc/trash.ts';

// ------------------------------------------------------------------ lists
/** Lists that the window watches with `list.watch`: first rows at once, all later changes as `list` events. */
export const lists = {
  ...backupLists,
  ...boxLists,
  ...conflictLists,
  ...syncLists,
  ...trashLists,
} as const;

export type ListName = keyof typeof lists;
export type ListArgs<Name extends ListName> = z.input<(typeof lists)[Name]['args']>;
export type ListRow<Name extends ListName> = z.output<(typeof lists)[Name]['row']>;

const listNames = Object.keys(lists) as [ListName, ...ListName[]];
const listRequest = z.object({ list: z.enum(listNames), args: z.unknown() });

const listCalls = {
  /** Rows of one list; they are checked against the list's own schema. More rows and changes come as events. */
  'list.watch': { args: listRequest, result: z.object({ rows: z.array(z.unknown()), total: z.number() }) },
  'list.unwatch': { args: listRequest, result: z.null() },
} as const;

const listPushes = [
  z.object({
    kind: z.literal('list'),
    list: z.enum(listNames),
    /** The arguments it was watched with, as JSON. */
    args: z.string(),
    upserts: z.array(z.unknown()),
    /** Ids of rows. */
    removed: z.array(z.union([z.number(), z.string()])),
    total: z.number(),
  }),
] as const;

// ------------------------------------------------------------------ calls
/** Arguments are one object; results are what the promise resolves to. */
export const calls = {
  ...appCalls,
  ...backupCalls,
  ...boxCalls,
  ...conflictCalls,
  ...dashboardCalls,
  ...demoCalls,
  ...desktopCalls,
  ...documentCalls,
  ...fileCalls,
  ...jobCalls,
  ...linkCalls,
  ...listCalls,
  ...logCalls,
  ...preferenceCalls,
  ...recordCalls,
  ...searchCalls,
  ...settingsCalls,
  ...setupCalls,
  ...syncCalls,
  ...trashCalls,
} as const;

export type CallName = keyof typeof calls;
export type CallArgs<Name extends CallName> = z.input<(typeof calls)[Name]['args']>;
export type CallResult<Name extends CallName> = z.output<(typeof calls)[Name]['result']>;

// ------------------------------------------------------------------ events
export const pushSchema = z.discriminatedUnion('kind', [
  ...appPushes,
  ...demoPushes,
  ...desktopPushes,
  ...documentPushes,
  ...jobPushes,
  ...listPushes,
  ...logPushes,
  ...syncPushes,
]);
export type Push = z.infer<typeof pushSchema>;
export type PushOf<Kind extends Push['kind']> = Extract<Push, { kind: Kind }>;

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
