// Every error that a task can end with says something to a person in plain words, or nothing at all.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { helpFor } from '../../../src-renderer/features/sync/failure-help.ts';
import { createWords } from '../../../src-shared/words/words.ts';

/** What the engine knows, read from the port itself. */
const codes = [
  ...(
    /export type FaultCode =([^;]+);/.exec(
      readFileSync(join(import.meta.dirname, '..', '..', '..', 'src-main', 'engine', 'ports', 'fault.ts'), 'utf8'),
    )?.[1] ?? ''
  ).matchAll(/'([a-z-]+)'/g),
].map((match) => match[1] ?? '');

/** These say nothing to anybody but whoever mends the program: the sentence of the error is shown. */
const TECHNICAL = ['bad-request', 'aborted', 'internal'];

test('the codes of the engine', () => {
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => helpFor(code) === null)).toEqual(TECHNICAL);
  expect(helpFor(null)).toBeNull();
  expect(helpFor('nonsense')).toBeNull();
});

test('each has its words, and each button too', () => {
  const words = createWords('en');
  const missing = codes.flatMap((code) => {
    const help = helpFor(code);
    if (help === null) return [];
    return [`queue.why.${help.why}`, ...(help.fix === null ? [] : [`queue.fix.${help.fix}`])];
  });
  expect(missing.filter((key) => !words.exists(key))).toEqual([]);
});

test('a name that Dropbox refuses leads to the document, a full account to what fills it', () => {
  expect(helpFor('name-refused')).toEqual({ why: 'name', fix: 'show' });
  expect(helpFor('no-space')).toEqual({ why: 'room', fix: 'dashboard' });
  expect(helpFor('network')).toEqual({ why: 'network', fix: null });
});
