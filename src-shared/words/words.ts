// Words for people, in every language that there is: one set for the window, the tray and the menus. Each feature has a
// folder with one JSON file a language; its keys are `<section>.<name>`. A new feature is one line here; a new language is
// a file in each folder and an entry in LANGUAGES (src-shared/ipc/preferences.ts).

import { createInstance, type i18n } from 'i18next';
import { LANGUAGES, type Language } from '../languages.ts';
import { backupWords } from './backups/all.ts';
import { boxWords } from './box/all.ts';
import { conflictWords } from './conflicts/all.ts';
import { dashboardWords } from './dashboard/all.ts';
import { demoWords } from './demo/all.ts';
import { documentWords } from './documents/all.ts';
import { frameWords } from './frame/all.ts';
import { jobWords } from './jobs/all.ts';
import { kitWords } from './kit/all.ts';
import { linkWords } from './links/all.ts';
import { logWords } from './log/all.ts';
import { programWords } from './program/all.ts';
import { searchWords } from './search/all.ts';
import { quickDropWords } from './quick-drop/all.ts';
import { setWords } from './sets/all.ts';
import { setupWords } from './setup/all.ts';
import { settingsWords } from './settings/all.ts';
import { syncWords } from './sync/all.ts';
import { trashWords } from './trash/all.ts';
import { trayWords } from './tray/all.ts';

/** Sections of words, nested as deep as their keys have dots. */
export interface Words {
  readonly [key: string]: string | Words;
}
export type FeatureWords = Readonly<Record<Language, Words>>;

export const features: Readonly<Record<string, FeatureWords>> = {
  backups: backupWords,
  box: boxWords,
  conflicts: conflictWords,
  dashboard: dashboardWords,
  demo: demoWords,
  documents: documentWords,
  frame: frameWords,
  jobs: jobWords,
  kit: kitWords,
  links: linkWords,
  log: logWords,
  program: programWords,
  quickDrop: quickDropWords,
  search: searchWords,
  settings: settingsWords,
  sets: setWords,
  setup: setupWords,
  sync: syncWords,
  trash: trashWords,
  tray: trayWords,
};

/** Languages written from right to left. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar']);

/** `language` as the system names it (`de-AT`); the region is dropped where there is no own set for it. */
export function createWords(language: string): i18n {
  const words = createInstance();
  void words.init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: [...LANGUAGES],
    nonExplicitSupportedLngs: true,
    resources: Object.fromEntries(LANGUAGES.map((one) => [one, { translation: wordsOf(one) }])),
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  return words;
}

/** The language that there are words in, for one that was asked for. */
export function knownLanguage(asked: string): Language {
  const base = asked.split('-')[0]?.toLowerCase();
  return LANGUAGES.find((one) => one === base) ?? 'en';
}

export function directionOf(language: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(knownLanguage(language)) ? 'rtl' : 'ltr';
}

function wordsOf(language: Language): Words {
  const sections = Object.assign({}, ...Object.values(features).map((feature) => feature[language])) as Words;
  return withAllPlurals(sections, new Intl.PluralRules(language).resolvedOptions().pluralCategories);
}

/** French and Spanish have a form for millions, Arabic one for nothing: where it is the usual one, it need not be written. */
function withAllPlurals(words: Words, categories: readonly string[]): Words {
  const all: Record<string, string | Words> = {};
  for (const [key, value] of Object.entries(words)) {
    all[key] = typeof value === 'string' ? value : withAllPlurals(value, categories);
    if (typeof value !== 'string' || !key.endsWith('_other')) continue;
    const base = key.slice(0, -'other'.length);
    for (const category of categories) all[base + category] = words[base + category] ?? value;
  }
  return all;
}
