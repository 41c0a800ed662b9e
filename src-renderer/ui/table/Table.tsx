// A table for lists of any length: only the rows in sight exist in the page. Columns are sorted, resized and hidden; rows
// are chosen by pointer (Shift, Ctrl or ⌘, rubber band) and keyboard. It holds no state: see ListTable for the simple use.

import {
  memo,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { movedIndex } from '../moved-index.ts';
import { clicked, everything, movedTo, pointed, toggled, NOTHING, type Selection } from '../selection.ts';
import { useRows } from '../use-rows.ts';
import { fitting, gridOf, orderedBy, shownColumns, type Arrangement, type ColumnShape } from './columns.ts';
import { HeadRow } from './HeadRow.tsx';
import { useBand } from './use-band.ts';
import styles from './Table.module.css';

/** Pixels beside the rows: padding and scroll bar. */
const PADDING = 44;

export interface Column<Row> extends ColumnShape {
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** In ascending order; without it the column cannot be sorted. */
  readonly compare?: (a: Row, b: Row) => number;
  /** Sorted by the owner of the rows. */
  readonly sortable?: boolean;
  readonly align?: 'end';
  /** Text for the tool tip. */
  readonly title?: (row: Row) => string | undefined;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** In the order of `arrangement`. */
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** For typing the beginning of a name. */
  readonly nameOf?: (row: Row) => string;
  readonly arrangement: Arrangement;
  readonly onArrange: (arrangement: Arrangement) => void;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  /** Enter and double click. */
  readonly onOpen?: (row: Row) => void;
  /** Other keys; answers whether it was one. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  readonly onMenu?: (at: { readonly x: number; readonly y: number }, row: Row | null) => void;
  readonly rowHeight?: number;
  readonly draggable?: boolean;
  /** Written on the row as `data-mark`, for its look. */
  readonly markOf?: (row: Row) => string | undefined;
  /** Rows in all, where more are on their way. */
  readonly total?: number;
  /** Another value goes back to the top. */
  readonly place?: string;
  /** Whether the first and the last row are in sight, or nearly; told at each change. */
  readonly onEdges?: (edges: { readonly first: boolean; readonly last: boolean }) => void;
}

export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, keyOf, arrangement, selection, onSelect, rowHeight = 34 } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const virtual = useRows({ count: rows.length, scroller, height: rowHeight });
  const order = useMemo(() => rows.map(keyOf), [rows, keyOf]);
  const width = useWidth(scroller);
  const shown = useMemo(
    () => fitting(shownColumns(columns, arrangement), arrangement, width),
    [columns, arrangement, width],
  );
  const at = selection.active === null ? -1 : order.indexOf(selection.active);
  const band = useBand({
    scroller,
    selection,
    onSelect,
    keysIn: ({ top, height }) =>
      order.slice(Math.max(Math.floor(top / rowHeight), 0), Math.floor((top + height) / rowHeight) + 1),
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element) grid.current?.style.setProperty('--bar', `${element.offsetWidth - element.clientWidth}px`);
  }, []);
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [props.place]);
  useEffect(() => {
    if (at >= 0) virtual.scrollTo(at);
    // Only when the keyboard is elsewhere: rows that come and go must not move the view.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selection.active, props.place]);

  const seenFirst = (virtual.items[0]?.index ?? 0) === 0;
  const seenLast = (virtual.items.at(-1)?.index ?? -1) >= rows.length - 1;
  const { onEdges } = props;
  useEffect(() => onEdges?.({ first: seenFirst, last: seenLast }), [onEdges, seenFirst, seenLast, rows.length]);

  const onKey = (event: KeyboardEvent): void => {
    // Keys typed into a field of a cell are not the table's.
    if (event.target !== grid.current) return;
    if (props.onKey?.(event) === true || ownKey(event)) event.preventDefault();
  };
  const ownKey = (event: KeyboardEvent): boolean => {
    const row = rows[at];
    const command = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && row !== undefined && !command) props.onOpen?.(row);
    else if (event.key === ' ' && selection.active !== null) onSelect(toggled(selection, selection.active));
    else if (command && event.key.toLowerCase() === 'a') onSelect(everything(order, selection));
    else if (event.key === 'Escape' && selection.keys.size > 0) onSelect({ ...NOTHING, active: selection.active });
    else if (isMenuKey(event)) openMenuAt(event);
    else return move(event);
    return true;
  };
  const move = (event: KeyboardEvent): boolean => {
    const page = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1;
    const nameOf = (index: number): string => {
      const row = rows[index];
      return row === undefined ? '' : (props.nameOf?.(row) ?? '');
    };
    const next = movedIndex(event, { count: props.nameOf || event.key.length > 1 ? rows.length : 0, nameOf }, at, page);
    const key = next === null ? undefined : order[next];
    if (key === undefined) return false;
    onSelect(movedTo(order, selection, key, event));
    return true;
  };
  const openMenuAt = (event: KeyboardEvent): void => {
    const element = selection.active === null ? null : document.getElementById(idOf(selection.active));
    const box = (element ?? (event.currentTarget as HTMLElement)).getBoundingClientRect();
    props.onMenu?.({ x: box.left + 40, y: box.top + Math.min(box.height, 30) }, rows[at] ?? null);
  };

  const rowAt = (event: MouseEvent): Row | null => {
    const key = (event.target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset['key'];
    const index = key === undefined ? -1 : order.indexOf(key);
    return rows[index] ?? null;
  };
  const onClick = (event: MouseEvent): void => {
    if (isControl(event)) return;
    const row = rowAt(event);
    grid.current?.focus({ preventScroll: true });
    if (row !== null) onSelect(clicked(order, selection, keyOf(row), event));
    else if (!band.justEnded()) onSelect({ ...NOTHING, active: selection.active });
  };
  const onContextMenu = (event: MouseEvent): void => {
    if (!props.onMenu || isControl(event)) return;
    event.preventDefault();
    const row = rowAt(event);
    grid.current?.focus({ preventScroll: true });
    onSelect(row === null ? NOTHING : pointed(selection, keyOf(row)));
    props.onMenu({ x: event.clientX, y: event.clientY }, row);
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const row = isControl(event) ? null : rowAt(event);
    if (row !== null) props.onOpen?.(row);
  };

  return (
    <div
      ref={grid}
      className={styles.table}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-multiselectable
      aria-rowcount={(props.total ?? rows.length) + 1}
      aria-colcount={shown.length}
      aria-activedescendant={at >= 0 ? idOf(order[at] ?? '') : undefined}
      style={{ '--columns': gridOf(shown, arrangement) } as React.CSSProperties}
      onKeyDown={onKey}
    >
      <HeadRow
        columns={columns}
        shown={shown}
        arrangement={arrangement}
        onArrange={props.onArrange}
        onSort={(id) => props.onArrange(orderedBy(arrangement, id))}
      />
      <div
        ref={scroller}
        role="rowgroup"
        aria-busy={rows.length === 0 || undefined}
        className={styles.scroller}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        onContextMenu={onContextMenu}
        onPointerDown={band.start}
      >
        <div role="none" className={styles.space} style={{ height: virtual.total }}>
          {virtual.items.map((item) => {
            const row = rows[item.index];
            const key = order[item.index];
            if (row === undefined || key === undefined) return null;
            return (
              <TableRow
                key={key}
                id={idOf(key)}
                rowKey={key}
                row={row}
                columns={shown as readonly Column<unknown>[]}
                index={item.index}
                top={item.start}
                height={rowHeight}
                selected={selection.keys.has(key)}
                active={key === selection.active}
                draggable={props.draggable ?? false}
                mark={props.markOf?.(row)}
              />
            );
          })}
          {band.box && <div role="none" className={styles.band} style={band.box} />}
        </div>
      </div>
    </div>
  );
}

/** Pixels that the columns have. */
function useWidth(scroller: RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const place = scroller.current?.parentElement;
    const measure = (): void => setWidth(Math.max((place?.clientWidth ?? 0) - PADDING, 0));
    measure();
    if (!place) return;
    const observer = new ResizeObserver(measure);
    observer.observe(place);
    return () => observer.disconnect();
  }, [scroller]);
  return width;
}

