import { Button } from '@mantine/core';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { TrashLine } from '../../../src-shared/ipc/trash.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useList } from '../../bridge/use-list.ts';
import { useActions } from '../../stores/actions-store.ts';
import { useUndo } from '../../stores/undo-store.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { compareText, formatBytes, formatFull, formatMomentAlone } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tell, warn } from '../../ui/notify.ts';
import { PathCell } from '../../ui/PathCell.tsx';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { NOTHING, type Selection } from '../../ui/selection.ts';
import { ListTable } from '../../ui/table/ListTable.tsx';
import type { Column } from '../../ui/table/Table.tsx';
import { tellUndoable } from '../../ui/undo-toast.tsx';
import { counted, t } from '../../ui/words.ts';
import { nameOfPath } from '../../ui/paths.ts';
import { takeBackAll } from '../documents/take-back.ts';

/** What sync removed or overwrote here, and its way back. */
export function Trash() {
  const { rows, total, loading, error, reload } = useList('trash', {});
  const columns = useMemo(() => trashColumns(), []);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [busy, setBusy] = useState(false);
  const chosen = rows.filter((row) => selection.keys.has(keyOf(row)));
  const restore = async (): Promise<void> => {
    setBusy(true);
    await restoreAll(chosen);
    setBusy(false);
  };
  useActions(
    chosen.length === 0
      ? []
      : [
          {
            id: 'trash.restoreChosen',
            words: 'trash.restoreAction',
            group: 'nav.trash',
            icon: RotateCcw,
            shortcut: 'mod+shift+r',
            run: () => void restore(),
          },
        ],
  );
  return (
    <>
      <ScreenHead title={t('nav.trash')} hint={t('trash.hint')}>
        {rows.length > 0 && error === null && (
          <Button
            variant="default"
            size="xs"
            leftSection={<RotateCcw aria-hidden size={13} />}
            disabled={chosen.length === 0}
            loading={busy}
            onClick={() => void restore()}
          >
            {chosen.length === 0 ? t('trash.chooseSome') : counted('trash.restoreChosen', chosen.length)}
          </Button>
        )}
      </ScreenHead>
      {error !== null ? (
        <Failure title={t('trash.error')} message={error} retry={reload} />
      ) : loading ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Empty icon={Trash2} title={t('trash.none')} hint={t('trash.noneHint')} />
      ) : (
        <ListTable
          id="trash"
          label={t('nav.trash')}
          columns={columns}
          rows={rows}
          total={total}
          keyOf={keyOf}
          nameOf={nameOf}
          order={{ column: 'removed', descending: true }}
          rowHeight={38}
          selection={selection}
          onSelect={setSelection}
        />
      )}
    </>
  );
}

function restoreAll(rows: readonly TrashLine[]): Promise<void> {
  return useUndo.getState().during(restoreEach(rows));
}

/** One after the other; what cannot come back says why. What is whole again can go back into the trash. */
async function restoreEach(rows: readonly TrashLine[]): Promise<void> {
  const restored: string[] = [];
  const undos: number[] = [];
  const problems: string[] = [];
  for (const { id, path } of rows) {
    try {
      const back = await call('trash.restore', { id });
      restored.push(back.path);
      if (back.undo !== null) undos.push(back.undo);
    } catch (error) {
      problems.push(`${path}: ${sentence(error)}`);
    }
  }
  const [first] = restored;
  if (first !== undefined) {
    const what =
      restored.length === 1 ? t('trash.isBack', { name: first }) : counted('trash.restoredCount', restored.length);
    if (undos.length === restored.length) tellUndoable({ label: what, undo: takeBackAll(undos) });
    else tell(t('trash.restored'), what);
  }
  if (problems.length > 0) warn(t('trash.notRestored'), problems.join('\n'));
}

function keyOf(row: TrashLine): string {
  return String(row.id);
}

function nameOf(row: TrashLine): string {
  return nameOfPath(row.path);
}

function trashColumns(): readonly Column<TrashLine>[] {
  return [
    {
      id: 'path',
      label: t('trash.path'),
      width: 260,
      grow: true,
      compare: (a, b) => compareText(a.path, b.path),
      title: (row) => row.path,
      cell: ({ kind, path }) => <PathCell kind={kind} path={path} />,
    },
    {
      id: 'reason',
      label: t('trash.reason'),
      width: 130,
      compare: (a, b) => compareText(a.reason, b.reason),
      cell: (row) => t(`trash.${row.reason}`),
    },
    {
      id: 'size',
      label: t('trash.size'),
      width: 90,
      align: 'end',
      compare: (a, b) => a.size - b.size,
      cell: (row) => formatBytes(row.size),
    },
    {
      id: 'removed',
      label: t('trash.removed'),
      width: 156,
      compare: (a, b) => compareText(a.removedAt, b.removedAt),
      title: (row) => formatFull(row.removedAt),
      cell: (row) => formatMomentAlone(row.removedAt),
    },
    { id: 'restore', label: t('trash.back'), width: 120, cell: (row) => <RestoreButton row={row} /> },
  ];
}

function RestoreButton({ row }: { row: TrashLine }) {
  return (
    <Button
      variant="default"
      size="compact-xs"
      leftSection={<RotateCcw aria-hidden size={12} />}
      aria-label={t('trash.restoreOne', { name: nameOf(row) })}
      onClick={() => void restoreAll([row])}
    >
      {t('trash.restore')}
    </Button>
  );
}
