import { Button, Loader } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { Documents } from '../features/documents/Documents.tsx';
import { FolderTree } from '../features/documents/FolderTree.tsx';
import { RemotePane } from '../features/demo/RemotePane.tsx';
import { Log } from '../features/log/Log.tsx';
import { Queue } from '../features/queue/Queue.tsx';
import { FirstRun } from '../features/setup/FirstRun.tsx';
import { useApp } from '../stores/app-store.ts';
import { useDemo } from '../stores/demo-store.ts';
import { openFirstRecord, useFolders } from '../stores/folder-store.ts';
import { useLog } from '../stores/log-store.ts';
import { useQueue } from '../stores/queue-store.ts';
import { Empty } from '../ui/Empty.tsx';
import { t } from '../ui/words.ts';
import { Banners } from './Banners.tsx';
import { Header } from './Header.tsx';
import { SectionTabs } from './SectionTabs.tsx';
import { StatusBar } from './StatusBar.tsx';
import { useShortcuts } from './shortcuts.ts';
import styles from './App.module.css';

export function App() {
  const app = useApp((store) => store.app);
  const error = useApp((store) => store.error);
  const load = useApp((store) => store.load);

  useEffect(() => void load(), [load]);

  if (error !== null) {
    return (
      <main className={styles.whole}>
        <Empty icon={TriangleAlert} tone="bad" title={t('app.cannotOpen')} hint={error}>
          <Button onClick={() => void load()}>{t('app.tryAgain')}</Button>
        </Empty>
      </main>
    );
  }
  if (app === null) {
    return (
      <main className={styles.whole} aria-busy>
        <Loader size="sm" aria-label={t('app.loading')} />
      </main>
    );
  }
  return app.phase === 'first-run' ? <FirstRun app={app} /> : <Workspace key={app.demo ? 'demo' : 'own'} />;
}

/** Everything that belongs to one document store; mounted anew when the store is another one. */
function Workspace() {
  const section = useApp((store) => store.section);
  const demo = useApp((store) => store.app?.demo ?? false);
  useShortcuts();

  useEffect(() => {
    const started = useFolders.getState().start();
    if (useApp.getState().app?.demo) void started.then(openFirstRecord);
    void useQueue.getState().load();
    void useLog.getState().load();
    return () => {
      useFolders.getState().reset();
      useQueue.getState().reset();
      useLog.getState().reset();
      useDemo.getState().reset();
    };
  }, []);

  return (
    <div className={styles.window}>
      <Header />
      <Banners />
      <div className={styles.body}>
        <nav className={styles.side} aria-label={t('app.sections')}>
          <SectionTabs />
          <FolderTree />
        </nav>
        <main className={styles.main}>
          {section === 'documents' && <Documents />}
          {section === 'queue' && <Queue />}
          {section === 'log' && <Log />}
        </main>
        {demo && <RemotePane />}
      </div>
      <StatusBar />
    </div>
  );
}
