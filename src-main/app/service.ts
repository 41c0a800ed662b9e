// What the application can do, as one interface: the command line, the window and the demo call nothing else.
// Implemented by docktide.ts over the document store and the engine; joined in compose.ts.

import type { DocumentsFolderView } from './documents-folder.ts';
import type { FoundRecords, RecordQuery } from './find-records.ts';
import type { AddedTypes, SetOptions } from './type-sets.ts';
import type { LogQuery } from '../store/log-rows.ts';
import type { Language } from '../../src-shared/languages.ts';
import type { TypeDraft, TypeSetView } from '../../src-shared/type-sets.ts';
import type { ImportOptions, ImportReport } from '../../src-shared/import-views.ts';
import type { Speech } from '../../src-shared/said.ts';
import type {
  AppEvent,
  ClientView,
  ConflictView,
  EntryView,
  SearchHit,
  StatusView,
  SyncSummary,
  TaskView,
} from '../../src-shared/views.ts';

/** The error of every method: `code` for scripts, `message` a sentence that says what is wrong and what to do. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
  }
}

export interface TypeView {
  readonly name: string;
  readonly label: string;
  readonly records: number;
}

/** What hangs on a document type: told before it is renamed or removed, and after. */
export interface TypeUse extends TypeView {
  readonly rules: number;
  /** Paths of the folders that its rules make. */
  readonly folders: readonly string[];
  /** Documents in these folders and in those of its records. */
  readonly documents: number;
}

/** What is left out stays. */
export interface TypeChange {
  readonly name?: string;
  readonly label?: string;
}

export interface RecordView {
  readonly type: string;
  readonly ref: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly archived: boolean;
  /** Path of its folder; null where no rule gives it one. */
  readonly folder: string | null;
}

export interface RuleView {
  readonly id: number;
  readonly type: string;
  readonly client: string;
  readonly filter: string | null;
  readonly pattern: string;
  readonly subfolders: readonly string[];
}

export interface RuleOptions {
  readonly filter?: string;
  readonly pattern?: string;
  readonly subfolders?: readonly string[];
}

export interface RuleChanges extends RuleOptions {
  /** Records that have a folder already get the subfolders, too; nothing that is there is moved. */
  readonly existing?: boolean;
}

export interface PlanView {
  readonly client: string;
  readonly operations: readonly Pick<TaskView, 'kind' | 'direction' | 'path' | 'from' | 'reason' | 'bytes'>[];
  readonly held: number;
  readonly problems: readonly { readonly path: string; readonly reason: string }[];
}

export type Credentials =
  | { readonly kind: 'access-token'; readonly token: string }
  | { readonly kind: 'token-env'; readonly variable: string }
  | { readonly kind: 'app-key'; readonly appKey: string; readonly appSecret?: string };

export interface ClientOptions {
  /** The team's user as whom everything is done. */
  readonly teamMemberEmail?: string;
  /** Paths begin in the team space, not in the user's own folder; so unless told where there is a team's user. */
  readonly teamSpace?: boolean;
}

export interface SyncOptions {
  readonly client?: string;
  /** Plans and persists the queue, runs nothing. */
  readonly prepareOnly?: boolean;
  /** Lets held deletions go. */
  readonly yes?: boolean;
  /** Compares every folder with Dropbox itself, beyond what the change feed tells. */
  readonly full?: boolean;
  readonly signal?: AbortSignal;
  /** Seconds to wait for a pass of another process to end before 'busy' is thrown; 60 by default. */
  readonly waitSeconds?: number;
}

/** What a pass over several clients did in sum, and which clients could not run. */
export interface SyncReport extends SyncSummary {
  readonly errors: readonly { readonly client: string; readonly code: string; readonly message: string }[];
}

export interface ConnectOptions {
  /** Called with the address at which the person agrees in a browser. */
  readonly announce: (address: string) => void;
  /** Opens the system browser; where it is left out or fails, the person opens the announced address. */
  readonly openBrowser?: (address: string) => Promise<void>;
  /** The language of the page with which the browser ends; English unless told. */
  readonly speech?: () => Speech;
  /** Where no port for the way back is free: asks the person for the code that Dropbox shows. */
  readonly askCode?: () => Promise<string>;
  /** Tells, in a sentence, that the way back is not to be had and that the code is asked for. */
  readonly explain?: (message: string) => void;
  /** Goes without the way back from the start, as where the browser is on another computer. */
  readonly byCode?: boolean;
  /** Ten minutes unless told. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

/** As the store's rows are asked for, but for the times. */
export interface LogFilter extends Omit<LogQuery, 'since' | 'until'> {
  /** ISO 8601. */
  readonly since?: string;
  /** ISO 8601. */
  readonly until?: string;
}

export type AttachTarget =
  | { readonly kind: 'record'; readonly type: string; readonly ref: string; readonly sub: string | null }
  | { readonly kind: 'folder'; readonly path: string; readonly sub: string | null }
  /** A folder by its row id, as the window names it. */
  | { readonly kind: 'id'; readonly folderId: number };

export interface AppService {
  readonly dataFolder: string;
  /** False before `init`. */
  initialised(): boolean;
  init(documents: string): Promise<StatusView>;
  /** What is in a folder that may become the documents folder, and why it cannot be. Writes nothing. */
  inspectDocuments(documents: string): Promise<DocumentsFolderView>;
  status(): StatusView;

