// Who asks, for the log: the name of the account under which the program runs, while it does what a person asked for.
// The application service says when that is (app/recorded.ts); every line that is written meanwhile, however deep below,
// carries the name.

import { AsyncLocalStorage } from 'node:async_hooks';
import { userInfo } from 'node:os';

const asking = new AsyncLocalStorage<string>();
let known: string | null = null;

export function personHere(): string {
  if (known !== null) return known;
  try {
    known = userInfo().username;
  } catch {
    // An account without a name, as in some containers.
    known = process.env['USER'] ?? process.env['USERNAME'] ?? 'unknown';
  }
  return known;
}

/** Null where Docktide works by itself. */
export function personAsking(): string | null {
  return asking.getStore() ?? null;
}

export function askedByPerson<T>(work: () => T): T {
  return asking.run(personHere(), work);
}
