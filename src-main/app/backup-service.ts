// The part of the application service that backs the document store up and brings it back: making, listing, verifying,
// restoring, retention, schedule, sources, settings. Each method checks the words it is given; what takes time is in
// backup-runs.ts, and putting a database back in backup-restore.ts.

import { existsSync, statSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import { refuseSchedule } from '../backup/schedule.ts';
import { refusedByDropbox } from '../../src-shared/names.ts';
import { iso } from '../store/keepsakes.ts';
import { makeBackupRuns, PASSPHRASE, type BackupRuns, type RunOptions } from './backup-runs.ts';
import { backupViews, settingsView } from './backup-views-of.ts';
import { makeRestore, type RestoreOptions, type RestoreParts } from './backup-restore.ts';
import { AppError } from './service.ts';
import type {
  BackupExtracted,
  BackupKeep,
  BackupMade,
  BackupPruned,
  BackupRestored,
  BackupSettings,
  BackupSourceView,
  BackupVerified,
  BackupView,
} from '../../src-shared/backup-views.ts';
import type { SourceRow } from '../store/backups.ts';
import type { Workplace } from './docktide.ts';

export interface BackupService {
  /** Newest first; asks nobody. */
  backups(): readonly BackupView[];
  /** The same after a look into Dropbox: what other computers, or this one before it lost its database, have put there. */
  refreshBackups(): Promise<readonly BackupView[]>;
  /** Throws AppError 'busy', 'disk-full', 'interrupted' … An upload that has to wait is a warning. */
  backUp(options?: RunOptions): Promise<BackupMade>;
  /** `newest`, `all`, an id or the beginning of one. Throws 'unknown-backup', 'passphrase-wrong' … */
  verifyBackups(which: string, options?: RunOptions): Promise<BackupVerified>;
  /** Removes what the rule of retention does not keep. */
  pruneBackups(options: { readonly dryRun: boolean }): Promise<BackupPruned>;
  /** Unpacks database, sources and manifest into an empty folder. */
  extractBackup(id: string, folder: string, options?: RunOptions): Promise<BackupExtracted>;
  /** An id, the beginning of one, `newest`, or the path of a backup's file. Throws 'busy' while anybody is at work. */
  restoreBackup(which: string, options?: RestoreOptions): Promise<BackupRestored>;
  /** Ends the making, verifying or restoring that is under way in this process. */
  cancelBackup(): { readonly cancelled: boolean };

  backupSettings(): BackupSettings;
  /** Cron expression in local time; null: only by hand. Throws 'bad-schedule'. */
  setBackupSchedule(expression: string | null): BackupSettings;
  /** Null: the only client there is. Throws 'unknown-client'. */
  setBackupTarget(client: string | null): BackupSettings;
  /** What is left out stays as it is. Throws 'bad-policy'. */
  setBackupKeep(keep: Partial<BackupKeep>): BackupSettings;
  setBackupVerify(on: boolean): BackupSettings;
  /** Null: backups are not encrypted from now on. Throws 'bad-passphrase'. */
  setBackupPassphrase(passphrase: string | null): BackupSettings;

  backupSources(): readonly BackupSourceView[];
  /** Throws 'missing-file', 'duplicate', 'bad-name', 'bad-source'. */
  addBackupSource(path: string, name?: string): BackupSourceView;
  /** Throws 'unknown-source'. */
  removeBackupSource(name: string): BackupSourceView;
}

/** What the rest of the application calls. */
export interface BackupWork {
  readonly service: BackupService;
  /** After a pass by hand: what waits for Dropbox. */
  afterSync(signal?: AbortSignal): Promise<void>;
  watch(signal: AbortSignal): Promise<void>;
  /** Before the store is closed. */
  close(): void;
}

export type BackupServiceParts = Omit<RestoreParts, 'runs' | 'leave'> & {
  /** Closes the document store and stops what works with it; it is opened again when it is next used. */
  readonly leave: () => Promise<void>;
};

export function backupOf(use: () => Workplace, parts: BackupServiceParts): BackupWork {
  let known: { readonly place: Workplace; readonly runs: BackupRuns } | null = null;
  const close = (): void => {
    known?.runs.close();
    known = null;
  };
  const runs = (): BackupRuns => {
    const place = use();
    if (known?.place !== place) {
      close();
      known = { place, runs: makeBackupRuns(place, parts.dataFolder) };
    }
    return known.runs;
  };
  const restore = makeRestore({
    ...parts,
    runs,
    async leave() {
      close();
      await parts.leave();
    },
  });
  const settings = (): BackupSettings => settingsView(runs().parts, use().secrets.has(PASSPHRASE));
  const changed = (): BackupSettings => {
    use().events.emit({ kind: 'backups-changed' });
    return settings();
  };

  return {
    close,
    afterSync: (signal) => runs().sendWaiting(signal),
    watch: (signal) => runs().watch(signal),
    service: {
      backups: () => backupViews(runs().parts),
      async refreshBackups() {
        await runs().refresh();
        return backupViews(runs().parts);
      },
      backUp: (options = {}) => runs().make({ ...options, cause: 'hand' }),
      verifyBackups: (which, options = {}) => runs().verify(which, options),
      pruneBackups: ({ dryRun }) => runs().prune(dryRun),
      extractBackup: (id, folder, options = {}) => runs().extract(id, folder, options),
      restoreBackup: (which, options = {}) => restore.restore(which, options),
      cancelBackup: () => ({ cancelled: restore.cancel() || runs().cancel() }),

      backupSettings: settings,
      setBackupSchedule(expression) {
        const { backups } = use().store;
        const refused = expression === null ? null : refuseSchedule(expression);
        if (refused !== null) throw new AppError('bad-schedule', refused);
        backups.setPlan({ schedule: expression, lastRun: use().clock.now() });
        return changed();
      },
      setBackupTarget(client) {
        const { store } = use();
        store.backups.setPlan({ target: client === null ? null : store.clients.get(client).name });
        return changed();
      },
      setBackupKeep(keep) {
        const { backups } = use().store;
        const next = { ...settings().keep, ...keep };
        if (Object.values(next).some((count) => !Number.isInteger(count) || count < 0)) {
          throw new AppError('bad-policy', 'How many backups are kept must be whole numbers.');
        }
        if (Object.values(next).every((count) => count === 0)) {
          throw new AppError('bad-policy', 'That would keep nothing. Keep at least one, as in --last 1.');
        }
        backups.setPlan({ keep: next });
        return changed();
      },
      setBackupVerify(on) {
        use().store.backups.setPlan({ verify: on });
        return changed();
      },
      setBackupPassphrase(passphrase) {
        const { secrets } = use();
        if (passphrase === null) secrets.remove(PASSPHRASE);
        else if (passphrase.trim() === '') {
          throw new AppError('bad-passphrase', 'The passphrase is empty. Give some words that nobody guesses.');
        } else secrets.set(PASSPHRASE, passphrase);
        return changed();
      },

      backupSources: () => use().store.backups.sources().map(sourceView),
      addBackupSource(path, name) {
        const { store } = use();
        const absolute = resolve(path);
        refuseSource(absolute, parts.dataFolder);
        const source = name ?? basename(absolute);
        if (refusedByDropbox(source) !== null || source.length > 80) {
          throw new AppError(
            'bad-name',
            `"${source}" cannot be the name of a source. Use letters, digits and spaces, up to 80.`,
          );
        }
        store.backups.addSource(source, absolute);
        changed();
        return sourceNamed(store.backups.sources(), source);
      },
      removeBackupSource(name) {
        const { backups } = use().store;
        const removed = sourceNamed(backups.sources(), name);
        backups.removeSource(name);
        changed();
        return removed;
      },
    },
  };
}

function refuseSource(absolute: string, dataFolder: string): void {
  if (!existsSync(absolute)) {
    throw new AppError('missing-file', `There is no file or folder ${absolute}. Write its path.`);
  }
  const inside = relative(absolute, resolve(dataFolder));
  if (statSync(absolute).isDirectory() && !inside.startsWith('..') && !isAbsolute(inside)) {
    throw new AppError(
      'bad-source',
      `${absolute} holds Docktide's own data, and with it the backups: each would hold all before it. Choose another folder; the database is backed up anyway.`,
    );
  }
}

function sourceNamed(sources: readonly SourceRow[], name: string): BackupSourceView {
  const found = sources.find((source) => source.name === name);
  if (found === undefined) {
    throw new AppError('unknown-source', `There is no source "${name}". See "docktide backup source list".`);
  }
  return sourceView(found);
}

function sourceView({ name, path, addedAt }: SourceRow): BackupSourceView {
  const stats = statSync(path, { throwIfNoEntry: false });
  return {
    name,
    path,
    kind: stats === undefined ? 'missing' : stats.isDirectory() ? 'folder' : 'file',
    addedAt: iso(addedAt),
  };
}
