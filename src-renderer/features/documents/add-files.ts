// Putting files into a folder: from a drop or from the system's dialog, with a word about the result.

import type { DropResult } from '../../../src-shared/ipc/documents.ts';
import { call, dropFiles, sentence } from '../../bridge/bridge.ts';
import { tell, warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';

interface Target {
  readonly id: number;
  readonly name: string;
}

export function chooseFiles(target: Target): Promise<void> {
  return add(target, () => call('files.choose', { folderId: target.id }));
}

export function addDropped(target: Target, files: readonly File[]): Promise<void> {
  return add(target, () => dropFiles(target.id, files));
}

async function add(target: Target, work: () => Promise<DropResult>): Promise<void> {
  try {
    const { added } = await work();
    const [first] = added;
    if (first === undefined) return;
    const name = first.slice(first.lastIndexOf('/') + 1);
    tell(t('documents.added', { count: added.length, name }), t('documents.addedWhere', { folder: target.name }));
  } catch (error) {
    warn(t('documents.notAdded'), sentence(error));
  }
}
