// What a line of the log is about, for people: the engine's operations, and what people and the program did beside them.

import { kindWord } from '../../ui/kind-word.ts';
import { has, t } from '../../ui/words.ts';

export function logWord(kind: string): string {
  const key = `log.kind.${kind.replaceAll('.', '-')}`;
  return has(key) ? t(key) : kindWord(kind);
}
