// Which documents come together, and what is made of what arrives.

import { describe, expect, test } from 'vitest';
import { bundlesOf, fetchBundles, type Arrived } from '../../../src-main/engine/bundles.ts';
import type { Lane } from '../../../src-main/engine/lane.ts';
import { Fault, type CloudStore, type SyncStore } from '../../../src-main/engine/ports.ts';
import { hashOfBytes } from '../../../src-main/infra/content-hash.ts';
import type { Operation, RemoteEntry } from '../../../src-main/sync/model.ts';
import { parentPath, type ClientId, type RelPath, type RemoteId, type Rev } from '../../../src-shared/domain.ts';

type Download = Extract<Operation, { kind: 'local.download' }>;

const KIB = 1024;
const client = { id: 1 as ClientId } as Lane['client'];

/** Files by path with their sizes; folders are made above them. */
function treeOf(files: Readonly<Record<string, number>>): Map<RelPath, RemoteEntry> {
  const tree = new Map<RelPath, RemoteEntry>();
  const add = (path: RelPath, kind: RemoteEntry['kind'], size: number): void => {
    const hash = kind === 'file' ? hashOfBytes(Buffer.from(path)) : null;
    const rev = kind === 'file' ? ('123456789' as Rev) : null;
    const id = `id:${path}` as RemoteId;
    tree.set(path, { id, pathLower: path, kind, name: path, rev, hash, size, downloadable: true, modified: 0 });
  };
  for (const [path, size] of Object.entries(files)) {
    add(path as RelPath, 'file', size);
    for (let above = parentPath(path as RelPath); above !== ''; above = parentPath(above)) add(above, 'folder', 0);
  }
  return tree;
}

function storeOf(tree: ReadonlyMap<RelPath, RemoteEntry>, reserved: readonly string[] = []): SyncStore {
  const store: Pick<SyncStore, 'remoteEntry' | 'remoteAt' | 'remoteBelow' | 'reservedFolders'> = {
    remoteEntry: (_client, id) => tree.get(id.slice(3) as RelPath) ?? null,
    remoteAt: (_client, path) => tree.get(path) ?? null,
    remoteBelow: (_client, folder, limit) =>
      [...tree.values()].filter(({ pathLower }) => pathLower.startsWith(`${folder}/`)).slice(0, limit),
    reservedFolders: () =>
      reserved.map((path) => ({ id: `id:${path}` as RemoteId, pathLower: path as RelPath, name: path })),
  };
  return store as SyncStore;
}

function downloads(tree: ReadonlyMap<RelPath, RemoteEntry>, wants: (path: string) => boolean = () => true): Download[] {
  return [...tree.values()].flatMap(({ id, pathLower, kind, hash, rev, size }) =>
    kind === 'file' && hash !== null && rev !== null && wants(pathLower)
      ? [
          {
            kind: 'local.download',
            key: `local.download:${id}`,
            direction: 'backward',
            priority: 3,
            reason: 'new-there',
            path: pathLower,
            remotePath: pathLower,
            dependsOn: [],
            held: false,
            remoteId: id,
            rev,
            hash,
            size,
            modified: 0,
            localId: null,
            replacesHash: null,
          } as unknown as Download,
        ]
      : [],
  );
}

const numbered = (count: number, prefix: string, size = 4 * KIB): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}.txt`, size]));

function foldersOf(tree: ReadonlyMap<RelPath, RemoteEntry>, wanted = downloads(tree), reserved: string[] = []) {
  const bundles = bundlesOf(storeOf(tree, reserved), { client }, wanted);
  return bundles.map(({ folder, wanted: of }) => [folder.slice(3), of.length]);
}

describe('documents come together', () => {
  test('from the highest folder that is wanted as a whole', () => {
    expect(foldersOf(treeOf({ ...numbered(20, 'p/a/'), ...numbered(20, 'p/b/deep/') }))).toEqual([['p', 40]]);
  });

  test('not when they are few, large, or at the top, where other things lie', () => {
    expect(foldersOf(treeOf(numbered(11, 'p/')))).toEqual([]);
    expect(foldersOf(treeOf(numbered(20, 'p/', 2 * KIB * KIB)))).toEqual([]);
    expect(foldersOf(treeOf(numbered(100, '')))).toEqual([]);
  });

  test('not from a folder of which most is here', () => {
    const tree = treeOf(numbered(100, 'p/'));
    expect(
      foldersOf(
        tree,
        downloads(tree, (path) => /[05]\.txt$/.test(path)),
      ),
    ).toEqual([]);
    expect(
      foldersOf(
        tree,
        downloads(tree, (path) => !path.endsWith('5.txt')),
      ),
    ).toEqual([['p', 90]]);
  });

  test('from folders below where all of it is too much at once', () => {
    const tree = treeOf({ ...numbered(15, 'p/a/', 600 * KIB), ...numbered(15, 'p/b/', 600 * KIB) });
    expect(foldersOf(tree)).toEqual([
      ['p/a', 15],
      ['p/b', 15],
    ]);
    const many = treeOf({ ...numbered(3_000, 'p/a/', 1), ...numbered(3_000, 'p/b/', 1) });
    expect(foldersOf(many)).toEqual([
      ['p/a', 3_000],
      ['p/b', 3_000],
    ]);
  });

  test('never with backups', () => {
    const tree = treeOf({ ...numbered(20, 'p/a/'), 'p/backups/all.tar': 5 });
    expect(foldersOf(tree, downloads(tree), ['p/backups'])).toEqual([['p/a', 20]]);
  });
});

describe('what arrives', () => {
  const tree = treeOf(numbered(14, 'p/'));
  const wanted = downloads(tree);
  const contents = wanted.map(({ path }) => Buffer.from(path));

  async function arrived(answer: (() => Promise<Buffer[]>) | undefined): Promise<string[]> {
    const contentsOf: CloudStore['contentsOf'] =
      answer && (async () => (await answer()).map((bytes) => ({ hash: hashOfBytes(bytes), bytes })));
    const lane = { client, options: {}, cloud: { contentsOf } } as unknown as Lane;
    const seen: Arrived[] = [];
    await fetchBundles(
      lane,
      bundlesOf(storeOf(tree), { client }, wanted),
      async (some) => void seen.push(...some),
      () => true,
    );
    for (const { operation, content } of seen) expect(hashOfBytes(content)).toBe(operation.hash);
    return seen.map(({ operation }) => operation.path);
  }

  test('is known by its content, whatever the order', async () => {
    const paths = await arrived(async () => contents.toReversed());
    expect(paths.toSorted()).toEqual(wanted.map(({ path }) => path).toSorted());
  });

  test('and is not wanted, damaged or missing, is left for a request of its own', async () => {
    const damaged = contents.map((content, index) => (index === 3 ? Buffer.from('damaged') : content)).slice(1);
    const paths = await arrived(async () => [...damaged, Buffer.from('something else')]);
    expect(paths).toHaveLength(12);
    expect(paths).not.toContain('p/3.txt');
    expect(paths).not.toContain('p/0.txt');
  });

  test('nothing, where the service fails or knows no such call', async () => {
    expect(await arrived(() => Promise.reject(new Fault('server', 'no')))).toEqual([]);
    expect(await arrived(undefined)).toEqual([]);
  });
});
