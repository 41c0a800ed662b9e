// Reads the positional words of a command that commander has already counted.

import { InvalidArgumentError } from 'commander';
import { UsageError } from '../context.ts';

export function word(words: readonly string[], index: number): string {
  const value = words[index];
  if (value === undefined) throw new UsageError('An argument is missing. Run the command with --help.');
  return value;
}

/** `sale.order/SO001`; the reference itself may hold further slashes. */
export function recordWord(text: string): { readonly type: string; readonly ref: string } {
  const cut = text.indexOf('/');
  if (cut <= 0 || cut === text.length - 1) {
    throw new UsageError(`"${text}" is not a record. Write TYPE/REF, as in sale.order/SO001.`);
  }
  return { type: text.slice(0, cut), ref: text.slice(cut + 1) };
}

/** `k=v` pairs; a later one for the same key wins. */
export function fieldWords(pairs: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const pair of pairs) {
    const cut = pair.indexOf('=');
    if (cut <= 0) throw new UsageError(`"${pair}" is not a field. Write NAME=VALUE, as in state=sent.`);
    fields[pair.slice(0, cut).trim()] = pair.slice(cut + 1);
  }
  return fields;
}

/** Names separated by commas; empty ones are left out. */
export function nameList(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A moment; of a day without a time its first or last one (`edge`). ISO 8601. Throws UsageError. */
export function timeOf(text: string, option: string, edge: (text: string) => string): string {
  try {
    // The day first: 31 February is not taken for the 3rd of March.
    if (ISO_TIME.test(text) && edge(text.slice(0, 10)) !== '') return edge(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
  }
  throw new UsageError(`"${text}" for ${option} is not a time. Write it as in 2026-11-23T08:00:00Z.`);
}
