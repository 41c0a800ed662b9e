import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { RecordsReport } from '../../../src-shared/ipc/records.ts';
import type { DocumentType } from '../../../src-shared/ipc/settings.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
import { tell } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import styles from './Records.module.css';
import { guessedColumns, mapOf, type TableColumns } from './table-columns.ts';

export interface Table {
  readonly file: string;
  readonly columns: readonly string[];
}

interface ImportRecordsProps {
  /** The chosen file; null: closed. */
  readonly table: Table | null;
  readonly types: readonly DocumentType[];
  readonly close: () => void;
  readonly done: () => void;
}

/** Records from a CSV file: which column is what, what would come of it, and then for good. */
export function ImportRecords({ table, types, close, done }: ImportRecordsProps) {
  return (
    <Dialog opened={table !== null} close={close} title={t('box.import.title', { file: table?.file ?? '' })} wide>
      {table !== null && <Form table={table} types={types} close={close} done={done} />}
    </Dialog>
  );
}

/** What a choice stands for where the types are told by a column. */
const BY_COLUMN = '';

function Form({ table, types, close, done }: ImportRecordsProps & { table: Table }) {
  const [columns, setColumns] = useState<TableColumns>(() => guessedColumns(table.columns));
  const [typeColumn] = useState(columns.type);
  const [oneType, setOneType] = useState(types[0]?.name ?? '');
  const [skipErrors, setSkipErrors] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const type = columns.type === null ? oneType : null;
  const { report, problem } = usePreview(table, columns, type);
  const wrong = report?.skipped ?? 0;
  const count = (report?.added ?? 0) + (report?.updated ?? 0);

  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const made = await call('records.import', { type, map: mapOf(table.columns, columns), skipErrors });
      tell(t('box.import.ready'), counted('box.import.came', made.added + made.updated));
      done();
      close();
    } catch (trouble) {
      setError(sentence(trouble));
      setBusy(false);
    }
  };
  const column = (part: 'ref' | 'name') => (
    <NativeSelect
      label={t(`box.import.${part}`)}
      value={columns[part]}
      data={[...table.columns]}
      onChange={(event) => setColumns({ ...columns, [part]: event.currentTarget.value })}
    />
  );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <div className={styles.columns}>
        <NativeSelect
          label={t('box.type')}
          value={type ?? BY_COLUMN}
          data={[
            ...(typeColumn === null
              ? []
              : [{ value: BY_COLUMN, label: t('box.import.byColumn', { column: typeColumn }) }]),
            ...types.map(({ name, label }) => ({ value: name, label })),
          ]}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            if (chosen !== BY_COLUMN) setOneType(chosen);
            setColumns({ ...columns, type: chosen === BY_COLUMN ? typeColumn : null });
          }}
        />
        {column('ref')}
        {column('name')}
      </div>
      <p className={styles.soft}>{t('box.import.others')}</p>
      {report !== null && <Preview report={report} />}
      {wrong > 0 && (
        <Checkbox
          size="xs"
          label={counted('box.import.skip', wrong)}
          checked={skipErrors}
          onChange={(event) => setSkipErrors(event.currentTarget.checked)}
        />
      )}
      {(error ?? problem) !== null && (
        <p role="alert" className={`${styles.bad} selectable`}>
          {error ?? problem}
        </p>
      )}
      <DialogButtons>
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" loading={busy} disabled={count === 0 || (wrong > 0 && !skipErrors)}>
          {count === 0 ? t('box.import.nothing') : counted('box.import.yes', count)}
        </Button>
      </DialogButtons>
    </form>
  );
}

function usePreview(table: Table, columns: TableColumns, type: string | null) {
  const [answer, setAnswer] = useState<{ report: RecordsReport | null; problem: string | null }>({
    report: null,
    problem: null,
  });
  useEffect(() => {
    let gone = false;
    call('records.preview', { type, map: mapOf(table.columns, columns) }).then(
      (report) => !gone && setAnswer({ report, problem: null }),
      (problem: unknown) => !gone && setAnswer({ report: null, problem: sentence(problem) }),
    );
    return () => {
      gone = true;
    };
  }, [table, columns, type]);
  return answer;
}

const SHOWN = 8;

function Preview({ report }: { report: RecordsReport }) {
  const { added, updated, unchanged, skipped, changes, errors } = report;
  const parts = [
    counted('box.import.added', added),
    counted('box.import.updated', updated),
    counted('box.import.unchanged', unchanged),
    ...(skipped > 0 ? [counted('box.import.wrong', skipped)] : []),
  ];
  const more = added + updated - Math.min(changes.length, SHOWN);
  return (
    <>
      <p role="status">
        <strong>{parts.join(' · ')}</strong>
      </p>
      {errors.length > 0 && (
        <ul className={`${styles.bad} selectable`}>
          {errors.slice(0, SHOWN).map(({ line, message }) => (
            <li key={line}>{message}</li>
          ))}
        </ul>
      )}
      {changes.length > 0 && (
        <table className={styles.preview}>
          <tbody>
            {changes.slice(0, SHOWN).map(({ line, record, name, change }) => (
              <tr key={line}>
                <td>{t(`box.import.${change}`)}</td>
                <td>{record.slice(record.indexOf('/') + 1)}</td>
                <td>{name}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && changes.length > 0 && <p className={styles.soft}>{counted('files.more', more)}</p>}
    </>
  );
}
