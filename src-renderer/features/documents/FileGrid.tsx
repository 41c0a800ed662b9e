// The shown folder as a grid of small pictures: the same selection, keys, drags and menu as the list.

import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import { rowKey, type Row } from '../../../src-shared/ipc/documents.ts';
import { currentFolder, useFolders } from '../../stores/folder-store.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOf } from '../../ui/file-type.ts';
import { movedIndex } from '../../ui/moved-index.ts';
import { clicked, everything, movedTo, NOTHING, pointed, toggled } from '../../ui/selection.ts';
import { EntryState } from '../../ui/StateMark.tsx';
import { useBand, type BandBox } from '../../ui/table/use-band.ts';
import { useRows } from '../../ui/use-rows.ts';
import { t } from '../../ui/words.ts';
import { useClipboard } from './clipboard-store.ts';
import { useDrag } from './drag-store.ts';
import styles from './FileGrid.module.css';
import { openRow } from './file-menu.ts';
import { upKey } from './FileTable.tsx';
import { RenameField } from './RenameField.tsx';
import { Thumbnail } from './Thumbnail.tsx';
import { useView } from './view-store.ts';

const TILE_WIDTH = 132;
const TILE_HEIGHT = 148;

interface FileGridProps {
  readonly onMenu: (at: { readonly x: number; readonly y: number }) => void;
}

export function FileGrid({ onMenu }: FileGridProps) {
  const rows = useFolders((store) => store.rows);
  const selection = useFolders((store) => store.selection);
  const folder = useFolders((store) => currentFolder(store.trail));
  const { select } = useFolders.getState();
  const scroller = useRef<HTMLDivElement>(null);
  const across = useAcross(scroller);
  const lines = Math.ceil(rows.length / across);
  const virtual = useRows({ count: lines, scroller, height: TILE_HEIGHT });
  const order = useMemo(() => rows.map(rowKey), [rows]);
  const at = selection.active === null ? -1 : order.indexOf(selection.active as (typeof order)[number]);
  const keysIn = (box: BandBox): readonly string[] => order.filter((_, index) => touches(box, index, across));
  const band = useBand({ scroller, keysIn, selection, onSelect: select });

  useEffect(() => {
    if (at >= 0) virtual.scrollTo(Math.floor(at / across));
    // Only when the keyboard is elsewhere.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selection.active, folder]);

  const rowAt = (event: MouseEvent): Row | undefined => {
    const key = (event.target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset['key'];
    return rows[order.indexOf(key as (typeof order)[number])];
  };
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== scroller.current) return;
    const row = rows[at];
    const command = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && row && !command) openRow(row);
    else if (event.key === ' ' && row) select(toggled(selection, rowKey(row)));
    else if (command && event.key.toLowerCase() === 'a') select(everything(order, selection));
    else if (event.key === 'Escape' && selection.keys.size > 0) select({ ...NOTHING, active: selection.active });
    else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) openMenuAt(event);
    else if (!upKey(event) && !move(event)) return;
    event.preventDefault();
  };
  const move = (event: KeyboardEvent): boolean => {
    const next = nextTile(event, rows, at, across);
    const key = next === null ? undefined : order[next];
    if (key === undefined) return false;
    select(movedTo(order, selection, key, event));
    return true;
  };
  const openMenuAt = (event: KeyboardEvent): void => {
    const tile = selection.active === null ? null : document.getElementById(`tile-${selection.active}`);
    const box = (tile ?? (event.currentTarget as HTMLElement)).getBoundingClientRect();
    onMenu({ x: box.left + 30, y: box.top + 30 });
  };
  const onClick = (event: MouseEvent): void => {
    if ((event.target as HTMLElement).closest('input')) return;
    const row = rowAt(event);
    scroller.current?.focus({ preventScroll: true });
    if (row) select(clicked(order, selection, rowKey(row), event));
    else if (!band.justEnded()) select({ ...NOTHING, active: selection.active });
  };
  const onContextMenu = (event: MouseEvent): void => {
    event.preventDefault();
    const row = rowAt(event);
    select(row ? pointed(selection, rowKey(row)) : NOTHING);
    onMenu({ x: event.clientX, y: event.clientY });
  };

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      aria-busy={rows.length === 0 || undefined}
      tabIndex={0}
      aria-label={t('nav.documents')}
      aria-multiselectable
      aria-activedescendant={at >= 0 ? `tile-${order[at]}` : undefined}
      onKeyDown={onKey}
      onClick={onClick}
      onDoubleClick={(event) => {
        const row = rowAt(event);
        if (row) openRow(row);
      }}
      onContextMenu={onContextMenu}
      onPointerDown={band.start}
    >
      <div role="none" className={styles.space} style={{ height: virtual.total }}>
        {virtual.items.map((line) => (
          <div
            key={line.key}
            role="none"
            className={styles.line}
            style={{ transform: `translateY(${line.start}px)`, height: TILE_HEIGHT }}
          >
            {rows.slice(line.index * across, (line.index + 1) * across).map((row, place) => (
              <Tile
                key={rowKey(row)}
                row={row}
                index={line.index * across + place}
                count={rows.length}
                selected={selection.keys.has(rowKey(row))}
                active={rowKey(row) === selection.active}
              />
            ))}
          </div>
        ))}
        {band.box && <div role="none" className={styles.band} style={{ ...band.box }} />}
      </div>
    </div>
  );
}

