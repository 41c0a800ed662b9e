import { Inbox } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { BoxRecord } from '../../../src-shared/ipc/box.ts';
import { call, onPush } from '../../bridge/bridge.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { t } from '../../ui/words.ts';
import { RecordFinder } from '../attachment-box/RecordFinder.tsx';
import { useRecords } from '../attachment-box/use-records.ts';
import { DropInto } from './DropInto.tsx';
import styles from './QuickDrop.module.css';

/** The small window: type the record, drop the documents, done. Escape closes it; opened again it begins anew. */
export function QuickDrop() {
  const [round, setRound] = useState(0);
  useEffect(() => onPush((push) => push.kind === 'quick-drop' && setRound((before) => before + 1)), []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') void call('quickDrop.close', {});
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return <Round key={round} />;
}

function Round() {
  const [text, setText] = useState('');
  const [tries, setTries] = useState(0);
  const [record, setRecord] = useState<BoxRecord | null>(null);
  const found = useRecords(null, text, tries);

  return (
    <main className={styles.window} aria-labelledby="quick-drop">
      <h1 id="quick-drop" className="visually-hidden">
        {t('quickDrop.title')}
      </h1>
      {record !== null ? (
        <DropInto key={`${record.type}/${record.ref}`} record={record} leave={() => setRecord(null)} />
      ) : found !== null && found.error !== null ? (
        <Failure title={t('quickDrop.error')} message={found.error} retry={() => setTries(tries + 1)} />
      ) : (
        <div className={styles.finder}>
          <RecordFinder
            label={t('quickDrop.find')}
            listLabel={t('quickDrop.found')}
            text={text}
            setText={setText}
            found={found}
            chosen={null}
            choose={setRecord}
            withType
            nothing={
              found === null ? null : text.trim() === '' ? (
                <Empty icon={Inbox} title={t('quickDrop.noRecords')} hint={t('quickDrop.noRecordsHint')} />
              ) : (
                <p className={styles.soft}>{t('quickDrop.nothing')}</p>
              )
            }
          />
          <p className={styles.foot}>{t('quickDrop.start')}</p>
        </div>
      )}
    </main>
  );
}
