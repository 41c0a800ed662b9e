import { NativeSelect } from '@mantine/core';
import { preferencesSchema, type Preferences } from '../../../src-shared/ipc/preferences.ts';
import { LANGUAGES } from '../../../src-shared/languages.ts';
import { usePreferences } from '../../stores/preferences-store.ts';
import { t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';

/** Each language by its own name, so that whoever needs it can read it. */
const LANGUAGE_NAMES: Readonly<Record<(typeof LANGUAGES)[number], string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ar: 'العربية',
};

/** Language and colours of the window. */
export function Appearance() {
  const { preferences } = usePreferences();
  const change = (part: Partial<Preferences>): void => void attempt(() => usePreferences.getState().change(part));
  return (
    <div className={styles.form}>
      <NativeSelect
        label={t('settings.language')}
        value={preferences.language}
        data={[
          { value: 'system', label: t('settings.asSystem') },
          ...LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
        ]}
        onChange={(event) => change({ language: preferencesSchema.shape.language.parse(event.currentTarget.value) })}
      />
      <NativeSelect
        label={t('settings.colours')}
        value={preferences.colours}
        data={preferencesSchema.shape.colours.options.map((value) => ({
          value,
          label: value === 'system' ? t('settings.asSystem') : t(`settings.${value}`),
        }))}
        onChange={(event) => change({ colours: preferencesSchema.shape.colours.parse(event.currentTarget.value) })}
      />
    </div>
  );
}