/** Tiles beside one another, as the width allows. */
function useAcross(scroller: RefObject<HTMLDivElement | null>): number {
  const [across, setAcross] = useState(4);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = (): void => setAcross(Math.max(Math.floor((element.clientWidth - 16) / TILE_WIDTH), 1));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  return across;
}

function touches(box: BandBox, index: number, across: number): boolean {
  const left = (index % across) * TILE_WIDTH + 8;
  const top = Math.floor(index / across) * TILE_HEIGHT;
  return (
    box.left < left + TILE_WIDTH - 16 &&
    box.left + box.width > left &&
    box.top < top + TILE_HEIGHT - 8 &&
    box.top + box.height > top
  );
}

/** Right and left go one on, up and down one line. */
function nextTile(event: KeyboardEvent, rows: readonly Row[], at: number, across: number): number | null {
  if (event.altKey) return null;
  const last = rows.length - 1;
  const further = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
    return Math.min(Math.max(at + (event.key === further ? 1 : -1), 0), last);
  }
  if (event.key === 'ArrowDown') return at + across > last ? Math.max(at, 0) : at + across;
  if (event.key === 'ArrowUp') return at - across < 0 ? Math.max(at, 0) : at - across;
  const nameOf = (index: number): string => rows[index]?.name ?? '';
  return movedIndex(event, { count: rows.length, nameOf }, at, across * 3);
}

interface TileProps {
  readonly row: Row;
  readonly index: number;
  readonly count: number;
  readonly selected: boolean;
  readonly active: boolean;
}

function Tile({ row, index, count, selected, active }: TileProps) {
  const key = rowKey(row);
  const renaming = useView((store) => store.renaming === key);
  const cut = useClipboard((store) => store.cut.has(key));
  const over = useDrag((store) => !store.here && row.kind === 'folder' && store.over === row.id);
  const type = typeOf(row);
  return (
    <div
      id={`tile-${key}`}
      role="option"
      tabIndex={-1}
      aria-label={row.name}
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={count}
      data-key={key}
      data-active={active || undefined}
      data-mark={over ? 'target' : cut ? 'cut' : undefined}
      draggable={!renaming}
      className={styles.tile}
      style={{ width: TILE_WIDTH - 8 }}
      title={row.name}
    >
      <div className={styles.picture}>
        {row.kind === 'file' ? <Thumbnail row={row} type={type.key} /> : <FileIcon type={type.key} size={44} />}
        {row.state !== 'synced' && (
          <span className={styles.state}>
            <EntryState state={row.state} bare />
          </span>
        )}
      </div>
      {renaming ? (
        <RenameField row={row} />
      ) : (
        <span className={styles.name} dir="auto">
          {row.name}
        </span>
      )}
    </div>
  );
}
