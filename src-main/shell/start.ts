// Starts the desktop app: one instance, the workspace, the window with its calls, the tray. Called by index.ts with the
// parts that compose.ts joins; everything that Electron needs is set up from here and nowhere else.

import { join } from 'node:path';
import { Menu, Notification, app, dialog } from 'electron';
import Store from 'electron-store';
import { assertNever } from '../../src-shared/domain.ts';
import type { AppView } from '../../src-shared/ipc/app.ts';
import type { QuickDropView } from '../../src-shared/ipc/desktop.ts';
import type { NoticeView } from '../../src-shared/notify-views.ts';
import { createSay, type Speech } from '../../src-shared/said.ts';
import { createWords, directionOf } from '../../src-shared/words/words.ts';
import { createCalls } from '../ipc/calls.ts';
import { dropInto } from '../ipc/files-calls.ts';
import { createJobs, type Jobs } from '../ipc/jobs.ts';
import { createListings, type Listings } from '../ipc/listings.ts';
import { createListSources } from '../ipc/lists.ts';
import type { Desktop, QuickDropControl } from '../ipc/parts.ts';
import { createPushes, type Pushes } from '../ipc/pushes.ts';
import { serveCalls } from '../ipc/router.ts';
import { createWatchedLists, type WatchedLists } from '../ipc/watched-lists.ts';
import { createAppState, codeOf, messageOf, type AppState } from './app-state.ts';
import { followRemote } from './demo-follow.ts';
import { argumentsToKeep, HIDDEN } from './arguments.ts';
import { createDesktop } from './desktop.ts';
import { createNotifications } from './notifications.ts';
import { registerPageScheme, servePage } from './page-protocol.ts';
import { openPreferences, spokenLanguage } from './preferences.ts';
import { createPreviews } from './previews.ts';
import { createRefreshing, type Refreshing } from './refreshing.ts';
import { createQuickDrop, QUICK_DROP_SIZE, type QuickDrop } from './quick-drop.ts';
import { openQuickShortcut } from './quick-shortcut.ts';
import { createRecent, type Recent } from './recent.ts';
import { lockDownAll } from './security.ts';
import { openStartup, startedBySystem } from './startup.ts';
import { createTaskBar, type TaskBar } from './task-bar.ts';
import { createTray } from './tray.ts';
import type { TrayDeed } from './tray-menu.ts';
import { openWindowPlace } from './window-place.ts';
import { createWindows, type Windows } from './windows.ts';
import { openWorkspace, type Workspace, type WorkspaceParts } from './workspace.ts';

export interface AppParts extends WorkspaceParts {
  /** The folder of the built app: `preload/`, `renderer/` and, beside it, `build/` with the icons. */
  readonly outFolder: string;
  readonly iconsFolder: string;
}

const words = createWords(app.getLocale());
const say = createSay(words);
const speech = (): Speech => ({ say, language: words.language, direction: directionOf(words.language) });

export function startApp(parts: AppParts): void {
  registerPageScheme();
  lockDownAll();
  app.setAppUserModelId('example.docktide.app');
  // Under Wayland shortcuts of the whole computer are asked of the desktop's portal.
  if (process.platform === 'linux') app.commandLine.appendSwitch('enable-features', 'GlobalShortcutsPortal');
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app
    .whenReady()
    .then(() => run(parts))
    .catch((error: unknown) => {
      dialog.showErrorBox(words.t('shell.cannotStart'), say(messageOf(error)));
      app.exit(1);
    });
}

