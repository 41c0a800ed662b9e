// The documents of the sample company are what their names say.

import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { filesHere, filesThere } from '../../../src-main/demo/company.ts';
import { Picture } from '../../../src-main/demo/png.ts';
import { sameTree, treeLines } from '../../../src-main/demo/trees.ts';

const files = [...filesHere(), ...filesThere().map((file) => ({ name: file.path, bytes: file.bytes }))];

test('PDF: every object stands where the table says', () => {
  const papers = files.filter((file) => file.name.endsWith('.pdf'));
  expect(papers.length).toBeGreaterThan(4);
  for (const { bytes } of papers) {
    const text = bytes.toString('latin1');
    expect(text.startsWith('%PDF-1.4\n')).toBe(true);
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
    expect(text.slice(start, start + 5)).toBe('xref\n');
    const places = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]));
    places.forEach((place, index) => expect(text.slice(place)).toMatch(new RegExp(`^${index + 1} 0 obj\n`)));
    for (const [, length, body] of text.matchAll(/\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/g)) {
      expect(body).toHaveLength(Number(length));
    }
  }
});

test('PNG: the pixels that were drawn', () => {
  const picture = new Picture(3, 2, [1, 2, 3]);
  picture.dot(2, 1, [200, 100, 50]);
  picture.dot(3, 5, [9, 9, 9]);
  const bytes = picture.png();
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  const length = bytes.readUInt32BE(33);
  expect(bytes.subarray(37, 41).toString()).toBe('IDAT');
  expect([...inflateSync(bytes.subarray(41, 41 + length))]).toEqual([
    0, 1, 2, 3, 1, 2, 3, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3, 200, 100, 50,
  ]);
});

test('the company is the same in every run', () => {
  expect(filesHere()).toEqual(filesHere());
});

test('trees are compared by path, kind and content', () => {
  const file = { path: 'a/b.txt', kind: 'file' as const, contentHash: 'x', size: 2048 };
  const folder = { path: 'a', kind: 'folder' as const, contentHash: null, size: 0 };
  expect(sameTree([file, folder], [folder, file])).toBe(true);
  expect(sameTree([file], [file, folder])).toBe(false);
  expect(sameTree([file], [{ ...file, contentHash: 'y' }])).toBe(false);
  expect(treeLines([file, folder], (bytes) => `${bytes} B`)).toEqual(['a/', '  b.txt  2048 B']);
});
