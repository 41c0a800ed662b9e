import { Suspense, useEffect } from 'react';
import { RemotePane } from '../features/demo/RemotePane.tsx';
import { ProgramWarning } from '../features/documents/ProgramWarning.tsx';
import { FirstRun } from '../features/setup/FirstRun.tsx';
import { useSetupStep } from '../features/setup/progress.ts';
import { useApp } from '../stores/app-store.ts';
import { useDemo } from '../stores/demo-store.ts';
import { openFirstRecord, useFolders } from '../stores/folder-store.ts';
import { useNavigation } from '../stores/navigation-store.ts';
import { useQueue } from '../stores/queue-store.ts';
import { useWorkspace } from '../stores/workspace-store.ts';
import { useUndo } from '../stores/undo-store.ts';
import { Failure } from '../ui/Failure.tsx';
import { Loading } from '../ui/Loading.tsx';
import { ProgressPanel } from '../ui/ProgressPanel.tsx';
import { t } from '../ui/words.ts';
import { Banners } from './Banners.tsx';
import { FrameActions } from './FrameActions.tsx';
import { Header } from './Header.tsx';
import { Palette } from './Palette.tsx';
import { ScreenBoundary } from './ScreenBoundary.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { Sidebar } from './Sidebar.tsx';
import { StatusBar } from './StatusBar.tsx';
import { preloadScreens, screenOf } from './screens.ts';
import { useShortcuts } from './shortcuts.ts';
import styles from './App.module.css';

export function App() {
  const app = useApp((store) => store.app);
  const error = useApp((store) => store.error);
  const load = useApp((store) => store.load);
  const settingUp = useSetupStep(app) !== 'done';

  useEffect(() => void load(), [load]);

  if (error !== null) {
    return (
      <main className={styles.whole}>
        <h1 className="visually-hidden">{t('app.name')}</h1>
        <Failure title={t('app.cannotOpen')} message={error} retry={() => void load()} />
      </main>
    );
  }
  if (app === null) {
    return (
      <main className={styles.whole}>
        <h1 className="visually-hidden">{t('app.name')}</h1>
        <Loading />
      </main>
    );
  }
  return settingUp ? <FirstRun app={app} /> : <Workspace key={app.demo ? 'demo' : 'own'} />;
}

/** Everything that belongs to one document store; mounted anew when the store is another one. */
function Workspace() {
  const demo = useApp((store) => store.app?.demo ?? false);
  useShortcuts();

  useEffect(() => {
    const own = useApp.getState().app?.demo !== true;
    if (!useWorkspace.getState().running) {
      useWorkspace.setState({ running: true });
      const started = useFolders.getState().start();
      if (!own) void started.then(openFirstRecord);
      void useQueue.getState().load();
    }
    return () => {
      const now = useApp.getState().app;
      // Another language draws everything anew; places, selection and what can be taken back stay.
      if (now?.phase === 'ready' && now.demo !== own) return;
      useWorkspace.setState({ running: false });
      useFolders.getState().reset();
      useQueue.getState().reset();
      useDemo.getState().reset();
      useNavigation.getState().reset();
      useUndo.getState().reset();
    };
  }, []);

  useEffect(() => {
    // The next screen is there without a moment of nothing. Without its code it says so when it is shown.
    const idle = requestIdleCallback(() => void preloadScreens().catch(() => {}));
    return () => cancelIdleCallback(idle);
  }, []);

  return (
    <div className={styles.window}>
      <FrameActions />
      <Header />
      <div className={styles.body}>
        <Sidebar />
        <div className={styles.content}>
          <Banners />
          <CurrentScreen />
        </div>
        {demo && <RemotePane />}
      </div>
      <StatusBar />
      <ProgressPanel />
      <Palette />
      <ShortcutSheet />
      <ProgramWarning />
    </div>
  );
}

function CurrentScreen() {
  const id = useNavigation((store) => store.screen);
  const screen = screenOf(id);
  const Screen = screen?.component;
  return (
    <main className={styles.main} aria-label={screen && t(screen.words)}>
      <ScreenBoundary key={id}>
        <Suspense fallback={<Loading />}>{Screen && <Screen />}</Suspense>
      </ScreenBoundary>
    </main>
  );
}
