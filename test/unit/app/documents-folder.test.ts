// What a folder is like before it becomes the documents folder: what is in it, its disk, and why it cannot be.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDocumentsFolder, inspectDocuments } from '../../../src-main/app/documents-folder.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'docktide-inspect-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (path: string) => join(folder, path);
const look = (path: string, store?: string, limit?: number) => inspectDocuments(at(path), at('data'), store, limit);

test('what is in it and how much room there is', async () => {
  mkdirSync(at('papers/Offers'), { recursive: true });
  writeFileSync(at('papers/Offers/a.txt'), 'a');
  writeFileSync(at('papers/b.txt'), 'b');
  writeFileSync(at('papers/.DS_Store'), '');
  const papers = await look('papers');
  expect(papers).toMatchObject({ exists: true, files: 2, folders: 1, more: false, problem: null });
  expect(papers.free).toBeGreaterThan(0);
  expect(await look('new/one')).toMatchObject({ exists: false, files: 0, problem: null });
  expect(await look('papers', undefined, 2)).toMatchObject({ more: true });
});

test('where it cannot be', async () => {
  mkdirSync(at('papers/Offers'), { recursive: true });
  writeFileSync(at('papers/b.txt'), 'b');
  expect(await look('papers/b.txt')).toMatchObject({ exists: false, problem: { code: 'not-a-folder' } });
  expect(await look('data/inside')).toMatchObject({ problem: { code: 'folders-overlap' } });
  writeFileSync(at('papers/.docktide'), '{"store":"another"}');
  expect(await look('papers')).toMatchObject({ problem: { code: 'place-taken' } });
  expect((await look('papers', 'another')).problem).toBeNull();
  expect(await look('papers/Offers')).toMatchObject({ problem: { code: 'inside-another-store' } });
});

test('not in the folder of Dropbox’s own program, which would sync the same documents once more', async () => {
  mkdirSync(at('Dropbox/.dropbox.cache'), { recursive: true });
  expect((await look('Dropbox/ERP')).problem).toBeNull();
  writeFileSync(at('Dropbox/.dropbox'), '');
  expect((await look('Dropbox/ERP')).problem).toMatchObject({ code: 'inside-dropbox' });
  expect((await look('Dropbox')).problem).toMatchObject({ code: 'inside-dropbox' });
  expect(() => checkDocumentsFolder(at('Dropbox/ERP'), at('data'))).toThrow('Choose a folder outside of it.');
});
