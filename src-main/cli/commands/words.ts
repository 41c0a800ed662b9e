// Reads the positional words of a command that commander has already counted.

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
