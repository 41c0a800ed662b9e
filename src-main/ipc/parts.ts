// What the handlers of all features are made from, and the type of their handlers. A feature's file `<feature>-calls.ts`
// takes these parts and answers the calls of its contract in src-shared/ipc/<feature>.ts.

import type { i18n } from 'i18next';
import type { z } from 'zod';
import type { ListArgs, ListName, ListRow } from '../../src-shared/ipc-contract.ts';
import type { Contract } from '../../src-shared/ipc/common.ts';
import type { QuickDropView } from '../../src-shared/ipc/desktop.ts';
import type { DocktideService } from '../app/docktide.ts';
import { AppError } from '../app/service.ts';
import type { Speech } from '../../src-shared/said.ts';
import type { AppState } from '../shell/app-state.ts';
import type { StartupSwitch } from '../shell/startup.ts';
import type { Workspace } from '../shell/workspace.ts';
import type { Jobs } from './jobs.ts';
import type { Listings } from './listings.ts';
import type { Previews } from '../shell/previews.ts';
import type { PreferenceStore } from './preferences-calls.ts';
import type { Pushes } from './pushes.ts';

/** What only the desktop can do. */
export interface Desktop {
  readonly chooseFolder: (startAt: string | null) => Promise<string | null>;
  readonly chooseFiles: () => Promise<readonly string[]>;
  /** One CSV file; null where the person cancels. */
  readonly chooseTable: () => Promise<string | null>;
  /** Where to write a file of this name; null where the person cancels. */
  readonly chooseSave: (name: string) => Promise<string | null>;
  readonly openExternal: (address: string) => Promise<void>;
  /** Opens the address of a login, which may be the emulator's. */
  readonly openLogin: (address: string) => Promise<void>;
  /** Opens the file with its program. What would run when it is opened stays closed and answers 'program'. */
  readonly openFile: (path: string) => Promise<'here' | 'program'>;
  /** Shows the file in the system's file manager. */
  readonly showFile: (path: string) => void;
  /** The system carries these files from here on, to wherever the person lets go of them. */
  readonly dragOut: (paths: readonly string[]) => void;
  readonly copyText: (text: string) => Promise<void>;
  /** Brings the window to the front: something that a person waits for has come about. */
  readonly show: () => void;
}

/** The small window for dropping files, and the shortcut that opens it. */
export interface QuickDropControl {
  view(): QuickDropView;
  /** Throws AppError 'bad-shortcut' and 'shortcut-taken'. */
  setShortcut(shortcut: string | null): QuickDropView;
  open(): void;
  close(): void;
  /** The record's box, in the main window. */
  showBox(type: string, ref: string): void;
}

export interface CallParts {
  /** In the language that the window speaks. */
  readonly words: i18n;
  readonly speech: () => Speech;
  readonly workspace: Workspace;
  readonly state: AppState;
  readonly listings: Listings;
  readonly pushes: Pushes;
  readonly jobs: Jobs;
  readonly preferences: PreferenceStore;
  readonly desktop: Desktop;
  readonly previews: Previews;
  /** Once it resolves, the window has what a person has just changed: no row that is gone can be chosen any more. */
  readonly refreshed: () => Promise<void>;
  readonly startup: StartupSwitch;
  readonly quick: QuickDropControl;
}

/** The handlers of one feature's calls. */
export type HandlersOf<Calls extends Readonly<Record<string, Contract>>> = {
  readonly [Name in keyof Calls]: (args: z.output<Calls[Name]['args']>) => Promise<z.output<Calls[Name]['result']>>;
};

/** How each list of a feature is read. Rows carry an `id`. */
export type ListSources<Name extends ListName = ListName> = {
  readonly [One in Name]: (args: ListArgs<One>) => readonly ListRow<One>[];
};

/** The service in use now; it is another one after the demonstration began or ended. */
export function serviceOf({ workspace }: Pick<CallParts, 'workspace'>): () => DocktideService {
  return () => workspace.service();
}

/** Throws AppError 'unknown-client'. */
export function checkedClient(service: DocktideService, name: string): string {
  if (service.clients().some((one) => one.name === name)) return name;
  throw new AppError('unknown-client', `There is no client "${name}".`);
}

/** For calls that answer nothing. */
export function done(_result: unknown): null {
  return null;
}

export type Acted = Pick<CallParts, 'workspace' | 'refreshed'>;

/** The continuous mode finds it too, but a person who has just done something is waiting: the list first, then Dropbox. */
export async function seen({ workspace, refreshed }: Acted): Promise<void> {
  await refreshed();
  workspace
    .service()
    .sync()
    .catch(() => {});
}
