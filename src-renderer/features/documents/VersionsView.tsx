import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Row } from '../../../src-shared/ipc/documents.ts';
import type { Version } from '../../../src-shared/ipc/files.ts';
import { call } from '../../bridge/bridge.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { formatBytes, formatExact, formatFull } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tellUndoable } from '../../ui/undo-toast.tsx';
import { t } from '../../ui/words.ts';
import { takeBack } from './take-back.ts';
import { useAnswer } from './use-answer.ts';
import styles from './VersionsView.module.css';

interface VersionsViewProps {
  readonly row: Row;
  /** The one that is looked at instead of the present one. */
  readonly shown: Version | null;
  readonly show: (version: Version | null) => void;
}

/** The versions that Dropbox keeps of a document: each can be looked at, and become the present one again. */
export function VersionsView({ row, shown, show }: VersionsViewProps) {
  const key = `${row.id} ${row.changedAt} ${row.size}`;
  const { value, error, again } = useAnswer(key, () => call('files.versions', { id: row.id }));
  const [chosen, setChosen] = useState<Version | null>(null);
  if (error !== null) return <Failure title={t('documents.noVersions')} message={error} retry={again} />;
  if (value === null) return <Loading />;
  const restore = async (version: Version): Promise<void> => {
    const { undo } = await call('files.restoreVersion', { id: row.id, rev: version.rev });
    const label = t('documents.versionRestored', { name: row.name, time: formatExact(version.modifiedAt) });
    if (undo !== null) {
      tellUndoable({ label, undo: takeBack(undo) });
    }
    show(null);
    again();
  };
  return (
    <>
      {value.length === 0 && <p className={styles.soft}>{t('documents.noVersionsYet')}</p>}
      <ol className={styles.versions}>
        {value.map((version) => (
          <li key={version.rev}>
            <div className={styles.text}>
              <time dateTime={version.modifiedAt} title={formatFull(version.modifiedAt)}>
                {formatExact(version.modifiedAt)}
              </time>
              <span className={styles.soft}>
                {formatBytes(version.size)}
                {version.current && ` · ${t('documents.currentVersion')}`}
                {version.here && !version.current && ` · ${t('documents.versionHere')}`}
              </span>
            </div>
            {!version.current && (
              <Button
                variant="subtle"
                size="compact-xs"
                className={styles.view ?? ''}
                aria-pressed={version.rev === shown?.rev}
                aria-label={t('documents.viewOf', { time: formatExact(version.modifiedAt) })}
                onClick={() => show(version.rev === shown?.rev ? null : version)}
              >
                {t('documents.view')}
              </Button>
            )}
            {!version.current && (
              <Button
                variant="default"
                size="compact-xs"
                aria-label={t('documents.restoreOf', { time: formatExact(version.modifiedAt) })}
                onClick={() => setChosen(version)}
              >
                {t('documents.restore')}
              </Button>
            )}
          </li>
        ))}
      </ol>
      <ConfirmDialog
        opened={chosen !== null}
        close={() => setChosen(null)}
        title={t('documents.restoreTitle')}
        confirm={t('documents.restore')}
        run={() => (chosen === null ? undefined : restore(chosen))}
      >
        {chosen !== null && t('documents.restoreText', { name: row.name, time: formatExact(chosen.modifiedAt) })}
      </ConfirmDialog>
    </>
  );
}
