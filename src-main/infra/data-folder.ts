// Where Docktide keeps its own files on this machine: database, settings, secrets, logs.

import { homedir } from 'node:os';
import { join } from 'node:path';

/** The platform's application data folder for Docktide (XDG on Linux and other Unixes). */
export function defaultDataFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Docktide');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Docktide');
  const base = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path is invalid and ignored.
  return join(base?.startsWith('/') ? base : join(home, '.local', 'share'), 'docktide');
}
