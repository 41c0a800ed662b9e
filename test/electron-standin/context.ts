// What all parts of the stand-in share: the launched app, the command-line switches, and the open windows.

import type { EventEmitter } from 'node:events';

export interface Launch {
  /** The executable that was called. */
  readonly exec: string;
  readonly appPath: string;
  readonly manifest: { readonly name?: string; readonly productName?: string; readonly version?: string };
  readonly packaged: boolean;
}

/** The part of BrowserWindow that the other parts need. */
export interface OpenWindow extends EventEmitter {
  readonly id: number;
  readonly targetId: string;
  tryClose(): Promise<boolean>;
  /** Chromium closed its window. */
  gone(): void;
  setColourScheme(dark: boolean | null): Promise<void>;
}

let launched: Launch | null = null;

export function setLaunch(launch: Launch): void {
  launched = launch;
}

export function launch(): Launch {
  if (launched === null) throw new Error('The stand-in was not started by boot.ts.');
  return launched;
}

/** Switches of the command line and of `app.commandLine.appendSwitch`, without the leading dashes. */
export const switches = new Map<string, string>();

export function addSwitch(argument: string): void {
  const match = /^--([^=]*)=?(.*)$/s.exec(argument);
  if (match?.[1] !== undefined) switches.set(match[1], match[2] ?? '');
}

export const windows = new Map<number, OpenWindow>();

/** What the stand-in did where nothing can be seen; shown by `electron.standin`. */
export const record = {
  notifications: [] as { title: string; body: string }[],
  opened: [] as string[],
  /** Files of drags that went out of a window. */
  drags: [] as (readonly string[])[],
  failures: [] as string[],
};

export function unsupported(name: string): never {
  throw new Error(`${name} is not carried by the stand-in; it needs real Electron.`);
}
