import { Button, NativeSelect } from '@mantine/core';
import { FilePlus, Inbox, PackageOpen, Table2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { BoxRecord } from '../../../src-shared/ipc/box.ts';
import type { DocumentType } from '../../../src-shared/ipc/settings.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useActions } from '../../stores/actions-store.ts';
import { navigate, useNavigation } from '../../stores/navigation-store.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { warn } from '../../ui/notify.ts';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { t } from '../../ui/words.ts';
import styles from './AttachmentBox.module.css';
import { Box } from './Box.tsx';
import { ImportRecords, type Table } from './ImportRecords.tsx';
import { NewRecord } from './NewRecord.tsx';
import { RecordFinder } from './RecordFinder.tsx';
import { useRecords } from './use-records.ts';

/** Pick a document type, type a record, see and fill its box. `params` may name the record: `type` and `ref`. */
export function AttachmentBox() {
  const { types, error, load } = useTypes();
  useActions([
    {
      id: 'quick-drop',
      words: 'box.quickDrop',
      group: 'nav.attachmentBox',
      icon: PackageOpen,
      run: () => void call('quickDrop.open', {}),
    },
  ]);
  if (error === null && types !== null && types.length > 0) return <Finder types={types} />;
  return (
    <>
      <ScreenHead title={t('nav.attachmentBox')} hint={t('box.hint')} />
      {error !== null ? (
        <Failure title={t('box.error')} message={error} retry={load} />
      ) : types === null ? (
        <Loading />
      ) : (
        <Empty icon={Inbox} title={t('box.noTypes')} hint={t('box.noTypesHint')}>
          <Button variant="default" size="xs" onClick={() => navigate('settings', { part: 'rules' })}>
            {t('box.toRules')}
          </Button>
        </Empty>
      )}
    </>
  );
}

function Finder({ types }: { types: readonly DocumentType[] }) {
  const [type, setType] = useState('');
  const [text, setText] = useState('');
  const [tries, setTries] = useState(0);
  const [record, setRecord] = useAskedRecord();
  const [table, setTable] = useState<Table | null>(null);
  const [adding, setAdding] = useState(false);
  const found = useRecords(type === '' ? null : type, text, tries);
  const chooseTable = async (): Promise<void> => {
    try {
      setTable(await call('records.chooseFile', {}));
    } catch (problem) {
      warn(t('box.import.failed'), sentence(problem));
    }
  };
  useActions([
    {
      id: 'records.new',
      words: 'box.new.title',
      group: 'nav.attachmentBox',
      icon: FilePlus,
      run: () => setAdding(true),
    },
    {
      id: 'records.import',
      words: 'box.import.action',
      group: 'nav.attachmentBox',
      icon: Table2,
      run: () => void chooseTable(),
    },
  ]);
  return (
    <>
      <ScreenHead title={t('nav.attachmentBox')} hint={t('box.hint')}>
        <Button
          variant="default"
          size="xs"
          leftSection={<FilePlus aria-hidden size={14} />}
          onClick={() => setAdding(true)}
        >
          {t('box.new.open')}
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<Table2 aria-hidden size={14} />}
          onClick={() => void chooseTable()}
        >
          {t('box.import.open')}
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<PackageOpen aria-hidden size={14} />}
          onClick={() => void call('quickDrop.open', {})}
        >
          {t('box.quickDrop')}
        </Button>
      </ScreenHead>
      <div className={styles.body}>
        <div className={styles.finder}>
          <NativeSelect
            aria-label={t('box.type')}
            value={type}
            data={[
              { value: '', label: t('box.allTypes') },
              ...types.map(({ name, label }) => ({ value: name, label })),
            ]}
            onChange={(event) => setType(event.currentTarget.value)}
          />
          <RecordFinder
            label={t('box.find')}
            listLabel={t('box.records')}
            text={text}
            setText={setText}
            found={found}
            chosen={record}
            choose={setRecord}
            withType={type === ''}
            nothing={
              found !== null &&
              (found.error !== null ? (
                <Failure title={t('box.error')} message={found.error} retry={() => setTries(tries + 1)} />
              ) : (
                <p className={styles.nothing}>{t(text.trim() === '' ? 'box.noRecords' : 'box.nothing')}</p>
              ))
            }
          />
        </div>
        <div className={styles.box}>
          {record === null ? (
            <Empty icon={Inbox} title={t('box.choose')} hint={t('box.chooseHint')} />
          ) : (
            <Box
              key={`${record.type}/${record.ref}`}
              record={record}
              changed={(next) => {
                setRecord(next);
                setTries(tries + 1);
              }}
            />
          )}
        </div>
      </div>
      <NewRecord
        opened={adding}
        types={types}
        type={type}
        close={() => setAdding(false)}
        made={(made) => {
          setRecord(made);
          setTries(tries + 1);
        }}
      />
      <ImportRecords table={table} types={types} close={() => setTable(null)} done={() => setTries(tries + 1)} />
    </>
  );
}

/** The chosen record; at first the one that the way here named. */
function useAskedRecord(): [BoxRecord | null, (record: BoxRecord | null) => void] {
  const { type, ref } = useNavigation((store) => store.params);
  const [record, setRecord] = useState<BoxRecord | null>(null);
  useEffect(() => {
    if (type === undefined || ref === undefined) return undefined;
    let gone = false;
    call('box.record', { type, ref }).then(
      (answer) => !gone && setRecord(answer),
      (problem: unknown) => !gone && warn(t('box.error'), sentence(problem)),
    );
    return () => {
      gone = true;
    };
  }, [type, ref]);
  return [record, setRecord];
}

function useTypes() {
  const [types, setTypes] = useState<readonly DocumentType[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let gone = false;
    call('catalog.view', {}).then(
      (catalog) => !gone && setTypes(catalog.types),
      (problem: unknown) => !gone && setError(sentence(problem)),
    );
    return () => {
      gone = true;
    };
  }, [tries]);
  const load = (): void => {
    setError(null);
    setTries(tries + 1);
  };
  return { types, error, load };
}
