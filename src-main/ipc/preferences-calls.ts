// How a person likes the window; kept by the shell (electron-store), which also lets language and colours take effect.

import { AppError } from '../app/service.ts';
import { KEPT_LIMIT, type Preferences, type preferenceCalls } from '../../src-shared/ipc/preferences.ts';
import { done, type CallParts, type HandlersOf } from './parts.ts';

export interface PreferenceStore {
  values(): Preferences;
  change(values: Partial<Preferences>): Preferences;
  /** The system's language, as it names it. */
  systemLanguage(): string;
  kept(): Readonly<Record<string, unknown>>;
  keep(key: string, value: unknown): void;
}

export function preferenceHandlers({ preferences }: CallParts): HandlersOf<typeof preferenceCalls> {
  return {
    'preferences.load': async () => ({
      preferences: preferences.values(),
      systemLanguage: preferences.systemLanguage(),
      kept: { ...preferences.kept() },
    }),
    'preferences.change': async ({ language, colours }) =>
      preferences.change({ ...(language !== undefined && { language }), ...(colours !== undefined && { colours }) }),
    'preferences.keep': async ({ key, value }) => {
      if (JSON.stringify(value).length > KEPT_LIMIT) {
        throw new AppError('too-large', 'The window wanted to keep more about itself than it may.');
      }
      return done(preferences.keep(key, value));
    },
  };
}
