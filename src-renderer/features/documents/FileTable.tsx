import { Link2 } from 'lucide-react';
import { useMemo, type KeyboardEvent } from 'react';
import { rowKey, type Row } from '../../../src-shared/ipc/documents.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { currentFolder, useFolders } from '../../stores/folder-store.ts';
import { useKept } from '../../stores/preferences-store.ts';
import type { Column as SortColumn } from '../../stores/sorted-rows.ts';
import { formatBytes, formatFull, formatMoment } from '../../ui/format.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOf } from '../../ui/file-type.ts';
import { warn } from '../../ui/notify.ts';
import { EntryState } from '../../ui/StateMark.tsx';
import { firstArrangement, isArrangement, type Arrangement } from '../../ui/table/columns.ts';
import { Table, type Column } from '../../ui/table/Table.tsx';
import { t } from '../../ui/words.ts';
import styles from './FileTable.module.css';

type FileColumn = Column<Row> & { readonly id: SortColumn };

function fileColumns(): readonly FileColumn[] {
  return [
    {
      id: 'name',
      label: t('documents.name'),
      width: 220,
      min: 140,
      grow: true,
      sortable: true,
      title: (row) => row.name,
      cell: (row) => (
        <>
          <FileIcon type={typeOf(row).key} />
          <span className={styles.label} dir="auto">
            {row.name}
          </span>
        </>
      ),
    },
    {
      id: 'size',
      label: t('documents.size'),
      width: 92,
      align: 'end',
      sortable: true,
      cell: (row) => (row.size === null ? '' : formatBytes(row.size)),
    },
    { id: 'type', label: t('documents.type'), width: 124, sortable: true, cell: (row) => typeOf(row).word },
    {
      id: 'changed',
      label: t('documents.changed'),
      width: 124,
      sortable: true,
      title: (row) => (row.changedAt === null ? undefined : formatFull(row.changedAt)),
      cell: (row) => (row.changedAt === null ? '' : formatMoment(row.changedAt)),
    },
    {
      id: 'record',
      label: t('documents.record'),
      width: 130,
      sortable: true,
      hiddenAtFirst: true,
      cell: (row) => row.record ?? '',
    },
    {
      id: 'state',
      label: t('documents.state'),
      width: 122,
      sortable: true,
      cell: (row) => <EntryState state={row.state} />,
    },
    {
      id: 'link',
      label: t('documents.link'),
      width: 72,
      sortable: true,
      hiddenAtFirst: true,
      cell: (row) =>
        row.url === null ? '' : <Link2 role="img" aria-label={t('documents.hasLink')} size={15} strokeWidth={1.8} />,
    },
  ];
}

/** The rows of the folder, as many as there may be. */
export function FileTable() {
  const rows = useFolders((store) => store.rows);
  const selection = useFolders((store) => store.selection);
  const folder = useFolders((store) => currentFolder(store.trail));
  const order = useFolders((store) => store.order);
  const columns = useMemo(() => fileColumns(), []);
  const [kept, keep] = useKept('table.documents', firstArrangement(columns, order), isArrangement);

  const onArrange = (next: Arrangement): void => {
    keep(next);
    if (next.order !== null && next.order !== kept.order) {
      useFolders.getState().sort({ column: next.order.column as SortColumn, descending: next.order.descending });
    }
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const { open, trail } = useFolders.getState();
    if (event.key !== 'Backspace' || trail.length === 0) return false;
    void open(trail.slice(0, -1));
    return true;
  };

  return (
    <Table
      label={t('nav.documents')}
      columns={columns}
      rows={rows}
      keyOf={rowKey}
      nameOf={(row) => row.name}
      arrangement={{ ...kept, order }}
      onArrange={onArrange}
      selection={selection}
      onSelect={useFolders.getState().select}
      onOpen={openRow}
      onKey={onKey}
      place={String(folder)}
    />
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
