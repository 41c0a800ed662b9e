import { Button } from '@mantine/core';
import { ExternalLink, FolderClosed, Link, Upload } from 'lucide-react';
import { useMemo, useState, type DragEvent } from 'react';
import type { BoxRecord, BoxRow } from '../../../src-shared/ipc/box.ts';
import { useList } from '../../bridge/use-list.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { Failure } from '../../ui/Failure.tsx';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOfName } from '../../ui/file-type.ts';
import { compareText, formatBytes, formatMoment } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { EntryState } from '../../ui/StateMark.tsx';
import { counted, t } from '../../ui/words.ts';
import { addDropped, chooseFiles } from '../documents/add-files.ts';
import { copyLink, open, openInDropbox } from '../documents/file-work.ts';
import { goToPath } from '../search/go-to.ts';
import styles from './Box.module.css';

/** One record as a box: each subfolder is a part of it that takes what is dropped on it. */
export function Box({ record }: { record: BoxRecord }) {
  if (record.folder === null) {
    return (
      <div className={styles.none}>
        <h3>{record.name}</h3>
        <p>{t('box.noFolder')}</p>
        <Button variant="default" size="xs" onClick={() => navigate('settings', { part: 'rules' })}>
          {t('box.toRules')}
        </Button>
      </div>
    );
  }
  return <Contents record={record} folder={record.folder} />;
}

function Contents({ record, folder }: { record: BoxRecord; folder: string }) {
  const { rows, loading, error, reload } = useList('box', { folder });
  const parts = useMemo(() => partsOf(rows), [rows]);
  if (error !== null) return <Failure title={t('box.error')} message={error} retry={reload} />;
  if (loading) return <Loading />;
  return (
    <>
      <div className={styles.head}>
        <h3>{record.name}</h3>
        <span className={styles.soft}>{counted('status.files', rows.filter((row) => row.kind === 'file').length)}</span>
        <Button variant="default" size="compact-sm" onClick={() => goToPath(folder)}>
          {t('box.inDocuments')}
        </Button>
      </div>
      <div className={styles.parts}>
        {parts.map((part) => (
          <PartOfBox key={part.folder.id} part={part} />
        ))}
      </div>
    </>
  );
}

interface Part {
  readonly folder: BoxRow;
  readonly files: readonly BoxRow[];
}

function partsOf(rows: readonly BoxRow[]): readonly Part[] {
  const byFolder = new Map<number, BoxRow[]>();
  for (const row of rows) {
    if (row.kind === 'file' && row.parent !== null)
      byFolder.set(row.parent, [...(byFolder.get(row.parent) ?? []), row]);
  }
  return rows
    .filter((row) => row.kind === 'folder')
    .toSorted((a, b) => compareText(a.path, b.path))
    .map((folder) => ({
      folder,
      files: (byFolder.get(folder.row) ?? []).toSorted((a, b) => compareText(a.name, b.name)),
    }));
}

function PartOfBox({ part: { folder, files } }: { part: Part }) {
  const [over, setOver] = useState(false);
  const name = folder.path === '' ? t('box.itself') : folder.path.replaceAll('/', ' › ');
  const target = { id: folder.row, name: folder.name };
  const drag = (event: DragEvent, on: boolean): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(on);
  };
  return (
    <section
      className={styles.part}
      data-over={over || undefined}
      aria-label={name}
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={(event) => {
        drag(event, false);
        void addDropped(target, [...event.dataTransfer.files]);
      }}
    >
      <div className={styles.partHead}>
        <FolderClosed aria-hidden size={15} />
        <h4>{name}</h4>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<Upload aria-hidden size={12} />}
          aria-label={t('box.addTo', { folder: name })}
          onClick={() => void chooseFiles(target)}
        >
          {t('box.add')}
        </Button>
      </div>
      {files.length === 0 ? (
        <p className={styles.drop}>{t('box.drop')}</p>
      ) : (
        <ul className={styles.files}>
          {files.map((file) => (
            <FileLine key={file.id} file={file} />
          ))}
        </ul>
      )}
    </section>
  );
}

function FileLine({ file }: { file: BoxRow }) {
  const row = { id: file.row, name: file.name };
  return (
    <li className={styles.file}>
      <FileIcon type={typeOfName(file.name).key} />
      <button
        type="button"
        className={styles.name}
        title={t('box.open', { name: file.name })}
        onClick={() => void open(row)}
      >
        {file.name}
      </button>
      <span className={styles.soft}>{formatBytes(file.size ?? 0)}</span>
      <span className={styles.soft}>{file.changedAt === null ? '' : formatMoment(file.changedAt)}</span>
      <EntryState state={file.state} />
      <Button
        variant="subtle"
        size="compact-xs"
        aria-label={t('box.copyLink', { name: file.name })}
        title={t('box.copyLink', { name: file.name })}
        onClick={() => void copyLink(row)}
      >
        <Link aria-hidden size={13} />
      </Button>
      <Button
        variant="subtle"
        size="compact-xs"
        aria-label={t('box.openThere', { name: file.name })}
        title={t('box.openThere', { name: file.name })}
        onClick={() => void openInDropbox(row)}
      >
        <ExternalLink aria-hidden size={13} />
      </Button>
    </li>
  );
}
