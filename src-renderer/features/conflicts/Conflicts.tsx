import { Button } from '@mantine/core';
import { FileStack } from 'lucide-react';
import type { Conflict } from '../../../src-shared/ipc/conflicts.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useList } from '../../bridge/use-list.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tell, warn } from '../../ui/notify.ts';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { t } from '../../ui/words.ts';
import styles from './Conflicts.module.css';

const SETTLEMENTS = ['keep-here', 'keep-dropbox', 'keep-both'] as const;

/** Documents that were changed on both sides, and the decision about each. */
export function Conflicts() {
  const { rows, loading, error, reload } = useList('conflicts', {});
  if (error !== null) return <Failure title={t('conflicts.error')} message={error} retry={reload} />;
  if (loading) return <Loading />;
  if (rows.length === 0) return <Empty icon={FileStack} title={t('conflicts.none')} hint={t('conflicts.noneHint')} />;
  return (
    <>
      <ScreenHead title={t('nav.conflicts')} hint={t('conflicts.hint')} />
      <ul className={styles.list}>
        {rows.map((conflict) => (
          <Line key={conflict.id} conflict={conflict} />
        ))}
      </ul>
    </>
  );
}

function Line({ conflict }: { conflict: Conflict }) {
  const settle = async (settlement: (typeof SETTLEMENTS)[number]): Promise<void> => {
    try {
      await call('conflict.settle', { id: conflict.id, settlement });
      tell(t('conflicts.settled'), conflict.path);
    } catch (error) {
      warn(t('conflicts.notSettled'), sentence(error));
    }
  };
  return (
    <li className={styles.conflict}>
      <div className={styles.text}>
        <span className={styles.path}>{conflict.path}</span>
        <span className={styles.reason}>
          {conflict.reason} · {conflict.client} · {formatMoment(conflict.foundAt)}
        </span>
      </div>
      <div className={styles.buttons}>
        {SETTLEMENTS.map((settlement) => (
          <Button key={settlement} variant="default" size="compact-sm" onClick={() => void settle(settlement)}>
            {t(`conflicts.${settlement}`)}
          </Button>
        ))}
      </div>
    </li>
  );
}
