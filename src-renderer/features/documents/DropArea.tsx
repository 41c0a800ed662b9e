// Everything that is dragged in the file manager: rows onto folders (moved, or copied with Ctrl), files of the desktop onto
// a folder or into the shown one. Rows, lines of the tree and crumbs only say which folder they are (`data-folder`).

import { Upload } from 'lucide-react';
import { useEffect, useRef, type DragEvent, type ReactNode } from 'react';
import { rowKey, type Row } from '../../../src-shared/ipc/documents.ts';
import { currentFolder, useFolders } from '../../stores/folder-store.ts';
import { tell } from '../../ui/notify.ts';
import { only } from '../../ui/selection.ts';
import { usePastedFiles } from '../../ui/use-pasted-files.ts';
import { counted, t } from '../../ui/words.ts';
import { addDropped } from './add-files.ts';
import styles from './DropArea.module.css';
import { useDrag, type Over } from './drag-store.ts';
import { isFixed } from './file-menu.ts';
import { copyTo, dragOut, moveTo } from './file-work.ts';
import { selectedRows } from './selected.ts';

const KIND = 'application/x-docktide-rows';

interface Aim {
  readonly over: Over;
  readonly name: string;
  /** The shown folder itself, not a row or line in it. */
  readonly here: boolean;
}

function aimOf(target: EventTarget): Aim {
  const element = target as HTMLElement;
  const marked = element.closest<HTMLElement>('[data-folder], [data-key^="folder:"]');
  const { trail } = useFolders.getState();
  const shown: Aim = { over: currentFolder(trail) ?? 'top', name: trail.at(-1)?.name ?? t('tree.top'), here: true };
  if (marked === null) return shown;
  const text = marked.dataset['folder'] ?? marked.dataset['key']?.slice('folder:'.length) ?? '';
  const over = text === 'top' ? 'top' : Number(text);
  const name = marked.dataset['name'] ?? useFolders.getState().rows.find((row) => row.id === over)?.name ?? '';
  return { over, name, here: false };
}

function copies(event: DragEvent): boolean {
  return navigator.platform.startsWith('Mac') ? event.altKey : event.ctrlKey;
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files');
}

/** A folder cannot be put into itself, and nothing to where it is already. */
function takes(aim: Aim, rows: readonly Row[], copying: boolean): boolean {
  if (rows.length === 0 || (aim.here && !copying)) return false;
  if (aim.over === 'top') return !copying;
  return !rows.some((row) => row.kind === 'folder' && row.id === aim.over);
}

/** Documents that were dragged out and dropped on the window again. */
function cameBack(files: readonly File[]): readonly Row[] {
  const { out } = useDrag.getState();
  const names = new Set(files.map((file) => file.name));
  return files.length === out.length && out.every((row) => names.has(row.name)) ? out : [];
}

function isOutside({ clientX, clientY }: globalThis.DragEvent): boolean {
  // Some systems do not say where a drag has ended, and tell 0.
  if (clientX === 0 && clientY === 0) return false;
  return clientX < 0 || clientY < 0 || clientX > window.innerWidth || clientY > window.innerHeight;
}

/** Into the folder that is shown; the top takes none. */
function pasteFiles(files: readonly File[]): boolean {
  const folder = useFolders.getState().trail.at(-1);
  if (folder === undefined) return false;
  void addDropped(folder, files);
  return true;
}

const SPRING_MS = 700;

/** A closed folder of the tree opens when something is held above it for a while. */
const spring = (() => {
  let aimed: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    aimed = null;
  };
  const over = (target: HTMLElement): void => {
    const line = target.closest<HTMLElement>('[role="treeitem"][aria-expanded="false"]');
    if (line === aimed) return;
    stop();
    aimed = line;
    const folder = Number(line?.dataset['folder']);
    if (line === null || !Number.isInteger(folder)) return;
    timer = setTimeout(() => {
      useFolders
        .getState()
        .expand(folder)
        .catch(() => {});
    }, SPRING_MS);
  };
  return { over, stop };
})();

