// What belongs to this computer and this person: starting by itself, quick drop's keys, language and colours.

import { Button, NativeSelect, Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type KeyboardEvent } from 'react';
import type { QuickDropView } from '../../../src-shared/ipc/desktop.ts';
import { preferencesSchema, type Preferences } from '../../../src-shared/ipc/preferences.ts';
import { LANGUAGES } from '../../../src-shared/languages.ts';
import { call } from '../../bridge/bridge.ts';
import { usePreferences } from '../../stores/preferences-store.ts';
import { Failure } from '../../ui/Failure.tsx';
import { KeyHint } from '../../ui/KeyHint.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import { acceleratorOf, shortcutOf } from './accelerator.ts';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

/** Each language by its own name, so that whoever needs it can read it. */
const LANGUAGE_NAMES: Readonly<Record<(typeof LANGUAGES)[number], string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ar: 'العربية',
};

const ask = async () => {
  const [startup, quickDrop] = await Promise.all([call('startup.view', {}), call('quickDrop.view', {})]);
  return { startup, quickDrop };
};

export function Computer() {
  const { value, error, reload } = useAnswer(ask);
  return (
    <div className={styles.form}>
      <Appearance />
      {error !== null && <Failure title={t('settings.error')} message={error} retry={reload} />}
      {error === null && value === null && <Loading />}
      {value !== null && (
        <>
          <Switch
            label={t('settings.startup.label')}
            description={t(value.startup.available ? 'settings.startup.hint' : 'settings.startup.unavailable')}
            disabled={!value.startup.available}
            checked={value.startup.on}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              void attempt(() => call('startup.set', { on })).then(reload);
            }}
          />
          <QuickDrop view={value.quickDrop} changed={reload} />
        </>
      )}
    </div>
  );
}

function Appearance() {
  const { preferences } = usePreferences();
  const change = (part: Partial<Preferences>): void =>
    void attempt(async () => {
      await usePreferences.getState().change(part);
      // What was told in the former language is over.
      if (part.language !== undefined) notifications.clean();
    });
  return (
    <div className={styles.row}>
      <NativeSelect
        className={styles.grow}
        label={t('settings.language')}
        value={preferences.language}
        data={[
          { value: 'system', label: t('settings.asSystem') },
          ...LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
        ]}
        onChange={(event) => change({ language: preferencesSchema.shape.language.parse(event.currentTarget.value) })}
      />
      <NativeSelect
        className={styles.grow}
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

/** The keys that open quick drop from anywhere: pressed, not typed. */
function QuickDrop({ view, changed }: { view: QuickDropView; changed: () => void }) {
  const [listening, setListening] = useState(false);
  const set = async (shortcut: string | null): Promise<void> => {
    setListening(false);
    await attempt(() => call('quickDrop.setShortcut', { shortcut }));
    changed();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return setListening(false);
    const pressed = acceleratorOf(event);
    if (pressed !== null) void set(pressed);
  };
  return (
    <fieldset className={styles.group}>
      <legend className={styles.heading}>{t('settings.quickDrop.label')}</legend>
      <p className={styles.soft}>{t('settings.quickDrop.hint')}</p>
      <div className={styles.row}>
        <span className={styles.keys}>
          {view.shortcut === null ? t('settings.quickDrop.off') : <KeyHint shortcut={shortcutOf(view.shortcut)} />}
        </span>
        <Button
          variant={listening ? 'filled' : 'default'}
          size="xs"
          onClick={() => setListening(true)}
          onBlur={() => setListening(false)}
          onKeyDown={(event) => listening && onKey(event)}
        >
          {t(listening ? 'settings.quickDrop.press' : 'settings.quickDrop.change')}
        </Button>
        {view.shortcut !== view.standard && (
          <Button variant="default" size="xs" onClick={() => void set(view.standard)}>
            {t('settings.quickDrop.standard')}
          </Button>
        )}
        {view.shortcut !== null && (
          <Button variant="default" size="xs" onClick={() => void set(null)}>
            {t('settings.quickDrop.switchOff')}
          </Button>
        )}
        <Button variant="default" size="xs" onClick={() => void attempt(() => call('quickDrop.open', {}))}>
          {t('settings.quickDrop.open')}
        </Button>
      </div>
      {view.problem !== null && (
        <p role="alert" className={styles.bad}>
          {t(`settings.quickDrop.${view.problem}`)}
        </p>
      )}
    </fieldset>
  );
}
