import { Button } from '@mantine/core';
import { useState } from 'react';
import { useQueue } from '../stores/queue-store.ts';
import { Dialog, DialogButtons } from '../ui/Dialog.tsx';
import { t } from '../ui/words.ts';
import { syncNow } from './sync-now.ts';
import styles from './AgreeToDelete.module.css';

const SHOWN = 8;

/** Deletions that were held back, and the question whether they may go. */
export function AgreeToDelete({ held }: { held: number }) {
  const [opened, setOpened] = useState(false);
  const tasks = useQueue((store) => store.live);
  const paths = tasks.filter((task) => task.state === 'held').map((task) => task.path);
  const agree = (): void => {
    setOpened(false);
    void syncNow(true);
  };
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setOpened(true)}>
        {t('banner.agree')}
      </Button>
      <Dialog opened={opened} close={() => setOpened(false)} title={t('banner.agreeTitle')}>
        <p>{t('banner.agreeText', { count: held })}</p>
        <ul className={styles.paths}>
          {paths.slice(0, SHOWN).map((path) => (
            <li key={path}>{path}</li>
          ))}
          {paths.length > SHOWN && <li>{t('banner.agreeMore', { count: paths.length - SHOWN })}</li>}
        </ul>
        <DialogButtons>
          <Button variant="default" autoFocus onClick={() => setOpened(false)}>
            {t('app.cancel')}
          </Button>
          <Button color="red" onClick={agree}>
            {t('banner.agreeYes')}
          </Button>
        </DialogButtons>
      </Dialog>
    </>
  );
}
