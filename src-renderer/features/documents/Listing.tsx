// The rows of the shown folder, as a list or as a grid, with the menu that both have.

import { FolderOpen, Upload } from 'lucide-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useFolders } from '../../stores/folder-store.ts';
import { useActions } from '../../stores/actions-store.ts';
import { ContextMenu, type MenuEntry } from '../../ui/ContextMenu.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { t } from '../../ui/words.ts';
import { FileGrid } from './FileGrid.tsx';
import { actionsFor, entriesFor, menuOf } from './file-menu.ts';
import { FileTable, upKey } from './FileTable.tsx';
import styles from './Listing.module.css';
import { selectedRows, useSelectedRows } from './selected.ts';
import { useLooks } from './view-store.ts';

interface OpenMenu {
  readonly at: { readonly x: number; readonly y: number };
  readonly entries: readonly MenuEntry[];
}

export function Listing() {
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const selected = useSelectedRows();
  useActions(actionsFor(selected));
  // The selection has just been changed by the click that opens the menu.
  const openMenu = (at: OpenMenu['at']): void => setMenu({ at, entries: menuOf(entriesFor(selectedRows())) });
  const place = useFocusKept();
  return (
    <div
      ref={place}
      tabIndex={-1}
      className={styles.place}
      onKeyDown={(event) => {
        // An empty folder has no list that hears keys.
        if (event.target === event.currentTarget && upKey(event)) event.preventDefault();
      }}
      onContextMenu={(event) => {
        if (event.defaultPrevented) return;
        event.preventDefault();
        openMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      <Rows onMenu={openMenu} />
      <ContextMenu
        label={t('files.menu')}
        at={menu?.at ?? null}
        entries={menu?.entries ?? []}
        close={() => setMenu(null)}
      />
    </div>
  );
}

/** Where the keyboard was in the list it is in the next one, too: going into a folder must not lose it. */
function useFocusKept(): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  const inside = useRef(false);
  const rows = useFolders((store) => store.rows.length > 0);
  const loading = useFolders((store) => store.loading);
  const { layout } = useLooks();
  useEffect(() => {
    const follow = (event: FocusEvent): void => {
      inside.current = place.current?.contains(event.target as Node) ?? false;
    };
    document.addEventListener('focusin', follow);
    return () => document.removeEventListener('focusin', follow);
  }, []);
  useEffect(() => {
    const focused = document.activeElement;
    if (!inside.current || (focused !== document.body && focused !== place.current)) return;
    const list = place.current?.querySelector<HTMLElement>('[role="grid"], [role="listbox"]');
    (list ?? place.current)?.focus({ preventScroll: true });
  }, [rows, loading, layout]);
  return place;
}

function Rows({ onMenu }: { onMenu: (at: OpenMenu['at']) => void }) {
  const { rows, loading, error, trail, open } = useFolders();
  const { layout } = useLooks();
  if (error !== null) {
    return <Failure title={t('documents.error')} message={error} retry={() => void open(trail)} />;
  }
  if (rows.length > 0 || loading) {
    // The list stays while the next folder is on its way: only its rows are new.
    return (
      <>
        {layout === 'grid' ? <FileGrid onMenu={onMenu} /> : <FileTable onMenu={onMenu} />}
        {rows.length === 0 && (
          <div className={styles.loading}>
            <Loading label={t('documents.loading')} />
          </div>
        )}
      </>
    );
  }
  if (trail.length === 0) {
    return <Empty icon={FolderOpen} title={t('documents.emptyTop')} hint={t('documents.emptyTopHint')} />;
  }
  return <Empty icon={Upload} title={t('documents.emptyFolder')} hint={t('documents.emptyFolderHint')} />;
}
