// The words of the window. The language can change while it runs: the app is then drawn anew (app/Root.tsx).

import { createSay } from '../../src-shared/said.ts';
import { createWords, knownLanguage } from '../../src-shared/words/words.ts';

const words = createWords('en');
let locale = navigator.language;

/** From now on everything is said in `asked`; `system` keeps the system's own way to write dates and numbers. */
export function speak(asked: string, system: string): void {
  void words.changeLanguage(knownLanguage(asked));
  locale = knownLanguage(system) === knownLanguage(asked) ? system : asked;
}

/** For dates, numbers and sorting. */
export function currentLocale(): string {
  return locale;
}

export function t(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  return words.t(key, values);
}

/** A sentence with a count in it, written as the language writes numbers. */
export function counted(key: string, count: number, values: Readonly<Record<string, string | number>> = {}): string {
  return words.t(key, { ...values, count, number: new Intl.NumberFormat(locale).format(count) });
}

/** A sentence of the main process (an error, a reason in the log) in the language of the window. */
export const said = createSay(words);

/** Whether there are words for `key`. */
export function has(key: string): boolean {
  return words.exists(key);
}
