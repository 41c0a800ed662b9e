import { Button } from '@mantine/core';
import { Archive, DatabaseBackup, RefreshCw } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { BackupLine } from '../../../src-shared/ipc/backups.ts';
import { call } from '../../bridge/bridge.ts';
import { useList } from '../../bridge/use-list.ts';
import { useActions } from '../../stores/actions-store.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { tell } from '../../ui/notify.ts';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { ListTable } from '../../ui/table/ListTable.tsx';
import { counted, t } from '../../ui/words.ts';
import { backupColumns } from './columns.tsx';
import { Restore } from './Restore.tsx';
import { BackupSettings } from './BackupSettings.tsx';
import { attempt, useBackupSettings } from './use-backup-settings.ts';

/** Backups of the document store: made, verified, kept by a rule, and put back. */
export function Backups() {
  const { rows, total, loading, error, reload } = useList('backups', {});
  const { settings, error: unread, reload: readAgain } = useBackupSettings();
  const [restoring, setRestoring] = useState<BackupLine | null>(null);
  const [pruning, setPruning] = useState<number | null>(null);
  const columns = useMemo(
    () => backupColumns({ verify: (id) => void attempt(() => call('backups.verify', { id })), restore: setRestoring }),
    [],
  );
  const make = (): void => void attempt(() => call('backups.make', {}));
  useActions([{ id: 'backups.make', words: 'backups.make', group: 'nav.backups', icon: DatabaseBackup, run: make }]);
  const fault = error ?? unread;
  if (fault !== null || loading || settings === null) {
    return (
      <>
        <ScreenHead title={t('nav.backups')} hint={t('backups.hint')} />
        {fault === null ? (
          <Loading />
        ) : (
          <Failure title={t('backups.error')} message={fault} retry={error === null ? readAgain : reload} />
        )}
      </>
    );
  }
  const askPrune = (): Promise<boolean> =>
    attempt(async () => setPruning((await call('backups.prune', { dryRun: true })).removed));
  return (
    <>
      <ScreenHead title={t('nav.backups')} hint={t('backups.hint')}>
        <Button
          variant="default"
          size="xs"
          leftSection={<RefreshCw aria-hidden size={13} />}
          onClick={() => void attempt(() => call('backups.refresh', {}))}
        >
          {t('backups.refresh')}
        </Button>
        <Button variant="default" size="xs" disabled={rows.length === 0} onClick={() => void askPrune()}>
          {t('backups.prune')}
        </Button>
        <Button size="xs" leftSection={<DatabaseBackup aria-hidden size={13} />} onClick={make}>
          {t('backups.make')}
        </Button>
      </ScreenHead>
      <BackupSettings settings={settings} />
      {rows.length === 0 ? (
        <Empty icon={Archive} title={t('backups.none')} hint={t('backups.noneHint')} />
      ) : (
        <ListTable
          id="backups"
          label={t('nav.backups')}
          columns={columns}
          rows={rows}
          total={total}
          keyOf={keyOf}
          nameOf={keyOf}
          order={{ column: 'made', descending: true }}
          rowHeight={38}
        />
      )}
      <Restore
        backup={restoring}
        close={() => {
          setRestoring(null);
          readAgain();
        }}
      />
      <ConfirmDialog
        opened={pruning !== null}
        close={() => setPruning(null)}
        title={counted('backups.pruneTitle', pruning ?? 0)}
        confirm={t('backups.pruneYes')}
        danger
        run={async () => {
          const { removed } = await call('backups.prune', { dryRun: false });
          tell(t('backups.pruned'), counted('backups.prunedCount', removed));
        }}
      >
        {t('backups.pruneText')}
      </ConfirmDialog>
    </>
  );
}

function keyOf(backup: BackupLine): string {
  return backup.id;
}
