import { Link2 } from 'lucide-react';
import { useMemo, type KeyboardEvent } from 'react';
import { rowKey, type Row } from '../../../src-shared/ipc/documents.ts';
import { currentFolder, useFolders } from '../../stores/folder-store.ts';
import { useKept } from '../../stores/preferences-store.ts';
import type { Column as SortColumn } from '../../stores/sorted-rows.ts';
import { formatBytes, formatFull, formatMomentAlone } from '../../ui/format.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOf } from '../../ui/file-type.ts';
import { recordRef } from '../../ui/record-ref.ts';
import { EntryState } from '../../ui/StateMark.tsx';
import { firstArrangement, isArrangement, type Arrangement } from '../../ui/table/columns.ts';
import { Table, type Column } from '../../ui/table/Table.tsx';
import { t } from '../../ui/words.ts';
import { useClipboard } from './clipboard-store.ts';
import { useDrag } from './drag-store.ts';
import { openRow } from './file-menu.ts';
import styles from './FileTable.module.css';
import { RenameField } from './RenameField.tsx';
import { useView } from './view-store.ts';

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
          <Name row={row} />
        </>
      ),
    },
    {
      id: 'size',
      label: t('documents.size'),
      width: 92,
      yields: 1,
      align: 'end',
      sortable: true,
      cell: (row) => (row.size === null ? '' : formatBytes(row.size)),
    },
    { id: 'type', label: t('documents.type'), width: 124, yields: 3, sortable: true, cell: (row) => typeOf(row).word },
    {
      id: 'changed',
      label: t('documents.changed'),
      width: 152,
      yields: 2,
      sortable: true,
      title: (row) => (row.changedAt === null ? undefined : formatFull(row.changedAt)),
      cell: (row) => (row.changedAt === null ? '' : formatMomentAlone(row.changedAt)),
    },
    {
      id: 'record',
      label: t('documents.record'),
      width: 130,
      yields: 4,
      sortable: true,
      hiddenAtFirst: true,
      cell: (row) => (row.record === null ? '' : recordRef(row.record)),
    },
    {
      id: 'state',
      label: t('documents.state'),
      width: 122,
      yields: 0,
      sortable: true,
      cell: (row) => <EntryState state={row.state} />,
    },
    {
      id: 'link',
      label: t('documents.link'),
      width: 72,
      yields: 5,
      sortable: true,
      hiddenAtFirst: true,
      cell: (row) =>
        row.url === null ? '' : <Link2 role="img" aria-label={t('documents.hasLink')} size={15} strokeWidth={1.8} />,
    },
  ];
}

/** The name, or the field to change it. */
function Name({ row }: { row: Row }) {
  const renaming = useView((store) => store.renaming === rowKey(row));
  if (renaming) return <RenameField row={row} />;
  return (
    <span className={styles.label} dir="auto">
      {row.name}
    </span>
  );
}

/** The rows of the folder, as many as there may be. */
export function FileTable({ onMenu }: { onMenu: (at: { readonly x: number; readonly y: number }) => void }) {
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
  const cut = useClipboard((store) => store.cut);
  const over = useDrag((store) => (store.here ? null : store.over));
  const markOf = (row: Row): string | undefined => {
    if (row.kind === 'folder' && row.id === over) return 'target';
    return cut.has(rowKey(row)) ? 'cut' : undefined;
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
      onKey={upKey}
      onMenu={onMenu}
      markOf={markOf}
      draggable
      place={String(folder)}
    />
  );
}

/** Backspace goes to the folder above. */
export function upKey(event: KeyboardEvent): boolean {
  const { open, trail } = useFolders.getState();
  if (event.key !== 'Backspace' || trail.length === 0) return false;
  void open(trail.slice(0, -1));
  return true;
}
