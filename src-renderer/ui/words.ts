// The words of the window, in the system's language.

import { createWords } from '../../src-shared/words/words.ts';

const words = createWords(navigator.language);

export const language = words.resolvedLanguage ?? 'en';

export function t(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  return words.t(key, values);
}

/** Whether there are words for `key`. */
export function has(key: string): boolean {
  return words.exists(key);
}
