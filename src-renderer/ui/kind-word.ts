// The names of the engine's operations, for people.

import { has, t } from './words.ts';

export function kindWord(kind: string): string {
  // The words' keys use dots of their own.
  const key = `queue.kind.${kind.replaceAll('.', '-')}`;
  return has(key) ? t(key) : kind.replaceAll(/[.-]/g, ' ');
}
