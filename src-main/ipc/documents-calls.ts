// Folders and documents: listings, opening, adding. The window names them by row id; paths are found here.

import { joinPath } from '../../src-shared/domain.ts';
import type { documentCalls } from '../../src-shared/ipc/documents.ts';
import type { searchCalls } from '../../src-shared/ipc/search.ts';
import type { EntryView } from '../../src-shared/views.ts';
import { AppError } from '../app/service.ts';
import { checkedClient, done, seen, serviceOf, type CallParts, type HandlersOf } from './parts.ts';

const HITS = 60;

export function documentHandlers(parts: CallParts): HandlersOf<typeof documentCalls & typeof searchCalls> {
  const { listings } = parts;
  const service = serviceOf(parts);
  return {
    'folder.watch': async ({ folderId, scope }) => listings.watch(folderId, scope),
    'folder.unwatch': async ({ folderId, scope }) => done(listings.unwatch(folderId, scope)),
    'folder.add': async (folder) => {
      const parent = pathOf((id) => service().children(id), folder.parents);
      if (folder.name.includes('/')) throw new AppError('bad-name', 'A folder name cannot contain "/".');
      const client = checkedClient(service(), folder.client);
      const path = joinPath(parent, folder.name);
      const { undo } = await service().makeFolder(path);
      await service().addFolder(path, client);
      await seen(parts);
      return { undo: undo?.number ?? null };
    },
    'entry.locate': async ({ path }) => locate((id) => service().children(id), path),
    search: async ({ text }) => (text.trim() === '' ? [] : [...service().search(text, HITS)]),
  };
}

type Children = (folderId: number | null) => readonly EntryView[];

/** The path of the last of `folders`, each of which must be in the one before; '' for none. */
function pathOf(children: Children, folders: readonly number[]): string {
  let path = '';
  for (const [depth, id] of folders.entries()) {
    const folder = children(folders[depth - 1] ?? null).find((entry) => entry.kind === 'folder' && entry.id === id);
    if (!folder) throw new AppError('gone', 'This folder does not exist any more.');
    path = folder.path;
  }
  return path;
}

/** Walks down from the top, one level for each name of `path`. */
function locate(children: Children, path: string) {
  const folders: { id: number; name: string }[] = [];
  const names = path.split('/').filter((name) => name !== '');
  for (const [depth, name] of names.entries()) {
    const here = names.slice(0, depth + 1).join('/');
    const entry = children(folders.at(-1)?.id ?? null).find((one) => one.path === here);
    if (!entry) throw new AppError('gone', `"${name}" is not there any more.`);
    if (entry.kind === 'file') return { folders, file: entry.id };
    folders.push({ id: entry.id, name });
  }
  return { folders, file: null };
}
