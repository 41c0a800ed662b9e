import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  promises,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchDocuments, type FolderWatch } from '../../../src-main/store/watcher.ts';

let base: string;
let root: string;
let open: FolderWatch | null = null;
const hints: string[] = [];
const problems: string[] = [];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'docktide-watch-'));
  root = join(base, 'documents');
  mkdirSync(join(root, 'd'), { recursive: true });
  hints.length = 0;
  problems.length = 0;
});
afterEach(async () => {
  await open?.close();
  open = null;
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true, force: true });
});

async function watching(folder = root): Promise<void> {
  await new Promise<void>((resolve) => {
    open = watchDocuments({
      root: folder,
      onHint: (paths) => hints.push(...paths),
      onProblem: (message) => problems.push(message),
      onReady: resolve,
      quiet: 50,
      longest: 500,
    });
  });
}

const at = (path: string): string => join(root, path);
const write = (path: string, text = path): void => writeFileSync(at(path), text);
const hinted = (path: string): Promise<void> =>
  vi.waitFor(() => expect(hints).toContain(path), { timeout: 20_000, interval: 20 });

/** What was hinted since the last call, up to now: events are told in the order in which they happened. */
let marks = 0;
async function soFar(): Promise<readonly string[]> {
  const mark = `mark ${++marks}`;
  write(mark);
  await hinted(mark);
  return hints.splice(0).filter((path) => path !== mark);
}

test('tells new, changed, renamed and removed files and folders, with "/" between names', async () => {
  await watching();
  writeFileSync(join(root, 'd/ä b.txt'), '1');
  await hinted('d/ä b.txt');
  hints.length = 0;
  renameSync(join(root, 'd/ä b.txt'), join(root, 'moved.txt'));
  await hinted('d/ä b.txt');
  await hinted('moved.txt');
  mkdirSync(join(root, 'new'));
  await hinted('new');
  writeFileSync(join(root, 'new/inside'), 'x');
  await hinted('new/inside');
  rmSync(join(root, 'moved.txt'));
  hints.length = 0;
  await hinted('moved.txt');
  expect(hints).not.toContain('d/ä b.txt');
});

test('keeps silent about its own and ignored files, also below ignored folders', async () => {
  mkdirSync(at('.dropbox.cache'));
  await watching();
  writeFileSync(join(root, '.docktide-key.tmp'), 'x');
  writeFileSync(join(root, '~$offer.docx'), 'x');
  write('.dropbox.cache/x');
  writeFileSync(join(root, 'last'), 'x');
  await hinted('last');
  expect(hints).toEqual(['last']);
});

test('outlives the folder: asks for a look at everything when it goes and when it is back', async () => {
  await watching();
  renameSync(root, join(base, 'away'));
  await hinted('');
  hints.length = 0;
  renameSync(join(base, 'away'), root);
  await hinted('');
  hints.length = 0;
  const told = async (): Promise<void> => {
    writeFileSync(join(root, 'again'), String(Math.random()));
    await vi.waitFor(() => expect(hints).toContain('again'), { timeout: 500, interval: 20 });
  };
  await vi.waitFor(told, { timeout: 20_000, interval: 100 });
});

test('is not misled by a folder that comes back at once, as the same or as another', async () => {
  await watching();
  for (const pause of [0, 1, 100]) {
    rmSync(root, { recursive: true });
    await sleep(pause);
    mkdirSync(at('d'), { recursive: true });
    hints.length = 0;
    const told = async (): Promise<void> => {
      write('d/again', String(Math.random()));
      await vi.waitFor(() => expect(hints).toContain('d/again'), { timeout: 500, interval: 20 });
    };
    await vi.waitFor(told, { timeout: 20_000, interval: 100 });
  }
});

