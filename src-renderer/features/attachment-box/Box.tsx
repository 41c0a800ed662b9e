import { Button, TextInput } from '@mantine/core';
import { FolderX, ListFilter, Upload } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { BoxRecord, BoxRow } from '../../../src-shared/ipc/box.ts';
import { useList } from '../../bridge/use-list.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { formatBytes, formatFacts } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { counted, t } from '../../ui/words.ts';
import { chooseFiles } from '../documents/add-files.ts';
import { openInDropbox } from '../documents/file-work.ts';
import { goToPath } from '../search/go-to.ts';
import { boxLines } from './box-lines.ts';
import styles from './Box.module.css';
import { BoxLines } from './BoxLines.tsx';
import { RecordMenu } from './RecordMenu.tsx';
import { refBeside } from './ref-beside.ts';

interface BoxProps {
  readonly record: BoxRecord;
  /** The record has another name; null where it is gone. */
  readonly changed: (record: BoxRecord | null) => void;
}

/** One record as a box: each subfolder is a part of it that takes what is dropped on it. */
export function Box({ record, changed }: BoxProps) {
  if (record.folder === null) {
    return (
      <Empty icon={FolderX} title={record.name} hint={t('box.noFolder')}>
        <Button variant="default" size="xs" onClick={() => navigate('settings', { part: 'rules' })}>
          {t('box.toRules')}
        </Button>
        <RecordMenu record={record} files={0} changed={changed} />
      </Empty>
    );
  }
  return <Contents record={record} folder={record.folder} changed={changed} />;
}

/** From so many documents on one looks for them. */
const MANY = 12;

function Contents({ record, folder, changed }: BoxProps & { folder: string }) {
  const { rows, total, loading, error, reload } = useList('box', { folder });
  const [text, setText] = useState('');
  const filter = useDeferredValue(text);
  const lines = useMemo(() => boxLines(rows, filter), [rows, filter]);
  const own = rows.find((row) => row.kind === 'folder' && row.path === '');
  const files = rows.filter((row) => row.kind === 'file');
  if (error !== null) return <Failure title={t('box.error')} message={error} retry={reload} />;
  if (loading) return <Loading />;
  return (
    <>
      <Head record={record} folder={folder} own={own} files={files} changed={changed} />
      {files.length > MANY && (
        <TextInput
          className={styles.filter}
          size="xs"
          aria-label={t('box.filter')}
          placeholder={t('box.filter')}
          leftSection={<ListFilter aria-hidden size={14} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {lines.length === 0 ? (
        <p role="status" className={styles.nothing}>
          {t('box.filteredOut')}
        </p>
      ) : (
        <BoxLines record={record} lines={lines} loaded={rows.length === total} />
      )}
    </>
  );
}

interface HeadProps extends BoxProps {
  readonly folder: string;
  readonly own: BoxRow | undefined;
  readonly files: readonly BoxRow[];
}

function Head({ record, folder, own, files, changed }: HeadProps) {
  const bytes = files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const ref = refBeside(record);
  const facts = [
    record.typeLabel,
    ...(ref === null ? [] : [ref]),
    counted('status.files', files.length),
    ...(bytes > 0 ? [formatBytes(bytes)] : []),
  ];
  return (
    <div className={styles.head}>
      <div className={styles.titles}>
        <h3>{record.name}</h3>
        <p>{formatFacts(facts)}</p>
      </div>
      <Button variant="default" size="xs" onClick={() => goToPath(folder)}>
        {t('box.inDocuments')}
      </Button>
      {own !== undefined && (
        <>
          <Button variant="default" size="xs" onClick={() => void openInDropbox({ id: own.row, name: own.name })}>
            {t('box.inDropbox')}
          </Button>
          <Button
            size="xs"
            leftSection={<Upload aria-hidden size={14} />}
            onClick={() => void chooseFiles({ id: own.row, name: record.name })}
          >
            {t('box.add')}
          </Button>
        </>
      )}
      <RecordMenu record={record} files={files.length} changed={changed} />
    </div>
  );
}
