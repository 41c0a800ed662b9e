import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Dropbox, files } from 'dropbox';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { connect, rawRpc, refusal } from './client.ts';

type Entry = files.FileMetadataReference | files.FolderMetadataReference | files.DeletedMetadataReference;

let emulator: TestEmulator;
let dropbox: Dropbox;

beforeAll(async () => {
  emulator = await startTestEmulator();
  dropbox = connect(emulator);
});
afterAll(() => emulator.close());
beforeEach(async () => {
  emulator.state.faults.clear();
  for (const row of await emulator.tree()) {
    if (!row.path.includes('/', 1)) await emulator.control('delete', { path: row.path });
  }
});

function short(entries: readonly Entry[]): string[] {
  return entries.map((entry) => `${entry['.tag']} ${entry.path_display}`);
}

async function write(path: string, text = path): Promise<void> {
  await emulator.control('write', { path, text });
}

/** A replica kept as the documentation says that one keeps it. */
class Replica {
  readonly entries = new Map<string, { kind: string; id: string }>();
  cursor = '';
  pages = 0;

  async list(arg: files.ListFolderArg): Promise<void> {
    const { result } = await dropbox.filesListFolder(arg);
    this.apply(result);
    if (result.has_more) await this.catchUp();
  }

  async catchUp(): Promise<void> {
    for (let more = true; more;) {
      const { result } = await dropbox.filesListFolderContinue({ cursor: this.cursor });
      this.apply(result);
      more = result.has_more;
    }
  }

  private apply(page: files.ListFolderResult): void {
    this.pages++;
    this.cursor = page.cursor;
    for (const entry of page.entries) {
      const path = entry.path_lower ?? '';
      if (entry['.tag'] !== 'folder') {
        for (const known of this.entries.keys()) {
          if (known === path || known.startsWith(`${path}/`)) this.entries.delete(known);
        }
      }
      if (entry['.tag'] !== 'deleted') this.entries.set(path, { kind: entry['.tag'], id: entry.id });
    }
  }

  get rows(): string[] {
    return [...this.entries].map(([path, { kind, id }]) => `${path} ${kind} ${id}`).toSorted();
  }
}

async function truth(path = ''): Promise<string[]> {
  return (await emulator.tree(path)).map((row) => `${row.pathLower} ${row.kind} ${row.id}`).toSorted();
}

describe('list_folder', () => {
  test('lists direct children only, or everything below', async () => {
    await write('/A/b/c.txt');
    await write('/A/d.txt');
    expect(short((await dropbox.filesListFolder({ path: '/a' })).result.entries)).toEqual([
      'folder /A/b',
      'file /A/d.txt',
    ]);
    expect(short((await dropbox.filesListFolder({ path: '', recursive: true })).result.entries)).toEqual([
      'folder /A',
      'folder /A/b',
      'file /A/b/c.txt',
      'file /A/d.txt',
    ]);
  });

  test('a recursive listing of a folder tells the folder itself', async () => {
    await write('/A/b/c.txt');
    const { entries } = (await dropbox.filesListFolder({ path: '/A/b', recursive: true })).result;
    expect(short(entries)).toEqual(['folder /A/b', 'file /A/b/c.txt']);
  });

  test('pages by limit, and the pages together tell everything once', async () => {
    for (let number = 0; number < 23; number++) await write(`/P/${number % 4}/f${number}`);
    const seen: string[] = [];
    let { result } = await dropbox.filesListFolder({ path: '', recursive: true, limit: 5 });
    seen.push(...short(result.entries));
    while (result.has_more) {
      expect(result.entries.length).toBeLessThanOrEqual(5);
      ({ result } = await dropbox.filesListFolderContinue({ cursor: result.cursor }));
      seen.push(...short(result.entries));
    }
    expect(seen.length).toBe(new Set(seen).size);
    expect(seen.toSorted()).toEqual((await emulator.tree()).map((row) => `${row.kind} ${row.path}`).toSorted());
  });

  test('takes ids and a doubled first slash', async () => {
    await write('/A/x');
    const { metadata } = (await dropbox.filesCreateFolderV2({ path: '/A/sub' })).result;
    await write('/A/sub/y');
    expect(short((await dropbox.filesListFolder({ path: metadata.id })).result.entries)).toEqual(['file /A/sub/y']);
    expect(short((await dropbox.filesListFolder({ path: '//A/sub' })).result.entries)).toEqual(['file /A/sub/y']);
  });

  test('tells deleted entries on demand', async () => {
    await write('/Kept/gone.txt');
    await write('/Kept/stays.txt');
    await emulator.control('delete', { path: '/Kept/gone.txt' });
    const arg = { path: '/Kept', include_deleted: true };
    expect(short((await dropbox.filesListFolder(arg)).result.entries)).toEqual([
      'file /Kept/stays.txt',
      'deleted /Kept/gone.txt',
    ]);
    expect(short((await dropbox.filesListFolder({ path: '/Kept' })).result.entries)).toEqual(['file /Kept/stays.txt']);
  });

  test('leaves out what cannot be downloaded on demand', async () => {
    await emulator.control('paper', { path: '/Notes.paper' });
    await write('/a.txt');
    const { entries } = (await dropbox.filesListFolder({ path: '', include_non_downloadable_files: false })).result;
    expect(short(entries)).toEqual(['file /a.txt']);
  });

  test('refuses what is not there, what is a file, and "/"', async () => {
    await write('/a.txt');
    expect(await refusal(dropbox.filesListFolder({ path: '/none' }))).toMatchObject({
      status: 409,
      summary: 'path/not_found',
    });
    expect(await refusal(dropbox.filesListFolder({ path: '/a.txt' }))).toMatchObject({
      status: 409,
      summary: 'path/not_folder',
    });
    expect((await refusal(dropbox.filesListFolder({ path: '/' }))).summary).toContain(
      'Specify the root folder as an empty string',
    );
  });
});

