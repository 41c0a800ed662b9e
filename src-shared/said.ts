// What the program says, in the language of the person. Sentences are written in English where they arise (errors, reasons
// in the log, notices): that is what scripts, log files and the database hold. Here such a sentence is recognised by its
// pattern (words/program/patterns.json) and said anew with its parameters. Called by the window's bridge and lists, and by
// the notifications. What is not recognised, such as an answer of the system, stays as it is.

import type { i18n } from 'i18next';
import patterns from './words/program/patterns.json' with { type: 'json' };

export type SentenceKey = keyof typeof patterns;

export interface Recognised {
  readonly key: SentenceKey;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Parameters that are the program's words themselves: the work that failed, the reason why, a sentence that follows. */
const SAID_PARAMETERS: ReadonlySet<string> = new Set(['what', 'which', 'why', 'more']);
const GAP = /\{(\w+)\}/;
/** A reason in a reason in a sentence is as far as it goes. */
const DEEPEST = 4;
/** Rows of a long list say the same again and again. */
const KEPT = 2_000;

interface Pattern {
  readonly key: SentenceKey;
  readonly names: readonly string[];
  readonly form: RegExp;
  /** The words before the first gap and after the last one: hardly any other sentence has them, and they are soon compared. */
  readonly starts: string;
  readonly ends: string;
  /** Characters that are not parameters: of two patterns that fit, the one that says more is meant. */
  readonly literal: number;
}

let compiled: readonly Pattern[] | null = null;
/** By the first and the last character of a sentence: those that it can be, of hundreds. */
const likely = new Map<string, readonly Pattern[]>();

function patternsFor(text: string): readonly Pattern[] {
  const [first, last] = [text.charAt(0), text.charAt(text.length - 1)];
  const before = likely.get(first + last);
  if (before !== undefined) return before;
  compiled ??= Object.entries(patterns)
    .map(([key, pattern]) => compile(key as SentenceKey, pattern))
    .toSorted((a, b) => b.literal - a.literal);
  const fitting = compiled.filter(
    ({ starts, ends }) => first.startsWith(starts.charAt(0)) && last.endsWith(ends.slice(-1)),
  );
  // Names may begin with any sign there is.
  if (likely.size >= KEPT) likely.clear();
  likely.set(first + last, fitting);
  return fitting;
}

function compile(key: SentenceKey, text: string): Pattern {
  const names: string[] = [];
  let form = '';
  let literal = 0;
  const parts = text.split(GAP);
  for (const [at, part] of parts.entries()) {
    if (at % 2 === 0) {
      form += part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      literal += part.length;
    } else {
      names.push(part);
      form += part === 'number' ? String.raw`([\d.,]+)` : String.raw`([\s\S]*?)`;
    }
  }
  return { key, names, form: new RegExp(`^${form}$`), starts: parts[0] ?? '', ends: parts.at(-1) ?? '', literal };
}

/** The pattern of a sentence of the program with what fills its gaps; null for anything else. */
export function recognise(text: string): Recognised | null {
  const found = matching(text);
  if (found !== null || !/^\p{Lu}\p{Ll}/u.test(text)) return found;
  // What stands by itself may have got a capital letter.
  return matching(text.charAt(0).toLowerCase() + text.slice(1));
}

function matching(text: string): Recognised | null {
  for (const { key, names, form, starts, ends } of patternsFor(text)) {
    if (!text.startsWith(starts) || !text.endsWith(ends)) continue;
    const found = form.exec(text);
    if (found !== null) {
      return { key, parameters: Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? ''])) };
    }
  }
  return null;
}

export type Say = (text: string) => string;

/** A language at work: how sentences of the program are said in it, and how its pages run. */
export interface Speech {
  readonly say: Say;
  /** As BCP 47 names it. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
}

/** The language in which the program's sentences are written. */
export const ENGLISH: Speech = { say: (text) => text, language: 'en', direction: 'ltr' };

/** Says sentences of the program in the language that `words` speaks at that moment, each with a capital letter first. */
export function createSay(words: i18n): Say {
  let language = '';
  const kept = new Map<string, string>();
  const filled = createFilling(words);

  /** Null where the program never says this. */
  const whole = (text: string, depth: number): string | null => {
    const found = recognise(text);
    if (found === null) return null;
    const values: Record<string, string> = {};
    for (const [name, value] of Object.entries(found.parameters)) {
      values[name] = SAID_PARAMETERS.has(name) && depth < DEEPEST ? anyhow(value, depth + 1) : value;
    }
    return filled(found.key, values);
  };
  /** Several things one after the other, each of one or more pieces, where all of them are known. */
  const several = (pieces: readonly string[], between: string, joint: string, depth: number): string | null => {
    if (pieces.length < 2) return null;
    const said: string[] = [];
    for (let at = 0; at < pieces.length;) {
      let end = pieces.length;
      let next: string | null = null;
      // The whole has been tried before.
      for (; end > at && next === null; end--) {
        if (end - at < pieces.length) next = whole(pieces.slice(at, end).join(between), depth);
      }
      if (next === null) return null;
      said.push(next);
      at = end + 1;
    }
    return said.join(joint);
  };
  const known = (text: string, depth: number): string | null =>
    whole(text, depth) ??
    several(text.split(/(?<=[.!?]) (?=["\p{Lu}])/u), ' ', ' ', depth) ??
    several(text.split('; '), '; ', words.language === 'ar' ? '؛ ' : '; ', depth) ??
    several(text.split(', '), ', ', words.language === 'ar' ? '، ' : ', ', depth);
  const anyhow = (text: string, depth: number): string => known(text, depth) ?? text;

  return (text) => {
    if (words.language !== language || kept.size >= KEPT) kept.clear();
    language = words.language;
    const before = kept.get(text);
    if (before !== undefined) return before;
    const said = known(text, 0);
    const now =
      said === null ? text : beginsWithName(text) ? said : said.charAt(0).toLocaleUpperCase(language) + said.slice(1);
    kept.set(text, now);
    return now;
  };
}

/** Fills the gaps of the program's sentences, as `words.t` does, in a tenth of its time: searches say thousands at once. */
function createFilling(words: i18n): (key: SentenceKey, values: Readonly<Record<string, string>>) => string {
  let language = '';
  const pieces = new Map<SentenceKey, readonly string[]>();
  return (key, values) => {
    if (words.language !== language) pieces.clear();
    language = words.language;
    const known = pieces.get(key) ?? words.t(`program.${key}`, { skipInterpolation: true }).split(/\{\{(\w+)\}\}/);
    pieces.set(key, known);
    let text = '';
    for (const [at, piece] of known.entries()) text += at % 2 === 0 ? piece : (values[piece] ?? '');
    return text;
  };
}

/** The name of a file or a person stays as it is written. */
function beginsWithName(text: string): boolean {
  const first = recognise(text) ?? recognise(text.split(/(?<=[.!?]) |; |, /, 1)[0] ?? '');
  return first !== null && /^\{(?!number)/.test(patterns[first.key]);
}
