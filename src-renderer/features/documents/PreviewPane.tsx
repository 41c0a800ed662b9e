// Beside the list: what the selected document looks like, what is known of it, what happened to it, and its versions.

import { ActionIcon, Button, Tabs } from '@mantine/core';
import { Download, ExternalLink, FolderOpen, GripVertical, MousePointerClick, X } from 'lucide-react';
import { useState } from 'react';
import type { Row } from '../../../src-shared/ipc/documents.ts';
import type { Version } from '../../../src-shared/ipc/files.ts';
import { Empty } from '../../ui/Empty.tsx';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOf } from '../../ui/file-type.ts';
import { formatBytes, formatExact } from '../../ui/format.ts';
import { counted, t } from '../../ui/words.ts';
import { DetailsView } from './DetailsView.tsx';
import { openRow } from './file-menu.ts';
import { download, dragOut, openInDropbox } from './file-work.ts';
import styles from './PreviewPane.module.css';
import { Preview } from './Preview.tsx';
import { VersionsView } from './VersionsView.tsx';
import { changeLooks } from './view-store.ts';

export function PreviewPane({ rows }: { rows: readonly Row[] }) {
  const [first] = rows;
  return (
    <aside className={styles.pane} aria-label={t('documents.preview')}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        className={styles.close}
        aria-label={t('app.close')}
        onClick={() => changeLooks({ preview: false })}
      >
        <X aria-hidden size={15} />
      </ActionIcon>
      {first === undefined ? (
        <Empty icon={MousePointerClick} title={t('documents.nothingChosen')} />
      ) : rows.length > 1 ? (
        <Several rows={rows} />
      ) : (
        <One key={`${first.kind}:${first.id}`} row={first} />
      )}
    </aside>
  );
}

function Several({ rows }: { rows: readonly Row[] }) {
  const bytes = rows.reduce((sum, row) => sum + (row.size ?? 0), 0);
  return (
    <div className={styles.several}>
      <p className={styles.title}>{counted('documents.chosen', rows.length)}</p>
      <p className={styles.soft}>{formatBytes(bytes)}</p>
      <Button variant="default" leftSection={<Download aria-hidden size={14} />} onClick={() => void download(rows)}>
        {t('files.downloadZip')}
      </Button>
      <DragOut rows={rows} />
    </div>
  );
}

/** Taken hold of here, documents go to another program or to the desktop. */
function DragOut({ rows }: { rows: readonly Row[] }) {
  return (
    <span
      className={styles.grip}
      draggable
      title={t('files.dragOutHint')}
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
        void dragOut(rows);
      }}
    >
      <GripVertical aria-hidden size={13} />
      {t('files.dragOut')}
    </span>
  );
}

function One({ row }: { row: Row }) {
  const [tab, setTab] = useState<string | null>('details');
  const [version, setVersion] = useState<Version | null>(null);
  const type = typeOf(row);
  const isFile = row.kind === 'file';
  return (
    <>
      <div className={styles.picture}>
        {isFile ? <Preview row={row} rev={version?.rev} /> : <FileIcon type={type.key} size={64} />}
      </div>
      {version !== null && (
        <p className={styles.version} role="status">
          {t('documents.versionOf', { time: formatExact(version.modifiedAt) })}
          <Button size="compact-xs" variant="default" onClick={() => setVersion(null)}>
            {t('documents.showPresent')}
          </Button>
        </p>
      )}
      <div className={styles.head}>
        <p className={styles.title}>
          <bdi>{row.name}</bdi>
        </p>
        <p className={styles.soft}>
          {type.word}
          {row.size !== null && ` · ${formatBytes(row.size)}`}
        </p>
        <div className={styles.buttons}>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<FolderOpen aria-hidden size={13} />}
            onClick={() => openRow(row)}
          >
            {t('files.open')}
          </Button>
          {(row.url !== null || row.client !== null) && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<ExternalLink aria-hidden size={13} />}
              onClick={() => void openInDropbox(row)}
            >
              {t('files.inDropbox')}
            </Button>
          )}
          <DragOut rows={[row]} />
        </div>
      </div>
      <Tabs value={tab} onChange={setTab} keepMounted={false} className={styles.tabs ?? ''}>
        <Tabs.List>
          <Tabs.Tab value="details">{t('documents.details')}</Tabs.Tab>
          <Tabs.Tab value="history">{t('documents.history')}</Tabs.Tab>
          {isFile && <Tabs.Tab value="versions">{t('documents.versions')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="details" className={styles.panel ?? ''} tabIndex={0}>
          <DetailsView row={row} part="details" />
        </Tabs.Panel>
        <Tabs.Panel value="history" className={styles.panel ?? ''} tabIndex={0}>
          <DetailsView row={row} part="history" />
        </Tabs.Panel>
        {isFile && (
          <Tabs.Panel value="versions" className={styles.panel ?? ''} tabIndex={0}>
            <VersionsView row={row} shown={version} show={setVersion} />
          </Tabs.Panel>
        )}
      </Tabs>
    </>
  );
}
