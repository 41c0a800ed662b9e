// What held deletions are about, in words. Each row is one deletion, as they are counted elsewhere; a folder is named with the
// documents in it, so that both numbers can be understood: "1 folder (212 documents) and 141 documents".

import type { Held } from '../../../src-shared/ipc/sync.ts';
import { formatList } from '../../ui/format.ts';
import { counted } from '../../ui/words.ts';

export function whatIsHeld(rows: readonly Pick<Held, 'kind' | 'files'>[]): string {
  const of = (kind: Held['kind']) => rows.filter((row) => row.kind === kind);
  const [folders, files] = [of('folder'), of('file')];
  return formatList([
    ...(folders.length > 0 ? [counted('sync.held.folders', folders.length, { files: documentsIn(folders) })] : []),
    ...(files.length > 0 ? [documentsIn(files)] : []),
  ]);
}

function documentsIn(rows: readonly Pick<Held, 'files'>[]): string {
  const count = rows.reduce((sum, { files }) => sum + files, 0);
  return counted('status.files', count);
}
