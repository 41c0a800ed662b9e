import { ActionIcon, Menu } from '@mantine/core';
import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { t } from '../words.ts';
import { resized, toggledColumn, widthOf, type Arrangement } from './columns.ts';
import type { Column } from './Table.tsx';
import styles from './Table.module.css';

const STEP = 16;

interface HeadRowProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly shown: readonly Column<Row>[];
  readonly arrangement: Arrangement;
  readonly onArrange: (arrangement: Arrangement) => void;
  readonly onSort: (id: string) => void;
}

/** The names of the columns: a click sorts, the edge resizes (Alt + arrows, too), the menu at the end shows and hides. */
export function HeadRow<Row>({ columns, shown, arrangement, onArrange, onSort }: HeadRowProps<Row>) {
  const [menu, setMenu] = useState(false);
  return (
    <div
      role="rowgroup"
      className={styles.headGroup}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenu(true);
      }}
    >
      <div role="row" aria-rowindex={1} className={styles.head}>
        {shown.map((column) => (
          <HeadCell
            key={column.id}
            column={column}
            arrangement={arrangement}
            onArrange={onArrange}
            onSort={() => onSort(column.id)}
          />
        ))}
        {columns.length > 1 && (
          <div role="columnheader" className={styles.columnMenu}>
            <ColumnMenu
              opened={menu}
              setOpened={setMenu}
              columns={columns}
              arrangement={arrangement}
              onArrange={onArrange}
            />
          </div>
        )}
      </div>
    </div>
  );
}

interface HeadCellProps<Row> {
  readonly column: Column<Row>;
  readonly arrangement: Arrangement;
  readonly onArrange: (arrangement: Arrangement) => void;
  readonly onSort: () => void;
}

function HeadCell<Row>({ column, arrangement, onArrange, onSort }: HeadCellProps<Row>) {
  const cell = useRef<HTMLDivElement>(null);
  const sortable = column.sortable === true || column.compare !== undefined;
  const sorted = arrangement.order?.column === column.id;
  const descending = sorted && arrangement.order?.descending === true;
  const Arrow = descending ? ArrowDown : ArrowUp;
  const rightToLeft = (): boolean => document.documentElement.dir === 'rtl';
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const box = cell.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onArrange(resized(arrangement, column, rightToLeft() ? box.right - event.clientX : event.clientX - box.left));
  };
  const onKey = (event: KeyboardEvent): void => {
    const towards = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (towards === undefined || !event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const by = towards * STEP * (rightToLeft() ? -1 : 1);
    onArrange(resized(arrangement, column, (cell.current?.offsetWidth || widthOf(column, arrangement)) + by));
  };
  return (
    <div
      ref={cell}
      role="columnheader"
      className={styles.cell}
      data-align={column.align}
      aria-sort={!sortable ? undefined : sorted ? (descending ? 'descending' : 'ascending') : 'none'}
    >
      {sortable ? (
        <button type="button" className={styles.sort} onClick={onSort} onKeyDown={onKey}>
          {column.label}
          {sorted && <Arrow aria-hidden size={13} />}
        </button>
      ) : (
        <span className={styles.plain}>{column.label}</span>
      )}
      <div
        aria-hidden
        className={styles.edge}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDoubleClick={() => onArrange(resized(arrangement, column, column.width))}
      />
    </div>
  );
}

interface ColumnMenuProps<Row> {
  readonly opened: boolean;
  readonly setOpened: (opened: boolean) => void;
  readonly columns: readonly Column<Row>[];
  readonly arrangement: Arrangement;
  readonly onArrange: (arrangement: Arrangement) => void;
}

function ColumnMenu<Row>({ opened, setOpened, columns, arrangement, onArrange }: ColumnMenuProps<Row>) {
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" closeOnItemClick={false} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={22} aria-label={t('table.columns')}>
          <Columns3 aria-hidden size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('table.columns')}</Menu.Label>
        {columns.slice(1).map(({ id, label }) => {
          const on = !arrangement.hidden.includes(id);
          return (
            <Menu.CheckboxItem key={id} checked={on} onChange={() => onArrange(toggledColumn(arrangement, id))}>
              {label}
            </Menu.CheckboxItem>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
