// Starts the desktop app: one instance, the workspace, the window with its calls, the tray. Called by index.ts with the
// parts that compose.ts joins; everything that Electron needs is set up from here and nowhere else.

import { join } from 'node:path';
import { Menu, Notification, app, clipboard, dialog, nativeImage, shell } from 'electron';
import { AppError } from '../app/service.ts';
import type { NoticeView } from '../../src-shared/notify-views.ts';
import { createWords } from '../../src-shared/words/words.ts';
import { createCalls } from '../ipc/calls.ts';
import { dropInto } from '../ipc/files-calls.ts';
import { createJobs, type Jobs } from '../ipc/jobs.ts';
import { createListings, type Listings } from '../ipc/listings.ts';
import { createListSources } from '../ipc/lists.ts';
import type { Desktop } from '../ipc/parts.ts';
import { createPushes, type Pushes } from '../ipc/pushes.ts';
import { serveCalls } from '../ipc/router.ts';
import { createWatchedLists, type WatchedLists } from '../ipc/watched-lists.ts';
import { createAppState, codeOf, messageOf, type AppState } from './app-state.ts';
import { followRemote } from './demo-follow.ts';
import { createNotifications } from './notifications.ts';
import { registerPageScheme, servePage } from './page-protocol.ts';
import { openPreferences, spokenLanguage } from './preferences.ts';
import { createPreviews } from './previews.ts';
import { createRefreshing, type Refreshing } from './refreshing.ts';
import { runsCode } from './runs-code.ts';
import { openExternal, openLogin } from './security.ts';
import { createTray } from './tray.ts';
import { openWindowPlace } from './window-place.ts';
import { createWindows, type Windows } from './windows.ts';
import { openWorkspace, type Workspace, type WorkspaceParts } from './workspace.ts';

export interface AppParts extends WorkspaceParts {
  /** The folder of the built app: `preload/`, `renderer/` and, beside it, `build/` with the icons. */
  readonly outFolder: string;
  readonly iconsFolder: string;
}

const words = createWords(app.getLocale());

export function startApp(parts: AppParts): void {
  registerPageScheme();
  app.setAppUserModelId('example.docktide.app');
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app
    .whenReady()
    .then(() => run(parts))
    .catch((error: unknown) => {
      dialog.showErrorBox(words.t('shell.cannotStart'), messageOf(error));
      app.exit(1);
    });
}

async function run(parts: AppParts): Promise<void> {
  setMenu();
  const preferences = openPreferences((values) => {
    void words.changeLanguage(spokenLanguage(values));
    updateTray(state.view());
  });
  await words.changeLanguage(spokenLanguage(preferences.values()));
  const workspace = await openWorkspace(parts);
  const previews = createPreviews(() => workspace.service());
  servePage(join(parts.outFolder, 'renderer'), previews);
  const windows = createWindows({ ...parts, place: openWindowPlace(), noticeTray });
  const pushes = createPushes((batch) => windows.send(batch));
  const jobs = createJobs(pushes, (progress) => windows.setProgress(progress));
  const updateTray = createTray({
    icons: parts.iconsFolder,
    words,
    actions: {
      open: () => windows.show(),
      syncNow: () =>
        void workspace
          .service()
          .sync()
          .catch(() => {}),
      pause: () => forClients(workspace, state, (name) => workspace.service().pauseClient(name)),
      resume: () => {
        forClients(workspace, state, (name) => workspace.service().resumeClient(name));
        void workspace.watch();
      },
      quit: () => app.quit(),
    },
  });
  const state: AppState = createAppState({
    workspace,
    version: app.getVersion(),
    suggestedDocuments: join(app.getPath('documents'), 'Docktide'),
    tell(view) {
      pushes.app(view);
      updateTray(view);
    },
  });
  const listings = createListings(
    {
      childIds: (folderId, scope) => workspace.service().childIds(folderId, scope),
      entries: (ids) => workspace.service().entries(ids),
    },
    pushes,
  );
  const lists = createWatchedLists(createListSources({ workspace }), pushes);
  const notify = createNotifications((screen, params) => {
    windows.show();
    pushes.each({ kind: 'navigate', screen, params });
  });
  const refreshing = listen({ workspace, state, listings, lists, jobs, pushes, notify });
  const refreshed = async (): Promise<void> => {
    await refreshing.now();
    await pushes.rowsSent();
  };
  followRemote(workspace, pushes);
  const desktop = createDesktop(windows, parts.iconsFolder);
  serveCalls({
    handlers: createCalls(
      { workspace, state, listings, pushes, jobs, preferences, desktop, previews, refreshed },
      lists,
    ),
    drop: ({ folderId, paths }) => dropInto({ workspace, refreshed }, folderId, paths),
    isOwn: (id) => windows.isOwn(id),
    onUnexpected: (error) => console.error(error),
  });
  endCleanly(workspace, pushes, windows);
  app.on('second-instance', () => windows.show());
  app.on('activate', () => windows.show());
  await workspace.watch();
  updateTray(state.view());
  await windows.open();
}

