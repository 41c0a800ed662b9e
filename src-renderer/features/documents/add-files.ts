// Putting files and folders into a folder: from a drop or from the system's dialogs, with a word about the result.

import type { UploadResult } from '../../../src-shared/ipc/files.ts';
import { call, dropFiles, sentence } from '../../bridge/bridge.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { afterUpload } from './file-work.ts';

interface Target {
  readonly id: number;
  readonly name: string;
}

export function chooseFiles(target: Target): Promise<void> {
  return add(target, () => call('files.choose', { folderId: target.id }));
}

export function chooseFolder(target: Target): Promise<void> {
  return add(target, () => call('files.chooseFolder', { folderId: target.id }));
}

export function addDropped(target: Target, files: readonly File[]): Promise<void> {
  return add(target, () => droppedInto(target.id, files));
}

/** What was dropped or pasted; throws, in words, where none of it is a file on this computer, as with a picture of the screen. */
export async function droppedInto(folderId: number, files: readonly File[]): Promise<UploadResult> {
  const result = await dropFiles(folderId, files);
  if (result.added.length + result.problems.length === 0) throw new Error(t('documents.noFile'));
  return result;
}

async function add(target: Target, work: () => Promise<UploadResult>): Promise<void> {
  try {
    const result = await work();
    const [first] = result.added;
    const name = first?.slice(first.lastIndexOf('/') + 1) ?? '';
    const what = t('documents.added', { count: result.added.length, name });
    afterUpload(`${what} ${t('documents.addedWhere', { folder: target.name })}`, result);
  } catch (error) {
    warn(t('documents.notAdded'), sentence(error));
  }
}
