// What the backup service does that takes time: making, uploading, verifying, removing, restoring, and the schedule. Each
// run tells what became of it: a line in the log, a notice for people, an event for the window.
// Called by backup-service.ts, once for each open document store.

import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  alone,
  makeBackup,
  refresh,
  removeBackup,
  retention,
  targetOf,
  uploadWaiting,
  waiting,
  type BackupParts,
} from '../backup/backups.ts';
import { extract, verify } from '../backup/checks.ts';
import { BackupPlace } from '../backup/place.ts';
import { runJob } from '../backup/run-job.ts';
import { dueAfter } from '../backup/schedule.ts';
import { Fault } from '../engine/ports.ts';
import { openPassLock } from '../infra/pass-lock.ts';
import { SecretsError } from '../infra/secrets.ts';
import { programVersion } from '../infra/version.ts';
import { DATABASE_NAME } from '../store/open-store.ts';
import { backupView, rowNamed } from './backup-views-of.ts';
import { asAppError } from './errors.ts';
import { AppError } from './service.ts';
import { logView } from './views-of.ts';
import type { BackupExtracted, BackupMade, BackupPruned, BackupVerified } from '../../src-shared/backup-views.ts';
import type { BackupRow } from '../store/backups.ts';
import type { Workplace } from './docktide.ts';

export const PASSPHRASE = 'backup-passphrase';

export interface RunOptions {
  /** In use for this run instead of the one that is kept. */
  readonly passphrase?: string;
  readonly signal?: AbortSignal;
}

export interface BackupRuns {
  readonly parts: BackupParts;
  make(options: RunOptions & { readonly cause: 'hand' | 'schedule' }): Promise<BackupMade>;
  /** `newest`, `all`, an id or the beginning of one. */
  verify(which: string, options: RunOptions): Promise<BackupVerified>;
  prune(dryRun: boolean): Promise<BackupPruned>;
  extract(id: string, folder: string, options: RunOptions): Promise<BackupExtracted>;
  refresh(): Promise<void>;
  /** Takes to Dropbox what waits for it; failures are told, not thrown. */
  sendWaiting(signal?: AbortSignal): Promise<void>;
  /** Runs the schedule until the signal aborts. */
  watch(signal: AbortSignal): Promise<void>;
  /** Ends what is at work; false where nothing is. */
  cancel(): boolean;
  passphrase(given: string | undefined): string | null;
  close(): void;
}

/** Milliseconds between two looks at the schedule, which other processes may change. */
const LOOK = 1_000;

