import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { pbkdf2 } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import type { RelPath } from '../../src-shared/domain.ts';
import { NodeDisk, initDocuments } from '../../src-main/store/disk/node-disk.ts';
import { MemoryDisk } from '../fakes/memory-disk.ts';
import { diskConformance, type DiskSubject } from './disk-suite.ts';

const base = mkdtempSync(join(tmpdir(), 'docktide-disk-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let number = 0;

async function real(): Promise<DiskSubject & { root: string; trash: string }> {
  const place = join(base, String(++number));
  const root = join(place, 'documents');
  const trash = join(place, 'trash');
  await initDocuments(root, 'store-1');
  const disk = new NodeDisk({ root, trashFolder: trash, storeId: 'store-1' });
  const path = (relative: string): string => join(root, relative);
  const ensure = (relative: string): string => {
    mkdirSync(dirname(path(relative)), { recursive: true });
    return path(relative);
  };
  return {
    root,
    trash,
    disk,
    caseSensitive: await disk.caseSensitive(),
    write: (relative, text) => writeFileSync(ensure(relative), text),
    mkdir: (relative) => void mkdirSync(path(relative), { recursive: true }),
    remove: (relative) => rmSync(path(relative), { recursive: true }),
    rename: (from, to) => renameSync(path(from), path(to)),
    symlink: (relative) => symlinkSync(base, path(relative)),
    read: (relative) => (existsSync(path(relative)) ? readFileSync(path(relative), 'utf8') : null),
    exists: (relative) => existsSync(path(relative)),
    link: (from, to) => linkSync(path(from), path(to)),
    trashed: () => filesBelow(trash).map((file) => readFileSync(file, 'utf8')),
    setState: (state) => (state === 'marker-missing' ? rmSync(path('.docktide')) : rmSync(root, { recursive: true })),
  };
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

function memory(caseSensitive: boolean): DiskSubject {
  const disk = new MemoryDisk({ caseSensitive });
  const { person } = disk;
  const kept = (): string[] => {
    const texts: string[] = [];
    disk.eachTrashed((bytes) => texts.push(Buffer.from(bytes).toString()));
    return texts;
  };
  return {
    disk,
    caseSensitive,
    write: (path, text) => person.write(path, text),
    mkdir: (path) => person.mkdir(path),
    remove: (path) => person.remove(path),
    rename: (from, to) => person.rename(from, to),
    symlink: (path) => person.unusable(path),
    read: (path) => person.read(path),
    exists: (path) => person.exists(path),
    link: (from, to) => disk.person.link(from, to),
    trashed: kept,
    setState: (state) => {
      disk.state = state;
    },
  };
}

diskConformance('real', real);
diskConformance('in memory', async () => memory(true));
diskConformance('in memory, case-insensitive', async () => memory(false));

test('temporary files that a process left are swept; one that another process may be writing is not', async () => {
  const { disk, root } = await real();
  const left = ['.docktide-restore-5f00000000.tmp', '.docktide-export-7.tmp', '.docktide-conflict-abc-9.tmp'];
  const old = '.docktide-attach-12-34.tmp';
  const fresh = '.docktide-erp-0f0e.tmp';
  const own = '.docktide-notes.tmp';
  for (const name of [...left, old, fresh, own]) writeFileSync(join(root, name), 'x');
  utimesSync(join(root, old), 1_700_000_000, 1_700_000_000);
  await disk.list('' as RelPath);
  expect(await disk.sweepTemps([])).toBe(4);
  expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([fresh, own]);
});

test('a name that is not UTF-8 is listed as unusable and does no harm', async () => {
  const { disk, root } = await real();
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xff, 0x64])]), 'x');
  expect(await disk.list('' as RelPath)).toMatchObject([{ kind: 'unusable' }]);
});

test('a folder of another store is refused, the own one is taken again', async () => {
  const { root } = await real();
  await initDocuments(root, 'store-1');
  await expect(initDocuments(root, 'store-2')).rejects.toThrow(/belongs to another document store/);
  const stranger = new NodeDisk({ root, trashFolder: join(root, '../t'), storeId: 'store-2' });
  await expect(stranger.check()).rejects.toMatchObject({ code: 'marker-missing' });
});

test('a trash on another volume keeps whole folders', async () => {
  if (!existsSync('/dev/shm') || statSync('/dev/shm').dev === statSync(base).dev) return;
  const trash = mkdtempSync('/dev/shm/docktide-trash-');
  try {
    const subject = await real();
    const { root } = subject;
    const disk = new NodeDisk({ root, trashFolder: trash, storeId: 'store-1' });
    subject.write('d/s/f', 'F');
    subject.write('g', 'old');
    await disk.trash('d' as RelPath, 'key');
    expect(existsSync(join(root, 'd'))).toBe(false);
    expect(readFileSync(join(trash, 'key/s/f'), 'utf8')).toBe('F');
    const temp = await disk.openTemp('' as RelPath, 'k');
    await temp.write(Buffer.from('new'));
    await temp.finish();
    const found = await disk.stat('g' as RelPath);
    await disk.place(temp, 'g' as RelPath, { modified: 0, replaces: found?.stamp ?? null, trashKey: 'old' });
    expect(readFileSync(join(trash, 'old'), 'utf8')).toBe('old');
    await disk.restore('key', '' as RelPath, 'back' as RelPath);
    expect(readFileSync(join(root, 'back/s/f'), 'utf8')).toBe('F');
  } finally {
    rmSync(trash, { recursive: true, force: true });
  }
});

