import { FolderClosed } from 'lucide-react';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { t } from '../../ui/words.ts';
import { Activity } from './Activity.tsx';
import { Safety } from './Safety.tsx';
import { Storage } from './Storage.tsx';
import { TidyUp } from './TidyUp.tsx';
import { useFigures } from './use-figures.ts';
import styles from './Dashboard.module.css';

/** Three questions of an owner: is everything safe, what fills our Dropbox, what happened this week. */
export function Dashboard() {
  const { figures, error, reload } = useFigures();
  const isNew = figures?.clients.length === 0 && figures.storage.documents.files === 0;
  if (error !== null || figures === null || isNew) {
    return (
      <>
        <ScreenHead title={t('nav.dashboard')} hint={t('dashboard.hint')} />
        {error !== null ? (
          <Failure title={t('dashboard.error')} message={error} retry={reload} />
        ) : isNew ? (
          <Empty icon={FolderClosed} title={t('dashboard.none')} hint={t('dashboard.noneHint')} />
        ) : (
          <Loading />
        )}
      </>
    );
  }
  return (
    // A screen that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroller} tabIndex={0} role="region" aria-label={t('nav.dashboard')}>
      <ScreenHead title={t('nav.dashboard')} hint={t('dashboard.hint')} />
      <div className={styles.grid}>
        <Safety figures={figures} />
        <Activity activity={figures.activity} />
        <TidyUp figures={figures} changed={reload} />
        <Storage figures={figures} />
      </div>
    </div>
  );
}
