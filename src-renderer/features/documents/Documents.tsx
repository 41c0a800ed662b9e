import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { FilePlus2, FolderPlus, FolderUp, LayoutGrid, List, PanelRight, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFolders } from '../../stores/folder-store.ts';
import { useNavigation } from '../../stores/navigation-store.ts';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { counted, t } from '../../ui/words.ts';
import { SearchResults } from '../search/SearchResults.tsx';
import { chooseFiles, chooseFolder } from './add-files.ts';
import { Breadcrumb } from './Breadcrumb.tsx';
import styles from './Documents.module.css';
import { DropArea, DropVeil } from './DropArea.tsx';
import { FolderTree } from './FolderTree.tsx';
import { Listing } from './Listing.tsx';
import { NewFolder } from './NewFolder.tsx';
import { PreviewPane } from './PreviewPane.tsx';
import { ShareDialog } from './ShareDialog.tsx';
import { useSelectedRows } from './selected.ts';
import { changeLooks, useLooks, useView } from './view-store.ts';

/** The file manager: all folders, the chosen one, and what is selected in it; or what a search has found. */
export function Documents() {
  const searching = useNavigation((store) => store.params['search'] !== undefined);
  return (
    <DropArea>
      <SplitPane
        id="documents.tree"
        label={t('documents.treeWidth')}
        size={220}
        min={150}
        max={480}
        start={<FolderTree />}
        end={searching ? <SearchResults /> : <Folder />}
      />
    </DropArea>
  );
}

/** The chosen folder: where it is, what can be done with it, what is in it. */
function Folder() {
  const trail = useFolders((store) => store.trail);
  const folder = trail.at(-1) ?? null;
  const { preview } = useLooks();
  const selected = useSelectedRows();
  const naming = useView((store) => store.naming);
  return (
    <SplitPane
      id="documents.preview"
      label={t('documents.previewWidth')}
      fixed="end"
      size={300}
      min={220}
      max={640}
      start={
        <section className={styles.zone} aria-label={t('documents.label', { folder: folder?.name ?? t('tree.top') })}>
          <Toolbar />
          <Listing />
          <DropVeil />
          <ShareDialog />
          <NewFolder opened={naming} parents={trail} close={() => useView.getState().setNaming(false)} />
        </section>
      }
      end={preview ? <PreviewPane rows={selected} /> : null}
    />
  );
}

function Toolbar() {
  const folder = useFolders((store) => store.trail.at(-1) ?? null);
  return (
    <div className={styles.bar}>
      <Breadcrumb />
      <Count />
      <Button
        variant="default"
        leftSection={<FolderPlus aria-hidden size={14} />}
        onClick={() => useView.getState().setNaming(true)}
      >
        <span className={styles.word}>{t('documents.newFolder')}</span>
      </Button>
      {folder !== null && (
        <Menu position="bottom-end" withinPortal>
          <Button.Group>
            <Button
              variant="default"
              leftSection={<FilePlus2 aria-hidden size={14} />}
              onClick={() => void chooseFiles(folder)}
            >
              <span className={styles.word}>{t('documents.addFiles')}</span>
            </Button>
            <Menu.Target>
              <Button variant="default" className={styles.more} aria-label={t('documents.addMore')}>
                <Plus aria-hidden size={13} />
              </Button>
            </Menu.Target>
          </Button.Group>
          <Menu.Dropdown>
            <Menu.Item leftSection={<FilePlus2 aria-hidden size={15} />} onClick={() => void chooseFiles(folder)}>
              {t('documents.addFiles')}
            </Menu.Item>
            <Menu.Item leftSection={<FolderUp aria-hidden size={15} />} onClick={() => void chooseFolder(folder)}>
              {t('documents.addFolder')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Looks />
    </div>
  );
}

/** How many there are, or how many of them are selected. */
function Count() {
  const total = useFolders((store) => store.total);
  const chosen = useFolders((store) => store.selection.keys.size);
  if (total === 0) return null;
  return (
    <span className={styles.total} role="status">
      {chosen > 1 ? counted('documents.chosen', chosen) : counted('documents.items', total)}
    </span>
  );
}

function Looks() {
  const { layout, preview } = useLooks();
  return (
    <div className={styles.looks}>
      <Toggle
        label={t(layout === 'list' ? 'documents.asGrid' : 'documents.asList')}
        on={false}
        run={() => changeLooks({ layout: layout === 'list' ? 'grid' : 'list' })}
      >
        {layout === 'list' ? <LayoutGrid aria-hidden size={16} /> : <List aria-hidden size={16} className="turned" />}
      </Toggle>
      <Toggle label={t('documents.preview')} on={preview} run={() => changeLooks({ preview: !preview })}>
        <PanelRight aria-hidden size={16} className="turned" />
      </Toggle>
    </div>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly on: boolean;
  readonly run: () => void;
  readonly children: ReactNode;
}

function Toggle({ label, on, run, children }: ToggleProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={on ? 'light' : 'subtle'}
        {...(!on && { color: 'gray' })}
        size={30}
        aria-label={label}
        aria-pressed={on}
        onClick={run}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
