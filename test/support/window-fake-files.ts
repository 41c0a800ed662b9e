// What the service in memory does with documents: the window's tests rename, move, delete, undo, upload and look at them.

import type { EntryView } from '../../src-shared/views.ts';
import type { FileChange, FileRef, FileTarget, Undo } from '../../src-shared/files-views.ts';
import { AppError } from '../../src-main/app/service.ts';
import type { DocktideService } from '../../src-main/app/docktide.ts';

export interface Shelf {
  rows(): readonly EntryView[];
  set(rows: readonly EntryView[]): void;
}

type Files = Pick<
  DocktideService,
  | 'entry'
  | 'find'
  | 'rename'
  | 'move'
  | 'delete'
  | 'undo'
  | 'upload'
  | 'download'
  | 'open'
  | 'preview'
  | 'thumbnail'
  | 'versionPreview'
  | 'versions'
  | 'makeFolder'
>;

const TEXT = 'Called Mrs Winter on Monday.\nShe takes the larger gate, in grey.\n';
const EARLIER = 'Call Mrs Winter on Monday!';
/** A picture of one blue pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==',
  'base64',
);

export function fakeFiles(shelf: Shelf): Files {
  const before = new Map<number, readonly EntryView[]>();
  let lastNumber = 0;

  const entry = (ref: FileRef): EntryView => {
    const found = shelf.rows().find((row) => row.id === ref || row.path === ref);
    if (!found) throw new AppError('unknown-path', 'This is not there any more.');
    return found;
  };
  const change = (rows: readonly EntryView[]): Undo => {
    const number = ++lastNumber;
    before.set(number, shelf.rows());
    shelf.set(rows);
    return { number, change: { kind: 'made', folders: [] } satisfies FileChange };
  };
  const within = (row: EntryView, folder: EntryView): boolean =>
    row.path === folder.path || row.path.startsWith(`${folder.path}/`);
  const carried = (moved: EntryView, to: string, parentId: number | null): readonly EntryView[] =>
    shelf
      .rows()
      .map((row) =>
        within(row, moved)
          ? { ...row, path: to + row.path.slice(moved.path.length), ...(row.id === moved.id && { parentId }) }
          : row,
      );
  const folderOf = (target: FileTarget): EntryView | null =>
    target.kind === 'id' && target.folderId !== null ? entry(target.folderId) : null;
  const preview = (id: number) => {
    const { path } = entry(id);
    const bytes = /\.(png|jpe?g)$/.test(path) ? PIXEL : Buffer.from(TEXT);
    const mime = /\.(png|jpe?g)$/.test(path) ? 'image/png' : 'text/plain';
    const read = async function* () {
      yield bytes;
    };
    return Promise.resolve({ kind: 'own' as const, mime, size: bytes.length, name: path, read });
  };

  return {
    entry: (id) => shelf.rows().find((row) => row.id === id) ?? null,
    find: ({ text = '', extensions = [], limit = 50 }) =>
      shelf
        .rows()
        .filter((row) => row.path.toLowerCase().includes(text.toLowerCase()))
        .filter((row) => extensions.length === 0 || extensions.some((ending) => row.path.endsWith(`.${ending}`)))
        .slice(0, limit)
        .map(({ path, kind, record, id, size, state, client, changedAt }) => ({
          path,
          kind,
          record,
          id,
          size,
          state,
          client,
          name: path.slice(path.lastIndexOf('/') + 1),
          type: null,
          modifiedAt: changedAt ?? '2026-11-20T12:00:00.000Z',
        })),
    async rename(ref, name) {
      const row = entry(ref);
      if (/[/\\]/.test(name))
        throw new AppError('bad-name', `Dropbox does not take the name "${name}". Choose another.`);
      const to = row.path.slice(0, row.path.lastIndexOf('/') + 1) + name;
      const undo = change(carried(row, to, row.parentId));
      return { moved: [{ id: row.id, from: row.path, to }], undo };
    },
    async move(refs, target) {
      const folder = folderOf(target);
      const start = shelf.rows();
      const moved = refs.map((ref) => {
        const row = entry(ref);
        const name = row.path.slice(row.path.lastIndexOf('/') + 1);
        const to = folder === null ? name : `${folder.path}/${name}`;
        shelf.set(carried(row, to, folder?.id ?? null));
        return { id: row.id, from: row.path, to };
      });
      const undo = change(shelf.rows());
      before.set(undo.number, start);
      return { moved, undo };
    },
    async delete(refs) {
      const gone = refs.map(entry);
      const undo = change(shelf.rows().filter((row) => !gone.some((one) => within(row, one))));
      return { deleted: gone.map(({ path, id }) => ({ path, trash: id })), undo };
    },
    async undo(operation) {
      const rows = typeof operation === 'number' ? before.get(operation) : undefined;
      if (!rows) throw new AppError('unknown-operation', 'There is nothing to take back.');
      shelf.set(rows);
      return { undone: ['all'], failed: [], undo: null };
    },
    async upload(sources, target) {
      const folder = folderOf(target);
      const like = shelf.rows().find((row) => row.kind === 'file') as EntryView;
      const first = Math.max(...shelf.rows().map((row) => row.id)) + 1;
      const added = sources.map((source, index): EntryView => {
        const name = source.slice(source.lastIndexOf('/') + 1);
        const path = folder === null ? name : `${folder.path}/${name}`;
        return { ...like, id: first + index, parentId: folder?.id ?? null, path, state: 'pending', size: 1_234 };
      });
      const undo = change([...shelf.rows(), ...added]);
      return {
        added: added.map(({ path, id }, index) => ({ source: sources[index] ?? '', path, id, size: 1_234 })),
        equal: [],
        folders: [],
        renamed: [],
        skipped: [],
        failed: [],
        stopped: false,
        undo,
      };
    },
    async makeFolder(path) {
      const parent = shelf.rows().find((row) => row.path === path.slice(0, Math.max(path.lastIndexOf('/'), 0))) ?? null;
      const like = shelf.rows().find((row) => row.kind === 'folder') as EntryView;
      const id = Math.max(...shelf.rows().map((row) => row.id)) + 1;
      const folder: EntryView = { ...like, id, path, parentId: parent?.id ?? null, role: 'manual' };
      return { folder, made: [path], undo: change([...shelf.rows(), folder]) };
    },
    download: (_refs, out) => Promise.resolve({ file: out, zip: true, files: 1, bytes: 1, written: 1, skipped: [] }),
    open: (path) => Promise.resolve({ path, file: `/nonexistent/${path}`, fetched: false }),
    preview,
    thumbnail: (id) => preview(id),
    versionPreview: async (id) => {
      const read = async function* () {
        yield Buffer.from(EARLIER);
      };
      return { ...(await preview(id)), mime: 'text/plain', size: EARLIER.length, read };
    },
    versions: () =>
      Promise.resolve([
        {
          rev: '0123456789abc',
          modifiedAt: '2026-11-20T12:00:00.000Z',
          savedAt: '2026-11-20T12:00:10.000Z',
          size: 812,
          contentHash: null,
          current: true,
          here: true,
        },
        {
          rev: '0123456789abb',
          modifiedAt: '2026-11-18T09:30:00.000Z',
          savedAt: '2026-11-18T09:30:10.000Z',
          size: 640,
          contentHash: null,
          current: false,
          here: false,
        },
      ]),
  };
}