describe('what happens to a file that was there before', () => {
  const ways: readonly (readonly [string, () => void])[] = [
    ['more is written to it', () => appendFileSync(at('d/one'), 'more')],
    ['it is written anew with the same size', () => write('d/one', 'D/ONE')],
    ['it gets another date', () => utimesSync(at('d/one'), 1, 1)],
    [
      'a temporary file is put over it',
      () => {
        write('d/one.tmp', 'saved');
        renameSync(at('d/one.tmp'), at('d/one'));
      },
    ],
    [
      'an editor keeps the old version beside it',
      () => {
        renameSync(at('d/one'), at('d/one~'));
        write('d/one', 'saved');
        unlinkSync(at('d/one~'));
      },
    ],
    ['another document is moved over it', () => renameSync(at('d/two'), at('d/one'))],
    ['it is removed', () => unlinkSync(at('d/one'))],
    [
      'it is removed and made again',
      () => {
        unlinkSync(at('d/one'));
        write('d/one', 'again');
      },
    ],
    [
      'a link takes its place, and goes',
      () => {
        unlinkSync(at('d/one'));
        symlinkSync(at('d/two'), at('d/one'));
        unlinkSync(at('d/one'));
      },
    ],
  ];
  test.each(ways)('%s', async (_name, change) => {
    write('d/one');
    write('d/two');
    await watching();
    change();
    expect(await soFar()).toContain('d/one');
    // And it is still being watched.
    write('d/one', 'once more');
    expect(await soFar()).toContain('d/one');
  });
});

describe('folders', () => {
  test('what was moved in from elsewhere is told, and so is what happens below it then', async () => {
    mkdirSync(join(base, 'x/y/z'), { recursive: true });
    writeFileSync(join(base, 'x/y/z/before'), 'x');
    await watching();
    renameSync(join(base, 'x'), at('d/x'));
    await hinted('d/x/y/z');
    expect(hints).toContain('d/x');
    appendFileSync(at('d/x/y/z/before'), 'more');
    await hinted('d/x/y/z/before');
  });

  test('a folder made with all that is in it is told down to its last folder', async () => {
    mkdirSync(join(base, 'x/y/z'), { recursive: true });
    writeFileSync(join(base, 'x/y/z/one'), 'x');
    await watching();
    cpSync(join(base, 'x'), at('x'), { recursive: true });
    for (const path of ['x', 'x/y', 'x/y/z']) await hinted(path);
    write('x/y/z/two');
    expect(await soFar()).toContain('x/y/z/two');
  });

  test('after a rename it is watched at its new place, with all below it', async () => {
    mkdirSync(at('d/inner'));
    write('d/inner/one');
    await watching();
    renameSync(at('d'), at('e'));
    await hinted('e/inner');
    expect(hints).toEqual(expect.arrayContaining(['d', 'e']));
    hints.length = 0;
    appendFileSync(at('e/inner/one'), 'more');
    await hinted('e/inner/one');
    expect(hints).toEqual(['e/inner/one']);
    // The old name is free for another folder.
    mkdirSync(at('d'));
    await hinted('d');
    write('d/other');
    await hinted('d/other');
  });

  test('one that is removed and made again in the same breath is watched', async () => {
    mkdirSync(at('d/inner'));
    await watching();
    for (let round = 0; round < 5; round++) {
      rmSync(at('d'), { recursive: true });
      mkdirSync(at('d/inner'), { recursive: true });
      write('d/inner/at once');
      await hinted('d');
      await vi.waitFor(
        async () => {
          write('d/inner/later', String(Math.random()));
          await vi.waitFor(() => expect(hints).toContain('d/inner/later'), { timeout: 500, interval: 20 });
        },
        { timeout: 20_000 },
      );
      hints.length = 0;
    }
  });

  test('a file takes the place of one, and a folder that of the file', async () => {
    write('d/one');
    await watching();
    rmSync(at('d'), { recursive: true });
    write('d');
    expect(await soFar()).toContain('d');
    write('d', 'edited');
    expect(await soFar()).toContain('d');
    unlinkSync(at('d'));
    mkdirSync(at('d'));
    expect(await soFar()).toContain('d');
    write('d/two');
    await hinted('d/two');
  });

  test('one with the name of the documents folder is one like any other', async () => {
    mkdirSync(at('documents/documents'), { recursive: true });
    await watching();
    write('documents/documents/one');
    expect(await soFar()).toEqual(['documents/documents/one']);
    renameSync(at('documents/documents'), at('documents/other'));
    await hinted('documents/other');
    hints.length = 0;
    write('documents/other/two');
    expect(await soFar()).toContain('documents/other/two');
  });

  test.runIf(process.platform !== 'win32')('one with a backslash in its name is watched', async () => {
    mkdirSync(at('a\\b'));
    await watching();
    mkdirSync(at('c\\d'));
    await hinted('c\\d');
    write('c\\d/one');
    await hinted('c\\d/one');
    write('a\\b/one');
    await hinted('a\\b/one');
    unlinkSync(at('a\\b/one'));
    expect(await soFar()).toContain('a\\b/one');
  });

  test.runIf(process.platform === 'linux')('new rights to one are told', async () => {
    await watching();
    chmodSync(at('d'), 0o700);
    expect(await soFar()).toContain('d');
    chmodSync(root, 0o700);
    await hinted('');
  });

  test('links are told and not followed, whatever they point to', async () => {
    mkdirSync(join(base, 'elsewhere'));
    symlinkSync(join(base, 'elsewhere'), at('to elsewhere'));
    symlinkSync(root, at('d/to above'));
    await watching();
    writeFileSync(join(base, 'elsewhere/one'), 'x');
    expect(await soFar()).toEqual([]);
    symlinkSync(join(base, 'elsewhere'), at('d/another'));
    expect(await soFar()).toEqual(['d/another']);
    unlinkSync(at('to elsewhere'));
    expect(await soFar()).toEqual(['to elsewhere']);
  });
});

