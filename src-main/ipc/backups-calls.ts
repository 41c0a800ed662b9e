// Backups of the document store. Making and verifying are jobs; restoring stops the continuous run, which is started anew
// on the restored store.

import { basename } from 'node:path';
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
  const sources = () =>
    service()
      .backupSources()
      .map(({ name, kind, addedAt }) => ({ name, kind, addedAt }));
  const settings = (value: unknown) => backupSettingsSchema.parse(value);
  return {
    'backups.settings': async () => settings(service().backupSettings()),
    'backups.setSchedule': async ({ schedule }) => settings(service().setBackupSchedule(schedule)),
    'backups.setPassphrase': async ({ passphrase }) => settings(service().setBackupPassphrase(passphrase)),
    'backups.setTarget': async ({ client }) => settings(service().setBackupTarget(client)),
    'backups.setKeep': async (keep) => settings(service().setBackupKeep(keep)),
    'backups.setVerify': async ({ on }) => settings(service().setBackupVerify(on)),
    'backups.sources': async () => sources(),
    'backups.addSource': async ({ kind }) => {
      const chosen =
        kind === 'folder' ? await parts.desktop.chooseFolder(null) : (await parts.desktop.chooseFiles())[0];
      if (chosen !== null && chosen !== undefined) service().addBackupSource(chosen);
      return sources();
    },
    'backups.removeSource': async ({ name }) => {
      service().removeBackupSource(name);
      return sources();
    },
    'backups.check': async ({ id, passphrase }) => {
      const options = passphrase === null ? {} : { passphrase };
      const { ok, backups } = await service().verifyBackups(id, options);
      return { ok, error: backups.find((one) => one.error !== null)?.error ?? null };
    },
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
        const options = passphrase === null ? {} : { passphrase };
        const { madeAt, previous, notes } = await service().restoreBackup(id, options);
        return { madeAt, previous: previous === null ? null : basename(previous), notes: [...notes] };
      } finally {
        await parts.workspace.watch();
        parts.state.changed();
      }
    },
  };
}
