import { Button, NativeSelect, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { BackupSettingsLine } from '../../../src-shared/ipc/backups.ts';
import { call } from '../../bridge/bridge.ts';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
import { formatMoment } from '../../ui/format.ts';
import { t } from '../../ui/words.ts';
import styles from './BackupSettings.module.css';

interface BackupSettingsProps {
  readonly settings: BackupSettingsLine;
  readonly change: (work: () => Promise<BackupSettingsLine>) => Promise<void>;
}

/** Cron expressions of the usual wishes; another one, set by the command line, is shown as it is. */
const SCHEDULES = { off: null, daily: '0 3 * * *', workdays: '0 20 * * 1-5', weekly: '0 3 * * 0' } as const;
type Wish = keyof typeof SCHEDULES;

export function BackupSettings({ settings, change }: BackupSettingsProps) {
  const { schedule, next, client, keep, passphrase } = settings;
  const known = (Object.keys(SCHEDULES) as Wish[]).find((wish) => SCHEDULES[wish] === schedule);
  const choose = (wish: string): void => {
    if (wish in SCHEDULES) void change(() => call('backups.setSchedule', { schedule: SCHEDULES[wish as Wish] }));
  };
  return (
    <div className={styles.line}>
      <NativeSelect
        size="xs"
        label={t('backups.schedule')}
        value={known ?? 'own'}
        data={[
          ...Object.keys(SCHEDULES).map((wish) => ({ value: wish, label: t(`backups.schedules.${wish}`) })),
          ...(known === undefined ? [{ value: 'own', label: schedule ?? '' }] : []),
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <p className={styles.text}>
        {next !== null && `${t('backups.next', { time: formatMoment(next) })} `}
        {client === null ? t('backups.toNobody') : t('backups.to', { client })} {t('backups.keep', { ...keep })}{' '}
        {t(passphrase ? 'backups.encryptedFromNow' : 'backups.notEncrypted')}
      </p>
      <Passphrase kept={passphrase} change={change} />
    </div>
  );
}

function Passphrase({ kept, change }: { kept: boolean; change: BackupSettingsProps['change'] }) {
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState('');
  const save = async (passphrase: string | null): Promise<void> => {
    await change(() => call('backups.setPassphrase', { passphrase }));
    setText('');
    setOpened(false);
  };
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>
        {t('backups.setPassphrase')}
      </Button>
      <Dialog opened={opened} close={() => setOpened(false)} title={t('backups.passphraseTitle')}>
        <p>{t('backups.passphraseText')}</p>
        <PasswordInput
          label={t('backups.passphrase')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <DialogButtons>
          <Button variant="default" onClick={() => setOpened(false)}>
            {t('app.cancel')}
          </Button>
          {kept && (
            <Button variant="default" onClick={() => void save(null)}>
              {t('backups.noPassphrase')}
            </Button>
          )}
          <Button disabled={text === ''} onClick={() => void save(text)}>
            {t('backups.savePassphrase')}
          </Button>
        </DialogButtons>
      </Dialog>
    </>
  );
}
