import { Button } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import type { AppView } from '../../../src-shared/ipc/app.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { Logo } from '../../ui/Logo.tsx';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { ConnectForm } from './ConnectForm.tsx';
import { Steps } from './Steps.tsx';
import styles from './FirstRun.module.css';

/** What a person sees first: connect Dropbox, or try everything without an account. */
export function FirstRun({ app }: { app: AppView }) {
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <header className={styles.intro}>
          <Logo size={44} />
          <div>
            <h1>{t('setup.title')}</h1>
            <p>{t('setup.intro')}</p>
          </div>
        </header>
        <div className={styles.card}>
          <section aria-labelledby="connect">
            <h2 id="connect">{t('setup.connect')}</h2>
            <p className={styles.hint}>{t('setup.connectHint')}</p>
            <ConnectForm app={app} />
          </section>
          <Steps app={app} />
        </div>
        <Demo />
      </div>
    </main>
  );
}

function Demo() {
  const [starting, setStarting] = useState(false);
  const start = async (): Promise<void> => {
    setStarting(true);
    try {
      useApp.getState().setApp(await call('setup.tryDemo', {}));
    } catch (error) {
      warn(t('setup.demoFailed'), sentence(error));
    } finally {
      setStarting(false);
    }
  };
  return (
    <section className={styles.demo} aria-label={t('setup.demo')}>
      <FlaskConical aria-hidden size={22} strokeWidth={1.6} />
      <p>{starting ? t('setup.demoStarting') : t('setup.demoHint')}</p>
      <Button variant="light" size="sm" loading={starting} onClick={() => void start()}>
        {t('setup.demo')}
      </Button>
    </section>
  );
}
