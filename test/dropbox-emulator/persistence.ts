// Keeps an emulator's state in a folder: an append-only log of operations, one JSON line each, replayed at the start.
// Contents are beside it (blobs.ts). A last line that was cut off by a crash is dropped.

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Accounts, AccountSettings } from './accounts.ts';
import type { Links, SharedLink } from './links.ts';
import type { Login, LoginRecord } from './login.ts';
import type { FileTree, TreeOperation } from './tree.ts';

export interface Persistence {
  /** Signs cursors; the same over restarts. */
  readonly secret: string;
  close(): void;
}

interface Parts {
  readonly tree: FileTree;
  readonly accounts: Accounts;
  readonly login: Login;
  readonly links: Links;
}

type Line =
  | { readonly k: 'secret'; readonly v: string }
  | { readonly k: 'tree'; readonly v: TreeOperation }
  | { readonly k: 'account'; readonly v: AccountSettings }
  | { readonly k: 'login'; readonly v: LoginRecord }
  | { readonly k: 'link'; readonly url: string; readonly v: SharedLink | null };

/** Replays what the folder holds into the parts, then keeps all their changes. Throws where a line is damaged. */
export function openPersistence(folder: string, parts: Parts): Persistence {
  const path = join(folder, 'journal.jsonl');
  let secret: string | null = null;
  for (const line of readLines(path)) {
    if (line.k === 'secret') secret = line.v;
    else replay(parts, line);
  }
  const file = openSync(path, 'a');
  const keep = (line: Line): void => {
    writeSync(file, `${JSON.stringify(line)}\n`);
  };
  if (secret === null) {
    secret = randomBytes(16).toString('hex');
    keep({ k: 'secret', v: secret });
  }
  parts.tree.applied = (v) => keep({ k: 'tree', v });
  parts.accounts.changed = (v) => keep({ k: 'account', v });
  parts.login.recorded = (v) => keep({ k: 'login', v });
  parts.links.changed = (url, v) => keep({ k: 'link', url, v });
  return { secret, close: () => closeSync(file) };
}

function replay(parts: Parts, line: Exclude<Line, { k: 'secret' }>): void {
  switch (line.k) {
    case 'tree':
      parts.tree.apply(line.v);
      break;
    case 'account':
      parts.accounts.set(line.v);
      break;
    case 'login':
      parts.login.restore(line.v);
      break;
    case 'link':
      parts.links.restore(line.url, line.v);
      break;
  }
}

function readLines(path: string): readonly Line[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const complete = bytes.lastIndexOf(0x0a) + 1;
  if (complete < bytes.length) truncateSync(path, complete);
  return bytes
    .subarray(0, complete)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
