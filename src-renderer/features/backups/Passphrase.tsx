import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
import { t } from '../../ui/words.ts';
import type { BackupSettingsState } from './use-backup-settings.ts';
import styles from './BackupSettingsForm.module.css';

/** With it backups are encrypted; without it nobody can open them, so it is asked for twice. */
export function Passphrase({ kept, change }: { kept: boolean; change: BackupSettingsState['change'] }) {
  const [opened, setOpened] = useState(false);
  return (
    <fieldset className={styles.group}>
      <legend>{t('backups.passphrase')}</legend>
      <p className={styles.hint}>{t(kept ? 'backups.encryptedFromNow' : 'backups.notEncrypted')}</p>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>
        {t('backups.setPassphrase')}
      </Button>
      <Dialog opened={opened} close={() => setOpened(false)} title={t('backups.passphraseTitle')}>
        <Fields kept={kept} change={change} close={() => setOpened(false)} />
      </Dialog>
    </fieldset>
  );
}

interface FieldsProps {
  readonly kept: boolean;
  readonly change: BackupSettingsState['change'];
  readonly close: () => void;
}

function Fields({ kept, change, close }: FieldsProps) {
  const [text, setText] = useState('');
  const [again, setAgain] = useState('');
  const save = async (passphrase: string | null): Promise<void> => {
    if (await change(() => call('backups.setPassphrase', { passphrase }))) close();
  };
  const differs = again !== '' && again !== text;
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        void save(text);
      }}
    >
      <p>{t('backups.passphraseText')}</p>
      <PasswordInput
        label={t('backups.passphrase')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('backups.passphraseAgain')}
        error={differs && t('backups.passphraseDiffers')}
        value={again}
        onChange={(event) => setAgain(event.currentTarget.value)}
      />
      <DialogButtons>
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        {kept && (
          <Button variant="default" onClick={() => void save(null)}>
            {t('backups.noPassphrase')}
          </Button>
        )}
        <Button type="submit" disabled={text === '' || again !== text}>
          {t('backups.savePassphrase')}
        </Button>
      </DialogButtons>
    </form>
  );
}
