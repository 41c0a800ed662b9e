// What every CloudStore does, in one suite: run against the in-memory account and against the Dropbox adapter, so that the
// tests built on the one say something about the other. `open` gives a fresh root and the other side of its account.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import {
  Fault,
  type CloudStore,
  type FaultCode,
  type Outcome,
  type RemoteChange,
  type UploadRequest,
} from '../../src-main/engine/ports.ts';
import type { RemoteEntry } from '../../src-main/sync/model.ts';
import type { Cursor, RelPath, RemoteId, Rev } from '../../src-shared/domain.ts';

/** What people do in Dropbox. Paths are those of the account, without a leading `/`. */
export interface OtherSide {
  write(path: string, content: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
  /** Changes only the case of a name, as the Dropbox desktop client can. */
  recase(path: string, name: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Everything below `root`: content as text, null for folders. */
  tree(root: string): Promise<Readonly<Record<string, string | null>>>;
  resetCursors(): Promise<void>;
  /** Entries a page of the feed; null for the usual. */
  pageSize(entries: number | null): Promise<void>;
  /** Leaves so many bytes free; null lifts the limit. */
  leaveFree(bytes: number | null): Promise<void>;
}

export interface CloudUnderTest {
  client(root: string): CloudStore;
  readonly other: OtherSide;
  close(): Promise<void>;
}

export function upload(
  path: string,
  content: string | Uint8Array,
  options: Partial<UploadRequest> = {},
): UploadRequest {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    path: path as RelPath,
    replaces: null,
    size: bytes.length,
    hash: hashOfBytes(bytes),
    modified: 1_700_000_000_999,
    read: async function* (start) {
      yield bytes.subarray(start);
    },
    ...options,
  };
}

/** Uploads and answers the outcomes by index; fails where a request is settled twice or never. */
export async function uploadAll(
  store: CloudStore,
  requests: readonly UploadRequest[],
  signal?: AbortSignal,
): Promise<readonly Outcome<RemoteEntry>[]> {
  const outcomes: Outcome<RemoteEntry>[] = [];
  await store.upload(requests, {
    settled: (index, outcome) => {
      expect(outcomes[index], `request ${index} is settled once`).toBeUndefined();
      outcomes[index] = outcome;
    },
    ...(signal === undefined ? {} : { signal }),
  });
  expect(Object.keys(outcomes)).toHaveLength(requests.length);
  return outcomes;
}

export function valueOf<T>(outcome: Outcome<T> | undefined): T {
  if (outcome === undefined) throw new Error('There is no such outcome.');
  if (!outcome.ok) throw outcome.fault;
  return outcome.value;
}

export function codeOf(outcome: Outcome<unknown> | undefined): FaultCode | 'ok' | 'nothing' {
  if (outcome === undefined) return 'nothing';
  return outcome.ok ? 'ok' : outcome.fault.code;
}

export async function faultCode(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no fault';
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

/** All pages from `cursor` on. */
export async function readAll(
  store: CloudStore,
  cursor: Cursor | null,
): Promise<{ readonly changes: readonly RemoteChange[]; readonly cursor: Cursor; readonly pages: number }> {
  const changes: RemoteChange[] = [];
  for (let at = cursor, pages = 1; ; pages++) {
    const page = await store.changes(at);
    changes.push(...page.changes);
    at = page.cursor;
    if (!page.hasMore) return { changes, cursor: page.cursor, pages };
  }
}

/** The feed as short lines: `+ path name` and `- path`. */
function lines(changes: readonly RemoteChange[]): readonly string[] {
  return changes.map((change) =>
    change.kind === 'put' ? `+ ${change.entry.pathLower} ${change.entry.name}` : `- ${change.pathLower}`,
  );
}

function entriesOf(changes: readonly RemoteChange[]): ReadonlyMap<string, RemoteEntry> {
  return new Map(changes.flatMap((change) => (change.kind === 'put' ? [[change.entry.pathLower, change.entry]] : [])));
}

/** The feed applied in order, as DROPBOX.md says: a deleted entry takes what is below it along. */
function applied(before: ReadonlyMap<string, RemoteEntry>, changes: readonly RemoteChange[]): readonly string[] {
  const entries = new Map(before);
  for (const change of changes) {
    if (change.kind === 'put') entries.set(change.entry.pathLower, change.entry);
    else for (const path of entries.keys()) if (`${path}/`.startsWith(`${change.pathLower}/`)) entries.delete(path);
  }
  return [...entries.keys()].sort();
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

export function describeCloudStore(name: string, open: () => Promise<CloudUnderTest>): void {
  describe(`CloudStore: ${name}`, () => {
    let cloud: CloudUnderTest;
    let root = '';
    let store: CloudStore;
    let other: OtherSide;
    let roots = 0;

    beforeAll(async () => {
      cloud = await open();
      other = cloud.other;
    });
    afterAll(() => cloud.close());
    beforeEach(async () => {
      root = `Company ${++roots}/ERP Documents`;
      store = cloud.client(root);
      await store.ensureRoot();
    });

    const at = (path: string): string => `${root}/${path}`;
    const rel = (path: string): RelPath => path as RelPath;
    const entryAt = async (path: string): Promise<RemoteEntry> => {
      const place = await store.lookup({ path: rel(path) });
      if (place === null) throw new Error(`There is nothing at ${path}.`);
      return place.entry;
    };
    const cursorNow = async (): Promise<Cursor> => (await readAll(store, null)).cursor;

    describe('the root', () => {
      it('is created with the folders above it, once', async () => {
        const fresh = cloud.client(`Fresh ${roots}/Inner/Root`);
        const first = await fresh.ensureRoot();
        expect(first.created).toBe(true);
        expect(await fresh.ensureRoot()).toEqual({ id: first.id, created: false });
        expect(await cloud.client(`fresh ${roots}/INNER/root`).ensureRoot()).toEqual({ id: first.id, created: false });
      });

      it('cannot be a file', async () => {
        await other.write(`File ${roots}`, 'x');
        expect(await faultCode(cloud.client(`File ${roots}`).ensureRoot())).toBe('conflict');
      });

      it('that is gone is said to be gone, in a listing and in a feed', async () => {
        const cursor = await cursorNow();
        await other.remove(root);
        expect(await faultCode(store.changes(cursor))).toBe('root-gone');
        expect(await faultCode(store.changes(null))).toBe('root-gone');
      });
    });

    describe('the feed', () => {
      it('lists everything below the root, spelled as it is, parents first', async () => {
        await other.write(at('Quotations/SO001/Größe Ä.txt'), 'abc');
        await other.write(`Company ${roots}/Outside.txt`, 'not told');
        const { changes } = await readAll(store, null);
        expect(lines(changes)).toEqual([
          '+ quotations Quotations',
          '+ quotations/so001 SO001',
          '+ quotations/so001/größe ä.txt Größe Ä.txt',
        ]);
        const file = entriesOf(changes).get('quotations/so001/größe ä.txt');
        expect(file).toMatchObject({ kind: 'file', size: 3, downloadable: true });
        expect(file?.hash).toBe(hashOfBytes(Buffer.from('abc')));
        expect(file?.rev).toMatch(/^[0-9a-f]{9,}$/);
        expect(file?.id).toMatch(/^id:.{22}$/);
        expect((file?.modified ?? 1) % 1000).toBe(0);
        expect(entriesOf(changes).get('quotations')).toMatchObject({ kind: 'folder', rev: null, hash: null, size: 0 });
      });

      it('finds a root whatever its case', async () => {
        await other.write(at('A.txt'), 'a');
        const { changes } = await readAll(cloud.client(root.toUpperCase()), null);
        expect(lines(changes)).toEqual(['+ a.txt A.txt']);
      });

      it('is silent where nothing changed, and outside the root', async () => {
        const cursor = await cursorNow();
        await other.write(`Company ${roots}/Outside.txt`, 'x');
        const page = await store.changes(cursor);
        expect(page.changes).toEqual([]);
        expect(page.hasMore).toBe(false);
      });

      it('tells of edits with the same id and a new rev', async () => {
        await other.write(at('a.txt'), 'one');
        const first = await readAll(store, null);
        await other.write(at('a.txt'), 'two!');
        const second = await readAll(store, first.cursor);
        const [before, after] = [first, second].map(({ changes }) => entriesOf(changes).get('a.txt'));
        expect(after).toMatchObject({ id: before?.id, size: 4, hash: hashOfBytes(Buffer.from('two!')) });
        expect(after?.rev).not.toBe(before?.rev);
      });

      it('tells of a deleted folder once, with all that it held', async () => {
        await other.write(at('a/b/c.txt'), 'c');
        await other.write(at('a/d.txt'), 'd');
        const cursor = await cursorNow();
        await other.remove(at('a'));
        expect(lines((await readAll(store, cursor)).changes)).toEqual(['- a']);
      });

      it('tells of a moved folder as deleted and new, with the ids it had', async () => {
        await other.write(at('Old/in/x.txt'), 'x');
        const first = await readAll(store, null);
        await other.move(at('Old'), at('New'));
        const second = await readAll(store, first.cursor);
        expect([...lines(second.changes)].sort()).toEqual([
          '+ new New',
          '+ new/in in',
          '+ new/in/x.txt x.txt',
          '- old',
        ]);
        for (const path of ['', '/in', '/in/x.txt']) {
          const before = entriesOf(first.changes).get(`old${path}`);
          expect(entriesOf(second.changes).get(`new${path}`)?.id).toBe(before?.id);
        }
      });

      it('says nothing of a rename that changes only case', async () => {
        await other.write(at('name.txt'), 'x');
        const cursor = await cursorNow();
        await other.recase(at('name.txt'), 'NAME.txt');
        expect((await readAll(store, cursor)).changes).toEqual([]);
        expect((await entryAt('name.txt')).name).toBe('NAME.txt');
      });

      it('tells of what is moved in and of what is moved out', async () => {
        await other.write(`Company ${roots}/in/x.txt`, 'x');
        await other.write(at('out/y.txt'), 'y');
        const cursor = await cursorNow();
        await other.move(`Company ${roots}/in`, at('in'));
        await other.move(at('out'), `Company ${roots}/out`);
        const { changes } = await readAll(store, cursor);
        expect([...lines(changes)].sort()).toEqual(['+ in in', '+ in/x.txt x.txt', '- out']);
      });

      it('pages, and tells the same', async () => {
        for (const folder of ['a', 'b', 'c']) await other.write(at(`${folder}/file.txt`), folder);
        const whole = await readAll(store, null);
        await other.pageSize(2);
        const paged = await readAll(store, null);
        expect(paged.pages).toBeGreaterThan(2);
        expect(entriesOf(paged.changes)).toEqual(entriesOf(whole.changes));
        await other.remove(at('a'));
        await other.move(at('b'), at('z'));
        const changed = await readAll(store, whole.cursor);
        await other.pageSize(null);
        expect(changed.pages).toBeGreaterThan(1);
        expect(applied(entriesOf(whole.changes), changed.changes)).toEqual(['c', 'c/file.txt', 'z', 'z/file.txt']);
      });

      it('repeats a page for a cursor that was read before', async () => {
        const cursor = await cursorNow();
        await other.write(at('a.txt'), 'a');
        const once = await store.changes(cursor);
        expect((await store.changes(cursor)).changes).toEqual(once.changes);
      });

      it('asks for a new listing when cursors were reset', async () => {
        const cursor = await cursorNow();
        await other.resetCursors();
        expect(await faultCode(store.changes(cursor))).toBe('cursor-reset');
        expect((await readAll(store, null)).changes).toEqual([]);
      });

      it('asks for a new listing when a cursor makes no sense', async () => {
        expect(await faultCode(store.changes('nonsense' as Cursor))).toBe('cursor-reset');
      });

      it('wakes who waits for a change', async () => {
        const cursor = await cursorNow();
        const waiting = store.waitForChange(cursor, 30, new AbortController().signal);
        await other.write(at('a.txt'), 'a');
        expect(await waiting).toEqual({ changed: true, backoff: 0 });
      });

      it('ends waiting when told to', async () => {
        const ending = new AbortController();
        const waiting = faultCode(store.waitForChange(await cursorNow(), 30, ending.signal));
        ending.abort();
        expect(await waiting).toBe('aborted');
      });
    });

    describe('uploads', () => {
      it('adds a file where it shall be, folders included', async () => {
        const [outcome] = await uploadAll(store, [upload('Quotations/SO001/Zeichnung 🎉.txt', 'hello')]);
        const entry = valueOf(outcome);
        expect(entry).toMatchObject({
          kind: 'file',
          name: 'Zeichnung 🎉.txt',
          pathLower: 'quotations/so001/zeichnung 🎉.txt',
          size: 5,
          hash: hashOfBytes(Buffer.from('hello')),
          modified: 1_700_000_000_000,
        });
        expect(await entryAt('Quotations/SO001/Zeichnung 🎉.txt')).toEqual(entry);
        expect((await other.tree(root))['Quotations/SO001/Zeichnung 🎉.txt']).toBe('hello');
      });

      it('adds many at once, empty ones too', async () => {
        const requests = Array.from({ length: 60 }, (_, n) => upload(`d${n % 3}/f${n}.txt`, 'x'.repeat(n)));
        const outcomes = await uploadAll(store, requests);
        expect(outcomes.map(codeOf)).toEqual(requests.map(() => 'ok'));
        const files = Object.entries(await other.tree(root)).filter(([, content]) => content !== null);
        expect(Object.fromEntries(files)).toEqual(
          Object.fromEntries(requests.map(({ path, size }) => [path, 'x'.repeat(size)])),
        );
      });

      it.each([1, 2])('never adds over another file or a folder (%i at once)', async (count) => {
        await other.write(at('taken.txt'), 'theirs');
        await other.mkdir(at('folder'));
        const extra = count === 1 ? [] : [upload('free.txt', 'free')];
        expect((await uploadAll(store, [upload('TAKEN.txt', 'mine'), ...extra])).map(codeOf)[0]).toBe('conflict');
        expect((await uploadAll(store, [upload('folder', 'mine'), ...extra])).map(codeOf)[0]).toBe('conflict');
        expect((await uploadAll(store, [upload('taken.txt/in.txt', 'mine'), ...extra])).map(codeOf)[0]).toBe(
          'conflict',
        );
        expect((await other.tree(root))['taken.txt']).toBe('theirs');
      });

      it('takes identical content at the place for its own', async () => {
        await other.write(at('same.txt'), 'same');
        const there = await entryAt('same.txt');
        expect(valueOf((await uploadAll(store, [upload('same.txt', 'same')]))[0])).toEqual(there);
      });

      it.each([1, 2])('replaces exactly the rev it was told to (%i at once)', async (count) => {
        await other.write(at('a.txt'), 'one');
        const first = await entryAt('a.txt');
        const extra = count === 1 ? [] : [upload('free.txt', 'free')];
        const second = valueOf(
          (await uploadAll(store, [upload('a.txt', 'two', { replaces: first.rev }), ...extra]))[0],
        );
        expect(second.id).toBe(first.id);
        expect(second.rev).not.toBe(first.rev);
        const stale = await uploadAll(store, [upload('a.txt', 'three', { replaces: first.rev }), ...extra]);
        expect(codeOf(stale[0])).toBe('conflict');
        expect((await other.tree(root))['a.txt']).toBe('two');
      });

      it('does not bring back what was deleted or moved away when it should replace', async () => {
        await other.write(at('gone.txt'), 'one');
        await other.write(at('moved.txt'), 'one');
        const gone = await entryAt('gone.txt');
        const moved = await entryAt('moved.txt');
        await other.remove(at('gone.txt'));
        await other.move(at('moved.txt'), at('elsewhere.txt'));
        const outcomes = await uploadAll(store, [
          upload('gone.txt', 'two', { replaces: gone.rev }),
          upload('moved.txt', 'two', { replaces: moved.rev }),
        ]);
        expect(outcomes.map(codeOf)).toEqual(['conflict', 'conflict']);
        expect(await other.tree(root)).toEqual({ 'elsewhere.txt': 'one' });
      });

      it('lets a file that cannot be read fail alone', async () => {
        const failing = async function* (): AsyncGenerator<Uint8Array> {
          yield Buffer.from('ha');
          throw new Fault('changed', 'It changed while it was read.');
        };
        const outcomes = await uploadAll(store, [
          upload('a.txt', 'a'),
          upload('b.txt', 'half', { read: failing }),
          upload('c.txt', 'c'),
        ]);
        expect(outcomes.map(codeOf)).toEqual(['ok', 'changed', 'ok']);
        expect(await other.tree(root)).toEqual({ 'a.txt': 'a', 'c.txt': 'c' });
      });

      it.each([
        ['shorter', 'ab'],
        ['longer', 'abcd'],
        ['other', 'xyz'],
      ])('refuses content that is %s than promised', async (_how, content) => {
        const lying = upload('a.txt', 'abc', {
          read: async function* () {
            yield Buffer.from(content);
          },
        });
        for (const requests of [[lying], [lying, upload('b.txt', 'b')]]) {
          expect(codeOf((await uploadAll(store, requests))[0])).toBe('changed');
        }
        expect(await other.tree(root)).toEqual({ 'b.txt': 'b' });
      });

      it('settles everything when it is ended', async () => {
        const ending = new AbortController();
        ending.abort();
        const outcomes = await uploadAll(store, [upload('a.txt', 'a'), upload('b.txt', 'b')], ending.signal);
        expect(outcomes.map(codeOf)).toEqual(['aborted', 'aborted']);
        expect(await other.tree(root)).toEqual({});
      });

      it('says that the account is full', async () => {
        await other.leaveFree(5);
        const outcomes = await uploadAll(store, [upload('big.txt', 'too much'), upload('small.txt', 'ok')]);
        const alone = await uploadAll(store, [upload('big.txt', 'too much')]);
        await other.leaveFree(null);
        expect(outcomes.map(codeOf)).toEqual(['no-space', 'ok']);
        expect(alone.map(codeOf)).toEqual(['no-space']);
      });

      it('says that a name is refused', async () => {
        const outcomes = await uploadAll(store, [
          upload('dot./a.txt', 'a'),
          upload('b\\c.txt', 'b'),
          upload('ok', 'c'),
        ]);
        expect(outcomes.map(codeOf)).toEqual(['name-refused', 'name-refused', 'ok']);
      });
    });

    describe('downloads', () => {
      const request = (entry: RemoteEntry, content: string) => ({
        rev: entry.rev as Rev,
        hash: hashOfBytes(Buffer.from(content)),
        size: content.length,
      });

      it('streams a rev from any byte on, also one that is no longer current', async () => {
        await other.write(at('a.txt'), '0123456789');
        const entry = await entryAt('a.txt');
        await other.write(at('a.txt'), 'changed');
        await other.remove(at('a.txt'));
        expect(await bytesOf(store.download(request(entry, '0123456789'), 0))).toBe('0123456789');
        expect(await bytesOf(store.download(request(entry, '0123456789'), 7))).toBe('789');
        expect(await bytesOf(store.download(request(entry, '0123456789'), 10))).toBe('');
      });

      it('streams nothing of an empty file', async () => {
        await other.write(at('empty'), '');
        expect(await bytesOf(store.download(request(await entryAt('empty'), ''), 0))).toBe('');
      });

      it('says that a rev is not there, and ends when told to', async () => {
        const missing = { rev: '123456789abcdef' as Rev, hash: hashOfBytes(Buffer.from('x')), size: 1 };
        expect(await faultCode(bytesOf(store.download(missing, 0)))).toBe('not-found');
        await other.write(at('a.txt'), 'abc');
        const ended = AbortSignal.abort();
        expect(await faultCode(bytesOf(store.download(request(await entryAt('a.txt'), 'abc'), 0, ended)))).toBe(
          'aborted',
        );
      });
    });

    describe('folders', () => {
      it('are created in one go, parents first whatever the order', async () => {
        const outcomes = await store.createFolders([rel('A/B/C'), rel('A'), rel('A/B'), rel('D')]);
        expect(outcomes.map((outcome) => valueOf(outcome).name)).toEqual(['C', 'A', 'B', 'D']);
        expect(outcomes.map((outcome) => valueOf(outcome).pathLower)).toEqual(['a/b/c', 'a', 'a/b', 'd']);
        expect(await other.tree(root)).toEqual({ A: null, 'A/B': null, 'A/B/C': null, D: null });
      });

      it.each([1, 3])('that exist, or whose place a file has, are a conflict (%i at once)', async (count) => {
        await other.mkdir(at('There'));
        await other.write(at('file'), 'x');
        const extra = [rel('New 1'), rel('New 2')].slice(0, count - 1);
        expect((await store.createFolders([rel('there'), ...extra])).map(codeOf)[0]).toBe('conflict');
        expect((await store.createFolders([rel('file'), ...extra])).map(codeOf)[0]).toBe('conflict');
        expect((await store.createFolders([rel('file/in'), ...extra])).map(codeOf)[0]).toBe('conflict');
      });

      it('with names that Dropbox refuses fail alone', async () => {
        const outcomes = await store.createFolders([rel('bad.'), rel('good')]);
        expect(outcomes.map(codeOf)).toEqual(['name-refused', 'ok']);
      });

      it('are listed one level deep', async () => {
        await other.write(at('a/b/c.txt'), 'c');
        await other.write(at('a/d.txt'), 'd');
        const paths = (await store.list(rel('A'))).map(({ pathLower }) => pathLower);
        expect([...paths].sort()).toEqual(['a/b', 'a/d.txt']);
        expect((await store.list(rel(''))).map(({ name }) => name)).toEqual(['a']);
        expect(await faultCode(store.list(rel('nothing')))).toBe('not-found');
      });
    });

    describe('lookups', () => {
      it('find by path and by id, also outside the root', async () => {
        await other.write(at('a/b.txt'), 'b');
        const entry = await entryAt('A/B.TXT');
        expect(entry.name).toBe('b.txt');
        expect(await store.lookup({ id: entry.id })).toEqual({ entry, inside: true });
        await other.move(at('a/b.txt'), `Company ${roots}/outside.txt`);
        const outside = await store.lookup({ id: entry.id });
        expect(outside).toMatchObject({ inside: false, entry: { id: entry.id, name: 'outside.txt' } });
        expect(outside?.entry.pathLower).toBe(`company ${roots}/outside.txt`);
        expect(await store.lookup({ path: rel('a/b.txt') })).toBeNull();
      });

      it('find the root itself', async () => {
        const { id } = await store.ensureRoot();
        const place = await store.lookup({ id });
        expect(place).toMatchObject({ inside: true, entry: { kind: 'folder', pathLower: '' } });
        expect(await store.lookup({ path: rel('') })).toEqual(place);
      });

      it('find nothing of what is deleted', async () => {
        await other.write(at('a.txt'), 'a');
        const { id } = await entryAt('a.txt');
        await other.remove(at('a.txt'));
        expect(await store.lookup({ id })).toBeNull();
      });

      it('do not take a neighbour with the same beginning for the inside', async () => {
        await other.write(`${root} 2/a.txt`, 'a');
        const neighbour = cloud.client(`${root} 2`);
        const place = await neighbour.lookup({ path: rel('a.txt') });
        expect((await store.lookup({ id: place?.entry.id as RemoteId }))?.inside).toBe(false);
      });
    });

    describe('moves', () => {
      it('keep the id, whatever is moved, and make the folders above', async () => {
        await other.write(at('a/b.txt'), 'b');
        const folder = await entryAt('a');
        const file = await entryAt('a/b.txt');
        const moved = await store.move(folder.id, rel('New/Place/A2'));
        expect(moved).toMatchObject({ id: folder.id, pathLower: 'new/place/a2', name: 'A2', kind: 'folder' });
        expect((await entryAt('new/place/a2/b.txt')).id).toBe(file.id);
        const back = await store.move(file.id, rel('c.txt'));
        expect(back).toMatchObject({ id: file.id, pathLower: 'c.txt', hash: file.hash });
        expect(back).toEqual(await entryAt('c.txt'));
        // Content keeps its hash; the rev belongs to the place.
        expect(back.rev).not.toBe(file.rev);
        expect(await other.tree(root)).toEqual({ New: null, 'New/Place': null, 'New/Place/A2': null, 'c.txt': 'b' });
      });

      it('never replace, go nowhere below themselves, and need something to move', async () => {
        await other.write(at('a/b.txt'), 'b');
        await other.write(at('c.txt'), 'c');
        const folder = await entryAt('a');
        const file = await entryAt('c.txt');
        expect(await faultCode(store.move(file.id, rel('A/B.txt')))).toBe('conflict');
        expect(await faultCode(store.move(file.id, rel('a')))).toBe('conflict');
        expect(await faultCode(store.move(file.id, rel('C.txt')))).toBe('conflict');
        expect(await faultCode(store.move(folder.id, rel('a/inner')))).toBe('conflict');
        expect(await faultCode(store.move(file.id, rel('bad.')))).toBe('name-refused');
        await other.remove(at('c.txt'));
        expect(await faultCode(store.move(file.id, rel('d.txt')))).toBe('not-found');
        expect(await other.tree(root)).toEqual({ a: null, 'a/b.txt': 'b' });
      });

      it('go many in one call, each with an outcome of its own', async () => {
        for (const name of ['a.txt', 'b.txt', 'c.txt', 'd/e.txt', 'taken.txt']) await other.write(at(name), name);
        const ids = [];
        for (const name of ['a.txt', 'b.txt', 'c.txt', 'd']) ids.push((await entryAt(name)).id);
        const gone = (await entryAt('c.txt')).id;
        await other.remove(at('c.txt'));
        const places = ['New/a.txt', 'taken.txt', 'c2.txt', 'D2'];
        const outcomes = await store.moveAll(ids.map((id, index) => ({ id, to: rel(places[index] ?? '') })));
        expect(outcomes.map(codeOf)).toEqual(['ok', 'conflict', 'not-found', 'ok']);
        expect(valueOf(outcomes[0])).toEqual(await entryAt('new/a.txt'));
        expect(valueOf(outcomes[3])).toMatchObject({ id: ids[3], kind: 'folder', name: 'D2', pathLower: 'd2' });
        expect(await store.lookup({ id: gone })).toBeNull();
        expect(Object.keys(await other.tree(root)).toSorted()).toEqual(
          ['D2', 'D2/e.txt', 'New', 'New/a.txt', 'b.txt', 'taken.txt'].toSorted(),
        );
      });
    });

    describe('copies', () => {
      it('have an id of their own', async () => {
        await other.write(at('a.txt'), 'a');
        const entry = await entryAt('a.txt');
        const copy = await store.copy(entry.rev as Rev, rel('kept/copy.txt'));
        expect(copy.id).not.toBe(entry.id);
        expect(copy).toMatchObject({ pathLower: 'kept/copy.txt', hash: entry.hash });
        expect(await entryAt('kept/copy.txt')).toEqual(copy);
      });

      it('are of the rev that was asked for, or not made', async () => {
        await other.write(at('a.txt'), 'one');
        const entry = await entryAt('a.txt');
        expect(await faultCode(store.copy(entry.rev as Rev, rel('a.txt')))).toBe('conflict');
        await other.write(at('a.txt'), 'two');
        expect(await faultCode(store.copy(entry.rev as Rev, rel('copy.txt')))).toBe('conflict');
        await other.remove(at('a.txt'));
        expect(await faultCode(store.copy(entry.rev as Rev, rel('copy.txt')))).toBe('not-found');
        expect(await other.tree(root)).toEqual({});
      });
    });

    describe('deletions', () => {
      it.each([1, 4])('of files need the current rev (%i at once)', async (count) => {
        const extra: { id: RemoteId; rev: Rev | null }[] = [];
        for (let n = 1; n < count; n++) {
          await other.write(at(`extra${n}.txt`), String(n));
          const { id, rev } = await entryAt(`extra${n}.txt`);
          extra.push({ id, rev });
        }
        await other.write(at('a.txt'), 'one');
        const first = await entryAt('a.txt');
        await other.write(at('a.txt'), 'two');
        expect((await store.remove([{ id: first.id, rev: first.rev }, ...extra])).map(codeOf)).toEqual([
          'conflict',
          ...extra.map(() => 'ok'),
        ]);
        const second = await entryAt('a.txt');
        expect((await store.remove([{ id: second.id, rev: second.rev }])).map(codeOf)).toEqual(['ok']);
        expect((await store.remove([{ id: second.id, rev: second.rev }])).map(codeOf)).toEqual(['not-found']);
        expect(await other.tree(root)).toEqual({});
      });

      it('of folders take everything below, and say what is gone already', async () => {
        await other.write(at('a/b/c.txt'), 'c');
        await other.write(at('d/e.txt'), 'e');
        const [a, d] = [await entryAt('a'), await entryAt('d')];
        await other.remove(at('a'));
        const outcomes = await store.remove([
          { id: a.id, rev: null },
          { id: d.id, rev: null },
        ]);
        expect(outcomes.map(codeOf)).toEqual(['not-found', 'ok']);
        expect(await other.tree(root)).toEqual({});
      });
    });

    describe('restores', () => {
      it('bring a deleted rev back where it was', async () => {
        await other.write(at('a.txt'), 'one');
        const entry = await entryAt('a.txt');
        await other.write(at('a.txt'), 'two');
        await other.remove(at('a.txt'));
        const restored = await store.restore(rel('a.txt'), entry.rev as Rev);
        expect(restored).toMatchObject({ pathLower: 'a.txt', hash: entry.hash, id: entry.id });
        expect(restored).toEqual(await entryAt('a.txt'));
        expect(await other.tree(root)).toEqual({ 'a.txt': 'one' });
      });

      it('know only revs of that place', async () => {
        await other.write(at('a.txt'), 'one');
        const { rev } = await entryAt('a.txt');
        expect(await faultCode(store.restore(rel('elsewhere.txt'), rev as Rev))).toBe('not-found');
        expect(await faultCode(store.restore(rel('a.txt'), '123456789abcdef' as Rev))).toBe('not-found');
      });
    });

    it('knows whose account it is', async () => {
      const account = await store.account();
      expect(account.kind).toMatch(/^(basic|pro|business)$/);
      expect(account.accountId).toMatch(/^dbid:/);
      expect(account.email).toContain('@');
      expect(account.rootNamespace).not.toBe('');
    });

    it('counts its traffic', async () => {
      const before = store.traffic();
      await uploadAll(store, [upload('a.txt', 'x'.repeat(1000))]);
      const after = store.traffic();
      expect(after.requests).toBe(before.requests + 1);
      expect(after.bytesUp - before.bytesUp).toBe(1000);
    });
  });
}
