// The tests of the window look for words as people read them. Who changes such words learns it here, within seconds, and
// not from a window that is waited for in vain.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { features, type Words } from '../../../src-shared/words/words.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Names of documents and places, what the tests themselves write, and what is put together from several words. */
const OWN =
  /\.(txt|png|jpg|pdf|csv)\b| › |Mrs Winter|^The login of Office was refused\.$|^deletions\? waits\? for you$|^results for|^line 4 lacks|^Office: there is a conflict$|^In it: 2 documents/;

const values = (words: Words): readonly string[] =>
  Object.values(words).flatMap((value) => (typeof value === 'string' ? [value] : values(value)));
const english = Object.values(features)
  .flatMap((feature) => values(feature.en))
  .map((text) => ({ text, parts: text.split(/\{\{.*?\}\}/) }));

/** Whether a text is a piece of a sentence with values in its gaps; at least half of it must be words of the sentence. */
function isPiece(text: string, parts: readonly string[]): boolean {
  // What may come next, as `part:offset` or `gap:index`, with how many characters were words until there.
  let open = new Map<string, number>();
  const reach = (states: Map<string, number>, key: string, count: number): void => {
    if ((states.get(key) ?? -1) < count) states.set(key, count);
  };
  const enter = (states: Map<string, number>, part: number, offset: number, count: number): void => {
    reach(states, `${part}:${offset}`, count);
    if (offset < (parts[part] ?? '').length || part === parts.length - 1) return;
    reach(states, `gap:${part}`, count);
  };
  for (const [part, words] of parts.entries()) for (let at = 0; at <= words.length; at++) enter(open, part, at, 0);
  for (const character of text) {
    const next = new Map<string, number>();
    for (const [key, count] of open) {
      const [kind, at] = key.split(':').map((word) => (word === 'gap' ? -1 : Number(word))) as [number, number];
      if (kind === -1) {
        reach(next, key, count);
        enter(next, at + 1, 0, count);
      } else if (parts[kind]?.[at] === character) enter(next, kind, at + 1, count + 1);
    }
    open = next;
    if (open.size === 0) return false;
  }
  return Math.max(...open.values()) * 2 >= text.length;
}

function isSaid(text: string): boolean {
  const known = (words: string): boolean =>
    words.split(/[^\p{L}]+/u).some((word) => word.length > 2 && text.includes(word));
  return english.some(
    (one) => one.text.includes(text) || (one.parts.length > 1 && known(one.text) && isPiece(text, one.parts)),
  );
}

test('what the tests of the window look for is said by the window', () => {
  const wrong: string[] = [];
  let looked = 0;
  for (const file of globSync('test/e2e/window*.test.ts', { cwd: root })) {
    const code = readFileSync(join(root, file), 'utf8');
    const texts = [
      ...[...code.matchAll(/(?:getByText\(|name: |label: )'([^'\n]+)'/g)].map((found) => found[1] ?? ''),
      ...[...code.matchAll(/(?:getByText\(|name: )\/\^?([^/\n]+?)\$?\//g)].map((found) => found[1] ?? ''),
    ];
    for (const text of texts) {
      // One or two words may be names as well.
      if (text.split(' ').length < 3 || OWN.test(text)) continue;
      looked++;
      const plain = text.replaceAll('.*', '(X)');
      if (!isSaid(plain)) wrong.push(`${file}: ${text}`);
    }
  }
  expect(looked).toBeGreaterThan(100);
  expect([...new Set(wrong)]).toEqual([]);
});