interface Listening {
  readonly workspace: Workspace;
  readonly state: AppState;
  readonly listings: Listings;
  readonly lists: WatchedLists;
  readonly jobs: Jobs;
  readonly pushes: Pushes;
  readonly notify: (notice: NoticeView) => void;
}

function listen({ workspace, state, listings, lists, jobs, pushes, notify }: Listening): Refreshing {
  const refreshing = createRefreshing(
    async () => (await listings.refresh()) + lists.refresh(),
    (error) => state.problem('', { code: codeOf(error), message: messageOf(error) }),
  );
  workspace.listen({
    event(event) {
      if (event.kind === 'notice') notify(event.notice);
      state.event(event);
      if (event.kind === 'task') pushes.task(event.task);
      if (event.kind === 'log') pushes.log(event.row);
      if (event.kind === 'progress') {
        const { kind: _kind, ...progress } = event;
        pushes.progress(progress);
      }
      if (event.kind !== 'progress' && event.kind !== 'log') refreshing.due();
    },
    switched() {
      listings.clear();
      lists.clear();
      jobs.stop();
      pushes.clear();
      state.reset();
    },
    watchFailed: (error) => state.problem('', { code: codeOf(error), message: messageOf(error) }),
  });
  return refreshing;
}

function forClients(workspace: Workspace, state: AppState, change: (name: string) => unknown): void {
  for (const client of workspace.service().clients()) change(client.name);
  state.changed();
}

/** The store is closed before the program ends, whatever ended it. */
function endCleanly(workspace: Workspace, pushes: Pushes, windows: Windows): void {
  let closed = false;
  app.on('before-quit', () => windows.letClose());
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    pushes.close();
    workspace
      .close()
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        closed = true;
        app.quit();
      });
  });
}

function noticeTray(): void {
  if (!Notification.isSupported()) return;
  new Notification({ title: 'Docktide', body: words.t('tray.stillRunning') }).show();
}

function createDesktop(windows: Windows, iconsFolder: string): Desktop {
  const ask = async (options: Electron.OpenDialogOptions): Promise<string[]> => {
    const window = windows.current();
    const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
    return answer.canceled ? [] : answer.filePaths;
  };
  return {
    async chooseFolder(startAt) {
      const [path] = await ask({
        title: words.t('setup.chooseFolderTitle'),
        ...(startAt !== null && { defaultPath: startAt }),
        properties: ['openDirectory', 'createDirectory'],
      });
      return path ?? null;
    },
    chooseFiles: () => ask({ title: words.t('documents.addFilesTitle'), properties: ['openFile', 'multiSelections'] }),
    openExternal,
    openLogin,
    async chooseSave(name) {
      const window = windows.current();
      const options = { defaultPath: join(app.getPath('downloads'), name) };
      const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
      return answer.canceled || answer.filePath === '' ? null : answer.filePath;
    },
    async openFile(path) {
      if (runsCode(path)) {
        shell.showItemInFolder(path);
        return 'folder';
      }
      const problem = await shell.openPath(path);
      if (problem !== '') throw new AppError('not-opened', problem);
      return 'here';
    },
    showFile: (path) => shell.showItemInFolder(path),
    dragOut(paths) {
      const [file] = paths;
      if (file === undefined) return;
      const icon = nativeImage.createFromPath(join(iconsFolder, 'tray-idle@2x.png'));
      windows.current()?.webContents.startDrag({ file, files: [...paths], icon });
    },
    copyText: async (text) => await clipboard.writeText(text),
  };
}

/** On macOS copy and paste need a menu; elsewhere the window has none. */
function setMenu(): void {
  const template = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const;
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate([...template]) : null);
}
