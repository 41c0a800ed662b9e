// What every documents folder must do, run against the real one and the one in memory. A subject brings the disk and a
// hand that changes the same folder behind its back.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RelPath } from '../../src-shared/domain.ts';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import type { DiskStamp, TempFile } from '../../src-main/engine/ports.ts';
import type { StoreDisk } from '../../src-main/store/disk/store-disk.ts';

export interface DiskSubject {
  readonly disk: StoreDisk;
  write(path: string, text: string): void;
  mkdir(path: string): void;
  remove(path: string): void;
  /** As rename(2). */
  rename(from: string, to: string): void;
  symlink(path: string): void;
  read(path: string): string | null;
  exists(path: string): boolean;
  /** Gives a file a second name. */
  link(from: string, to: string): void;
  /** Texts of all files in the trash. */
  trashed(): string[];
  setState(state: 'documents-missing' | 'marker-missing'): void;
  readonly caseSensitive: boolean;
}

const at = (path: string): RelPath => path as RelPath;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function diskConformance(name: string, open: () => Promise<DiskSubject>): void {
  describe(`documents folder: ${name}`, () => {
    let subject: DiskSubject;
    let disk: StoreDisk;
    beforeEach(async () => {
      subject = await open();
      disk = subject.disk;
    });
    const opened: TempFile[] = [];
    afterEach(async () => {
      for (const temp of opened.splice(0)) await temp.finish();
    });
    const openTemp = async (folder: string, key: string): Promise<TempFile> => {
      const temp = await disk.openTemp(at(folder), key);
      opened.push(temp);
      return temp;
    };

    const stampOf = async (path: string): Promise<DiskStamp> => {
      const found = await disk.stat(at(path));
      if (found === null) throw new Error(`${path} is not there`);
      return found.stamp;
    };
    const put = async (path: string, text: string, replaces: DiskStamp | null = null): Promise<DiskStamp> => {
      const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      const temp = await openTemp(folder, 'key');
      await temp.write(bytes(text));
      await temp.finish();
      return disk.place(temp, at(path), { modified: 1_700_000_000_000, replaces, trashKey: 'kept' });
    };

    describe('looking', () => {
      test('lists files, folders and what cannot be used, without its own files', async () => {
        subject.write('f', 'F');
        subject.mkdir('d');
        subject.symlink('link');
        await openTemp('', 'half');
        const found = (await disk.list(at(''))).map((entry) => `${entry.name} ${entry.kind}`);
        expect(found.toSorted()).toEqual(['d folder', 'f file', 'link unusable']);
      });

      test('a missing folder is gone, a missing path is nothing', async () => {
        await expect(disk.list(at('no'))).rejects.toMatchObject({ code: 'gone' });
        expect(await disk.stat(at('no'))).toBeNull();
        expect(await disk.stat(at('no/deeper'))).toBeNull();
      });

      test('the stamp follows a file through a rename and tells an edit', async () => {
        subject.write('f', 'F');
        const before = await stampOf('f');
        expect(await stampOf('f')).toEqual(before);
        subject.rename('f', 'g');
        const renamed = await stampOf('g');
        expect(renamed.fileId).toBe(before.fileId);
        subject.write('g', 'G');
        const edited = await stampOf('g');
        expect(edited.fileId).toBe(before.fileId);
        expect(edited.version).not.toBe(renamed.version);
      });

      test('a new file in place of a removed one has another id, whatever inode it got', async () => {
        subject.write('f', 'F');
        const before = await stampOf('f');
        subject.remove('f');
        subject.write('f', 'F');
        expect((await stampOf('f')).fileId).not.toBe(before.fileId);
      });

      test('a folder that gets or loses an entry has another version and the same id', async () => {
        subject.mkdir('d');
        const before = await stampOf('d');
        subject.write('d/f', 'F');
        const after = await stampOf('d');
        expect(after.fileId).toBe(before.fileId);
        expect(after.version).not.toBe(before.version);
      });
    });

    describe('reading', () => {
      test('hashes and streams from any byte', async () => {
        subject.write('f', 'hello');
        expect((await disk.hash(at('f')))?.hash).toBe(hashOfBytes(bytes('hello')));
        const chunks: Uint8Array[] = [];
        for await (const chunk of disk.read(at('f'), 2)) chunks.push(chunk);
        expect(Buffer.concat(chunks).toString()).toBe('llo');
      });

      test('an empty file has a hash', async () => {
        subject.write('f', '');
        expect((await disk.hash(at('f')))?.hash).toBe(hashOfBytes(bytes('')));
      });

      test('a missing file is gone, a folder cannot be read', async () => {
        subject.mkdir('d');
        await expect(disk.hash(at('no'))).rejects.toMatchObject({ code: 'gone' });
        await expect(disk.hash(at('d'))).rejects.toMatchObject({ name: 'Fault' });
      });
    });

    describe('writing', () => {
      test('a file appears under its name only when it is placed, whole and dated', async () => {
        const temp = await openTemp('', 'key');
        await temp.write(bytes('one '));
        await temp.write(bytes('two'));
        await temp.finish();
        expect(await temp.hash()).toBe(hashOfBytes(bytes('one two')));
        expect(subject.exists('f')).toBe(false);
        const stamp = await disk.place(temp, at('f'), { modified: 1_700_000_000_123, replaces: null, trashKey: 'k' });
        expect(subject.read('f')).toBe('one two');
        expect(stamp).toEqual(await stampOf('f'));
        expect(Math.abs(stamp.modified - 1_700_000_000_123)).toBeLessThanOrEqual(1);
        expect(await disk.list(at(''))).toHaveLength(1);
      });

      test('an interrupted write goes on where it was', async () => {
        const first = await openTemp('', 'key');
        await first.write(bytes('one '));
        await first.finish();
        const second = await openTemp('', 'key');
        expect(second.size).toBe(4);
        await second.write(bytes('two'));
        await second.finish();
        expect(await second.hash()).toBe(hashOfBytes(bytes('one two')));
      });

      test('what is discarded leaves nothing; the next one starts empty', async () => {
        const temp = await openTemp('', 'key');
        await temp.write(bytes('x'));
        await temp.discard();
        expect((await openTemp('', 'key')).size).toBe(0);
      });

      test('keys that are no file names are kept apart', async () => {
        const one = await openTemp('', 'a/b:id');
        await one.write(bytes('one'));
        expect((await openTemp('', 'a:b/id')).size).toBe(0);
      });

      test('a taken place is not overwritten', async () => {
        subject.write('f', 'mine');
        await expect(put('f', 'theirs')).rejects.toMatchObject({ code: 'place-taken' });
        expect(subject.read('f')).toBe('mine');
      });

      test('replacing keeps the old bytes in the trash', async () => {
        subject.write('f', 'old');
        await put('f', 'new', await stampOf('f'));
        expect(subject.read('f')).toBe('new');
        expect(subject.trashed()).toEqual(['old']);
      });

      test('replacing a file that was changed or removed meanwhile is refused', async () => {
        subject.write('f', 'old');
        const stamp = await stampOf('f');
        subject.write('f', 'edited');
        await expect(put('f', 'new', stamp)).rejects.toMatchObject({ code: 'changed' });
        expect(subject.read('f')).toBe('edited');
        subject.remove('f');
        await expect(put('f', 'new', stamp)).rejects.toMatchObject({ code: 'changed' });
        expect(subject.trashed()).toEqual([]);
      });

      test('a folder is made once, in a folder that is there', async () => {
        const stamp = await disk.makeFolder(at('d'));
        expect(stamp.fileId).toBe((await stampOf('d')).fileId);
        await expect(disk.makeFolder(at('d'))).rejects.toMatchObject({ code: 'place-taken' });
        await expect(disk.makeFolder(at('no/d'))).rejects.toMatchObject({ code: 'gone' });
      });
    });

    describe('moving', () => {
      test('moves files and folders, keeping their ids', async () => {
        subject.write('f', 'F');
        subject.write('d/g', 'G');
        const [file, folder] = [await stampOf('f'), await stampOf('d')];
        const moved = await disk.move(at('f'), at('d/f'));
        expect(moved).toEqual(await stampOf('d/f'));
        expect(moved.fileId).toBe(file.fileId);
        expect((await disk.move(at('d'), at('e'))).fileId).toBe(folder.fileId);
        expect([subject.read('e/f'), subject.read('e/g'), subject.exists('d')]).toEqual(['F', 'G', false]);
      });

      test('never replaces, not even an empty folder', async () => {
        subject.write('f', 'F');
        subject.write('g', 'G');
        subject.mkdir('d');
        subject.mkdir('e');
        await expect(disk.move(at('f'), at('g'))).rejects.toMatchObject({ code: 'place-taken' });
        await expect(disk.move(at('f'), at('d'))).rejects.toMatchObject({ code: 'place-taken' });
        await expect(disk.move(at('d'), at('e'))).rejects.toMatchObject({ code: 'place-taken' });
        await expect(disk.move(at('d'), at('g'))).rejects.toMatchObject({ code: 'place-taken' });
        expect([subject.read('f'), subject.read('g')]).toEqual(['F', 'G']);
      });

      test('a missing source or target folder is gone', async () => {
        subject.write('f', 'F');
        await expect(disk.move(at('no'), at('x'))).rejects.toMatchObject({ code: 'gone' });
        await expect(disk.move(at('f'), at('no/x'))).rejects.toMatchObject({ code: 'gone' });
        expect(subject.read('f')).toBe('F');
      });

      test('a name can be respelled', async () => {
        subject.write('name', 'F');
        await disk.move(at('name'), at('NAME'));
        expect((await disk.list(at(''))).map((entry) => entry.name)).toEqual(['NAME']);
      });

      test('where case matters, another spelling is another place', async () => {
        if (!subject.caseSensitive) return;
        subject.write('name', 'one');
        subject.write('NAME', 'two');
        await expect(disk.move(at('name'), at('NAME'))).rejects.toMatchObject({ code: 'place-taken' });
        expect([subject.read('name'), subject.read('NAME')]).toEqual(['one', 'two']);
      });

      test('a folder does not go into itself', async () => {
        subject.mkdir('d');
        await expect(disk.move(at('d'), at('d/e'))).rejects.toMatchObject({ code: 'bad-request' });
      });
    });

    describe('trash', () => {
      test('keeps files and whole folders, and gives them back', async () => {
        subject.write('f', 'F');
        subject.write('d/s/g', 'G');
        const { fileId } = await stampOf('f');
        await disk.trash(at('f'), 'one');
        await disk.trash(at('d'), 'two');
        expect(await disk.list(at(''))).toEqual([]);
        expect(subject.trashed().toSorted()).toEqual(['F', 'G']);
        await disk.restore('one', at(''), at('back'));
        await disk.restore('two', at('s/g'), at('g'));
        expect([subject.read('back'), subject.read('g')]).toEqual(['F', 'G']);
        expect((await stampOf('back')).fileId).toBe(fileId);
        await expect(disk.restore('one', at(''), at('again'))).rejects.toMatchObject({ code: 'gone' });
      });

      test('two things under one key are both kept', async () => {
        subject.write('f', '1');
        await disk.trash(at('f'), 'key');
        subject.write('f', '2');
        await disk.trash(at('f'), 'key');
        expect(subject.trashed().toSorted()).toEqual(['1', '2']);
      });

      test('tells what it keeps, by the keys that were given', async () => {
        subject.write('f', 'F');
        subject.write('d/g', 'G');
        await disk.trash(at('f'), 'one');
        await disk.trash(at('d'), 'key with: more than a name can hold');
        const kept = (await disk.trashed()).toSorted((a, b) => a.size - b.size);
        expect(kept).toEqual([
          { trashKey: disk.keyInTrash('key with: more than a name can hold'), kind: 'folder', size: 0 },
          { trashKey: disk.keyInTrash('one'), kind: 'file', size: 1 },
        ]);
        expect([await disk.keeps('one'), await disk.keeps('two')]).toEqual([true, false]);
        // What it tells can be asked for and purged again under that very key.
        for (const { trashKey } of kept) {
          expect(await disk.keeps(trashKey)).toBe(true);
          await disk.purge(trashKey);
        }
        expect(await disk.trashed()).toEqual([]);
      });

      test('does not restore over something, nor trash what is not there', async () => {
        subject.write('f', 'F');
        await disk.trash(at('f'), 'key');
        subject.write('f', 'new');
        await expect(disk.restore('key', at(''), at('f'))).rejects.toMatchObject({ code: 'place-taken' });
        await expect(disk.trash(at('no'), 'x')).rejects.toMatchObject({ code: 'gone' });
        await disk.purge('key');
        expect(subject.trashed()).toEqual([]);
      });
    });

    describe('a file with two names', () => {
      test('loses the second one only where both are one file', async () => {
        subject.write('f', 'F');
        subject.write('g', 'F');
        expect(await disk.dropTwin(at('g'), at('f'))).toBe(false);
        expect(await disk.dropTwin(at('no'), at('f'))).toBe(false);
        expect(await disk.dropTwin(at('f'), at('no'))).toBe(false);
        subject.link('f', 'h');
        expect(await disk.dropTwin(at('h'), at('f'))).toBe(true);
        expect((await disk.list(at(''))).map(({ name }) => name).toSorted()).toEqual(['f', 'g']);
        expect(subject.read('f')).toBe('F');
        subject.mkdir('d');
        subject.link('f', 'd/other');
        // Neither the same name twice nor, where the disk takes them for one, two spellings of it.
        expect(await disk.dropTwin(at('f'), at('f'))).toBe(false);
        expect(await disk.dropTwin(at('F'), at('f'))).toBe(false);
        expect(subject.read('f')).toBe('F');
      });
    });

    describe('staying inside', () => {
      test.each(['..', '../x', 'a/../../x', '/etc', './x', 'a//b', '.', 'a/./b', 'nul\0x', '.docktide'])(
        'refuses the path %j',
        async (path) => {
          await expect(disk.makeFolder(at(path))).rejects.toMatchObject({ code: 'bad-request' });
          await expect(disk.list(at(path))).rejects.toMatchObject({ code: 'bad-request' });
        },
      );

      test('does not go through a symlink', async () => {
        subject.symlink('link');
        await expect(disk.list(at('link/inside'))).rejects.toMatchObject({ name: 'Fault' });
        await expect(disk.makeFolder(at('link/x'))).rejects.toMatchObject({ code: 'gone' });
        await expect(put('link/x', 'X')).rejects.toMatchObject({ code: 'gone' });
      });

      test('a missing folder or marker is told apart from an empty folder', async () => {
        await disk.check();
        subject.setState('marker-missing');
        await expect(disk.check()).rejects.toMatchObject({ code: 'marker-missing' });
        subject.setState('documents-missing');
        await expect(disk.check()).rejects.toMatchObject({ code: 'documents-missing' });
      });
    });
  });
}
