import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './Settings.module.css';

export interface SettingsColumn<Row> {
  /** Its heading; each column has another one. */
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
}

interface SettingsTableProps<Row> {
  readonly label?: string;
  readonly columns: readonly SettingsColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}

/** Columns that a small window has room for; more of them stand below each other there. */
const MOST_BESIDE = 3;

/** A short list of what is set, all of it shown; long ones are a `ListTable`. */
export function SettingsTable<Row>({ label, columns, rows, keyOf }: SettingsTableProps<Row>) {
  return (
    <table className={styles.table} aria-label={label} data-wide={columns.length > MOST_BESIDE || undefined}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.label} scope="col">
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column) => (
              <td key={column.label} data-label={column.label}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface RowDeed {
  readonly word: string;
  /** With the name of the row, for those who hear the button alone. */
  readonly label: string;
  readonly run: () => void;
}

/** What can be done with one row. */
export function RowDeeds({ deeds }: { deeds: readonly RowDeed[] }) {
  return (
    <span className={styles.deeds}>
      {deeds.map(({ word, label, run }) => (
        <Button key={word} variant="default" size="compact-xs" aria-label={label} onClick={run}>
          {word}
        </Button>
      ))}
    </span>
  );
}