async function run(parts: AppParts): Promise<void> {
  setMenu();
  const preferences = openPreferences((values) => {
    void words.changeLanguage(spokenLanguage(values));
    tray.update();
    quickDrop.reload();
  });
  await words.changeLanguage(spokenLanguage(preferences.values()));
  const workspace = await openWorkspace(parts);
  const previews = createPreviews(() => workspace.service());
  servePage(join(parts.outFolder, 'renderer'), previews);
  const windows = createWindows({ ...parts, place: openWindowPlace(), noticeTray });
  const quickPlace = openWindowPlace('quick-drop-window', QUICK_DROP_SIZE);
  const quickDrop = createQuickDrop({ ...parts, place: quickPlace, title: () => words.t('quickDrop.title') });
  const pushes = createPushes((batch) => {
    windows.send(batch);
    quickDrop.send(batch.filter(({ kind }) => kind === 'app'));
  });
  const taskBar = createTaskBar((progress) => windows.setProgress(progress));
  const jobs = createJobs(pushes, (progress) => taskBar.job(progress));
  const go = (screen: string, params: Readonly<Record<string, string>> = {}): void => {
    windows.show();
    pushes.each({ kind: 'navigate', screen, params: { ...params } });
  };
  const setup = new Store<{ documents?: string }>({ name: 'setup' });
  const state: AppState = createAppState({
    workspace,
    version: app.getVersion(),
    suggestedDocuments: setup.get('documents') ?? join(app.getPath('documents'), 'Docktide'),
    remember: (documents) => setup.set('documents', documents),
    tell(view) {
      pushes.app(view);
      tray.update(view);
    },
  });
  const desktop = createDesktop({
    words,
    iconsFolder: parts.iconsFolder,
    current: () => focused(windows, quickDrop),
    show: () => windows.show(),
  });
  const act = (deed: TrayDeed): void => actFromTray(deed, { workspace, state, windows, quickDrop, desktop, go });
  const shortcut = openQuickShortcut(
    () => act({ kind: 'quick-drop' }),
    () => tray.update(),
  );
  const tray = openTray({ parts, workspace, state, act, shortcut: () => shortcut.view() });
  const quick: QuickDropControl = {
    view: () => shortcut.view(),
    setShortcut: (keys) => shortcut.set(keys),
    open: () => quickDrop.open(),
    close: () => quickDrop.close(),
    showBox: (type, ref) => go('attachment-box', { type, ref }),
  };
  const listings = createListings(
    {
      childIds: (folderId, scope, limit) => workspace.service().childIds(folderId, scope, limit),
      childCount: (folderId) => workspace.service().childCount(folderId),
      entries: (ids) => workspace.service().entries(ids),
    },
    pushes,
  );
  const lists = createWatchedLists(createListSources({ workspace }), pushes);
  const notify = createNotifications(go, say);
  const refreshing = listen({ workspace, state, listings, lists, jobs, pushes, taskBar, tray, notify });
  const refreshed = async (): Promise<void> => {
    await refreshing.now();
    await pushes.rowsSent();
  };
  followRemote(workspace, pushes);
  const startup = openStartup(argumentsToKeep(process.argv));
  const callParts = {
    words,
    speech,
    workspace,
    state,
    listings,
    pushes,
    jobs,
    preferences,
    desktop,
    previews,
    startup,
    quick,
  };
  serveCalls({
    handlers: createCalls({ ...callParts, refreshed }, lists),
    drop: ({ folderId, paths }) => dropInto({ workspace, refreshed }, folderId, paths),
    isOwn: (id) => windows.isOwn(id) || quickDrop.isOwn(id),
    onUnexpected: (error) => console.error(error),
  });
  endCleanly(workspace, pushes, () => {
    windows.letClose();
    quickDrop.letClose();
  });
  app.on('second-instance', (_event, args) => args.includes(HIDDEN) || windows.show());
  app.on('activate', () => windows.show());
  await workspace.watch();
  tray.update();
  await windows.open(startedBySystem(process.argv));
}

/** Dialogs belong to the window that a person works in. */
function focused(windows: Windows, quickDrop: QuickDrop): Electron.BrowserWindow | null {
  const small = quickDrop.current();
  return small?.isVisible() && small.isFocused() ? small : windows.current();
}

