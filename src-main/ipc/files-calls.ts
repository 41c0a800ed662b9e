// What a person does with folders and documents: thin steps over the files of the application service, the system's
// dialogs and the shell. The window names everything by row id; paths are found here and stay here.

import { basename, join } from 'node:path';
import { parentPath, type RelPath } from '../../src-shared/domain.ts';
import type { Details, fileCalls, Found, UploadResult } from '../../src-shared/ipc/files.ts';
import type { UploadReport } from '../../src-shared/files-views.ts';
import type { SearchResult } from '../../src-shared/search-views.ts';
import type { EntryView } from '../../src-shared/views.ts';
import type { DocktideService } from '../app/docktide.ts';
import type { LinkOptions } from '../app/links-service.ts';
import { AppError } from '../app/service.ts';
import { toRow } from './listings.ts';
import { done, seen, serviceOf, type Acted, type CallParts, type HandlersOf } from './parts.ts';

const HITS = 500;
const HISTORY_LINES = 100;

export function fileHandlers(parts: CallParts): HandlersOf<typeof fileCalls> {
  const { desktop, jobs, previews } = parts;
  const service = serviceOf(parts);
  const entry = (id: number): EntryView => {
    const found = service().entry(id);
    if (found === null) throw new AppError('gone', 'This is not there any more.');
    return found;
  };
  const placeOf = (path: string): string => join(service().status().documents, ...path.split('/'));
  const upload = async (sources: readonly string[], folderId: number): Promise<UploadResult> =>
    sources.length === 0
      ? { added: [], problems: [], undo: null }
      : uploaded(parts, await service().upload(sources, { kind: 'id', folderId }));

  const linkTo = async (id: number, limits: LinkOptions): Promise<{ url: string; notes: string[] }> => {
    const { url, notes } = await service().createLink(entry(id).path, limits);
    await desktop.copyText(url);
    return { url, notes: [...notes] };
  };

  return {
    'files.rename': async ({ id, name }) => {
      const { undo } = await service().rename(id, name);
      await seen(parts);
      return { undo: undo?.number ?? null };
    },
    'files.move': async ({ ids, folderId }) => {
      const { moved, undo } = await service().move(ids, { kind: 'id', folderId });
      await seen(parts);
      return { moved: moved.length, undo: undo?.number ?? null };
    },
    'files.copy': async ({ ids, folderId }) => {
      const sources: string[] = [];
      for (const id of ids) sources.push(await presentCopy(service(), entry(id)));
      return upload(sources, folderId);
    },
    'files.delete': async ({ ids }) => {
      const { deleted, undo } = await service().delete(ids);
      await seen(parts);
      return { deleted: deleted.length, undo: undo?.number ?? null };
    },
    'files.undo': async ({ number }) => {
      const { undone, failed, undo } = await service().undo(number);
      await seen(parts);
      return {
        undone: undone.length,
        failed: failed.map(({ path, reason }) => `${basename(path)}: ${reason}`),
        undo: undo?.number ?? null,
      };
    },

    'files.open': async ({ id }) => {
      const { path } = entry(id);
      const { file } = await service().open(path);
      return { opened: await desktop.openFile(file) };
    },
    'files.openInDropbox': async ({ id }) => done(await desktop.openExternal(addressOf(service(), entry(id)))),
    'files.show': async ({ id }) => done(desktop.showFile(placeOf(entry(id).path))),
    'files.download': async ({ ids }) => {
      const chosen = ids.map(entry);
      const [first] = chosen;
      if (first === undefined) return { started: false };
      const single = chosen.length === 1 && first.kind === 'file';
      const stem =
        chosen.length === 1 ? basename(first.path) : basename(parentPath(first.path as RelPath)) || 'Docktide';
      const out = await desktop.chooseSave(single ? basename(first.path) : `${stem}.zip`);
      if (out === null) return { started: false };
      jobs.start('zip', stem, async ({ signal, progress, leftOut }) => {
        const { skipped } = await service().download(ids, out, {
          signal,
          onProgress: ({ bytesDone, bytesTotal }) => progress(bytesDone, bytesTotal),
        });
        if (skipped.length > 0) leftOut(skipped.map(({ path, reason }) => `${basename(path)}: ${reason}`).join(' '));
      });
      return { started: true };
    },
    'files.keepHere': async ({ ids }) => {
      const chosen = ids.map(entry);
      const [first] = chosen;
      if (first === undefined) return null;
      jobs.start('fetch', basename(first.path), (job) => keepHere(service(), chosen, job));
      return null;
    },
    'files.free': async ({ ids }) => {
      const results = await service().freeEntries(ids);
      const freed = results.filter(({ result }) => result === 'freed');
      return {
        freed: freed.length,
        bytes: freed.reduce((sum, { size }) => sum + size, 0),
        kept: results.flatMap(({ path, reason }) => (reason === null ? [] : [`${basename(path)}: ${reason}`])),
      };
    },
    'files.copyLink': ({ id }) => linkTo(id, {}),
    'files.share': ({ id, ...limits }) => linkTo(id, asked(limits)),
    'files.shareRisks': async ({ id }) => {
      const { client } = entry(id);
      return client === null ? [] : [...service().linkRisks(client)];
    },

    'files.details': async ({ id }) => detailsOf(service(), entry(id)),
    'files.versions': async ({ id }) =>
      (await service().versions(id)).map(({ rev, modifiedAt, savedAt, size, current, here }) => ({
        rev,
        modifiedAt,
        savedAt,
        size,
        current,
        here,
      })),
    'files.restoreVersion': async ({ id, rev }) => {
      const { undo } = await service().restoreVersion(id, rev);
      await seen(parts);
      return { undo: undo?.number ?? null };
    },
    'files.choose': async ({ folderId }) => upload(await desktop.chooseFiles(), folderId),
    'files.chooseFolder': async ({ folderId }) => {
      const chosen = await desktop.chooseFolder(null);
      return upload(chosen === null ? [] : [chosen], folderId);
    },
    'files.dragOut': async ({ ids }) => {
      const chosen = ids.map(entry);
      // A drag begins at once: there is no time to bring bytes here.
      const missing = chosen.flatMap((one) => (one.kind === 'file' ? [one] : service().list(one.path))).find(isFreed);
      if (missing !== undefined) {
        throw new AppError(
          'not-here',
          `"${basename(missing.path)}" is only in Dropbox. Choose "Keep here" first, or download it.`,
        );
      }
      return done(desktop.dragOut(chosen.map(({ path }) => placeOf(path))));
    },
    'files.find': async (query) => foundOf(service(), service().find({ ...asked(query), limit: HITS })),
    'files.previewKey': async () => previews.key,
  };
}

