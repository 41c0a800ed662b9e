// The parts of a running emulator, as routes see them, and the place from which a request looks at the tree.
// Built in server.ts; everything below routes/ and control.ts takes it as its first argument.

import type { Accounts } from './accounts.ts';
import type { BlobStore } from './blobs.ts';
import type { Faults } from './faults.ts';
import type { Jobs } from './jobs.ts';
import type { Links } from './links.ts';
import type { Login } from './login.ts';
import type { UploadSessions } from './sessions.ts';
import type { FileTree, FolderNode } from './tree.ts';

export interface Emulator {
  readonly tree: FileTree;
  readonly blobs: BlobStore;
  readonly sessions: UploadSessions;
  readonly accounts: Accounts;
  readonly login: Login;
  readonly links: Links;
  readonly faults: Faults;
  readonly jobs: Jobs;
  /** Signs cursors; another secret is another account. */
  readonly cursorSecret: string;
  /** Cursors of an earlier epoch are answered with `reset`. */
  cursorEpoch: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Where the server listens; set once it does. */
  origin: string;
}

/** Where `/` is for a request: the account's home, or the team space, or a namespace. */
export interface View {
  readonly emulator: Emulator;
  readonly base: FolderNode;
  /** Path of `base` from the tree's root by keys and by names. */
  readonly prefixLower: string;
  readonly prefixDisplay: string;
}