test('a documents folder that is reached by a link is watched', async () => {
  symlinkSync(root, join(base, 'link'));
  await watching(join(base, 'link'));
  write('d/one');
  expect(await soFar()).toContain('d/one');
});

test('the files of a large folder are not asked about one by one, neither at the start nor when they go', async () => {
  mkdirSync(at('large'));
  const names = Array.from({ length: 500 }, (_, index) => `large/${index}`);
  for (const name of names) write(name);
  const looks = vi.spyOn(promises, 'lstat');
  syncBuiltinESMExports();
  try {
    await watching();
    for (const name of names) unlinkSync(at(name));
    expect((await soFar()).toSorted()).toEqual(names.toSorted());
    expect(looks.mock.calls.length).toBeLessThan(50);
  } finally {
    looks.mockRestore();
    syncBuiltinESMExports();
  }
});

test('where the system cannot watch all folders it says so once, and tells what it can', async () => {
  const backend = '../../../node_modules/chokidar/backend.js';
  const { setNativeWatchFactoryForTests } = (await import(backend)) as {
    setNativeWatchFactoryForTests: (factory: ((...args: Parameters<typeof watch>) => unknown) | null) => void;
  };
  const { watch } = await import('node:fs');
  for (const name of ['many', 'many/a', 'many/b', 'many/c']) mkdirSync(at(name));
  setNativeWatchFactoryForTests((path, ...rest) => {
    if (!String(path).includes('many')) return watch(path, ...rest);
    throw Object.assign(new Error('no space left on device, watch'), { code: 'ENOSPC' });
  });
  try {
    await watching();
    write('d/one');
    expect(await soFar()).toContain('d/one');
    expect(problems).toEqual([
      `The system cannot watch all folders below ${root}. Raise fs.inotify.max_user_watches; until then changes are found by the scheduled passes.`,
    ]);
  } finally {
    await open?.close();
    setNativeWatchFactoryForTests(null);
  }
});

test('where each file is looked at instead, it is told what happens to one', async () => {
  vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
  write('d/one');
  await watching();
  write('d/one', 'another text');
  await hinted('d/one');
  write('d/two');
  await hinted('d/two');
  unlinkSync(at('d/one'));
  hints.length = 0;
  await hinted('d/one');
  expect(problems).toEqual([]);
});
