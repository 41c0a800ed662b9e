// The log is searched in the words that a person reads, whatever the language, though the database keeps codes and English.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { logHandlers } from '../../../src-main/ipc/log-calls.ts';
import type { CallParts } from '../../../src-main/ipc/parts.ts';
import { logOf } from '../../../src-main/app/log-service.ts';
import type { Workplace } from '../../../src-main/app/docktide.ts';
import { createStore } from '../../../src-main/store/open-store.ts';
import { folded } from '../../../src-shared/folded.ts';
import { LANGUAGES } from '../../../src-shared/languages.ts';
import { createLogReading, logWordOf } from '../../../src-shared/log-reading.ts';
import { createSay } from '../../../src-shared/said.ts';
import { createWords } from '../../../src-shared/words/words.ts';
import patterns from '../../../src-shared/words/program/patterns.json' with { type: 'json' };

const SENTENCES: readonly string[] = [
  ...Object.values(patterns).map((text) => text.replaceAll(/\{\w+\}/g, '7')),
  'Uploading "Straße, 12 (a).pdf" failed: This Dropbox account is full. Free some space in Dropbox, then go on.',
  '3 uploaded, 1 deleted in Dropbox',
  'a.csv: line 3 lacks type, ref or name; line 9 opens a quote that is never closed; and 2 more lines are wrong. Nothing was imported.',
  'EIO: i/o error, read',
  'Something nobody wrote. And more.',
];

/** The same places each time. */
function* places(): Generator<number> {
  for (let state = 17; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

test.each(LANGUAGES)('in %s a piece of what is read finds the lines that show it, and no others', (language) => {
  const words = createWords(language);
  const say = createSay(words);
  const read = SENTENCES.map((text) => folded(say(text)));
  const find = createLogReading(words);
  const place = places();
  const at = (end: number): number => Math.floor((place.next().value as number) * end);
  for (let round = 0; round < 60; round++) {
    const text = read[at(read.length)] ?? '';
    const begin = at(text.length);
    const piece = text.slice(begin, begin + 2 + at(20));
    const holds = find(piece);
    const found = SENTENCES.filter((sentence) => holds('no.kind', sentence));
    const shown = SENTENCES.filter((_, index) => read[index]?.includes(piece) === true || 'no kind'.includes(piece));
    expect({ piece, found }).toEqual({ piece, found: shown });
  }
});

test('what a line is about is found, too, and another language takes the place of the one before', () => {
  const words = createWords('de');
  const find = createLogReading(words);
  expect(logWordOf(words, 'record.rename')).not.toBe('record rename');
  expect(find(logWordOf(words, 'record.rename').toUpperCase())('record.rename', 'x')).toBe(true);
  expect(find('record')('record.rename', 'x')).toBe(false);
  expect([find('Neu hier')('no', 'new here'), find('new here')('no', 'new here')]).toEqual([true, false]);
  void words.changeLanguage('fr');
  expect([find('nouveau ici')('no', 'new here'), find('Neu hier')('no', 'new here')]).toEqual([true, false]);
});

test('the window searches, and exports, in its language', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = createStore({ file: ':memory:', now: () => Date.UTC(2026, 10, 23) });
  const service = logOf(() => ({ store }) as unknown as Workplace, {
    dataFolder: '/nowhere',
    tokensKept: () => 'owner-only-file',
  });
  const add = (reason: string, kind = 'remote.upload'): number =>
    store.log.add({
      level: 'info',
      clientId: null,
      direction: null,
      kind,
      path: null,
      bytes: null,
      duration: null,
      result: 'done',
      reason,
    });
  add('new-here');
  add('Document type "sale.order" removed; its folders stay', 'settings');
  add('deleted-there', 'local.trash');
  const words = createWords('de');
  const calls = logHandlers({
    words,
    workspace: { service: () => ({ ...service, initialised: () => true }) },
    desktop: { chooseSave: () => Promise.resolve(join(folder, 'log.csv')) },
  } as unknown as CallParts);
  const found = async (text: string): Promise<number[]> =>
    (await calls['log.list']({ text })).rows.map(({ id }) => id).toSorted((a, b) => a - b);
  expect(await found('neu HIER')).toEqual([1]);
  expect(await found('dokumenttyp')).toEqual([2]);
  expect(await found('sale.order')).toEqual([2]);
  expect(await found('in Dropbox gelöscht')).toEqual([3]);
  // Neither the code that the database keeps nor the English sentence is to be seen in a German window.
  expect(await found('new')).toEqual([]);
  void words.changeLanguage('en');
  expect(await found('new here')).toEqual([1]);
  expect(await calls['log.export']({ filter: { text: 'new here' }, format: 'csv' })).toMatchObject({ rows: 1 });
  void words.changeLanguage('de');
  expect(await calls['log.export']({ filter: { text: 'neu hier' }, format: 'csv' })).toMatchObject({ rows: 1 });
  expect(service.log({ text: 'New here' }).map(({ id }) => id)).toEqual([1]);
  store.db.close();
});