describe('list_folder/continue', () => {
  test('tells changes since the cursor and nothing twice', async () => {
    await write('/A/x');
    const first = (await dropbox.filesListFolder({ path: '', recursive: true })).result;
    await write('/A/x', 'changed');
    await write('/A/y');
    await emulator.control('delete', { path: '/A/x' });
    const second = (await dropbox.filesListFolderContinue({ cursor: first.cursor })).result;
    expect(short(second.entries)).toEqual(['file /A/y', 'deleted /A/x']);
    expect(second.has_more).toBe(false);
    const third = (await dropbox.filesListFolderContinue({ cursor: second.cursor })).result;
    expect(third.entries).toEqual([]);
  });

  test('a moved folder is a deleted entry and new entries with the same ids', async () => {
    await write('/From/sub/x');
    const before = await emulator.tree('/From');
    const { cursor } = (await dropbox.filesListFolder({ path: '', recursive: true })).result;
    await dropbox.filesMoveV2({ from_path: '/From', to_path: '/To' });
    const { entries } = (await dropbox.filesListFolderContinue({ cursor })).result;
    expect(short(entries)).toEqual(['deleted /From', 'folder /To', 'folder /To/sub', 'file /To/sub/x']);
    const ids = entries.flatMap((entry) =>
      entry['.tag'] === 'deleted' || entry.path_lower === '/to' ? [] : [entry.id],
    );
    expect(ids).toEqual(before.map((row) => row.id));
  });

  test('a deleted folder that came back tells what is still gone inside', async () => {
    await write('/A/old');
    const replica = new Replica();
    await replica.list({ path: '', recursive: true });
    await emulator.control('delete', { path: '/A' });
    await write('/A/new');
    await replica.catchUp();
    expect(replica.rows).toEqual(await truth());
  });

  test('a folder replaced by a file takes its children with it', async () => {
    await write('/A/old');
    const replica = new Replica();
    await replica.list({ path: '', recursive: true });
    await write('/A', 'now a file');
    await replica.catchUp();
    expect(replica.rows).toEqual(await truth());
  });

  test('a rename that changes case alone is not told', async () => {
    await write('/name.txt');
    const { cursor } = (await dropbox.filesListFolder({ path: '', recursive: true })).result;
    await emulator.control('move', { from: '/name.txt', to: '/NAME.txt' });
    expect((await dropbox.filesListFolderContinue({ cursor })).result.entries).toEqual([]);
    expect((await emulator.tree())[0]?.path).toBe('/NAME.txt');
  });

  test('a folder cursor tells its own folder only and ends when that is gone', async () => {
    await write('/A/x');
    await write('/B/y');
    const { cursor } = (await dropbox.filesListFolder({ path: '/A', recursive: true })).result;
    await write('/B/z');
    await write('/A/sub/deep');
    const { entries } = (await dropbox.filesListFolderContinue({ cursor })).result;
    expect(short(entries)).toEqual(['folder /A/sub', 'file /A/sub/deep']);
    await emulator.control('delete', { path: '/A' });
    expect(await refusal(dropbox.filesListFolderContinue({ cursor }))).toMatchObject({
      status: 409,
      summary: 'path/not_found',
    });
  });

  test('a cursor that is not recursive tells direct children only', async () => {
    await write('/A/x');
    const { cursor } = (await dropbox.filesListFolder({ path: '/A' })).result;
    await write('/A/sub/deep');
    const { entries } = (await dropbox.filesListFolderContinue({ cursor })).result;
    expect(short(entries)).toEqual(['folder /A/sub']);
  });

  test('changes made between two pages of the first listing are told afterwards', async () => {
    for (let number = 0; number < 9; number++) await write(`/L/f${number}`);
    const { result } = await dropbox.filesListFolder({ path: '', recursive: true, limit: 4 });
    const replica = new Replica();
    for (const entry of result.entries)
      if (entry['.tag'] !== 'deleted')
        replica.entries.set(entry.path_lower ?? '', { kind: entry['.tag'], id: entry.id });
    replica.cursor = result.cursor;
    await emulator.control('move', { from: '/L/f8', to: '/L/a-first' });
    await emulator.control('delete', { path: '/L/f1' });
    await replica.catchUp();
    expect(replica.rows).toEqual(await truth());
  });

  test.each([
    { reorderPages: false, everyDeletion: false },
    { reorderPages: true, everyDeletion: false },
    { reorderPages: false, everyDeletion: true },
    { reorderPages: true, everyDeletion: true },
  ])('a replica follows 300 random changes: $reorderPages $everyDeletion', async (quirks) => {
    await emulator.control('faults', { ...quirks, pageSize: 3 });
    const replica = new Replica();
    await replica.list({ path: '', recursive: true });
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const place = (): string => `/${'abc'[random(3)]}${random(2) === 0 ? '' : `/${'de'[random(2)]}`}/f${random(4)}`;
    const differences: string[] = [];
    for (let step = 0; step < 300; step++) {
      const rows = await emulator.tree();
      const victim = rows[random(Math.max(rows.length, 1))]?.path;
      const what = random(4);
      if (victim === undefined || what < 2) {
        await emulator.control('write', { path: place(), text: String(step) }).catch(() => {});
      } else if (what === 2) await emulator.control('delete', { path: victim });
      else await emulator.control('move', { from: victim, to: `/m${random(5)}` }).catch(() => {});
      if (random(6) !== 0 && step < 299) continue;
      await replica.catchUp();
      if (replica.rows.join('\n') !== (await truth()).join('\n')) differences.push(`after step ${step}`);
    }
    expect(differences).toEqual([]);
    expect(replica.rows).toEqual(await truth());
  });

  test('reset after a cursor reset; 400 for a text that is no cursor', async () => {
    const { cursor } = (await dropbox.filesListFolder({ path: '' })).result;
    await emulator.control('faults', { cursorReset: true });
    expect(await refusal(dropbox.filesListFolderContinue({ cursor }))).toMatchObject({ status: 409, summary: 'reset' });
    expect(await refusal(dropbox.filesListFolderContinue({ cursor: 'nonsense' }))).toMatchObject({ status: 400 });
    const fresh = (await dropbox.filesListFolder({ path: '' })).result;
    expect((await dropbox.filesListFolderContinue({ cursor: fresh.cursor })).result.entries).toEqual([]);
  });

  test('a cursor of another account is reset', async () => {
    const other = await startTestEmulator();
    const { cursor } = (await connect(other).filesListFolder({ path: '' })).result;
    await other.close();
    expect(await refusal(dropbox.filesListFolderContinue({ cursor }))).toMatchObject({ status: 409, summary: 'reset' });
  });

  test('get_latest_cursor tells only what comes after', async () => {
    await write('/before');
    const { cursor } = (await dropbox.filesListFolderGetLatestCursor({ path: '', recursive: true })).result;
    await write('/after');
    const { entries } = (await dropbox.filesListFolderContinue({ cursor })).result;
    expect(short(entries)).toEqual(['file /after']);
  });
});

