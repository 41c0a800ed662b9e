import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientId, ContentHash, Cursor, LocalId, RelPath, RemoteId, Rev } from '../../../src-shared/domain.ts';
import type { Effect, RemoteChange, SyncStore } from '../../../src-main/engine/ports.ts';
import { createStore, storeOver, type DocumentStore } from '../../../src-main/store/open-store.ts';
import type { Operation, RemoteEntry } from '../../../src-main/sync/model.ts';
import { replaceQueue } from '../../support/queue.ts';

let store: DocumentStore;
let sync: SyncStore;
let client: ClientId;
let time: number;

beforeEach(() => {
  time = 1000;
  store = createStore({ file: ':memory:', now: () => ++time });
  sync = store.sync;
  client = store.clients.add({ name: 'main', root: '/ERP/', state: 'connected', appKey: null, credentials: {} }).id;
});

const remoteId = (name: string): RemoteId => `id:${name}` as RemoteId;
const path = (text: string): RelPath => text as RelPath;

function entry(id: string, at: string, kind: 'file' | 'folder' = 'file', rev = '1'): RemoteEntry {
  const isFile = kind === 'file';
  return {
    id: remoteId(id),
    pathLower: path(at),
    kind,
    name: at.slice(at.lastIndexOf('/') + 1),
    rev: isFile ? (`rev${rev}` as Rev) : null,
    hash: isFile ? (`hash-${id}-${rev}` as ContentHash) : null,
    size: isFile ? 1 : 0,
    downloadable: isFile,
    modified: 0,
  };
}
const put = (id: string, at: string, kind: 'file' | 'folder' = 'file', rev = '1'): RemoteChange => ({
  kind: 'put',
  entry: entry(id, at, kind, rev),
});
const gone = (at: string): RemoteChange => ({ kind: 'deleted', pathLower: path(at) });
let cursors = 0;
function page(changes: readonly RemoteChange[], hasMore = false): { readonly changed: number } {
  return sync.applyPage(client, { changes, cursor: `c${++cursors}` as Cursor, hasMore });
}
const tree = (): string[] => sync.remoteTree(client).map((one) => `${one.pathLower}=${one.id.slice(3)}`);

