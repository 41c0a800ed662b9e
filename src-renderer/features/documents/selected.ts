// The rows that are selected in the shown folder, in its order.

import { useMemo } from 'react';
import { rowKey, type Row } from '../../../src-shared/ipc/documents.ts';
import { useFolders } from '../../stores/folder-store.ts';

export function selectedRows(): readonly Row[] {
  const { rows, selection } = useFolders.getState();
  return selection.keys.size === 0 ? [] : rows.filter((row) => selection.keys.has(rowKey(row)));
}

export function useSelectedRows(): readonly Row[] {
  const rows = useFolders((store) => store.rows);
  const keys = useFolders((store) => store.selection.keys);
  return useMemo(() => (keys.size === 0 ? [] : rows.filter((row) => keys.has(rowKey(row)))), [rows, keys]);
}
