// The app's own command line: `--data DIR` (or `--data=DIR`) names the data folder, as for the command line program.

import { resolve } from 'node:path';

export function dataFolderFrom(args: readonly string[]): string | null {
  const joined = args.find((argument) => argument.startsWith('--data='))?.slice('--data='.length);
  const at = args.indexOf('--data');
  const given = joined ?? (at >= 0 ? args[at + 1] : undefined);
  return given === undefined || given === '' ? null : resolve(given);
}