interface TrayWay {
  readonly workspace: Workspace;
  readonly state: AppState;
  readonly windows: Windows;
  readonly quickDrop: QuickDrop;
  readonly desktop: Desktop;
  readonly go: (screen: string, params?: Readonly<Record<string, string>>) => void;
}

function actFromTray(deed: TrayDeed, { workspace, state, windows, quickDrop, desktop, go }: TrayWay): void {
  const service = () => workspace.service();
  switch (deed.kind) {
    case 'open':
      return windows.show();
    case 'screen':
      return go(deed.screen, deed.params);
    case 'document':
      // What cannot be opened any more is looked for instead.
      service()
        .open(deed.path)
        .then(({ file }) => desktop.openFile(file))
        .catch(() => go('documents', { search: deed.path.slice(deed.path.lastIndexOf('/') + 1) }));
      return;
    case 'quick-drop':
      return state.view().phase === 'ready' ? quickDrop.open() : windows.show();
    case 'sync':
      // What goes wrong is shown by the state.
      service()
        .sync()
        .catch(() => {});
      return;
    case 'pause':
      return forClients(workspace, state, (name) => service().pauseClient(name));
    case 'resume':
      forClients(workspace, state, (name) => service().resumeClient(name));
      void workspace.watch();
      return;
    case 'quit':
      return app.quit();
    default:
      return assertNever(deed);
  }
}

interface TrayState {
  update(view?: AppView): void;
  readonly recent: Recent;
}

interface TrayNeeds {
  readonly parts: AppParts;
  readonly workspace: Workspace;
  readonly state: AppState;
  readonly act: (deed: TrayDeed) => void;
  readonly shortcut: () => QuickDropView;
}

function openTray({ parts, workspace, state, act, shortcut }: TrayNeeds): TrayState {
  const recent = createRecent((limit) => workspace.service().queue({ finished: true, limit }));
  const show = createTray({ icons: parts.iconsFolder, words, open: () => act({ kind: 'open' }), act });
  return {
    recent,
    update(view = state.view()) {
      const keys = shortcut();
      show({ view, recent: recent.paths(), shortcut: keys.problem === null ? keys.shortcut : null });
    },
  };
}

interface Listening {
  readonly workspace: Workspace;
  readonly state: AppState;
  readonly listings: Listings;
  readonly lists: WatchedLists;
  readonly jobs: Jobs;
  readonly pushes: Pushes;
  readonly taskBar: TaskBar;
  readonly tray: TrayState;
  readonly notify: (notice: NoticeView) => void;
}

function listen(listening: Listening): Refreshing {
  const { workspace, state, listings, lists, jobs, pushes, taskBar, tray, notify } = listening;
  const refreshing = createRefreshing(
    async () => (await listings.refresh()) + lists.refresh(),
    (error) => state.problem('', { code: codeOf(error), message: messageOf(error) }),
  );
  workspace.listen({
    event(event) {
      if (event.kind === 'notice') notify(event.notice);
      state.event(event);
      if (event.kind === 'task') {
        pushes.task(event.task);
        if (tray.recent.task(event.task)) state.changed();
      }
      if (event.kind === 'log') pushes.log(event.row);
      if (event.kind === 'progress') {
        const { kind: _kind, ...progress } = event;
        pushes.progress(progress);
        taskBar.pass(progress.client, progress.done, progress.total);
      }
      if (event.kind === 'pass-finished' || event.kind === 'pass-failed') taskBar.passEnded(event.client);
      if (event.kind !== 'progress' && event.kind !== 'log') refreshing.due();
    },
    switched() {
      listings.clear();
      lists.clear();
      jobs.stop();
      pushes.clear();
      tray.recent.forget();
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
function endCleanly(workspace: Workspace, pushes: Pushes, letClose: () => void): void {
  let closed = false;
  app.on('before-quit', letClose);
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

/** On macOS copy and paste need a menu; elsewhere the window has none. */
function setMenu(): void {
  const template = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const;
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate([...template]) : null);
}
