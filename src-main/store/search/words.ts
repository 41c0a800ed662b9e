// A person's words as the search takes them: the query for the full-text index, the same comparison in plain text, and
// how well a name fits. Pure text in, text and numbers out. Words are taken as the index takes them: letters and digits
// count, signs separate, case and accents make no difference, the beginning of a word is enough.

import { DIGRAPHS, PLAIN_LETTERS } from '../migrations/search.ts';

/** More words than a person types: the rest is not looked at. */
const MOST_WORDS = 24;
const LONGEST_WORD = 200;

/** One word of the query: runs of letters that must follow one another, in each spelling that counts. */
export interface SearchWord {
  readonly spellings: readonly (readonly string[])[];
}

/** Empty where the text has neither a letter nor a digit. */
export function wordsOf(text: string): SearchWord[] {
  return text
    .normalize('NFC')
    .replaceAll('\u0000', ' ')
    .split(/\s+/)
    .map((word) => word.slice(0, LONGEST_WORD))
    .filter((word) => tokensOf(word).length > 0)
    .slice(0, MOST_WORDS)
    .map((word) => ({ spellings: spellingsOf(word).map(tokensOf) }));
}

/** The full-text query; null where nothing restricts it. Words and tags hold letters and digits alone, so none is read as syntax. */
export function matchQuery(words: readonly SearchWord[], tags: readonly (readonly string[])[]): string | null {
  const oneOf = (phrases: readonly string[]) => `(${phrases.join(' OR ')})`;
  const parts = [
    ...words.map((word) => `{name spelled plain ref fields} : ${oneOf(word.spellings.map(prefixPhrase))}`),
    ...tags.map((some) => `tags : ${oneOf(some.map((tag) => `"${tag}"`))}`),
  ];
  return parts.length === 0 ? null : parts.join(' AND ');
}

/** The query for names that begin with the words as they were typed. */
export function beginQuery(words: readonly SearchWord[], tags: readonly (readonly string[])[]): string {
  const phrase = words.flatMap((word) => word.spellings[0] ?? []);
  const begins = `{name spelled plain ref} : ^ ${prefixPhrase(phrase)}`;
  const rest = matchQuery([], tags);
  return rest === null ? begins : `${begins} AND ${rest}`;
}

function prefixPhrase(tokens: readonly string[]): string {
  return `"${tokens.join(' ')}" *`;
}

/** Whether every word occurs in one of the texts, as the index would say. */
export function hasWords(words: readonly SearchWord[], texts: readonly string[]): boolean {
  const spellings = texts.flatMap(spellingsOf).map(tokensOf);
  return words.every((word) =>
    word.spellings.some((phrase) => spellings.some((tokens) => holdsPhrase(tokens, phrase))),
  );
}

function holdsPhrase(tokens: readonly string[], phrase: readonly string[]): boolean {
  const last = phrase.length - 1;
  for (let at = 0; at + last < tokens.length; at++) {
    const fits = phrase.every((token, index) =>
      index === last ? tokens[at + index]?.startsWith(token) : tokens[at + index] === token,
    );
    if (fits) return true;
  }
  return false;
}

/** 0: the name, or the name without its extension; 1: it begins so; 2: the words occur. */
export function rankOf(words: readonly SearchWord[], names: readonly string[]): 0 | 1 | 2 {
  const wanted = new Set(
    [0, 1, 2].map((spelling) => words.flatMap((word) => word.spellings[spelling] ?? word.spellings[0] ?? []).join(' ')),
  );
  let rank: 0 | 1 | 2 = 2;
  for (const name of names) {
    for (const spelling of spellingsOf(name)) {
      const whole = tokensOf(spelling).join(' ');
      const dot = spelling.lastIndexOf('.');
      const stem = dot > 0 ? tokensOf(spelling.slice(0, dot)).join(' ') : whole;
      for (const text of wanted) {
        if (whole === text || stem === text) return 0;
        if (whole.startsWith(text)) rank = 1;
      }
    }
  }
  return rank;
}

/** As it is written and, where that differs, with `ue` for `ü` and its like, and with `l` for `ł` and its like. */
function spellingsOf(text: string): string[] {
  const lower = text.normalize('NFC').toLowerCase();
  // oxlint-disable-next-line no-control-regex -- the quick way for plain text
  if (/^[\u0000-\u007e]*$/.test(lower)) return [lower];
  return [...new Set([lower, respell(lower, DIGRAPHS), respell(lower, PLAIN_LETTERS)])];
}

function respell(text: string, letters: readonly (readonly [string, string])[]): string {
  return letters.reduce((done, [letter, plain]) => done.replaceAll(letter, plain), text);
}

/** Runs of letters and digits without case and accents, as the tokenizer `unicode61 remove_diacritics 2` makes them. */
export function tokensOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFD')
      .replace(/(?<=^|\P{L}|\p{Script=Latin})\p{Mn}/gu, '')
      .normalize('NFC')
      .match(/[\p{L}\p{N}\p{Co}\p{Mn}]+/gu) ?? []
  );
}
