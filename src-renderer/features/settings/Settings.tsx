import type { ComponentType } from 'react';
import { navigate, useNavigation } from '../../stores/navigation-store.ts';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { t } from '../../ui/words.ts';
import { BackupSettingsForm } from '../backups/BackupSettingsForm.tsx';
import { About } from './About.tsx';
import { Accounts } from './Accounts.tsx';
import { Computer } from './Computer.tsx';
import { Folders } from './Folders.tsx';
import { Ignored } from './Ignored.tsx';
import { LogSettings } from './LogSettings.tsx';
import { Notifications } from './Notifications.tsx';
import { Rules } from './Rules.tsx';
import { SyncSettings } from './SyncSettings.tsx';
import styles from './Settings.module.css';

const PARTS: Readonly<Record<string, ComponentType>> = {
  accounts: Accounts,
  rules: Rules,
  folders: Folders,
  ignored: Ignored,
  sync: SyncSettings,
  backups: BackupSettingsForm,
  notifications: Notifications,
  log: LogSettings,
  appearance: Computer,
  about: About,
};

/** What is set, part by part; `navigate('settings', { part: 'rules' })` goes to one. */
export function Settings() {
  const asked = useNavigation((store) => store.params['part']);
  const part = asked !== undefined && asked in PARTS ? asked : 'accounts';
  const Part = PARTS[part] as ComponentType;
  return (
    <>
      <ScreenHead title={t('nav.settings')} hint={t(`settings.hint.${part}`)} />
      <div className={styles.body}>
        <nav className={styles.parts} aria-label={t('nav.settings')}>
          {Object.keys(PARTS).map((one) => (
            <button
              key={one}
              type="button"
              aria-current={one === part ? 'page' : undefined}
              onClick={() => navigate('settings', { part: one })}
            >
              {t(`settings.part.${one}`)}
            </button>
          ))}
        </nav>
        {/* A part that scrolls must be reachable by keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={styles.part} tabIndex={0} role="region" aria-label={t(`settings.part.${part}`)}>
          <Part />
        </div>
      </div>
    </>
  );
}
