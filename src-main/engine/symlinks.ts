// Whether a symbolic link here keeps something away that Dropbox has, so that a person must be told of it. In: the link's
// place; out: yes or no. What is called otherwise here than in Dropbox is known by the merge base, or by the name that it
// would get. Called by pass.ts.

import { baseName, parentPath, ROOT, type RelPath } from '../../src-shared/domain.ts';
import { localNameFor, nameKey, unmarkedName } from '../../src-shared/names.ts';
import type { PlanPolicy } from '../sync/model.ts';
import type { ClientRow, SyncStore } from './ports.ts';

export function keepsAway(
  store: SyncStore,
  client: ClientRow,
  { localNames }: Pick<PlanPolicy, 'localNames'>,
  link: RelPath,
): boolean {
  if (store.remoteAt(client.id, nameKey(link) as RelPath) !== null || placeThere(store, client, link) !== null)
    return true;
  const folder = parentPath(link) === ROOT ? ROOT : placeThere(store, client, parentPath(link));
  if (folder === null) return false;
  const name = baseName(link);
  const unmarked = unmarkedName(name, localNameFor(client.name, localNames));
  const keys = new Set([name, ...(unmarked === null ? [] : [unmarked])].map(nameKey));
  return store
    .remoteChildren(client.id, folder)
    .some((entry) => keys.has(nameKey(localNameFor(entry.name, localNames))));
}

/** Where Dropbox has what the store knows at a place here; null where it has nothing of it. */
function placeThere(store: SyncStore, { id }: ClientRow, path: RelPath): RelPath | null {
  const local = store.entryAt(path);
  const base = local === null ? null : store.syncedOf(id, local);
  return (base && store.remoteEntry(id, base.remoteId)?.pathLower) ?? null;
}
