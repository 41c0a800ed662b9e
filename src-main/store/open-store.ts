// The document store as one object: the engine's SyncStore and everything the application and the connectors use.
// In: where the database is and a clock; out: the store. Joined with a disk and an observer in compose.ts.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ClientId, LocalId } from '../../src-shared/domain.ts';
import type { SyncStore } from '../engine/ports.ts';
import { makeFolder } from '../infra/make-folder.ts';
import { createBandwidthRows, type BandwidthRows } from './bandwidth.ts';
import { createScheduleRow, type ScheduleRow } from './schedule.ts';
import { createBackups, type Backups } from './backups.ts';
import { createCatalog, type Catalog } from './catalog.ts';
import { createClients, type Clients } from './clients.ts';
import { durable, openDatabase, viewDatabase, type Db } from './database.ts';
import { createEntries, type Entries } from './entries.ts';
import { StoreError } from './errors.ts';
import { createBulkJobs, type BulkJobs } from './bulk-jobs.ts';
import { createFileChanges, type FileChanges } from './file-changes.ts';
import { createKeepsakes, type Keepsakes } from './keepsakes.ts';
import { createKeeping, type Keeping } from './keeping.ts';
import { createListing, type Listing } from './listing.ts';
import { createLinks, type Links } from './links.ts';
import { createLogRows, type LogRows } from './log-rows.ts';
import { createNotices, type Notices } from './notices.ts';
import { createSearch, type Search } from './search.ts';
import { createSyncStore } from './sync-store.ts';
import { createUploadMemory, type UploadMemory } from './upload-memory.ts';

export const DATABASE_NAME = 'docktide.sqlite';
export const TRASH_NAME = 'trash';

export interface DocumentStore {
  readonly db: Db;
  /** Told by the marker file of the documents folder. */
  readonly id: string;
  readonly sync: SyncStore;
  readonly backups: Backups;
  readonly bandwidth: BandwidthRows;
  readonly schedule: ScheduleRow;
  readonly catalog: Catalog;
  readonly clients: Clients;
  readonly entries: Entries;
  readonly keepsakes: Keepsakes;
  readonly keeping: Keeping;
  readonly bulkJobs: BulkJobs;
  readonly fileChanges: FileChanges;
  readonly listing: Listing;
  readonly links: Links;
  readonly log: LogRows;
  readonly notices: Notices;
  readonly search: Search;
  readonly uploads: UploadMemory;
  readonly now: () => number;
  /** Absolute path of the documents folder; null before `init`. */
  documents(): string | null;
  setDocuments(absolute: string): void;
  /** Explicit assignment of an entry and what is below it to a client. Throws StoreError 'other-client'. */
  assign(id: LocalId, client: ClientId): void;
  /** Copies the whole database, consistent, while it is in use. */
  backup(file: string): Promise<void>;
  close(): void;
}

/** Throws StoreError 'database-corrupt', 'database-newer', 'database-unreachable'. */
export function openStore(options: { readonly dataFolder: string; readonly now: () => number }): DocumentStore {
  try {
    makeFolder(options.dataFolder);
  } catch (error) {
    throw new StoreError(
      'database-unreachable',
      `The data folder ${options.dataFolder} cannot be made. Check that this user may write there, or choose another with --data.`,
      { cause: error },
    );
  }
  return createStore({ file: join(options.dataFolder, DATABASE_NAME), now: options.now });
}

/** `file` may be ':memory:'. */
export function createStore(options: {
  readonly file: string;
  readonly now: () => number;
  /** For stores that must be the same in every run. */
  readonly id?: string;
}): DocumentStore {
  return storeOver(openDatabase(options.file), options);
}

/** The store over a database that is open and migrated. */
export function storeOver(db: Db, options: { readonly now: () => number; readonly id?: string }): DocumentStore {
  db.prepare(`INSERT INTO meta VALUES ('store', ?) ON CONFLICT (key) DO NOTHING`).run(options.id ?? randomUUID());
  return storeOn(db, options.now);
}

/** To read only, beside the one that writes. Throws StoreError 'database-unreachable'. */
export function viewStore(options: { readonly file: string; readonly now: () => number }): DocumentStore {
  return storeOn(viewDatabase(options.file), options.now);
}

function storeOn(db: Db, now: () => number): DocumentStore {
  const getMeta = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?');
  const setMeta = db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  const entries = createEntries(db, now);
  const logRows = createLogRows(db, now);
  const keepsakes = createKeepsakes(db, entries, logRows, now);
  const links = createLinks(db, entries, now);
  const notices = createNotices(db, now);
  const listing = createListing(db, entries, keepsakes);

  return {
    db,
    id: getMeta.get('store')?.value ?? '',
    sync: createSyncStore(db, entries, keepsakes, links, notices, now),
    backups: createBackups(db, now),
    bandwidth: createBandwidthRows(db),
    schedule: createScheduleRow(db),
    catalog: createCatalog(db, now),
    clients: createClients(db, now),
    entries,
    keepsakes,
    log: logRows,
    keeping: createKeeping(db, entries),
    bulkJobs: createBulkJobs(db, now),
    fileChanges: createFileChanges(db, now),
    listing,
    links,
    notices,
    search: createSearch(db, entries, listing),
    uploads: createUploadMemory(db, now),
    now,
    documents: () => getMeta.get('documents')?.value ?? null,
    setDocuments: (absolute) => {
      durable(db, () => setMeta.run('documents', absolute));
    },
    assign: (id, client) => {
      const owner = entries.clientOf(id);
      // What a removed client left apart is taken up by the one that a person names.
      durable(db, () => db.prepare(`UPDATE entries SET flow = NULL WHERE id = ? AND flow = 'off'`).run(id));
      if (owner === client) {
        if (entries.get(id)?.parent_id === null) entries.assign(id, client);
        return;
      }
      if (owner !== null) {
        throw new StoreError(
          'other-client',
          `"${entries.pathOf(id)}" belongs to another client already. Choose a folder outside that client's folders.`,
        );
      }
      durable(db, () => entries.assign(id, client));
    },
    backup: async (file) => {
      await db.backup(file);
    },
    close: () => db.close(),
  };
}