describe('pages of the change feed', () => {
  test('a child may come before its folders', () => {
    page([put('f', 'd/s/f'), put('s', 'd/s', 'folder'), put('d', 'd', 'folder')]);
    expect(tree()).toEqual(['d=d', 'd/s=s', 'd/s/f=f']);
  });

  test('a move is a deletion and a put, in any order, in one page or two', () => {
    const start = [put('d', 'd', 'folder'), put('f', 'd/f'), put('e', 'e', 'folder')];
    const moves: RemoteChange[][][] = [
      [[gone('d/f'), put('f', 'e/f')]],
      [[put('f', 'e/f'), gone('d/f')]],
      [[gone('d/f')], [put('f', 'e/f')]],
      [[put('f', 'e/f')], [gone('d/f')]],
    ];
    for (const pages of moves) {
      sync.startListing(client, remoteId('root'));
      page(start);
      pages.forEach((changes, index) => page(changes, index < pages.length - 1));
      expect(tree()).toEqual(['d=d', 'e=e', 'e/f=f']);
    }
  });

  test('a moved folder comes with its children, whichever comes first', () => {
    for (const order of [
      [put('d', 'e', 'folder'), put('f', 'e/f'), gone('d')],
      [gone('d'), put('f', 'e/f'), put('d', 'e', 'folder')],
      [put('f', 'e/f'), gone('d'), put('d', 'e', 'folder')],
    ]) {
      sync.startListing(client, remoteId('root'));
      page([put('d', 'd', 'folder'), put('f', 'd/f'), put('old', 'd/old')]);
      page(order);
      expect(tree()).toEqual(['e=d', 'e/f=f']);
    }
  });

  test('two entries change names', () => {
    page([put('1', 'a'), put('2', 'b')]);
    page([put('1', 'b'), put('2', 'a')]);
    expect(tree()).toEqual(['a=2', 'b=1']);
  });

  test('a deletion takes what is below along, not what only begins alike; an unknown one is ignored', () => {
    page([put('d', 'd', 'folder'), put('f', 'd/f'), put('x', 'd x'), put('y', 'd0')]);
    expect(page([gone('unknown')]).changed).toBe(0);
    expect(page([gone('d')]).changed).toBe(2);
    expect(tree()).toEqual(['d x=x', 'd0=y']);
  });

  test('a file in place of a folder drops what was below; a folder keeps it', () => {
    page([put('d', 'd', 'folder'), put('f', 'd/f'), put('g', 'g'), put('h', 'h', 'folder'), put('i', 'h/i')]);
    page([put('file', 'd'), put('other', 'h', 'folder')]);
    expect(tree()).toEqual(['d=file', 'g=g', 'h=other', 'h/i=i']);
  });

  test('deleted and made again under the same path in one page', () => {
    page([put('d', 'd', 'folder'), put('f', 'd/f')]);
    page([gone('d'), put('d2', 'd', 'folder')]);
    expect(tree()).toEqual(['d=d2']);
  });

  test('what was deleted in a folder under its former name is gone from where the engine has moved it, also after a restart', () => {
    page([put('d', 'd', 'folder'), put('f', 'd/f'), put('g', 'd/g'), put('h', 'd/h')]);
    sync.record(client, [{ kind: 'remote.move', id: remoteId('d'), pathLower: path('e'), name: 'e' }]);
    page([put('h', 'e/h', 'file', '2')]);
    // The program starts anew, and a look at the feed tells nothing of it yet.
    sync = storeOver(store.db, { now: () => ++time }).sync;
    page([]);
    page([gone('d/g'), gone('d/h')]);
    expect(tree()).toEqual(['e=d', 'e/f=f', 'e/h=h']);
    page([gone('d'), put('d', 'e', 'folder'), put('f', 'e/f')]);
    // Told: what is called so from here on is another one.
    page([put('d2', 'd', 'folder'), put('f2', 'd/f')]);
    page([gone('d/f')]);
    expect(tree()).toEqual(['d=d2', 'e=d', 'e/f=f', 'e/h=h']);
  });

  test('signs that mean something to a database mean nothing', () => {
    page([put('p', '100%_', 'folder'), put('q', "100%_/o'brien"), put('r', '100xx'), put('s', '100xx/f')]);
    page([gone('100%_')]);
    expect(tree()).toEqual(['100xx=r', '100xx/f=s']);
  });

  test('the cursor is stored with its page; only real changes count and move the epoch', () => {
    const before = sync.epochs(client).remote;
    expect(page([put('f', 'f')]).changed).toBe(1);
    const after = sync.epochs(client).remote;
    expect(after).toBeGreaterThan(before);
    expect(page([put('f', 'f')]).changed).toBe(0);
    expect(sync.epochs(client).remote).toBe(after);
    expect(sync.feed(client).cursor).toBe(`c${cursors}`);
    expect(page([put('f', 'f', 'file', '2')]).changed).toBe(1);
  });

  test('the remote tree of one client is not that of another', () => {
    const other = store.clients.add({ name: 'two', root: 'R', state: 'connected', appKey: null, credentials: {} }).id;
    page([put('f', 'f')]);
    expect(sync.remoteTree(other)).toEqual([]);
  });
});

