// Who sits at this computer, for the log: the name of the account under which the program runs.

import { userInfo } from 'node:os';

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
