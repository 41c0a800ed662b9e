import { Button } from '@mantine/core';
import { Settings } from 'lucide-react';
import type { BackupSettingsLine } from '../../../src-shared/ipc/backups.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { formatMoment } from '../../ui/format.ts';
import { t } from '../../ui/words.ts';
import { scheduleWord } from './schedules.ts';
import styles from './BackupSettings.module.css';

/** What is set, in one line, and the way to change it. */
export function BackupSettings({ settings }: { settings: BackupSettingsLine }) {
  const { schedule, next, client, keep, passphrase } = settings;
  return (
    <div className={styles.line}>
      <p className={styles.text}>
        {[
          scheduleWord(schedule),
          ...(next === null ? [] : [t('backups.line.next', { time: formatMoment(next) })]),
          client === null ? t('backups.line.toNobody') : t('backups.line.to', { client }),
          t('backups.line.keep', { ...keep }),
          t(passphrase ? 'backups.line.encrypted' : 'backups.line.notEncrypted'),
        ].join(' · ')}
      </p>
      <Button
        variant="default"
        size="xs"
        leftSection={<Settings aria-hidden size={13} />}
        onClick={() => navigate('settings', { part: 'backups' })}
      >
        {t('backups.change')}
      </Button>
    </div>
  );
}
