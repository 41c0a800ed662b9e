import { Button } from '@mantine/core';
import { FileText, Folder, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { BackupSource } from '../../../src-shared/ipc/backups.ts';
import { call } from '../../bridge/bridge.ts';
import { formatDate } from '../../ui/format.ts';
import { t } from '../../ui/words.ts';
import { attempt } from './use-backup-settings.ts';
import styles from './BackupSettingsForm.module.css';

const ICONS = { file: FileText, folder: Folder, missing: TriangleAlert } as const;

/** Files and folders beside the database: the ERP's own configuration, scripts, letterheads. */
export function Sources() {
  const [sources, setSources] = useState<readonly BackupSource[]>([]);
  useEffect(() => {
    let gone = false;
    void attempt(async () => {
      const answer = await call('backups.sources', {});
      if (!gone) setSources(answer);
    });
    return () => {
      gone = true;
    };
  }, []);
  const change = (work: () => Promise<readonly BackupSource[]>): void =>
    void attempt(async () => setSources(await work()));
  return (
    <fieldset className={styles.group}>
      <legend>{t('backups.sources')}</legend>
      <p className={styles.hint}>{t('backups.sourcesHint')}</p>
      {sources.length > 0 && (
        <ul className={styles.sources}>
          {sources.map(({ name, kind, addedAt }) => {
            const Icon = ICONS[kind];
            return (
              <li key={name}>
                <Icon aria-hidden size={15} color={kind === 'missing' ? 'var(--bad)' : 'var(--text-soft)'} />
                <span className={styles.name}>{name}</span>
                <span className={kind === 'missing' ? styles.bad : styles.soft}>
                  {kind === 'missing'
                    ? t('backups.sourceMissing')
                    : t('backups.sourceSince', { date: formatDate(addedAt) })}
                </span>
                <Button
                  variant="default"
                  size="compact-xs"
                  aria-label={t('backups.removeSourceOne', { name })}
                  onClick={() => change(() => call('backups.removeSource', { name }))}
                >
                  {t('backups.removeSource')}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      <div className={styles.row}>
        {(['file', 'folder'] as const).map((kind) => (
          <Button
            key={kind}
            variant="default"
            size="xs"
            onClick={() => change(() => call('backups.addSource', { kind }))}
          >
            {t(`backups.addSource.${kind}`)}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
