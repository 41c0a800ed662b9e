import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { BackupLine } from '../../../src-shared/ipc/backups.ts';
import { call } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { formatFull } from '../../ui/format.ts';
import { tell, warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';

/** Puts the store back as it was in a backup; says first what that means, and afterwards what is to be done. */
export function Restore({ backup, close }: { backup: BackupLine | null; close: () => void }) {
  const [passphrase, setPassphrase] = useState('');
  const time = backup === null ? '' : formatFull(backup.madeAt);
  const restore = async (): Promise<void> => {
    if (backup === null) return;
    const given = passphrase === '' ? null : passphrase;
    const { notes } = await call('backups.restore', { id: backup.id, passphrase: given });
    setPassphrase('');
    await useApp.getState().load();
    tell(t('backups.restored'), time);
    for (const note of notes) warn(t('backups.note'), note);
  };
  return (
    <ConfirmDialog
      opened={backup !== null}
      close={close}
      title={t('backups.restoreTitle', { time })}
      confirm={t('backups.restoreYes')}
      danger
      run={restore}
    >
      <p>{t('backups.restoreText')}</p>
      {backup?.encrypted === true && (
        <PasswordInput
          label={t('backups.passphrase')}
          description={t('backups.passphraseRestore')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
      )}
    </ConfirmDialog>
  );
}
