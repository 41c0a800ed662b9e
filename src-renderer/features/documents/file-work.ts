// What a person does with documents and folders, with a word about the result and the way back: menus, keys, buttons and
// drops all end here.

import type { Row } from '../../../src-shared/ipc/documents.ts';
import type { UploadResult } from '../../../src-shared/ipc/files.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { currentFolder, useFolders } from '../../stores/folder-store.ts';
import { useUndo } from '../../stores/undo-store.ts';
import { formatBytes, formatList } from '../../ui/format.ts';
import { tell, warn } from '../../ui/notify.ts';
import { tellUndoable } from '../../ui/undo-toast.tsx';
import { counted, said, t } from '../../ui/words.ts';
import { useClipboard } from './clipboard-store.ts';
import { useDrag } from './drag-store.ts';
import { takeBack } from './take-back.ts';
import { useView } from './view-store.ts';

export interface Target {
  /** Null is the top. */
  readonly id: number | null;
  readonly name: string;
}

type Named = Pick<Row, 'id' | 'name'>;

const SHOWN_PROBLEMS = 5;

/** Runs `work`; a refusal is said under `title`. */
function attempt(title: string, work: () => Promise<unknown>): Promise<void> {
  return work().then(
    () => undefined,
    (error: unknown) => warn(title, sentence(error)),
  );
}

/** As `attempt`, for what is quickly done and can be taken back. */
function deed(title: string, work: () => Promise<unknown>): Promise<void> {
  return useUndo.getState().during(attempt(title, work));
}

function undoable(label: string, number: number | null): void {
  if (number !== null) tellUndoable({ label, undo: takeBack(number) });
}

/** "Offer.pdf", or "3 items". */
export function namesOf(rows: readonly Named[]): string {
  const [first] = rows;
  return rows.length === 1 && first ? `“${first.name}”` : counted('documents.items', rows.length);
}

// ------------------------------------------------------------------ names and places
export function rename(row: Named, name: string): Promise<void> {
  return deed(t('files.notRenamed'), async () => {
    const { undo } = await call('files.rename', { id: row.id, name });
    undoable(t('files.renamed', { from: row.name, to: name }), undo);
  });
}

export function moveTo(rows: readonly Named[], target: Target): Promise<void> {
  return deed(t('files.notMoved'), async () => {
    const { moved, undo } = await call('files.move', { ids: rows.map(({ id }) => id), folderId: target.id });
    if (moved > 0) undoable(t('files.moved', { what: namesOf(rows), folder: target.name }), undo);
  });
}

export function copyTo(rows: readonly Named[], target: Target): Promise<void> {
  if (target.id === null) {
    warn(t('files.notCopied'), t('documents.dropTop'));
    return Promise.resolve();
  }
  const folderId = target.id;
  return attempt(t('files.notCopied'), async () => {
    const result = await call('files.copy', { ids: rows.map(({ id }) => id), folderId });
    afterUpload(t('files.copied', { what: namesOf(rows), folder: target.name }), result);
  });
}

export function remove(rows: readonly Named[]): Promise<void> {
  return deed(t('files.notDeleted'), async () => {
    const { deleted, undo } = await call('files.delete', { ids: rows.map(({ id }) => id) });
    if (deleted > 0) undoable(t('files.deleted', { what: namesOf(rows) }), undo);
  });
}

export async function paste(target: Target): Promise<void> {
  const { mode, rows, clear } = useClipboard.getState();
  if (rows.length === 0) return;
  if (mode === 'copy') return copyTo(rows, target);
  clear();
  await moveTo(rows, target);
}

/** The folder that is shown. */
export function here(): Target {
  const { trail } = useFolders.getState();
  return { id: currentFolder(trail), name: trail.at(-1)?.name ?? t('tree.top') };
}

// ------------------------------------------------------------------ bringing in and taking out
/** After an upload: what was added, what was left out, and the way back. */
export function afterUpload(label: string, { added, problems, undo }: UploadResult): void {
  if (added.length > 0) undoable(label, undo);
  if (problems.length === 0) return;
  const lines = problems.slice(0, SHOWN_PROBLEMS).map(({ name, reason }) => `${name}: ${said(reason)}`);
  const more = problems.length - lines.length;
  warn(t('files.leftOut'), [...lines, ...(more > 0 ? [counted('files.more', more)] : [])].join('\n'));
}

export function download(rows: readonly Named[]): Promise<void> {
  return attempt(t('files.notDownloaded'), () => call('files.download', { ids: rows.map(({ id }) => id) }));
}

/** The system takes over the drag: the documents can be let go over any other program. */
export function dragOut(rows: readonly Row[]): Promise<void> {
  useDrag.getState().startOut(rows);
  return attempt(t('files.notDraggedOut'), () => call('files.dragOut', { ids: rows.map(({ id }) => id) }));
}

export function open(row: Named): Promise<void> {
  return attempt(t('documents.notOpened'), async () => {
    const { opened } = await call('files.open', { id: row.id });
    if (opened === 'program') useView.getState().setProgram(row);
  });
}

export function openInDropbox(row: Named): Promise<void> {
  return attempt(t('documents.notOpened'), () => call('files.openInDropbox', { id: row.id }));
}

export function showInSystem(row: Named): Promise<void> {
  return attempt(t('documents.notOpened'), () => call('files.show', { id: row.id }));
}

export function copyLink(row: Named): Promise<void> {
  return attempt(t('files.noLink'), async () => {
    const { notes } = await call('files.copyLink', { id: row.id });
    tell(t('files.linkCopied'), notes.map(said).join(' '));
  });
}

// ------------------------------------------------------------------ bytes here
export function keepHere(rows: readonly Named[]): Promise<void> {
  return attempt(t('files.notKept'), () => call('files.keepHere', { ids: rows.map(({ id }) => id) }));
}

export function freeSpace(rows: readonly Named[]): Promise<void> {
  return attempt(t('files.notFreed'), async () => {
    const { freed, bytes, kept } = await call('files.free', { ids: rows.map(({ id }) => id) });
    if (freed > 0) tell(t('files.freed', { size: formatBytes(bytes) }), counted('files.freedCount', freed));
    if (kept.length > 0) warn(t('files.notFreed'), formatList(kept.slice(0, SHOWN_PROBLEMS)));
    if (freed + kept.length === 0) tell(t('files.nothingFreed'), '');
  });
}
