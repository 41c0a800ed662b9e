// The app's own command line: `--data DIR` (or `--data=DIR`) names the data folder, as for the command line program;
// `--hidden` goes to the tray without a window, as when the system starts it.

import { resolve } from 'node:path';

export const HIDDEN = '--hidden';

export function dataFolderFrom(args: readonly string[]): string | null {
  const joined = args.find((argument) => argument.startsWith('--data='))?.slice('--data='.length);
  const at = args.indexOf('--data');
  const given = joined ?? (at >= 0 ? args[at + 1] : undefined);
  return given === undefined || given === '' ? null : resolve(given);
}

/** The arguments that another start needs to open the same documents. */
export function argumentsToKeep(args: readonly string[]): readonly string[] {
  const data = dataFolderFrom(args);
  return data === null ? [] : [`--data=${data}`];
}
