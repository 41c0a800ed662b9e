import { expect, test } from 'vitest';
import { closeName, didYouMean } from '../../../src-shared/close-name.ts';

const COMMANDS = ['status', 'sync', 'search', 'ls', 'log', 'link', 'client', 'conflicts', 'conflict'];

test.each([
  ['stauts', 'status'],
  ['Status', 'status'],
  ['syn', 'sync'],
  ['conflictss', 'conflicts'],
  ['conflct', 'conflict'],
  ['clinet', 'client'],
  ['lgo', 'log'],
  ['lst', 'ls'],
  ['frobnicate', null],
  ['x', null],
  ['', null],
])('%j: %j', (written, meant) => {
  expect(closeName(written, COMMANDS)).toBe(meant);
});

test('letters with marks count as one', () => {
  expect(closeName('Mu\u0308ller', ['Berlin', 'M\u00fcller'])).toBe('M\u00fcller');
  expect(didYouMean('Ofice', ['Office'])).toBe(' Did you mean "Office"?');
  expect(didYouMean('Ofice', [])).toBe('');
});
