// Held deletions are counted by folders and documents, as the banner and the dashboard count them.

import { afterEach, expect, test } from 'vitest';
import { whatIsHeld } from '../../../src-renderer/features/sync/what-is-held.ts';
import { speak } from '../../../src-renderer/ui/words.ts';

afterEach(() => speak('en', 'en'));

const file = { kind: 'file', files: 1 } as const;
const folder = (files: number) => ({ kind: 'folder', files }) as const;

test('folders are named with their documents, apart from single ones', () => {
  speak('en', 'en');
  const rows = Array.from({ length: 141 }, () => file);
  expect(whatIsHeld(rows)).toBe('141 documents');
  expect(whatIsHeld([...rows, folder(212)])).toBe('1 folder (212 documents) and 141 documents');
  expect(whatIsHeld([folder(1), folder(0)])).toBe('2 folders (1 document)');
  speak('de', 'de');
  expect(whatIsHeld([file, folder(212)])).toBe('1 Ordner (212 Dokumente) und 1 Dokument');
});
