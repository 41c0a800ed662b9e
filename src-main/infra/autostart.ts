// Starting with the computer on Linux and other Unixes with a desktop: an entry in the person's autostart folder (XDG
// Autostart, Desktop Entry 1.5). Called by shell/startup.ts; Windows and macOS have calls of their own for it.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const ENTRY_NAME = 'docktide.desktop';

export interface Autostart {
  on(): boolean;
  set(on: boolean): void;
  /** Where it is on: the program may have moved since. */
  refresh(): void;
}

/** `command`: the program and its arguments. */
export function openAutostart(command: readonly string[], file = autostartFile()): Autostart {
  const wanted = autostartEntry(command);
  const kept = (): string | null => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return null;
    }
  };
  const write = (): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
  };
  // A person may have switched it off in the settings of the desktop, which keep the file and say so in it.
  const isOn = (text: string | null): boolean =>
    text !== null && !/^\s*(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/im.test(text);
  return {
    on: () => isOn(kept()),
    set(on) {
      if (on) write();
      else rmSync(file, { force: true });
    },
    refresh() {
      const text = kept();
      if (isOn(text) && text !== wanted) write();
    },
  };
}

export function autostartFile(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): string {
  const base = env['XDG_CONFIG_HOME'];
  return join(base?.startsWith('/') ? base : join(home, '.config'), 'autostart', ENTRY_NAME);
}

export function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.5',
    'Name=Docktide',
    'Comment=Keeps your documents and Dropbox the same',
    `Exec=${command.map(quoted).join(' ')}`,
    'Icon=docktide',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Quoted as an argument, then escaped as a string; `%` would begin a field code. */
function quoted(argument: string): string {
  const inside = argument.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${inside.replaceAll('\\', '\\\\')}"`;
}
