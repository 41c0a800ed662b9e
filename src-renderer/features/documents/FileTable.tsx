import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo, useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { rowKey, type Row } from '../../../src-shared/ipc-contract.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { currentFolder, useFolders } from '../../stores/folder-store.ts';
import type { Column } from '../../stores/sorted-rows.ts';
import { formatBytes, formatFull, formatMoment } from '../../ui/format.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOf } from '../../ui/file-type.ts';
import { warn } from '../../ui/notify.ts';
import { EntryState } from '../../ui/StateMark.tsx';
import { useRows } from '../../ui/use-rows.ts';
import { t } from '../../ui/words.ts';
import { movedIndex } from './keys.ts';
import styles from './FileTable.module.css';

const ROW_HEIGHT = 34;
const COLUMNS: readonly Column[] = ['name', 'state', 'size', 'type', 'changed'];

/** The rows of the folder, as many as there may be: only those in sight exist in the page. */
export function FileTable() {
  const rows = useFolders((store) => store.rows);
  const selected = useFolders((store) => store.selected);
  const folder = useFolders((store) => currentFolder(store.trail));
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRows({ count: rows.length, scroller, height: ROW_HEIGHT });
  const at = useMemo(() => rows.findIndex((row) => rowKey(row) === selected), [rows, selected]);

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [folder]);
  useEffect(() => {
    if (at >= 0) virtual.scrollTo(at);
    // Only when another row is chosen: rows that come and go must not move the view.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);

  const onKey = (event: KeyboardEvent): void => {
    const { select, open, trail } = useFolders.getState();
    const row = rows[at];
    if (event.key === 'Enter' && row) openRow(row);
    else if (event.key === 'Backspace' && trail.length > 0) void open(trail.slice(0, -1));
    else {
      const page = Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1;
      const next = movedIndex(event, rows, at, page);
      if (next === null) return;
      const target = rows[next];
      if (target) select(rowKey(target));
    }
    event.preventDefault();
  };

  return (
    <div
      className={styles.table}
      role="grid"
      tabIndex={0}
      aria-label={t('nav.documents')}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at >= 0 ? `row-${selected}` : undefined}
      onKeyDown={onKey}
    >
      <div role="rowgroup" className={styles.headGroup}>
        <div role="row" aria-rowindex={1} className={styles.head}>
          {COLUMNS.map((column) => (
            <HeadCell key={column} column={column} />
          ))}
        </div>
      </div>
      <div ref={scroller} role="rowgroup" className={styles.scroller}>
        <div role="none" className={styles.space} style={{ height: virtual.total }}>
          {virtual.items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const key = rowKey(row);
            return <TableRow key={key} row={row} index={item.index} top={item.start} selected={key === selected} />;
          })}
        </div>
      </div>
    </div>
  );
}

function openRow(row: Row): void {
  const { trail, open } = useFolders.getState();
  const work =
    row.kind === 'folder'
      ? open([...trail, { id: row.id, name: row.name }])
      : call('file.open', { folderId: currentFolder(trail), id: row.id });
  work.catch((error: unknown) => warn(t('documents.notOpened'), sentence(error)));
}

function HeadCell({ column }: { column: Column }) {
  const order = useFolders((store) => store.order);
  const sortBy = useFolders((store) => store.sortBy);
  const sorted = order.column === column;
  const Arrow = order.descending ? ArrowDown : ArrowUp;
  return (
    <div
      role="columnheader"
      className={styles[column]}
      aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className={styles.sort} onClick={() => sortBy(column)}>
        {t(`documents.${column}`)}
        {sorted && <Arrow aria-hidden size={13} />}
      </button>
    </div>
  );
}

interface TableRowProps {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
}

const TableRow = memo(function TableRow({ row, index, top, selected }: TableRowProps) {
  const type = typeOf(row);
  return (
    <div
      id={`row-${rowKey(row)}`}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => useFolders.getState().select(rowKey(row))}
      onDoubleClick={() => openRow(row)}
    >
      <div role="gridcell" className={styles.name}>
        <FileIcon type={type.key} />
        <span className={styles.label} title={row.name}>
          {row.name}
        </span>
      </div>
      <div role="gridcell" className={styles.state}>
        <EntryState state={row.state} />
      </div>
      <div role="gridcell" className={styles.size}>
        {row.size === null ? '' : formatBytes(row.size)}
      </div>
      <div role="gridcell" className={styles.type}>
        {type.word}
      </div>
      <div
        role="gridcell"
        className={styles.changed}
        title={row.changedAt === null ? undefined : formatFull(row.changedAt)}
      >
        {row.changedAt === null ? '' : formatMoment(row.changedAt)}
      </div>
    </div>
  );
});
