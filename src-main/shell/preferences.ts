// How a person likes the window, kept by electron-store: language, colours, and small states that the window keeps.

import { app, nativeTheme } from 'electron';
import Store from 'electron-store';
import { preferencesSchema, type Preferences } from '../../src-shared/ipc/preferences.ts';
import type { PreferenceStore } from '../ipc/preferences-calls.ts';

interface Kept extends Preferences {
  readonly kept: Readonly<Record<string, unknown>>;
}

const DEFAULTS: Preferences = { language: 'system', colours: 'system' };

/** `changed` is told after every change of a preference. */
export function openPreferences(changed: (values: Preferences) => void): PreferenceStore {
  const store = new Store<Partial<Kept>>({ name: 'preferences' });
  const values = (): Preferences => {
    const kept = defined({ language: store.get('language'), colours: store.get('colours') });
    const read = preferencesSchema.safeParse({ ...DEFAULTS, ...kept });
    return read.success ? read.data : DEFAULTS;
  };
  nativeTheme.themeSource = values().colours;
  return {
    values,
    change(part) {
      store.set(defined(part));
      const now = values();
      nativeTheme.themeSource = now.colours;
      changed(now);
      return now;
    },
    systemLanguage: () => app.getLocale(),
    kept: () => store.get('kept') ?? {},
    keep: (key, value) => store.set('kept', { ...store.get('kept'), [key]: value }),
  };
}

/** The language to speak: the chosen one, else the system's. */
export function spokenLanguage({ language }: Preferences): string {
  return language === 'system' ? app.getLocale() : language;
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