test('what is written into a folder on its way to a trash on another volume is not lost', async () => {
  if (!existsSync('/dev/shm') || statSync('/dev/shm').dev === statSync(base).dev) return;
  const trash = mkdtempSync('/dev/shm/docktide-trash-');
  try {
    const subject = await real();
    const disk = new NodeDisk({ root: subject.root, trashFolder: trash, storeId: 'store-1' });
    for (let file = 0; file < 500; file++) subject.write(`d/${file}`, 'text');
    let isMoving = true;
    const moving = disk.trash('d' as RelPath, 'key').finally(() => (isMoving = false));
    while (isMoving && (filesBelow(trash).length === 0 || existsSync(join(trash, 'key'))))
      await new Promise(setImmediate);
    for (const name of readdirSync(join(trash, 'key.part'))) {
      if (existsSync(join(subject.root, 'd', name))) writeFileSync(join(subject.root, 'd', name), 'edited');
    }
    const wasEdited = existsSync(join(subject.root, 'd'));
    await moving;
    const kept = [...filesBelow(trash), ...filesBelow(subject.root)].map((file) => readFileSync(file, 'utf8'));
    expect(kept.includes('edited')).toBe(wasEdited);
    expect(kept.filter((text) => text === 'text')).toHaveLength(500);
    expect(existsSync(join(subject.root, '.docktide-trash'))).toBe(false);
  } finally {
    rmSync(trash, { recursive: true, force: true });
  }
});

test('what a program that died was moving to a trash on another volume is in the trash', async () => {
  const { disk, root, trash } = await real();
  mkdirSync(join(root, '.docktide-trash/key'), { recursive: true });
  writeFileSync(join(root, '.docktide-trash/key/f'), 'F');
  expect(await disk.list('' as RelPath)).toEqual([]);
  expect(await disk.keeps('key')).toBe(true);
  expect(await disk.trashed()).toMatchObject([{ trashKey: 'key', kind: 'folder' }]);
  expect(readFileSync(join(trash, 'key/f'), 'utf8')).toBe('F');
  expect(existsSync(join(root, '.docktide-trash'))).toBe(false);
  expect(await disk.keeps('key')).toBe(true);
});

/** Threads that would do what the disk is asked for next are at work elsewhere. */
function occupied(): Promise<unknown> {
  return Promise.all(Array.from({ length: 8 }, () => promisify(pbkdf2)('a', 'b', 50_000, 64, 'sha512')));
}

test('what an editor saves in the instant in which bytes are freed stays', async () => {
  const { disk, root } = await real();
  const path = join(root, 'f');
  writeFileSync(path, 'old');
  const found = await disk.stat('f' as RelPath);
  const busy = occupied();
  const freeing = disk.free('f' as RelPath, found!.stamp).catch(() => {});
  writeFileSync(join(root, 'new'), 'edited');
  renameSync(join(root, 'new'), path);
  await Promise.all([busy, freeing]);
  expect(readFileSync(path, 'utf8')).toBe('edited');
});

test('what an editor saves in the instant in which a document goes to the trash stays', async () => {
  const { disk, root, trash } = await real();
  const path = join(root, 'f');
  writeFileSync(path, 'old');
  const found = await disk.stat('f' as RelPath);
  const busy = occupied();
  const trashing = disk.trash('f' as RelPath, 'key', found!.stamp).catch((error: unknown) => error);
  writeFileSync(join(root, 'new'), 'edited');
  renameSync(join(root, 'new'), path);
  const [, answer] = await Promise.all([busy, trashing]);
  expect(answer).toMatchObject({ code: 'changed' });
  expect(readFileSync(path, 'utf8')).toBe('edited');
  expect(filesBelow(trash)).toEqual([]);
});

test('what an editor saves in the instant in which a document is replaced is there or in the trash', async () => {
  const subject = await real();
  const { disk, root, trash } = subject;
  for (let round = 0; round < 4; round++) {
    subject.write('f', `old ${round}`);
    const temp = await disk.openTemp('' as RelPath, 'k');
    await temp.write(Buffer.from('from Dropbox'));
    await temp.finish();
    const found = await disk.stat('f' as RelPath);
    const busy = occupied();
    const options = { modified: 0, replaces: found!.stamp, trashKey: `key-${round}` };
    const placing = disk.place(temp, 'f' as RelPath, options).catch(() => temp.discard());
    while (!existsSync(join(trash, `key-${round}`))) await new Promise(setImmediate);
    subject.write('new', `edited ${round}`);
    renameSync(join(root, 'new'), join(root, 'f'));
    await Promise.all([busy, placing]);
    const kept = [...filesBelow(trash), ...filesBelow(root)].map((file) => readFileSync(file, 'utf8'));
    expect(kept).toContain(`edited ${round}`);
  }
});

test('a file that is written to while it is hashed has no hash', async () => {
  const { disk, root } = await real();
  const path = join(root, 'big');
  writeFileSync(path, Buffer.alloc(64 * 1024 * 1024));
  let reading = true;
  const hashing = disk.hash('big' as RelPath).finally(() => (reading = false));
  while (reading) {
    writeFileSync(path, 'x', { flag: 'a' });
    await new Promise(setImmediate);
  }
  expect(await hashing).toBeNull();
});