  types(): readonly TypeView[];
  addType(name: string, label: string): TypeView;
  /** Throws AppError 'unknown-type'. */
  typeUse(name: string): TypeUse;
  /** Records and rules stay its own; the folders of its rules are renamed on both sides after the label. */
  renameType(name: string, change: TypeChange): Promise<TypeUse>;
  /**
   * Its rules go with it; their folders stay where they are, as folders like any other. Throws AppError 'type-in-use'
   * where it has records: with them their documents would go.
   */
  removeType(name: string): Promise<TypeUse>;
  /** Ready-made sets of document types, named in a language. */
  typeSets(language?: Language): Promise<readonly TypeSetView[]>;
  /** A ready-made set: its types with their folder rules. What is there already stays as it is. */
  addTypeSet(id: string, client: string, options?: SetOptions): Promise<AddedTypes>;
  addTypes(client: string, drafts: readonly TypeDraft[]): Promise<AddedTypes>;
  records(type?: string): readonly RecordView[];
  /** The records that a person means by what was typed. */
  findRecords(query: RecordQuery): FoundRecords;
  /** Throws AppError 'unknown-type', 'unknown-record'. */
  record(type: string, ref: string): RecordView;
  addRecord(type: string, ref: string, name: string, fields: Readonly<Record<string, string>>): Promise<RecordView>;
  renameRecord(type: string, ref: string, name: string): Promise<RecordView>;
  archiveRecord(type: string, ref: string): RecordView;
  removeRecord(type: string, ref: string): Promise<RecordView>;
  /** Header line: type, ref, name, then fields; or as the mapping says. Nothing is imported where a line is wrong. */
  importRecords(csvFile: string, options?: ImportOptions): Promise<ImportReport>;
  /** Titles of the columns of a CSV file. Throws AppError 'missing-file', 'unreadable-file', 'bad-csv'. */
  importColumns(csvFile: string): Promise<readonly string[]>;
  rules(): readonly RuleView[];
  addRule(type: string, client: string, options: RuleOptions): Promise<RuleView>;
  /**
   * What is left out stays. Folders are renamed at once; those of records that no longer match stay as they
   * are, and other subfolders are for records that come, unless `existing` says otherwise.
   */
  updateRule(id: number, changes: RuleChanges): Promise<RuleView>;
  /** Its folders stay where they are, with their client, as folders like any other. */
  removeRule(id: number): Promise<RuleView>;

  clients(): readonly ClientView[];
  addClient(name: string, root: string, credentials: Credentials, options?: ClientOptions): ClientView;
  /** Logs in through the browser (OAuth with PKCE) and keeps the token. For clients added with an app key. */
  connectClient(name: string, options: ConnectOptions): Promise<ClientView>;
  /** Another ready token, of the same account, for a client that was added with one. */
  replaceToken(name: string, token: string): Promise<ClientView>;
  /** Where tokens are kept: encrypted by the system keyring, or in a file that only its owner can read. */
  tokensKept(): 'owner-only-file' | 'keyring';
  pauseClient(name: string): ClientView;
  resumeClient(name: string): ClientView;
  /** Files stay where they are on both sides. */
  removeClient(name: string): ClientView;

  /** The folders that a person assigned to a client. */
  folders(): readonly EntryView[];
  addFolder(path: string, client: string): Promise<EntryView>;
  attach(files: readonly string[], target: AttachTarget): Promise<readonly EntryView[]>;

  /** Everything at and below `path` (the whole tree by default), sorted by path. */
  list(path?: string): readonly EntryView[];
  /** One level, for the window; null is the top. */
  children(folderId: number | null): readonly EntryView[];
  /** The row ids of one level, all or of folders only, in no promised order: the window reads large folders in parts. */
  childIds(folderId: number | null, only: 'all' | 'folders', limit?: number): readonly number[];
  childCount(folderId: number | null): number;
  /** Entries by their row ids; what is gone is left out. */
  entries(ids: readonly number[]): readonly EntryView[];
  /** One entry by its row id; null where it is gone. */
  entry(id: number): EntryView | null;
  search(text: string, limit?: number): readonly SearchHit[];

  plan(client?: string): Promise<readonly PlanView[]>;
  /** One complete pass over all connected clients, or one. Passes never overlap: a second call waits. */
  sync(options?: SyncOptions): Promise<SyncReport>;
  /** Runs until the signal aborts: hints from both sides, and prepare and run every 15 minutes. */
  watch(signal: AbortSignal): Promise<void>;
  queue(options?: { readonly finished?: boolean; readonly limit?: number }): readonly TaskView[];
  conflicts(): readonly ConflictView[];

  /** Events while work goes on; answers the function that ends the subscription. */
  subscribe(listener: (event: AppEvent) => void): () => void;
  close(): Promise<void>;
}
