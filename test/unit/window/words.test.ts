// The words of the window: every language has the same keys with the same gaps, and no word stands in the code itself.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../../src-shared/languages.ts';
import { createWords, features, knownLanguage, type Words } from '../../../src-shared/words/words.ts';

const PLURAL = /_(zero|one|two|few|many|other)$/;
/** The forms that must be written; the others may be those of `other`. */
const WRITTEN: Readonly<Record<Language, readonly string[]>> = {
  en: ['one', 'other'],
  de: ['one', 'other'],
  fr: ['one', 'other'],
  es: ['one', 'other'],
  ar: ['one', 'two', 'few', 'many', 'other'],
};

function flat(words: Words, above = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') all.set(above + key, value);
    else for (const [inner, text] of flat(value, `${above}${key}.`)) all.set(inner, text);
  }
  return all;
}

function gaps(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? '').toSorted();
}

function isSentence(text: string): boolean {
  return /\p{L}+\s+\p{L}+\s+\p{L}+/u.test(text.replaceAll(/\{\{.*?\}\}/g, ''));
}

describe.each(Object.entries(features))('words of %s', (_name, feature) => {
  const english = flat(feature.en);
  test.each(LANGUAGES)('%s has the keys, plurals and gaps of English', (language) => {
    const words = flat(feature[language]);
    const wanted = [...english.keys()].flatMap((key) => {
      if (!key.endsWith('_other')) return PLURAL.test(key) ? [] : [key];
      return WRITTEN[language].map((form) => key.replace(PLURAL, `_${form}`));
    });
    expect([...words.keys()].toSorted()).toEqual(wanted.toSorted());
    for (const [key, text] of words) {
      expect(text.trim(), `${key} in ${language}`).not.toBe('');
      const base = english.get(key) ?? english.get(key.replace(PLURAL, '_other')) ?? '';
      // "One document" needs no number.
      const some = gaps(base).filter((gap) => gap !== 'count' && gap !== 'number');
      const own = gaps(text).filter((gap) => gap !== 'count' && gap !== 'number');
      expect([key, own]).toEqual([key, some]);
      const counts = /_(few|many|other)$/.test(key) ? gaps(text) : gaps(base);
      expect([key, counts]).toEqual([key, gaps(base)]);
    }
  });
});

test('no two features share a section, and the other languages are not English', () => {
  const sections = Object.values(features).flatMap((feature) => Object.keys(feature.en));
  expect(new Set(sections).size).toBe(sections.length);
  for (const language of LANGUAGES) {
    if (language === 'en') continue;
    const same = Object.values(features).flatMap((feature) => {
      const words = flat(feature[language]);
      // Names and loan words may be the same; whole sentences may not.
      return [...flat(feature.en)].filter(([key, text]) => isSentence(text) && words.get(key) === text);
    });
    expect(same.map(([key]) => `${language}: ${key}`)).toEqual([]);
  }
});

test('plurals and unknown languages', () => {
  const arabic = createWords('ar');
  expect(new Set([1, 2, 5, 30, 200].map((count) => arabic.t('documents.items', { count, number: '#' }))).size).toBe(5);
  expect(createWords('fr').t('documents.items', { count: 1_000_000, number: '#' })).toContain('#');
  expect(createWords('de-AT').t('app.cancel')).toBe(createWords('de').t('app.cancel'));
  expect([knownLanguage('de-AT'), knownLanguage('nl'), knownLanguage('AR-eg')]).toEqual(['de', 'en', 'ar']);
});

// ------------------------------------------------------------------ words in the code
const renderer = join(import.meta.dirname, '..', '..', '..', 'src-renderer');
const SPOKEN = new Set(
  'aria-label aria-description aria-roledescription placeholder title label description hint confirm'.split(' '),
);
const SAID = new Set(['tell', 'warn']);

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Texts of a person's language among the values that an expression can have. */
function texts(value: unknown): string[] {
  if (!isNode(value)) return [];
  if (value.type === 'Literal' || value.type === 'JSXText') {
    const text = String(value['value']);
    return typeof value['value'] === 'string' && /\p{L}{2}/u.test(text) ? [text.trim()] : [];
  }
  if (value.type === 'TemplateLiteral') {
    const cooked = (value['quasis'] as { value: { cooked: string } }[]).map((quasi) => quasi.value.cooked).join('…');
    return /\p{L}{2}/u.test(cooked) ? [cooked] : [];
  }
  if (value.type === 'JSXExpressionContainer') return texts(value['expression']);
  if (value.type === 'ConditionalExpression') return [...texts(value['consequent']), ...texts(value['alternate'])];
  if (value.type === 'LogicalExpression') return [...texts(value['left']), ...texts(value['right'])];
  return [];
}

export function rawWords(code: string): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of node['children'] as Node[]) found.push(...texts(child));
    }
    if (node.type === 'JSXAttribute' && SPOKEN.has(String((node['name'] as Node)['name']))) {
      found.push(...texts(node['value']));
    }
    if (
      node.type === 'Property' &&
      SPOKEN.has(String((node['key'] as Node)['name'] ?? (node['key'] as Node)['value']))
    ) {
      found.push(...texts(node['value']));
    }
    if (node.type === 'CallExpression' && SAID.has(String((node['callee'] as Node)['name']))) {
      for (const argument of node['arguments'] as Node[]) found.push(...texts(argument));
    }
    for (const value of Object.values(node)) {
      for (const one of Array.isArray(value) ? value : [value]) if (isNode(one)) visit(one);
    }
  };
  visit(parseAst(code, { lang: 'tsx' }) as unknown as Node);
  return found;
}

test('the checker finds raw words wherever they are said', () => {
  expect(
    rawWords(`
      const a = <p title="Hello there">Raw text {ok ? 'yes please' : t('no')} {t('fine')}</p>;
      const b = <input placeholder={\`Type \${name}\`} aria-label={t('x')} className="not spoken" />;
      const c = { label: 'Column', id: 'column', title: t('y') };
      warn('It failed', sentence(error));
    `),
  ).toEqual(['Raw text', 'yes please', 'Hello there', 'Type …', 'Column', 'It failed']);
});

test('no word of a person’s language stands in the code of the window', () => {
  const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !/(^|[/\\])(gallery|scenes)[/\\]/.test(file),
  );
  expect(files.length).toBeGreaterThan(50);
  const found = files.flatMap((file) =>
    rawWords(readFileSync(join(renderer, file), 'utf8')).map((text) => `${file}: ${text}`),
  );
  expect(found).toEqual([]);
});

test('every key that the code asks for has words', () => {
  const words = createWords('en');
  const asked = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(renderer, file), 'utf8').matchAll(/\b(?:t|counted)\('([a-zA-Z][\w-]*(?:\.[\w-]+)+)'/g),
    ])
    .map((match) => match[1] ?? '');
  expect(asked.length).toBeGreaterThan(100);
  expect(asked.filter((key) => !words.exists(key) && !words.exists(key, { count: 2 }))).toEqual([]);
});
