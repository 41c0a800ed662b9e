// Enter takes what was typed, not what the list showed a moment before.

import { beforeEach, expect, test } from 'vitest';
import { createEnter } from '../../../src-renderer/ui/enter.ts';

let taken: string[];
const take = (what: string) => (): void => void taken.push(what);
beforeEach(() => {
  taken = [];
});

test('with the answer it takes at once, and once', () => {
  const enter = createEnter();
  enter.press(true, take('SO001'));
  enter.answered(true, take('SO001'));
  expect(taken).toEqual(['SO001']);
});

test('before the answer it waits for it', () => {
  const enter = createEnter();
  enter.press(false, take('of the text before'));
  enter.answered(false, take('of the text before'));
  expect(taken).toEqual([]);
  enter.answered(true, take('SO005'));
  enter.answered(true, take('SO005'));
  expect(taken).toEqual(['SO005']);
});

test('who types on, or goes elsewhere, has not taken anything', () => {
  const enter = createEnter();
  enter.press(false, take('of the text before'));
  enter.forget();
  enter.answered(true, take('SO005'));
  expect(taken).toEqual([]);
});
