// Real files of many kinds and sizes for the round trips, and the changes that people make to them, from a seed.

import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { businessPaper, csvText, floorPlan } from '../../src-main/demo/papers.ts';

/** mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const NAMES = [
  'Angebot Müller & Söhne',
  'offer',
  'Žluťoučký kůň',
  'план этажа',
  '図面 一階',
  'invoice 📎 paid',
  '🧾',
  "it's (final) [v2] {x}",
  'percent 100% #1 + more',
  'a'.repeat(200),
  'ümläut '.repeat(12).trim(),
  '.hidden',
  'no extension',
  'dots.in.the.name',
  '-starts with a dash',
  '  two spaces before',
  'NFD e\u0301',
];

/** Content of one file; kinds take turns. */
export function contentOf(index: number, random: () => number): { readonly extension: string; readonly bytes: Buffer } {
  const text = (): Buffer => Buffer.from(`Document ${index}\n${'line äöü €\n'.repeat(Math.floor(random() * 80))}`);
  switch (index % 7) {
    case 0:
      return { extension: '.txt', bytes: text() };
    case 1: {
      const items = [{ text: `Item ${index}`, amount: 1 + (index % 9), price: 10 + index }];
      const paper = {
        heading: 'Quotation',
        number: `Q${index}`,
        date: '1 June 2026',
        customer: ['A', 'B'],
        items,
        closing: [],
      };
      return { extension: '.pdf', bytes: businessPaper(paper) };
    }
    case 2:
      return {
        extension: '.png',
        bytes: index % 35 === 2 ? floorPlan(index) : Buffer.concat([PNG_HEAD, noise(random, 900)]),
      };
    case 3:
      return {
        extension: '.csv',
        bytes: csvText([
          ['n', 'value'],
          [index, random().toFixed(6)],
        ]),
      };
    case 4:
      return { extension: '', bytes: Buffer.alloc(0) };
    case 5:
      return { extension: '.bin', bytes: noise(random, Math.floor(random() * 30_000)) };
    default:
      return { extension: '.json', bytes: Buffer.from(JSON.stringify({ index, random: random() })) };
  }
}

const PNG_HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function noise(random: () => number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at++) buffer[at] = Math.floor(random() * 256);
  return buffer;
}

export function nameOf(index: number): string {
  return NAMES[index % NAMES.length] ?? 'file';
}

/** Writes `count` files below `folders` of the documents folder; answers their paths. */
export function writeFiles(documents: string, folders: readonly string[], count: number, seed: number): string[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const { extension, bytes } = contentOf(index, random);
    const folder = folders[index % folders.length] ?? '';
    const path = `${folder}/${nameOf(index)} ${index}${extension}`;
    mkdirSync(dirname(join(documents, path)), { recursive: true });
    writeFileSync(join(documents, path), bytes);
    return path;
  });
}

/** A file of `bytes` bytes of noise, written piece by piece. */
export function writeLargeFile(file: string, bytes: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(file, 'w');
  const piece = randomBytes(1024 * 1024);
  for (let written = 0; written < bytes; written += piece.length) {
    piece.writeUInt32LE(written, 0);
    writeSync(handle, piece, 0, Math.min(piece.length, bytes - written));
  }
  closeSync(handle);
}
