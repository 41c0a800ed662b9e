// Rows of backups as the command line and the window see them, and the backup that a person means.

import { parseFileName, fileNameOf } from '../backup/names.ts';
import { isOwn, learnFromFeed, targetOf, waiting, type BackupParts } from '../backup/backups.ts';
import { manifestSchema } from '../backup/manifest.ts';
import { DEFAULT_POLICY } from '../backup/retention.ts';
import { dueAfter } from '../backup/schedule.ts';
import { iso } from '../store/keepsakes.ts';
import { AppError } from './service.ts';
import type { BackupSettings, BackupStatus, BackupView } from '../../src-shared/backup-views.ts';
import type { BackupRow } from '../store/backups.ts';
import type { DocumentStore } from '../store/open-store.ts';

type StorePart = Pick<BackupParts, 'store'>;

export function backupView(parts: StorePart, row: BackupRow): BackupView {
  const { store } = parts;
  const client = row.clientId === null ? null : store.sync.client(row.clientId);
  return {
    id: row.id,
    name: fileNameOf(row.id, row.encrypted),
    madeAt: iso(row.madeAt),
    age: Math.max(0, Math.floor((store.now() - row.madeAt) / 1000)),
    size: row.size,
    state: row.state,
    verifiedAt: row.verifiedAt === null ? null : iso(row.verifiedAt),
    error: row.error,
    encrypted: row.encrypted,
    where: row.remoteId === null ? 'here' : row.here ? 'both' : 'dropbox',
    client: client?.name ?? null,
    cause: row.cause,
    own: isOwn(parts, row.id),
    content: contentOf(row),
  };
}

function contentOf(row: BackupRow): BackupView['content'] {
  const manifest = row.manifest === null ? null : manifestSchema.safeParse(JSON.parse(row.manifest)).data;
  if (manifest === null || manifest === undefined) return null;
  const { version, computer, database } = manifest;
  return {
    version,
    computer,
    schema: database.schema,
    databaseSize: database.size,
    records: database.counts['records'] ?? 0,
    files: database.counts['entries'] ?? 0,
    sources: manifest.sources.map(({ name, files, bytes }) => ({ name, files, bytes })),
  };
}

/** Newest first. */
export function backupViews(parts: StorePart): BackupView[] {
  learnFromFeed(parts);
  return parts.store.backups.all().map((row) => backupView(parts, row));
}

/** `newest`, an id, the beginning of one, or the name of a file. Throws AppError 'unknown-backup', 'ambiguous'. */
export function rowNamed({ store }: StorePart, name: string): BackupRow {
  const rows = store.backups.all();
  if (name === 'newest' || name === 'latest') {
    const newest = rows.find((row) => row.state !== 'failed') ?? rows[0];
    if (newest !== undefined) return newest;
    throw new AppError('unknown-backup', 'There is no backup yet. Make one: docktide backup now.');
  }
  const id = parseFileName(name)?.id ?? name;
  const found = rows.filter((row) => row.id.startsWith(id));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (first !== undefined) {
    const names = found.map((row) => row.id).join(', ');
    throw new AppError('ambiguous', `"${name}" is the beginning of several backups: ${names}. Write more of it.`);
  }
  throw new AppError(
    'unknown-backup',
    `There is no backup "${name}". See "docktide backup list", or look in Dropbox with "docktide backup list --refresh".`,
  );
}

export function settingsView(parts: StorePart, passphrase: boolean): BackupSettings {
  const plan = parts.store.backups.plan();
  return {
    schedule: plan.schedule,
    next: nextOf(parts.store),
    target: plan.target,
    client: targetOf(parts).client?.name ?? null,
    verify: plan.verify,
    keep: plan.keep ?? DEFAULT_POLICY,
    passphrase,
  };
}

export function backupStatus(store: DocumentStore): BackupStatus {
  const plan = store.backups.plan();
  const last = store.backups.all().find((row) => isOwn({ store }, row.id));
  return {
    schedule: plan.schedule,
    next: nextOf(store),
    last: last === undefined ? null : { id: last.id, madeAt: iso(last.madeAt), state: last.state },
    waiting: waiting({ store }).length,
    failure: plan.failure === null ? null : { at: iso(plan.failure.at), message: plan.failure.message },
  };
}

function nextOf(store: DocumentStore): string | null {
  const { schedule, lastRun } = store.backups.plan();
  if (schedule === null) return null;
  const due = dueAfter(schedule, Math.min(lastRun ?? store.now(), store.now()));
  return due === null ? null : iso(due);
}
