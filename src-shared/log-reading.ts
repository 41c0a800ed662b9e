// Whether a line of the log holds a text as a person reads it: what it is about and its reason, in the language of the
// window, while the database keeps codes and English sentences. Most lines are told apart without saying them: the text
// can only come from words of a few sentences, or from a name in one. Called by the window's calls, for each search.

import type { i18n } from 'i18next';
import { folded } from './folded.ts';
import { createSay } from './said.ts';
import patterns from './words/program/patterns.json' with { type: 'json' };

interface Speaking {
  t(key: string): string;
  exists(key: string): boolean;
}

/** What a line is about, for people: the engine's operations, and what people and the program did beside them. */
export function logWordOf(words: Speaking, kind: string): string {
  // The words' keys use dots of their own.
  const name = kind.replaceAll('.', '-');
  const key = [`log.kind.${name}`, `queue.kind.${name}`].find((one) => words.exists(one));
  return key === undefined ? kind.replaceAll(/[.-]/g, ' ') : words.t(key);
}

/** Whether the line of this kind, with this sentence as its reason, holds the text that is looked for. */
export type Holds = (kind: string, reason: string) => boolean;

/** Sentences that were said stay known so many at a time: letter by letter the same lines are looked through again. */
const KEPT = 20_000;
/** Between sentences that are said one after the other some languages put signs of their own. */
const JOINTS = /[،؛]/;

/** Answers the function that makes a text into what finds it, in the language that `words` speaks then. */
export function createLogReading(words: i18n): (text: string) => Holds {
  const say = createSay(words);
  let language = '';
  let sentences: readonly Sentence[] = [];
  const kept = new Map<string, string>();
  const said = (reason: string): string => {
    const before = kept.get(reason);
    if (before !== undefined) return before;
    if (kept.size >= KEPT) kept.clear();
    const now = folded(say(reason));
    kept.set(reason, now);
    return now;
  };
  return (text) => {
    if (words.language !== language) {
      kept.clear();
      language = words.language;
      sentences = sentencesIn(words);
    }
    const wanted = folded(text);
    const kinds = new Map<string, boolean>();
    const ofKind = (kind: string): boolean => {
      const before = kinds.get(kind);
      if (before !== undefined) return before;
      const holds = folded(logWordOf(words, kind)).includes(wanted);
      kinds.set(kind, holds);
      return holds;
    };
    const marks = marksOf(sentences, wanted);
    return (kind, reason) => {
      if (ofKind(kind)) return true;
      if (marks !== null) {
        const english = folded(reason);
        if (!english.includes(wanted) && !marks.some((mark) => english.includes(mark))) return false;
      }
      return said(reason).includes(wanted);
    };
  };
}

/** A sentence of the program: what its own words are in the language, and what tells it apart in English. */
interface Sentence {
  readonly pieces: readonly string[];
  readonly mark: string;
}

function sentencesIn(words: i18n): readonly Sentence[] {
  return Object.entries(patterns).map(([key, english]) => {
    const inEnglish = english.split(/\{\w+\}/).map(folded);
    return {
      // Without values the gaps stay as they are written.
      pieces: words
        .t(`program.${key}`, { skipInterpolation: true })
        .split(/\{\{\w+\}\}/)
        .map(folded)
        .filter((piece) => piece !== ''),
      mark: inEnglish.reduce((longest, piece) => (piece.length > longest.length ? piece : longest)),
    };
  });
}

/** What one of must be in an English sentence that is to hold `wanted` by its words; null where any may. */
function marksOf(sentences: readonly Sentence[], wanted: string): readonly string[] | null {
  if (JOINTS.test(wanted)) return null;
  const marks = new Set<string>();
  for (const { pieces, mark } of sentences) if (pieces.some((piece) => touches(piece, wanted))) marks.add(mark);
  return [...marks];
}

/** Whether a text can lie on a piece of a sentence, wholly or with one of its ends. */
function touches(piece: string, wanted: string): boolean {
  if (piece.includes(wanted) || wanted.includes(piece)) return true;
  const most = Math.min(piece.length, wanted.length) - 1;
  for (let length = 1; length <= most; length++) {
    if (piece.endsWith(wanted.slice(0, length)) || piece.startsWith(wanted.slice(-length))) return true;
  }
  return false;
}