export function makeBackupRuns(place: Workplace, dataFolder: string): BackupRuns {
  const { store, events, clock, secrets, clouds, logFile } = place;
  const lock = openPassLock(dataFolder, clock, 'backup.lock');
  const parts: BackupParts = {
    store,
    database: join(dataFolder, DATABASE_NAME),
    place: new BackupPlace(dataFolder),
    cloud: (client) => clouds.of(client),
    clock,
    lock,
    runJob,
    version: programVersion(),
    computer: hostname(),
    progress: (id, step, done, total) => events.emit({ kind: 'backup-progress', id, step, done, total }),
  };
  let turn: Promise<unknown> = Promise.resolve();
  let current: AbortController | null = null;

  /** One run at a time in this process, which `cancel` can end; then one at a time over all of them. */
  const run = async <T>(work: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> => {
    const before = turn;
    const stop = new AbortController();
    const abort = () => stop.abort();
    outer?.addEventListener('abort', abort, { once: true });
    if (outer?.aborted === true) abort();
    const mine = before.then(async () => {
      current = stop;
      try {
        return await alone(parts, () => work(stop.signal), { signal: stop.signal });
      } finally {
        current = null;
        outer?.removeEventListener('abort', abort);
        events.emit({ kind: 'backups-changed' });
      }
    });
    turn = mine.catch(() => undefined);
    return mine;
  };

  const tell = (row: BackupRow | null, level: 'info' | 'warning' | 'error', reason: string, bytes?: number): void => {
    const since = store.now();
    const result = level === 'error' ? 'failed' : 'done';
    const base = { direction: null, kind: 'backup', path: null, duration: null } as const;
    store.sync.log({ ...base, level, clientId: row?.clientId ?? null, bytes: bytes ?? null, result, reason });
    const client = row?.clientId === undefined || row.clientId === null ? null : store.sync.client(row.clientId);
    store.notices.add({ client: client?.name ?? null, kind: 'backup', level, detail: reason });
    place.notices.flush();
    for (const line of store.keepsakes.logRows({ since })) {
      if (line.kind === 'backup') events.emit({ kind: 'log', row: logView(line) });
    }
  };

  const failed = (what: string, error: unknown): AppError => {
    const known = asAppError(error);
    if (known.code === 'interrupted') return known;
    logFile.write('error', known.message, {
      code: known.code,
      stack: error instanceof Error ? error.stack : undefined,
    });
    store.backups.setPlan({ failure: { at: clock.now(), message: known.message } });
    tell(null, 'error', `${what}: ${known.message}`);
    return known;
  };

  const passphrase = (given: string | undefined): string | null => {
    if (given !== undefined) return given;
    try {
      return secrets.get(PASSPHRASE);
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      throw new AppError(
        'bad-secrets',
        'The passphrase for backups was kept with the system keyring by the desktop app and cannot be read here. Give it with --passphrase-env VAR.',
        { cause: error },
      );
    }
  };

  /** Uploads what waits. Answers why it has to wait on, as a sentence. */
  const send = async (signal: AbortSignal): Promise<string | null> => {
    const { client, why } = targetOf(parts);
    if (client === null) return why;
    try {
      for (const id of await uploadWaiting(parts, client, { signal })) {
        logFile.write('info', 'backup uploaded', { id, client: client.name });
      }
      return null;
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'aborted') throw error;
      const message = `It is kept on this computer and goes to Dropbox later: ${error.message}`;
      store.backups.setPlan({ failure: { at: clock.now(), message } });
      tell(null, 'warning', message);
      return message;
    }
  };

  const verifyRow = async (row: BackupRow, options: RunOptions, signal: AbortSignal): Promise<BackupRow> => {
    const checked = await verify(parts, row, { passphrase: passphrase(options.passphrase), signal });
    if (checked.state === 'failed') tell(checked, 'error', `The backup ${row.id} is bad: ${checked.error ?? ''}`);
    return checked;
  };

  const make = (options: RunOptions & { readonly cause: 'hand' | 'schedule' }): Promise<BackupMade> =>
    run(async (signal) => {
      const began = clock.now();
      try {
        const sealed = passphrase(options.passphrase);
        const made = await makeBackup(parts, { cause: options.cause, passphrase: sealed, signal });
        const warnings = [...made.warnings];
        const hadFailed = store.backups.plan().failure !== null;
        const stays = await send(signal);
        if (stays !== null) warnings.push(stays);
        let row = store.backups.get(made.row.id) ?? made.row;
        if (store.backups.plan().verify) row = await verifiedOr(row, warnings, options, signal);
        const isGood = row.state !== 'failed' && (stays === null || targetOf(parts).client === null);
        if (hadFailed && isGood) store.backups.setPlan({ failure: null });
        const level = row.state === 'failed' ? 'error' : warnings.length > 0 ? 'warning' : 'info';
        const seconds = ((clock.now() - began) / 1000).toFixed(1);
        if (level !== 'error') tell(row, level, madeText(row, warnings, seconds), row.size);
        return { ...backupView(parts, row), warnings };
      } catch (error) {
        throw failed('The backup failed', error);
      }
    }, options.signal);

  /** A backup that cannot be looked at just now is a backup all the same. */
  const verifiedOr = async (row: BackupRow, warnings: string[], options: RunOptions, signal: AbortSignal) => {
    try {
      const checked = await verifyRow(row, options, signal);
      if (checked.state === 'failed') {
        warnings.push(`It is bad: ${checked.error ?? ''}`);
        store.backups.setPlan({ failure: { at: clock.now(), message: `${row.id}: ${checked.error ?? ''}` } });
      }
      return checked;
    } catch (error) {
      const known = asAppError(error);
      if (known.code === 'interrupted') throw error;
      warnings.push(`It could not be verified now: ${known.message}`);
      return row;
    }
  };

  const prune = async (): Promise<BackupPruned> => {
    const { keep, remove } = retention(parts);
    const removed: BackupPruned['removed'][number][] = [];
    const errors: BackupPruned['errors'][number][] = [];
    for (const row of remove) {
      const view = backupView(parts, row);
      try {
        await removeBackup(parts, row);
        removed.push(view);
      } catch (error) {
        errors.push({ id: row.id, message: asAppError(error).message });
      }
    }
    if (removed.length > 0) logFile.write('info', 'backups pruned', { ids: removed.map(({ id }) => id) });
    return { dryRun: false, removed, kept: keep.map(({ backup, reasons }) => ({ id: backup.id, reasons })), errors };
  };

  const scheduled = async (signal: AbortSignal): Promise<void> => {
    const made = await make({ cause: 'schedule', signal });
    if (made.state !== 'failed') await run(prune, signal);
  };

  const isDue = (): boolean => {
    const { schedule, lastRun } = store.backups.plan();
    if (schedule === null) return false;
    const now = clock.now();
    // A clock that was set back must not put off the next one for long.
    const due = dueAfter(schedule, Math.min(lastRun ?? now, now));
    return due !== null && due <= now;
  };

  /** Of several processes that watch the schedule, one takes the run. */
  const claimDue = (): boolean =>
    isDue() &&
    store.sync.batch(() => {
      if (!isDue()) return false;
      store.backups.setPlan({ lastRun: clock.now() });
      return true;
    });

  const sendWaiting = async (signal?: AbortSignal): Promise<void> => {
    if (waiting(parts).length === 0 || targetOf(parts).client === null) return;
    await run(async (stop) => {
      if ((await send(stop)) === null) store.backups.setPlan({ failure: null });
    }, signal).catch((error: unknown) =>
      logFile.write('warn', 'backups wait on', { reason: asAppError(error).message }),
    );
  };

  return {
    parts,
    make,
    passphrase,
    sendWaiting,
    verify: (which, options) =>
      run(async (signal) => {
        const rows = which === 'all' ? store.backups.all() : [rowNamed(parts, which)];
        const checked: BackupRow[] = [];
        for (const row of rows) checked.push(await verifyRow(row, options, signal));
        const bad = checked.filter((row) => row.state === 'failed').length;
        return {
          ok: bad === 0,
          verified: checked.length - bad,
          failed: bad,
          backups: checked.map((row) => backupView(parts, row)),
        };
      }, options.signal),
    prune: (dryRun) => {
      if (!dryRun) return run(prune);
      const { keep, remove } = retention(parts);
      return Promise.resolve({
        dryRun: true,
        removed: remove.map((row) => backupView(parts, row)),
        kept: keep.map(({ backup, reasons }) => ({ id: backup.id, reasons })),
        errors: [],
      });
    },
    extract: (id, folder, options) =>
      run(async (signal) => {
        const row = rowNamed(parts, id);
        const done = await extract(parts, row, folder, { passphrase: passphrase(options.passphrase), signal });
        return { id: row.id, folder, ...done };
      }, options.signal),
    refresh: () => run(() => refresh(parts)),
    async watch(signal) {
      let busy = false;
      const look = async (): Promise<void> => {
        if (busy) return;
        busy = true;
        try {
          if (claimDue()) await scheduled(signal);
        } catch (error) {
          // Told already; the schedule goes on.
          logFile.write('warn', 'the scheduled backup failed', { reason: asAppError(error).message });
        } finally {
          busy = false;
        }
      };
      const timer = setInterval(() => void look(), LOOK);
      const unsubscribe = events.subscribe((event) => {
        if (event.kind === 'pass-finished') void sendWaiting(signal);
      });
      await aborted(signal);
      clearInterval(timer);
      unsubscribe();
      await turn;
    },
    cancel() {
      current?.abort();
      return current !== null;
    },
    close: () => lock.close(),
  };
}

function madeText(row: BackupRow, warnings: readonly string[], seconds: string): string {
  const verified = row.state === 'verified' ? ' and verified' : '';
  return [`The backup ${row.id} was made${verified} in ${seconds} s.`, ...warnings].join(' ');
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