function foundOf(service: DocktideService, hits: readonly SearchResult[]): Found[] {
  const ids = hits.flatMap(({ id, kind }) => (kind === 'record' ? [] : [id]));
  const rows = new Map(service.entries(ids).map((one) => [one.id, toRow(one)]));
  return hits.map(({ id, name, kind, path, record, type, size, modifiedAt, state, client }) => ({
    id,
    entryId: kind === 'record' ? null : id,
    name,
    kind,
    path,
    record,
    type,
    size,
    modifiedAt,
    state,
    client,
    row: kind === 'record' ? null : (rows.get(id) ?? null),
  }));
}

function isFreed(entry: EntryView): boolean {
  return entry.kind === 'file' && entry.state === 'freed';
}

/** Files and folders that were dropped on the window. */
export async function dropInto(parts: Acted, folderId: number, paths: readonly string[]): Promise<UploadResult> {
  return uploaded(parts, await parts.workspace.service().upload(paths, { kind: 'id', folderId }));
}

async function uploaded(parts: Acted, report: UploadReport): Promise<UploadResult> {
  await seen(parts);
  const problems = [...report.skipped, ...report.failed].map(({ source, reason }) => ({
    name: basename(source),
    reason,
  }));
  return {
    added: [...report.added, ...report.equal].map(({ path }) => path),
    problems,
    undo: report.undo?.number ?? null,
  };
}

/** The absolute path of an entry whose bytes are all here, brought back where they were not. */
async function presentCopy(service: DocktideService, entry: EntryView): Promise<string> {
  const all = entry.kind === 'file' ? [entry] : service.list(entry.path);
  for (const one of all) if (isFreed(one)) await service.open(one.path);
  return join(service.status().documents, ...entry.path.split('/'));
}

async function keepHere(
  service: DocktideService,
  chosen: readonly EntryView[],
  job: { readonly signal: AbortSignal; readonly progress: (done: number, total: number) => void },
): Promise<void> {
  const files = chosen.flatMap((entry) => (entry.kind === 'file' ? [entry] : service.list(entry.path)));
  const missing = files.filter(isFreed);
  const total = missing.reduce((sum, { size }) => sum + (size ?? 0), 0);
  let fetched = 0;
  for (const entry of missing) {
    if (job.signal.aborted) return;
    await service.open(entry.path);
    fetched += entry.size ?? 0;
    job.progress(fetched, total);
  }
  for (const entry of chosen) if (entry.kind === 'folder') service.setFolderKeep(entry.path, 'always');
}

/** Its link, or else its place on Dropbox's own pages. */
function addressOf(service: DocktideService, entry: EntryView): string {
  if (entry.url !== null) return entry.url;
  const client = service.clients().find((one) => one.name === entry.client);
  if (!client) throw new AppError('not-in-dropbox', 'This is not kept in Dropbox.');
  const names = [...client.root.split('/'), ...entry.path.split('/')].filter((name) => name !== '');
  return `https://www.dropbox.com/home/${names.map(encodeURIComponent).join('/')}`;
}

function detailsOf(service: DocktideService, entry: EntryView): Details {
  const inside = entry.kind === 'file' ? null : service.list(entry.path).filter((one) => one.id !== entry.id);
  const history = service.history(entry.path, HISTORY_LINES);
  return {
    row: toRow(entry),
    path: entry.path,
    type: entry.type,
    folders: [],
    inside: inside && {
      files: inside.filter((one) => one.kind === 'file').length,
      folders: inside.filter((one) => one.kind === 'folder').length,
      bytes: inside.reduce((sum, { size }) => sum + (size ?? 0), 0),
    },
    history: history.map(({ id, time, level, kind, reason, from }) => ({ id, time, level, kind, reason, from })),
  };
}

/** Only what was given: the service tells "not asked" from "asked for nothing". */
function asked<T extends object>(query: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as never;
}
