// How the person likes the window, and the small states that the window keeps between starts.

import { create } from 'zustand';
import type { Preferences } from '../../src-shared/ipc/preferences.ts';
import { directionOf, knownLanguage } from '../../src-shared/words/words.ts';
import { call } from '../bridge/bridge.ts';
import { speak } from '../ui/words.ts';

interface PreferencesStore {
  readonly preferences: Preferences;
  readonly systemLanguage: string;
  /** The language that is spoken now. */
  readonly language: string;
  readonly kept: Readonly<Record<string, unknown>>;
  readonly load: () => Promise<void>;
  readonly change: (part: Partial<Preferences>) => Promise<void>;
  readonly keep: (key: string, value: unknown) => void;
}

export const usePreferences = create<PreferencesStore>()((set, get) => ({
  preferences: { language: 'system', colours: 'system' },
  systemLanguage: navigator.language,
  language: 'en',
  kept: {},
  async load() {
    const { preferences, systemLanguage, kept } = await call('preferences.load', {});
    set({ preferences, systemLanguage, kept, language: spoken(preferences, systemLanguage) });
  },
  async change(part) {
    const preferences = await call('preferences.change', part);
    set({ preferences, language: spoken(preferences, get().systemLanguage) });
  },
  keep(key, value) {
    set({ kept: { ...get().kept, [key]: value } });
    // A width that could not be kept is no reason to disturb anybody.
    call('preferences.keep', { key, value: value as never }).catch(() => {});
  },
}));

/** Lets the language take effect in words, formats and the page's direction, and answers it. */
function spoken({ language }: Preferences, system: string): string {
  const asked = language === 'system' ? system : language;
  speak(asked, system);
  document.documentElement.lang = knownLanguage(asked);
  document.documentElement.dir = directionOf(asked);
  return knownLanguage(asked);
}

/** A small state (JSON) that outlives the window; `check` refuses what an earlier version has left. */
export function useKept<T>(key: string, initial: T, check: (value: unknown) => value is T): [T, (value: T) => void] {
  const kept = usePreferences((store) => store.kept[key]);
  const keep = usePreferences((store) => store.keep);
  return [check(kept) ? kept : initial, (value) => keep(key, value)];
}
