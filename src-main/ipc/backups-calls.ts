// Backups of the document store. Making and verifying are jobs; restoring stops the continuous run, which is started anew
// on the restored store.

import {
  backupSchema,
  backupSettingsSchema,
  type backupCalls,
  type backupLists,
} from '../../src-shared/ipc/backups.ts';
import { done, serviceOf, type CallParts, type HandlersOf, type ListSources } from './parts.ts';

export function backupSources(parts: Pick<CallParts, 'workspace'>): ListSources<keyof typeof backupLists> {
  const service = serviceOf(parts);
  return {
    // The schema leaves out what the window does not show.
    backups: () =>
      service()
        .backups()
        .map((one) => backupSchema.parse(one)),
  };
}

export function backupHandlers(parts: CallParts): HandlersOf<typeof backupCalls> {
  const service = serviceOf(parts);
  const settings = (value: unknown) => backupSettingsSchema.parse(value);
  return {
    'backups.settings': async () => settings(service().backupSettings()),
    'backups.setSchedule': async ({ schedule }) => settings(service().setBackupSchedule(schedule)),
    'backups.setPassphrase': async ({ passphrase }) => settings(service().setBackupPassphrase(passphrase)),
    'backups.refresh': async () => done(await service().refreshBackups()),
    'backups.make': async () => ({
      job: parts.jobs.start('backup', '', ({ signal }) => service().backUp({ signal })),
    }),
    'backups.verify': async ({ id }) => ({
      job: parts.jobs.start('verify', '', ({ signal }) => service().verifyBackups(id, { signal })),
    }),
    'backups.prune': async ({ dryRun }) => ({ removed: (await service().pruneBackups({ dryRun })).removed.length }),
    'backups.restore': async ({ id, passphrase }) => {
      try {
        const { madeAt, notes } = await service().restoreBackup(id, passphrase === null ? {} : { passphrase });
        return { madeAt, notes: [...notes] };
      } finally {
        await parts.workspace.watch();
        parts.state.changed();
      }
    },
  };
}
