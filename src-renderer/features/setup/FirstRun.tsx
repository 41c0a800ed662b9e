import { Button } from '@mantine/core';
import { Check, FlaskConical } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { AppView } from '../../../src-shared/ipc/app.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { Logo } from '../../ui/Logo.tsx';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { ConnectAssistant } from './ConnectAssistant.tsx';
import styles from './FirstRun.module.css';
import { FolderStep } from './FolderStep.tsx';
import { goToStep, STEPS, useSetupStep } from './progress.ts';
import { TypesStep } from './TypesStep.tsx';

/** Three short steps to a working sync; or everything without an account. It can be left and is taken up where it was. */
export function FirstRun({ app }: { app: AppView }) {
  const now = useSetupStep(app);
  const step = now === 'done' ? 'types' : now;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [step]);
  return (
    <div className={styles.window}>
      <nav className={styles.rail} aria-label={t('setup.stepsLabel')}>
        <p className={styles.brand}>
          <Logo size={30} />
          {t('app.name')}
        </p>
        <ol>
          {STEPS.map((one, index) => {
            const past = index < STEPS.indexOf(step);
            return (
              <li key={one} aria-current={one === step ? 'step' : undefined} data-past={past || undefined}>
                <span aria-hidden className={styles.mark}>
                  {past ? <Check size={14} strokeWidth={3} /> : index + 1}
                </span>
                <span>{t(`setup.step.${one}.short`)}</span>
              </li>
            );
          })}
        </ol>
        {step !== 'types' && <Demo />}
      </nav>
      <main className={styles.content} aria-labelledby="setup-step">
        <header className={styles.intro}>
          <h1 id="setup-step" ref={heading} tabIndex={-1}>
            {t(`setup.step.${step}.title`)}
          </h1>
          <p>{t(`setup.step.${step}.text`)}</p>
        </header>
        {step === 'folder' && <FolderStep next={() => goToStep('dropbox')} />}
        {step === 'dropbox' && (
          <ConnectAssistant
            app={app}
            start="create"
            keptAs="setup.draft"
            back={() => goToStep('folder')}
            // The account may be there before the browser's answer is: what comes next is known by then.
            begin={() => goToStep('types')}
          />
        )}
        {step === 'types' && <TypesStep app={app} leave={() => goToStep('done')} />}
      </main>
    </div>
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
      <FlaskConical aria-hidden size={20} strokeWidth={1.6} />
      <p>{starting ? t('setup.demoStarting') : t('setup.demoHint')}</p>
      <Button variant="default" size="xs" loading={starting} onClick={() => void start()}>
        {t('setup.demo')}
      </Button>
    </section>
  );
}
