// The table for a list that is whole in the page: it sorts, keeps the arrangement under its name, and holds the selection
// unless its owner does.

import { useMemo, useState } from 'react';
import { useKept } from '../../stores/preferences-store.ts';
import { NOTHING, type Selection } from '../selection.ts';
import { firstArrangement, isArrangement, type Order } from './columns.ts';
import { Table, type Column, type TableProps } from './Table.tsx';

interface ListTableProps<Row> extends Omit<TableProps<Row>, 'arrangement' | 'onArrange' | 'selection' | 'onSelect'> {
  /** Under this name the arrangement is kept. */
  readonly id: string;
  /** At first. */
  readonly order: Order | null;
  readonly selection?: Selection;
  readonly onSelect?: (selection: Selection) => void;
}

export function ListTable<Row>({ id, order, selection, onSelect, ...table }: ListTableProps<Row>) {
  const { columns, rows } = table;
  const [arrangement, onArrange] = useKept(`table.${id}`, firstArrangement(columns, order), isArrangement);
  const [own, setOwn] = useState<Selection>(NOTHING);
  const sorted = useMemo(() => inOrder(rows, columns, arrangement.order), [rows, columns, arrangement.order]);
  return (
    <Table
      {...table}
      rows={sorted}
      arrangement={arrangement}
      onArrange={onArrange}
      selection={selection ?? own}
      onSelect={onSelect ?? setOwn}
    />
  );
}

function inOrder<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: Order | null): readonly Row[] {
  const compare = columns.find((column) => column.id === order?.column)?.compare;
  if (compare === undefined) return rows;
  const sign = order?.descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(a, b));
}