describe('list_folder/longpoll', () => {
  test('wakes when something below the folder changes, and needs no login', async () => {
    await write('/A/x');
    const { cursor } = (await dropbox.filesListFolder({ path: '/A', recursive: true })).result;
    const answer = fetch(`${emulator.origin}/2/files/list_folder/longpoll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cursor, timeout: 30 }),
    });
    await write('/B/elsewhere');
    await write('/A/y');
    expect(await (await answer).json()).toEqual({ changes: true });
  });

  test('answers at once where there are changes already', async () => {
    const { cursor } = (await dropbox.filesListFolder({ path: '', recursive: true })).result;
    await write('/x');
    expect((await dropbox.filesListFolderLongpoll({ cursor })).result.changes).toBe(true);
  });

  test('ends without changes when the time is over, and may ask to back off', async () => {
    await emulator.control('faults', { longpollMs: 30, longpollBackoff: 60 });
    const { cursor } = (await dropbox.filesListFolder({ path: '' })).result;
    expect((await dropbox.filesListFolderLongpoll({ cursor })).result).toEqual({ changes: false, backoff: 60 });
  });

  test('is reset with its cursor, also while it waits', async () => {
    const { cursor } = (await dropbox.filesListFolder({ path: '' })).result;
    const waiting = refusal(dropbox.filesListFolderLongpoll({ cursor, timeout: 30 }));
    await emulator.control('faults', { cursorReset: true });
    expect(await waiting).toMatchObject({ status: 409, summary: 'reset' });
    expect(await refusal(dropbox.filesListFolderLongpoll({ cursor }))).toMatchObject({ status: 409, summary: 'reset' });
  });

  test('takes timeouts from 30 to 480 seconds', async () => {
    const { cursor } = (await dropbox.filesListFolder({ path: '' })).result;
    expect((await rawRpc(emulator, 'files/list_folder/longpoll', { cursor, timeout: 29 })).status).toBe(400);
    expect((await rawRpc(emulator, 'files/list_folder/longpoll', { cursor, timeout: 481 })).status).toBe(400);
  });
});
