// Finds words of one language in a window that speaks another: every text that can be read or heard on the page is held
// against the words that Docktide has. Names of people's documents, and what is the same in both languages, do not count.

import type { Page } from 'playwright';
import type { Language } from '../../src-shared/languages.ts';
import { features, type Words } from '../../src-shared/words/words.ts';

/** The texts of the page, those of attributes that are read aloud among them. */
export async function spokenTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const add = (text: string | null): void => {
      const plain = text?.replaceAll(/\s+/g, ' ').trim() ?? '';
      if (/\p{L}{2}/u.test(plain)) found.add(plain);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) add(node.textContent);
    for (const element of document.body.querySelectorAll('*')) {
      for (const name of ['aria-label', 'aria-description', 'placeholder', 'title', 'alt']) {
        add(element.getAttribute(name));
      }
    }
    return [...found];
  });
}

/** Texts in the words of `strange` that are no words of `spoken`; `names`: what people call their own things. */
export function strangeTexts(
  texts: readonly string[],
  { spoken, strange, names }: { readonly spoken: Language; readonly strange: Language; readonly names: RegExp },
): readonly string[] {
  const own = patterns(spoken);
  const foreign = patterns(strange);
  return texts.filter((text) => !names.test(text) && matches(foreign, text) && !matches(own, text));
}

interface Patterns {
  readonly whole: ReadonlySet<string>;
  readonly withGaps: readonly RegExp[];
}

const known = new Map<Language, Patterns>();

function patterns(language: Language): Patterns {
  const made = known.get(language) ?? build(language);
  known.set(language, made);
  return made;
}

function build(language: Language): Patterns {
  const all = Object.values(features).flatMap((feature) => [...valuesOf(feature[language])]);
  const withGaps = all.filter((text) => text.includes('{{'));
  return {
    whole: new Set(all.map((text) => text.replaceAll(/\s+/g, ' '))),
    withGaps: withGaps.flatMap((text) => {
      const parts = text.split(/\{\{.*?\}\}/);
      // "{{a}} · {{b}}" would match anything.
      if (!/\p{L}{3}/u.test(parts.join(''))) return [];
      return [
        new RegExp(`^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.{1,120}')}$`, 'u'),
      ];
    }),
  };
}

function* valuesOf(words: Words): Generator<string> {
  for (const value of Object.values(words)) {
    if (typeof value === 'string') yield value;
    else yield* valuesOf(value);
  }
}

function matches({ whole, withGaps }: Patterns, text: string): boolean {
  return whole.has(text) || withGaps.some((pattern) => pattern.test(text));
}
