// What each call of the window does: thin steps over the application service, the system's dialogs and the shell.
// Checked arguments come in from the router; views go out.

import { join } from 'node:path';
import { joinPath } from '../../src-shared/domain.ts';
import type { DropResult } from '../../src-shared/ipc-contract.ts';
import type { EntryView } from '../../src-shared/views.ts';
import { AppError } from '../app/service.ts';
import type { AppState } from '../shell/app-state.ts';
import type { Workspace } from '../shell/workspace.ts';
import { connectClient } from './connect.ts';
import { changeSomething } from './demo-change.ts';
import { toRow, type Listings } from './listings.ts';
import type { Handlers } from './router.ts';

const FINISHED_TASKS = 200;
const LIVE_TASKS = 2_000;
const LOG_LINES = 500;
const HITS = 60;

/** What only the desktop can do. */
export interface Desktop {
  readonly chooseFolder: (startAt: string) => Promise<string | null>;
  readonly chooseFiles: () => Promise<readonly string[]>;
  readonly openExternal: (address: string) => Promise<void>;
  /** Opens the address of a login, which may be the emulator's. */
  readonly openLogin: (address: string) => Promise<void>;
  /** Opens the file with its program, or shows it in its folder where opening would run it. */
  readonly openFile: (path: string) => Promise<void>;
}

export interface CallParts {
  readonly workspace: Workspace;
  readonly state: AppState;
  readonly listings: Listings;
  readonly desktop: Desktop;
}

export function createCalls({ workspace, state, listings, desktop }: CallParts): Handlers {
  const service = () => workspace.service();
  const client = (name: string) => {
    const found = service()
      .clients()
      .find((one) => one.name === name);
    if (!found) throw new AppError('unknown-client', `There is no client "${name}".`);
    return found;
  };
  let connecting: AbortController | null = null;

  return {
    'app.view': async () => state.view(),
    'app.openExternal': async ({ address }) => done(await desktop.openExternal(address)),
    'app.showDocuments': async () => done(await desktop.openFile(service().status().documents)),

    'setup.chooseFolder': async () => {
      const documents = await desktop.chooseFolder(state.chosen());
      if (documents === null) return null;
      state.choose(documents);
      state.changed();
      return { documents };
    },
    'setup.init': async () => {
      if (!service().initialised()) await service().init(state.chosen());
      await workspace.watch();
      return state.view();
    },
    'setup.tryDemo': async () => {
      await workspace.startDemo();
      return state.view();
    },
    'setup.leaveDemo': async () => {
      await workspace.leaveDemo();
      return state.view();
    },

    'client.connect': async (form) => {
      connecting?.abort();
      const attempt = new AbortController();
      connecting = attempt;
      try {
        const connected = await connectClient(
          service(),
          form,
          { announce: (address) => state.setLogin(address), openBrowser: desktop.openLogin },
          attempt.signal,
        );
        await workspace.watch();
        return connected;
      } finally {
        connecting = null;
        state.setLogin(null);
        state.changed();
      }
    },
    'client.cancelConnect': async () => done(connecting?.abort()),
    'client.openLogin': async () => {
      const address = state.login();
      if (address === null) throw new AppError('no-login', 'No login is waiting any more.');
      return done(await desktop.openLogin(address));
    },
    'client.pause': async ({ name }) => service().pauseClient(name),
    'client.resume': async ({ name }) => {
      const resumed = service().resumeClient(name);
      await workspace.watch();
      return resumed;
    },

    'folder.watch': async ({ folderId, scope }) => listings.watch(folderId, scope),
    'folder.unwatch': async ({ folderId, scope }) => done(listings.unwatch(folderId, scope)),
    'folder.add': async (folder) => {
      const parent = pathOf((id) => service().children(id), folder.parents);
      if (folder.name.includes('/')) throw new AppError('bad-name', 'A folder name cannot contain "/".');
      return toRow(await service().addFolder(joinPath(parent, folder.name), client(folder.client).name));
    },
    'entry.locate': async ({ path }) => locate((id) => service().children(id), path),
    'file.open': async ({ folderId, id }) => {
      const entry = service()
        .children(folderId)
        .find((one) => one.kind === 'file' && one.id === id);
      if (!entry) throw new AppError('gone', 'This document is not in the folder any more.');
      if (entry.state === 'freed' && entry.url !== null) return done(await desktop.openExternal(entry.url));
      return done(await desktop.openFile(join(service().status().documents, ...entry.path.split('/'))));
    },
    'files.choose': async ({ folderId }) => attach(workspace, folderId, await desktop.chooseFiles()),

    'sync.now': async ({ agree }) => service().sync({ yes: agree }),
    'queue.list': async ({ finished }) => [
      ...service().queue({ finished, limit: finished ? FINISHED_TASKS : LIVE_TASKS }),
    ],
    'log.list': async () => (service().initialised() ? [...service().log({ limit: LOG_LINES })] : []),
    search: async ({ text }) => (text.trim() === '' ? [] : [...service().search(text, HITS)]),

    'demo.remote': async () => [...(await remote(workspace).tree())],
    'demo.change': async () => changeSomething(remote(workspace)),
  };
}

export async function attach(workspace: Workspace, folderId: number, paths: readonly string[]): Promise<DropResult> {
  if (paths.length === 0) return { added: [] };
  const service = workspace.service();
  const entries = await service.attach(paths, { kind: 'id', folderId });
  // A hint: the continuous mode finds them too, but a person who has just dropped a file is waiting.
  service.sync().catch(() => {});
  return { added: entries.map((entry) => entry.path) };
}

function remote(workspace: Workspace) {
  const demo = workspace.demo();
  if (demo === null) throw new AppError('no-demo', 'The demonstration is not running.');
  return demo.remote;
}

type Children = (folderId: number | null) => readonly EntryView[];

/** The path of the last of `folders`, each of which must be in the one before; '' for none. */
function pathOf(children: Children, folders: readonly number[]): string {
  let path = '';
  for (const [depth, id] of folders.entries()) {
    const folder = children(folders[depth - 1] ?? null).find((entry) => entry.kind === 'folder' && entry.id === id);
    if (!folder) throw new AppError('gone', 'This folder does not exist any more.');
    path = folder.path;
  }
  return path;
}

/** Walks down from the top, one level for each name of `path`. */
function locate(children: Children, path: string) {
  const folders: { id: number; name: string }[] = [];
  const names = path.split('/').filter((name) => name !== '');
  for (const [depth, name] of names.entries()) {
    const here = names.slice(0, depth + 1).join('/');
    const entry = children(folders.at(-1)?.id ?? null).find((one) => one.path === here);
    if (!entry) throw new AppError('gone', `"${name}" is not there any more.`);
    if (entry.kind === 'file') return { folders, file: entry.id };
    folders.push({ id: entry.id, name });
  }
  return { folders, file: null };
}

function done(_result: void | undefined): null {
  return null;
}
