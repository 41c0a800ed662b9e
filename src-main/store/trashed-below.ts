// What a folder holds, as it is noted with it when it goes to the trash: enough to restore each document, here or from
// Dropbox. Called by everything that moves a folder to the trash, before the rows are gone.

import type { LocalId, RelPath } from '../../src-shared/domain.ts';
import type { Entries } from './entries.ts';
import type { TrashedEntry } from './keepsakes.ts';

/** What Dropbox knows an entry by. */
type Version = Pick<TrashedEntry, 'remoteId' | 'rev'>;

/** All entries below a folder; `versionOf` gives null for what is not in Dropbox. */
export function trashedBelow(
  entries: Entries,
  folder: LocalId,
  versionOf: (entry: LocalId) => Version | null,
): readonly TrashedEntry[] {
  const start = entries.pathOf(folder).length + 1;
  return entries.below(folder).map((entry) => {
    const version = versionOf(entry.id);
    return {
      path: entries.pathOf(entry.id).slice(start) as RelPath,
      kind: entry.kind,
      type: entry.type,
      url: entry.url,
      hash: entry.hash,
      size: entry.size,
      present: entry.present === 1,
      remoteId: version?.remoteId ?? null,
      rev: version?.rev ?? null,
    };
  });
}
