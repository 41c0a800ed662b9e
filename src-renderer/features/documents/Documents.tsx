import { Button } from '@mantine/core';
import { FilePlus2, FolderPlus, FolderOpen, Upload } from 'lucide-react';
import { useState, type DragEvent, type ReactNode } from 'react';
import { useFolders } from '../../stores/folder-store.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { counted, t } from '../../ui/words.ts';
import { addDropped, chooseFiles } from './add-files.ts';
import { Breadcrumb } from './Breadcrumb.tsx';
import { FileTable } from './FileTable.tsx';
import { FolderTree } from './FolderTree.tsx';
import { NewFolder } from './NewFolder.tsx';
import styles from './Documents.module.css';

/** The file manager: all folders beside the chosen one. */
export function Documents() {
  return (
    <SplitPane
      id="documents.tree"
      label={t('documents.treeWidth')}
      size={220}
      min={150}
      max={480}
      start={<FolderTree />}
      end={<Folder />}
    />
  );
}

/** The chosen folder: where it is, what can be done with it, what is in it. Files dropped here go into it. */
function Folder() {
  const trail = useFolders((store) => store.trail);
  const total = useFolders((store) => store.total);
  const folder = trail.at(-1) ?? null;
  const [naming, setNaming] = useState(false);

  return (
    <DropZone>
      <div className={styles.bar}>
        <Breadcrumb />
        {total > 0 && <span className={styles.total}>{counted('documents.items', total)}</span>}
        <Button variant="default" leftSection={<FolderPlus aria-hidden size={14} />} onClick={() => setNaming(true)}>
          {t('documents.newFolder')}
        </Button>
        {folder !== null && (
          <Button
            variant="default"
            leftSection={<FilePlus2 aria-hidden size={14} />}
            onClick={() => void chooseFiles(folder)}
          >
            {t('documents.addFiles')}
          </Button>
        )}
      </div>
      <Listing />
      <NewFolder opened={naming} parents={trail} close={() => setNaming(false)} />
    </DropZone>
  );
}

function Listing() {
  const { rows, loading, error, trail, open } = useFolders();
  if (error !== null) {
    return <Failure title={t('documents.error')} message={error} retry={() => void open(trail)} />;
  }
  if (rows.length > 0) return <FileTable />;
  if (loading) return <Loading label={t('documents.loading')} />;
  if (trail.length === 0) {
    return <Empty icon={FolderOpen} title={t('documents.emptyTop')} hint={t('documents.emptyTopHint')} />;
  }
  return <Empty icon={Upload} title={t('documents.emptyFolder')} hint={t('documents.emptyFolderHint')} />;
}

function DropZone({ children }: { children: ReactNode }) {
  const folder = useFolders((store) => store.trail.at(-1) ?? null);
  // Entering a child fires before leaving its parent: the depth tells when the pointer is really gone.
  const [depth, setDepth] = useState(0);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  const drop = (event: DragEvent): void => {
    setDepth(0);
    const files = [...event.dataTransfer.files];
    if (folder === null || files.length === 0) return;
    event.preventDefault();
    void addDropped(folder, files);
  };
  return (
    <section
      className={styles.zone}
      aria-label={t('documents.label', { folder: folder?.name ?? t('tree.top') })}
      onDragEnter={(event) => hasFiles(event) && setDepth((now) => now + 1)}
      onDragLeave={(event) => hasFiles(event) && setDepth((now) => Math.max(now - 1, 0))}
      onDragOver={(event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = folder === null ? 'none' : 'copy';
      }}
      onDrop={drop}
    >
      {children}
      {depth > 0 && (
        <div className={styles.veil} data-refuse={folder === null || undefined}>
          <Upload aria-hidden size={28} strokeWidth={1.5} />
          {folder === null ? t('documents.dropTop') : t('documents.drop', { folder: folder.name })}
        </div>
      )}
    </section>
  );
}
