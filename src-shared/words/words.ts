// Words for people, in every language that there is: one set for the window, the tray and the menus.
// A new language is a JSON file beside en.json and one line here; what it lacks is taken from English.

import { createInstance, type i18n, type Resource } from 'i18next';
import en from './en.json' with { type: 'json' };

const languages: Resource = { en: { translation: en } };

/** `language` as the system names it (`de-AT`); the region is dropped where there is no own set for it. */
export function createWords(language: string): i18n {
  const words = createInstance();
  void words.init({
    lng: language,
    fallbackLng: 'en',
    resources: languages,
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  return words;
}
