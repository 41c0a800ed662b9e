import { expect, test } from 'vitest';
import { markedName, unmarkedName } from '../../../src-shared/names.ts';

test.each([
  ['X (second)', 'second', 'X'],
  ['X (second 2)', 'second', 'X'],
  ['X (second 10).pdf', 'second', 'X.pdf'],
  ['X (SECOND).pdf', 'second', 'X.pdf'],
  ['X (old) (Ada (Berlin))', 'Ada (Berlin)', 'X (old)'],
  ['X', 'second', null],
  ['X (first)', 'second', null],
  ['(second)', 'second', null],
  ['X (second) y', 'second', null],
])('%s without the mark %s is %s', (name, mark, own) => {
  expect(unmarkedName(name, mark)).toBe(own);
});

test.each(['X', 'X.pdf', 'X (second)', '.hidden', 'a (b).c'])('what was marked is found again: %s', (name) => {
  const taken = new Set<string>();
  for (let time = 0; time < 12; time++) {
    const marked = markedName(name, 'second', (key) => taken.has(key));
    taken.add(marked.toLowerCase());
    expect(unmarkedName(marked, 'second')).toBe(name);
  }
});