function idOf(key: string): string {
  return `row-${key}`;
}

function isMenuKey(event: KeyboardEvent): boolean {
  return event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10');
}

/** Buttons and fields inside of a cell are not the row. */
function isControl(event: MouseEvent): boolean {
  return (event.target as HTMLElement).closest('button, input, a, [role="menuitem"]') !== null;
}

interface TableRowProps {
  readonly id: string;
  readonly rowKey: string;
  readonly row: unknown;
  readonly columns: readonly Column<unknown>[];
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly selected: boolean;
  readonly active: boolean;
  readonly draggable: boolean;
  readonly mark: string | undefined;
}

const TableRow = memo(function TableRow(props: TableRowProps) {
  const { id, rowKey, row, columns, index, top, height, selected, active, draggable, mark } = props;
  return (
    <div
      id={id}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-key={rowKey}
      data-active={active || undefined}
      data-mark={mark}
      draggable={draggable && selected}
      className={styles.row}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      {columns.map((column, place) => (
        <div
          key={column.id}
          role="gridcell"
          className={styles.cell}
          data-align={column.align}
          title={column.title?.(row)}
        >
          {place === 0 ? (
            <span className={styles.first} draggable={draggable && !selected}>
              {column.cell(row)}
            </span>
          ) : (
            column.cell(row)
          )}
        </div>
      ))}
    </div>
  );
});
