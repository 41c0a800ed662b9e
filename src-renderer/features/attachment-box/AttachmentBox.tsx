import { Button, NativeSelect, TextInput } from '@mantine/core';
import { Inbox, Search } from 'lucide-react';
import { useEffect, useState, type KeyboardEvent } from 'react';
import type { BoxRecord } from '../../../src-shared/ipc/box.ts';
import type { DocumentType } from '../../../src-shared/ipc/settings.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { counted, t } from '../../ui/words.ts';
import { Box } from './Box.tsx';
import styles from './AttachmentBox.module.css';

/** Milliseconds of rest before records are looked for. */
const REST = 120;

/** Pick a document type, type a record, see and fill its box. */
export function AttachmentBox() {
  const { types, error } = useTypes();
  const [chosenType, setType] = useState('');
  const [text, setText] = useState('');
  const [record, setRecord] = useState<BoxRecord | null>(null);
  const type = chosenType === '' ? (types?.[0]?.name ?? '') : chosenType;
  const found = useRecords(type, text);
  if (error !== null) return <Failure title={t('box.error')} message={error} />;
  if (types === null) return <Loading />;
  if (types.length === 0) {
    return (
      <Empty icon={Inbox} title={t('box.noTypes')} hint={t('box.noTypesHint')}>
        <Button variant="default" size="xs" onClick={() => navigate('settings', { part: 'rules' })}>
          {t('box.toRules')}
        </Button>
      </Empty>
    );
  }
  return (
    <>
      <ScreenHead title={t('nav.attachmentBox')} hint={t('box.hint')} />
      <div className={styles.body}>
        <div className={styles.finder}>
          <NativeSelect
            aria-label={t('box.type')}
            value={type}
            data={types.map(({ name, label }) => ({ value: name, label }))}
            onChange={(event) => {
              setType(event.currentTarget.value);
              setRecord(null);
            }}
          />
          <TextInput
            // Typing the record is what this screen is for.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            aria-label={t('box.find')}
            placeholder={t('box.find')}
            leftSection={<Search aria-hidden size={14} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event: KeyboardEvent) => {
              const [first] = found?.records ?? [];
              if (event.key === 'Enter' && first !== undefined) setRecord(first);
            }}
          />
          <p role="status" className={styles.count}>
            {found !== null && counted('box.found', found.total)}
          </p>
          <ul className={styles.records} aria-label={t('box.records')}>
            {found?.records.map((one) => (
              <li key={one.ref}>
                <button
                  type="button"
                  className={styles.record}
                  aria-current={one.ref === record?.ref ? 'true' : undefined}
                  onClick={() => setRecord(one)}
                >
                  <span>{one.name}</span>
                  {one.ref !== one.name && <span className={styles.ref}>{one.ref}</span>}
                </button>
              </li>
            ))}
          </ul>
        </div>
        <div className={styles.box}>
          {record === null ? (
            <Empty icon={Inbox} title={t('box.choose')} hint={t('box.chooseHint')} />
          ) : (
            <Box key={`${record.type}/${record.ref}`} record={record} />
          )}
        </div>
      </div>
    </>
  );
}

function useTypes() {
  const [types, setTypes] = useState<readonly DocumentType[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    call('catalog.view', {}).then(
      (catalog) => !gone && setTypes(catalog.types),
      (problem: unknown) => !gone && setError(sentence(problem)),
    );
    return () => {
      gone = true;
    };
  }, []);
  return { types, error };
}

function useRecords(type: string, text: string) {
  const [found, setFound] = useState<{ readonly records: readonly BoxRecord[]; readonly total: number } | null>(null);
  useEffect(() => {
    if (type === '') return undefined;
    let gone = false;
    const timer = setTimeout(() => {
      call('box.records', { type, text }).then(
        (answer) => !gone && setFound(answer),
        () => !gone && setFound({ records: [], total: 0 }),
      );
    }, REST);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [type, text]);
  return found;
}