describe('a full listing', () => {
  test('removes what it does not name, at its end and not before', () => {
    page([put('a', 'a'), put('b', 'b'), put('c', 'c')]);
    sync.startListing(client, remoteId('root'));
    expect(sync.feed(client)).toEqual({ cursor: null, listing: true, torn: false, rootId: 'id:root' });
    page([put('a', 'a')], true);
    expect(sync.feed(client).listing).toBe(true);
    expect(tree()).toEqual(['a=a', 'b=b', 'c=c']);
    expect(page([put('d', 'd')]).changed).toBe(3);
    expect(tree()).toEqual(['a=a', 'd=d']);
    expect(sync.feed(client).listing).toBe(false);
  });

  test('one that was broken off and started again forgets what only the first one named', () => {
    sync.startListing(client, remoteId('root'));
    page([put('a', 'a'), put('b', 'b')], true);
    sync.startListing(client, remoteId('root'));
    page([put('b', 'b')], true);
    page([put('c', 'c')]);
    expect(tree()).toEqual(['b=b', 'c=c']);
  });

  test('goes on after a crash from the stored cursor', () => {
    page([put('old', 'old')]);
    sync.startListing(client, remoteId('root'));
    page([put('a', 'a')], true);
    const { cursor, listing } = sync.feed(client);
    expect([cursor, listing]).toEqual([`c${cursors}`, true]);
    page([put('b', 'b')]);
    expect(tree()).toEqual(['a=a', 'b=b']);
  });

  test('knows of a page that was applied in part', () => {
    sync.startListing(client, remoteId('root'));
    const torn = (cursor: string | null, hasMore: boolean) => {
      sync.applyPage(client, { changes: [], cursor: cursor as Cursor, hasMore });
      return sync.feed(client).torn;
    };
    expect([torn(null, true), torn('p1', true), torn('p1', true), torn('p2', false)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    // Of what has changed all is told again.
    expect(torn('p2', true)).toBe(false);
  });

  test('an entry listed under its old place and again under its new one is there once', () => {
    sync.startListing(client, remoteId('root'));
    page([put('f', 'a/f')], true);
    page([put('f', 'b/f'), put('g', 'a/f')]);
    expect(tree()).toEqual(['a/f=g', 'b/f=f']);
  });
});

const stamp = (id: string) => ({ size: 1, modified: 5, fileId: `1:${id}:1`, version: `v-${id}` });
function add(name: string, parentId: LocalId | null = null, kind: 'file' | 'folder' = 'file'): Effect {
  return {
    kind: 'local.add',
    parentId,
    entryKind: kind,
    name,
    hash: kind === 'file' ? (`hash-${name}` as ContentHash) : null,
    size: 1,
    present: true,
    stamp: stamp(name),
    modified: 5,
  };
}
function added(name: string, parentId: LocalId | null = null, kind: 'file' | 'folder' = 'file'): LocalId {
  const { added: id } = sync.record(client, [add(name, parentId, kind)]);
  if (id === null) throw new Error('nothing was added');
  return id;
}
function pair(
  localId: LocalId | 'added',
  remote: string,
  localParentId: LocalId | null = null,
  kind: 'file' | 'folder' = 'file',
): Effect {
  return {
    kind: 'synced.put',
    localId,
    remoteId: remoteId(remote),
    entryKind: kind,
    localParentId,
    localName: remote,
    remoteName: remote,
    rev: kind === 'file' ? ('r1' as Rev) : null,
    hash: null,
    size: 0,
  };
}

describe('effects', () => {
  test('an added file and its agreement in one list', () => {
    const folder = added('d', null, 'folder');
    sync.record(client, [pair(folder, 'd', null, 'folder')]);
    const { added: file } = sync.record(client, [add('f', folder), pair('added', 'f', folder)]);
    const base = sync.syncedOf(client, file!);
    expect(base).toMatchObject({ remoteId: 'id:f', parentId: sync.syncedOf(client, folder)?.id });
    expect(sync.entry(file!)).toMatchObject({ path: 'd/f', present: true, stamp: stamp('f') });
    expect(sync.entryAt(path('d/f'))).toBe(file);
  });

  test('what is added belongs to the client, also below a folder of nobody', () => {
    const other = store.clients.add({ name: 'two', root: 'R', state: 'connected', appKey: null, credentials: {} }).id;
    const foreign = store.entries.insert({
      parentId: null,
      kind: 'folder',
      name: 'foreign',
      clientId: other,
      stamp: null,
    });
    const mine = added('mine', null, 'folder');
    added('inside', mine);
    added('f', foreign);
    expect(
      sync
        .localTree(client)
        .map((one) => one.name)
        .toSorted(),
      // The folder of another client leads to `f`: it gives it the same path on both sides.
    ).toEqual(['f', 'foreign', 'inside', 'mine']);
    expect(sync.localTree(client).find((one) => one.id === foreign)?.role).toBe('rule');
    expect(sync.localTree(other).map((one) => one.name)).toEqual(['foreign']);
  });

  test('a row that the observer made first is taken over, not doubled', () => {
    const seen = store.entries.insert({ parentId: null, kind: 'file', name: 'f', stamp: stamp('seen') });
    expect(added('f')).toBe(seen);
    expect(sync.entry(seen)).toMatchObject({ hash: 'hash-f', stamp: stamp('f') });
  });

  test('all or nothing', () => {
    added('a');
    const moving = added('b');
    const before = store.listing.list();
    expect(() =>
      sync.record(client, [add('c'), { kind: 'local.move', localId: moving, parentId: null, name: 'a', stamp: null }]),
    ).toThrow(expect.objectContaining({ code: 'place-taken' }));
    expect(store.listing.list()).toEqual(before);
  });

  test('a synced entry that was paired otherwise gives way, and keeps what lay below', () => {
    const [one, two] = [added('one', null, 'folder'), added('two', null, 'folder')];
    const below = added('f', two);
    sync.record(client, [pair(one, 'A', null, 'folder'), pair(two, 'B', null, 'folder'), pair(below, 'f', two)]);
    sync.record(client, [pair(one, 'B', null, 'folder')]);
    expect(sync.syncedOf(client, two)).toBeNull();
    expect(sync.syncedOf(client, one)).toMatchObject({ remoteId: 'id:B' });
    expect(sync.syncedOf(client, below)?.parentId).toBe(sync.syncedOf(client, one)?.id);
    expect(sync.syncedTree(client)).toHaveLength(2);
  });

  test.each(['remove', 'removeByLocal', 'removeByRemote'] as const)('synced.%s takes what is below along', (how) => {
    const folder = added('d', null, 'folder');
    const file = added('f', folder);
    sync.record(client, [pair(folder, 'd', null, 'folder'), pair(file, 'f', folder)]);
    const syncedId = sync.syncedOf(client, folder)!.id;
    const effects: Record<typeof how, Effect> = {
      remove: { kind: 'synced.remove', syncedId },
      removeByLocal: { kind: 'synced.removeByLocal', localId: folder },
      removeByRemote: { kind: 'synced.removeByRemote', remoteId: remoteId('d') },
    };
    sync.record(client, [effects[how]]);
    expect(sync.syncedTree(client)).toEqual([]);
  });

  test('a removed row keeps its agreement until it is taken back', () => {
    const file = added('f');
    sync.record(client, [pair(file, 'f')]);
    store.entries.remove(file);
    expect(sync.syncedTree(client)).toMatchObject([{ localId: file }]);
    expect(added('g')).not.toBe(file);
  });

  test('remote moves carry what is below, also into a place that outdated rows hold', () => {
    page([put('d', 'd', 'folder'), put('f', 'd/f'), put('e', 'e', 'folder'), put('x', 'e/x'), put('dd', 'dd')]);
    sync.record(client, [{ kind: 'remote.move', id: remoteId('d'), pathLower: path('e'), name: 'E' }]);
    expect(tree()).toEqual(['dd=dd', 'e=d', 'e/f=f']);
    expect(sync.remoteEntry(client, remoteId('d'))?.name).toBe('E');
    sync.record(client, [{ kind: 'remote.move', id: remoteId('d'), pathLower: path('e'), name: 'e!' }]);
    expect(sync.remoteAt(client, path('e'))?.name).toBe('e!');
  });

  test('a remote move up into the place of its own parent', () => {
    page([put('p', 'x', 'folder'), put('c', 'x/x', 'folder'), put('f', 'x/x/f')]);
    sync.record(client, [
      { kind: 'remote.move', id: remoteId('c'), pathLower: path('aside'), name: 'aside' },
      { kind: 'remote.remove', id: remoteId('p') },
      { kind: 'remote.move', id: remoteId('c'), pathLower: path('x'), name: 'x' },
    ]);
    expect(tree()).toEqual(['x=c', 'x/f=f']);
  });

  test('removed folders are noted with all they held, freed documents with their rev', () => {
    const folder = added('d', null, 'folder');
    const freed = store.entries.insert({ parentId: folder, kind: 'file', name: 'freed', present: false, stamp: null });
    sync.record(client, [pair(folder, 'd', null, 'folder'), pair(freed, 'freed', folder)]);
    sync.record(client, [
      { kind: 'synced.removeByLocal', localId: folder },
      { kind: 'local.remove', localId: folder, trashKey: 'key', remoteId: remoteId('d'), rev: null },
    ]);
    expect(store.listing.list()).toEqual([]);
    expect(store.keepsakes.trashRows()).toMatchObject([
      { trashKey: 'key', path: 'd', contents: [{ path: 'freed', present: false, remoteId: 'id:freed', rev: 'r1' }] },
    ]);
  });

  test('a link-only refresh has no bytes here', () => {
    const file = added('f');
    sync.record(client, [
      { kind: 'local.content', localId: file, hash: 'new' as ContentHash, size: 9, stamp: null, modified: 7 },
      { kind: 'local.linked', localId: file, url: 'https://example/f' },
    ]);
    expect(sync.entry(file)).toMatchObject({ hash: 'new', size: 9, present: false, stamp: null });
    expect(store.listing.list()).toMatchObject([{ type: 'url', url: 'https://example/f' }]);
    expect(sync.presentWithHash('new' as ContentHash)).toBeNull();
  });

  test('the task and the log line are written with the effects', () => {
    const [task] = replaceQueue(sync, client, [operation('k')], [], 50);
    sync.record(client, [add('f')], {
      taskId: task!.id,
      update: { state: 'done', bytesDone: 3 },
      log: {
        level: 'info',
        clientId: client,
        direction: 'direct',
        kind: 'remote.upload',
        path: path('f'),
        bytes: 3,
        duration: 4,
        result: 'done',
        reason: 'new here',
      },
    });
    expect(sync.task(task!.id)).toMatchObject({ state: 'done', bytesDone: 3, finishedAt: time - 1 });
    expect(store.keepsakes.logRows()).toMatchObject([{ client: 'main', path: 'f', duration: 4 }]);
  });
});

describe('epochs', () => {
  test('every change of a row moves the local epoch; reading and the queue do not', () => {
    const local = (): number => sync.epochs(client).local;
    let last = local();
    const moved = (): boolean => {
      const before = last;
      last = local();
      return last > before;
    };
    const file = added('f');
    expect(moved()).toBe(true);
    store.entries.setFrozen(file, true);
    expect(moved()).toBe(true);
    sync.record(client, [{ kind: 'local.move', localId: file, parentId: null, name: 'g', stamp: null }]);
    expect(moved()).toBe(true);
    sync.localTree(client);
    replaceQueue(sync, client, [operation('k')], [], 1);
    sync.setLastSync(client, 5);
    sync.setChecked(client, 5);
    sync.settle(client, last, 7);
    expect(moved()).toBe(false);
    expect(sync.epochs(client)).toMatchObject({ settledLocal: last, settledRemote: 7 });
    store.entries.remove(file);
    expect(moved()).toBe(true);
  });

  test('effects on remote rows move the remote epoch', () => {
    const before = sync.epochs(client).remote;
    sync.record(client, [{ kind: 'remote.put', entry: entry('f', 'f') }]);
    const put1 = sync.epochs(client).remote;
    sync.record(client, [{ kind: 'remote.put', entry: entry('f', 'f') }]);
    expect([put1 > before, sync.epochs(client).remote]).toEqual([true, put1]);
    sync.record(client, [{ kind: 'remote.remove', id: remoteId('f') }]);
    expect(sync.epochs(client).remote).toBeGreaterThan(put1);
  });

  test('a folder was checked when its client was, unless it is newer', () => {
    const folder = added('d', null, 'folder');
    expect(sync.lastChecked(path('d'))).toBe(0);
    sync.setChecked(client, time + 10);
    expect(sync.lastChecked(path('d'))).toBe(time + 10);
    expect(sync.lastChecked(path('d/unknown/deeper'))).toBe(time + 10);
    time += 20;
    added('new', folder, 'folder');
    expect(sync.lastChecked(path('d/new'))).toBe(0);
    expect(sync.lastChecked(path('nowhere'))).toBe(0);
  });

  test('what lies in a folder that a client gets is planned, though its own row has not changed', () => {
    const policy = { key: 'k', localNames: 'posix', clientName: 'main' } as const;
    const folder = store.entries.insert({ parentId: null, kind: 'folder', name: 'd', stamp: null });
    const file = store.entries.insert({ parentId: folder, kind: 'file', name: 'f', stamp: stamp('f') });
    // As where a folder of the client was on its way through: it is in Dropbox, and nothing else of it is the client's.
    page([put('d', 'd', 'folder')]);
    sync.record(client, [pair(folder, 'd', null, 'folder')]);
    const inPlan = (): boolean => (sync.changedTrees(client, policy) ?? all()).local.some(({ id }) => id === file);
    const all = () => ({ local: sync.localTree(client) });
    sync.planned(client, { ...sync.epochs(client), policy: 'k', unsettled: { local: [], remote: [] } });
    expect(inPlan()).toBe(false);
    store.entries.assign(folder, client);
    expect(inPlan()).toBe(true);
  });
});

function operation(key: string, extra: Partial<Extract<Operation, { kind: 'remote.folder' }>> = {}): Operation {
  return {
    kind: 'remote.folder',
    key,
    direction: 'direct',
    priority: 1,
    reason: 'new-here',
    path: path(key),
    remotePath: path(key),
    dependsOn: [],
    held: false,
    localId: 1 as LocalId,
    ...extra,
  };
}

describe('the queue', () => {
  test('holds the plan in its order, with what waits and what is held', () => {
    const rows = replaceQueue(
      sync,
      client,
      [operation('b'), operation('a', { dependsOn: ['b'] }), operation('c', { held: true })],
      [],
      50,
    );
    expect(rows.map((row) => [row.key, row.state, row.plannedAt])).toEqual([
      ['b', 'planned', 50],
      ['a', 'blocked', 50],
      ['c', 'held', 50],
    ]);
    expect(sync.openTasks(client)).toEqual(rows);
    expect(store.listing.queue().map((row) => row.key)).toEqual(['b', 'a', 'c']);
  });

  test('keeps row, attempts and back-off of the same work; what is no longer planned is stale', () => {
    const [a, b] = replaceQueue(sync, client, [operation('a'), operation('b')], [], 50);
    sync.updateTask(a!.id, { state: 'retry', attempts: 3, nextAttempt: 900, error: 'busy', errorCode: 'busy' });
    const rows = replaceQueue(sync, client, [operation('c'), operation('a')], [], 60);
    expect(rows).toMatchObject([
      { key: 'c', state: 'planned', attempts: 0, plannedAt: 60 },
      { id: a!.id, path: 'a', state: 'retry', attempts: 3, nextAttempt: 900, error: 'busy', plannedAt: 50 },
    ]);
    expect(sync.task(b!.id)).toMatchObject({ state: 'stale', finishedAt: 60 });
    expect(sync.openTasks(client).map((row) => row.key)).toEqual(['c', 'a']);
  });

  test('another content or another place is new work and does not wait for the old one', () => {
    const [a] = replaceQueue(sync, client, [operation('a')], [], 50);
    sync.updateTask(a!.id, {
      state: 'failed',
      attempts: 1,
      nextAttempt: 900,
      error: 'refused',
      errorCode: 'name-refused',
    });
    const rows = replaceQueue(sync, client, [operation('a', { path: path('a2') })], [], 60);
    expect(rows).toMatchObject([{ path: 'a2', state: 'planned', attempts: 0, nextAttempt: null, error: null }]);
    expect(sync.task(a!.id)).toMatchObject({ state: 'stale' });
  });

  test('a failed task stays failed, one that ran when the program died starts over, an approved one is free', () => {
    const [a, b, c] = replaceQueue(
      sync,
      client,
      [operation('a'), operation('b'), operation('c', { held: true })],
      [],
      50,
    );
    sync.updateTask(a!.id, { state: 'failed', attempts: 8, nextAttempt: 99 });
    sync.updateTask(b!.id, { state: 'running' });
    expect(sync.task(b!.id)).toMatchObject({ state: 'running', startedAt: time });
    const rows = replaceQueue(sync, client, [operation('a'), operation('b'), operation('c')], [], 60);
    expect(rows.map((row) => row.state)).toEqual(['failed', 'planned', 'planned']);
    expect(rows.map((row) => row.id)).toEqual([a!.id, b!.id, c!.id]);
  });

  test('finished work that is planned again is another row', () => {
    const [a] = replaceQueue(sync, client, [operation('a')], [], 50);
    sync.updateTask(a!.id, { state: 'done' });
    const [again] = replaceQueue(sync, client, [operation('a')], [], 60);
    expect(again!.id).not.toBe(a!.id);
    expect(sync.task(a!.id)?.state).toBe('done');
    expect(store.listing.queue({ finished: true }).map((row) => row.state)).toEqual(['planned', 'done']);
  });

  test('standing problems are failed rows that go when the problem does', () => {
    const problem = { key: 'p', path: path('x\\y'), code: 'name-refused-by-dropbox', message: 'Rename it.' };
    const [row] = replaceQueue(sync, client, [], [problem], 50);
    expect(row).toMatchObject({
      kind: 'problem',
      state: 'failed',
      error: 'Rename it.',
      reason: 'name-refused-by-dropbox',
    });
    const [same] = replaceQueue(sync, client, [], [problem], 60);
    expect(same!.id).toBe(row!.id);
    replaceQueue(sync, client, [], [], 70);
    expect(sync.openTasks(client)).toEqual([]);
  });

  test('finished tasks do not pile up for ever', () => {
    for (let round = 0; round < 7; round++) {
      const keys = Array.from({ length: 1000 }, (_, index) => operation(`${round}-${index}`));
      replaceQueue(sync, client, keys, [], round);
    }
    replaceQueue(sync, client, [], [], 100);
    const { count } = store.db.prepare<[], { count: number }>('SELECT count(*) AS count FROM queue').get()!;
    expect(count).toBeLessThanOrEqual(6000);
  });
});

describe('batch', () => {
  test('is one transaction of many calls', () => {
    expect(() =>
      sync.batch(() => {
        added('f');
        sync.setLastSync(client, 9);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(store.listing.list()).toEqual([]);
    expect(sync.client(client)?.lastSync).toBeNull();
    expect(sync.batch(() => added('f'))).toBe(sync.entryAt(path('f')));
  });
});

describe('conflicts', () => {
  test('stand while their copy is there, wherever it went', () => {
    const [file, copy] = [added('f'), added('f (conflicted copy)')];
    sync.record(client, [
      { kind: 'conflict.add', path: path('f'), copyPath: path('f (conflicted copy)'), reason: 'both-changed' },
    ]);
    expect(store.keepsakes.openConflicts()).toMatchObject([{ client: 'main', path: 'f', copy: 'f (conflicted copy)' }]);
    expect(store.listing.clientCounts(client, 'main').conflicts).toBe(1);
    sync.record(client, [{ kind: 'local.move', localId: copy, parentId: null, name: 'mine', stamp: null }]);
    expect(store.keepsakes.openConflicts()).toMatchObject([{ copy: 'mine' }]);
    expect(store.listing.list().map((one) => one.state)).toEqual(['conflict', 'conflict']);
    store.entries.remove(copy);
    expect(store.keepsakes.openConflicts()).toEqual([]);
    expect(file).not.toBe(copy);
  });

  test('are over when a person settles them', () => {
    added('f');
    added('copy');
    sync.record(client, [{ kind: 'conflict.add', path: path('f'), copyPath: path('copy'), reason: 'both-changed' }]);
    store.keepsakes.resolveConflict(store.keepsakes.openConflicts()[0]!.id);
    expect(store.keepsakes.openConflicts()).toEqual([]);
  });
});

test('a removed client takes its memory along and leaves the documents and the log', () => {
  const file = added('f');
  page([put('f', 'f')]);
  sync.record(client, [pair(file, 'f')]);
  replaceQueue(sync, client, [operation('k')], [], 1);
  sync.log({
    level: 'info',
    clientId: client,
    direction: null,
    kind: 'pass',
    path: path('f'),
    bytes: null,
    duration: null,
    result: 'done',
    reason: 'x',
  });
  store.clients.remove('main');
  expect(sync.clients()).toEqual([]);
  expect(store.listing.list()).toMatchObject([{ path: 'f', client: null, state: 'unassigned' }]);
  expect(store.keepsakes.logRows()).toMatchObject([{ client: 'main' }]);
});
