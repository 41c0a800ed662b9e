// What is set for backups, read once, and each change of it.

import { useCallback, useEffect, useState } from 'react';
import type { BackupSettingsLine } from '../../../src-shared/ipc/backups.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';

/** Says what went wrong, as long as it is said at all. */
export function attempt(work: () => Promise<unknown>): Promise<boolean> {
  return work().then(
    () => true,
    (error: unknown) => {
      warn(t('backups.notDone'), sentence(error));
      return false;
    },
  );
}

export interface BackupSettingsState {
  readonly settings: BackupSettingsLine | null;
  readonly error: string | null;
  readonly reload: () => void;
  /** Answers whether it came about. */
  readonly change: (work: () => Promise<BackupSettingsLine>) => Promise<boolean>;
}

export function useBackupSettings(): BackupSettingsState {
  const [settings, setSettings] = useState<BackupSettingsLine | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let gone = false;
    call('backups.settings', {}).then(
      (answer) => {
        if (gone) return;
        setSettings(answer);
        setError(null);
      },
      (problem: unknown) => !gone && setError(sentence(problem)),
    );
    return () => {
      gone = true;
    };
  }, [round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const change = useCallback(
    (work: () => Promise<BackupSettingsLine>) => attempt(async () => setSettings(await work())),
    [],
  );
  return { settings, error, reload, change };
}