export function DropArea({ children }: { children: ReactNode }) {
  const ghost = useRef<HTMLDivElement>(null);
  const { start, move, end } = useDrag.getState();

  // A drag that ends outside of the window, or with Escape.
  useEffect(() => {
    const ended = (event: globalThis.DragEvent): void => {
      if (useDrag.getState().rows.length > 0 && isOutside(event)) tell(t('files.dragOut'), t('files.dragOutTip'));
      end();
    };
    window.addEventListener('dragend', ended);
    return () => window.removeEventListener('dragend', ended);
  }, [end]);
  usePastedFiles(pasteFiles);

  const onDragStart = (event: DragEvent): void => {
    const key = (event.target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset['key'];
    const { rows, selection, select } = useFolders.getState();
    const row = rows.find((one) => rowKey(one) === key);
    if (!row || !key) return;
    if (!selection.keys.has(key)) select(only(key));
    const dragged = selectedRows();
    if (event.altKey) {
      // The system takes over: the documents can be let go over any other program.
      event.preventDefault();
      void dragOut(dragged);
      return;
    }
    event.dataTransfer.setData(KIND, String(dragged.length));
    event.dataTransfer.effectAllowed = dragged.some(isFixed) ? 'copy' : 'copyMove';
    if (ghost.current) {
      ghost.current.textContent = dragged.length === 1 ? row.name : counted('documents.items', dragged.length);
      event.dataTransfer.setDragImage(ghost.current, -12, -8);
    }
    start(dragged);
  };
  const onDragOver = (event: DragEvent): void => {
    const aim = aimOf(event.target);
    const { rows } = useDrag.getState();
    const inside = rows.length > 0;
    if (!inside && !holdsFiles(event)) return;
    event.preventDefault();
    const copying = copies(event) || rows.some(isFixed);
    const taken = inside ? takes(aim, rows, copying) : aim.over !== 'top';
    event.dataTransfer.dropEffect = !taken ? 'none' : inside && !copying ? 'move' : 'copy';
    move(taken || !inside ? aim.over : null, aim.here, !inside);
    spring.over(event.target as HTMLElement);
  };
  const onDrop = (event: DragEvent): void => {
    const aim = aimOf(event.target);
    const { rows } = useDrag.getState();
    const files = [...event.dataTransfer.files];
    const copying = copies(event) || rows.some(isFixed);
    const out = cameBack(files);
    end();
    spring.stop();
    if (out.length > 0) {
      event.preventDefault();
      if (takes(aim, out, false)) void moveTo(out, { id: aim.over === 'top' ? null : aim.over, name: aim.name });
    } else if (rows.length > 0) {
      event.preventDefault();
      if (!takes(aim, rows, copying)) return;
      const target = { id: aim.over === 'top' ? null : aim.over, name: aim.name };
      void (copying ? copyTo(rows, target) : moveTo(rows, target));
    } else if (files.length > 0 && aim.over !== 'top' && aim.over !== null) {
      event.preventDefault();
      void addDropped({ id: aim.over, name: aim.name }, files);
    }
  };
  const onDragLeave = (event: DragEvent): void => {
    // Between two elements of the area `relatedTarget` is the next one; outside of the window there is none.
    const to = event.relatedTarget as Node | null;
    if (to !== null && event.currentTarget.contains(to)) return;
    move(null, false, false);
    spring.stop();
  };

  return (
    <div
      className={styles.area}
      onDragStart={onDragStart}
      onDragOver={onDragOver}
      onDragEnter={onDragOver}
      onDragLeave={onDragLeave}
      onDrop={onDrop}
    >
      {children}
      <div ref={ghost} aria-hidden className={styles.ghost} />
    </div>
  );
}

/** Over the shown folder while files of the desktop are held above it. */
export function DropVeil() {
  const shown = useDrag((store) => store.files && store.here && store.over !== null);
  const top = useDrag((store) => store.over === 'top');
  const name = useFolders((store) => store.trail.at(-1)?.name ?? '');
  if (!shown) return null;
  return (
    <div className={styles.veil} data-refuse={top || undefined}>
      <Upload aria-hidden size={28} strokeWidth={1.5} />
      {top ? t('documents.dropTop') : t('documents.drop', { folder: name })}
    </div>
  );
}
