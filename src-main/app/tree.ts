// The tree for people: listing below a path, and folders that a person assigns to a client.

import { parentPath, ROOT } from '../../src-shared/domain.ts';
import { isIgnoredName, refusedByDropbox } from '../../src-shared/names.ts';
import { relativePath } from './local-folder.ts';
import { AppError } from './service.ts';
import type { RelPath } from '../../src-shared/domain.ts';
import type { EntryView } from '../../src-shared/views.ts';
import type { Workplace } from './docktide.ts';

/** Throws AppError 'unknown-path', 'bad-path'. */
export function listPath({ store }: Workplace, path: string | undefined): readonly EntryView[] {
  const place = relativePath(path ?? '');
  if (place === ROOT) return store.listing.list();
  const id = store.entries.entryAt(place);
  if (id === null) {
    throw new AppError(
      'unknown-path',
      `There is no "${place}" among the documents. See "docktide ls" for what there is.`,
    );
  }
  return store.listing.listBelow(id);
}

/** Throws AppError 'bad-path', 'bad-name', 'unknown-client', 'other-client', 'place-taken'. */
export async function addFolder(place: Workplace, path: string, clientName: string): Promise<EntryView> {
  const { store, events, folder } = place;
  const client = store.clients.get(clientName);
  const target = checkedPath(path);
  await place.passes.alone(async () => {
    await makeFolders(place, target);
    await folder.takeUp([target]);
  });
  const id = store.entries.entryAt(target);
  if (id === null) throw new AppError('internal', `The folder "${target}" was made but not found again. Try again.`);
  store.assign(id, client.id);
  // Also where a folder above belongs to the client already: what a person assigned stays assigned.
  if (store.entries.get(id)?.client_id === null) store.entries.assign(id, client.id);
  events.emit({ kind: 'entries-changed' });
  const view = store.listing.view(id);
  if (view === null) throw new AppError('internal', `The folder "${target}" has vanished. Try again.`);
  return view;
}

/** A folder that shall be kept in Dropbox has names that Dropbox takes. */
export function checkedPath(path: string): RelPath {
  const target = relativePath(path);
  if (target === ROOT)
    throw new AppError('bad-path', 'The path of the folder is empty. Write it as in Marketing/Photos.');
  for (const name of target.split('/')) checkName(name);
  return target;
}

export function checkName(name: string): void {
  const why = refusedByDropbox(name);
  if (why !== null) throw new AppError('bad-name', `Dropbox does not take the name "${name}": ${why}. Choose another.`);
  if (isIgnoredName(name)) {
    throw new AppError('bad-name', `"${name}" is a name that is never kept in Dropbox. Choose another.`);
  }
}

/** Makes what is missing of a folder path. */
export async function makeFolders({ engine }: Pick<Workplace, 'engine'>, path: RelPath): Promise<void> {
  if (path === ROOT) return;
  const found = await engine.disk.stat(path);
  if (found?.kind === 'folder') return;
  if (found !== null) {
    throw new AppError('place-taken', `"${path}" is not a folder, so nothing can be put in it. Choose another name.`);
  }
  await makeFolders({ engine }, parentPath(path));
  await engine.disk.makeFolder(path);
}
