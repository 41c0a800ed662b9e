// The application service over the document store and the engine: each method of service.ts, in a few lines each; the
// longer ones stand in files of their own beside this one. Made by compose.ts, once a data folder.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_NAME, type DocumentStore } from '../store/open-store.ts';
import { addFolder, listPath } from './tree.ts';
import { attachFiles } from './attach.ts';
import { bulkOf, type BulkService } from './bulk-service.ts';
import { addClient, removeClient, setPaused } from './accounts.ts';
import { connectClient, replaceToken } from './connecting.ts';
import { connectionOf, type ConnectionService } from './connection-service.ts';
import { checkDocumentsFolder, inspectDocuments } from './documents-folder.ts';
import { removeType, renameType, typeUse } from './document-types.ts';
import { withAppErrors } from './errors.ts';
import { findRecords } from './find-records.ts';
import { filesOf, type FilesService } from './files-service.ts';
import { figuresOf, type FiguresService } from './figures-service.ts';
import { backupOf, type BackupService } from './backup-service.ts';
import { backupStatus } from './backup-views-of.ts';
import { bandwidthOf, type BandwidthService } from './bandwidth-service.ts';
import { keepingOf, type KeepingService } from './keeping-service.ts';
import { linksOf, type LinksService } from './links-service.ts';
import { logOf, type LogService } from './log-service.ts';
import { notifyOf, type NotifyService } from './notify-service.ts';
import { previewPlans } from './preview.ts';
import { importColumns, importRecords } from './record-import.ts';
import { reasonText } from './reasons.ts';
import { withRecords } from './recorded.ts';
import { scheduleOf, type ScheduleService } from './schedule-service.ts';
import { AppError } from './service.ts';
import type { PassLock } from '../infra/pass-lock.ts';
import { clientView, recordView, ruleView, taskView } from './views-of.ts';
import type { LocalId } from '../../src-shared/domain.ts';
import type { StatusView } from '../../src-shared/views.ts';
import type { EngineParts } from '../engine/parts.ts';
import type { Clouds, CloudParts } from './clouds.ts';
import type { Events } from './events.ts';
import type { PassParts } from './one-pass.ts';
import type { Passes } from './passes.ts';
import type { AppService, RecordView } from './service.ts';
import type { LocalFolder } from './local-folder.ts';
import { addTypes, addTypeSet, typeSets } from './type-sets.ts';
import { makeWatches } from './watches.ts';

/** Everything that is open once a data folder is in use. */
export interface Workplace extends PassParts, CloudParts {
  readonly documents: string;
  readonly dataFolder: string;
  /** Held by the process that runs an import or export. */
  readonly bulkLock: PassLock;
  readonly clouds: Clouds;
  readonly passes: Passes;
  readonly folder: LocalFolder;
  /** For a store other than the one in use. */
  readonly planBeside: (store: DocumentStore) => NonNullable<EngineParts['planBeside']>;
  /** Text of the ignore file in the documents folder; empty where there is none. */
  readonly ignoreText: () => string;
  close(): Promise<void>;
}

export interface ServiceParts {
  readonly dataFolder: string;
  readonly events: Events;
  readonly tokensKept: () => 'owner-only-file' | 'keyring';
  /** What the settings know of the store, where the database does not answer. */
  readonly known: () => { readonly storeId: string | undefined; readonly documents: string | undefined };
  /** Opens store, folder and engine; null where the store knows no documents folder yet. */
  readonly open: () => Workplace | null;
  /** Makes the store and gives it its documents folder. */
  readonly create: (documents: string) => Promise<Workplace>;
}

/** Everything that Docktide can do. */
export type DocktideService = AppService &
  BandwidthService &
  ScheduleService &
  ConnectionService &
  KeepingService &
  LinksService &
  LogService &
  NotifyService &
  FilesService &
  BulkService &
  FiguresService &
  BackupService;

export function makeService(parts: ServiceParts): DocktideService {
  let workplace: Workplace | null = null;
  let closed = false;

  const find = (): Workplace | null => {
    if (closed) throw new AppError('closed', 'Docktide is closing. Start it again.');
    if (workplace === null && existsSync(join(parts.dataFolder, DATABASE_NAME))) workplace = parts.open();
    return workplace;
  };
  const use = (): Workplace => {
    const found = find();
    if (found !== null) return found;
    throw new AppError(
      'not-initialised',
      `There is no document store in ${parts.dataFolder} yet. Run: docktide init --documents DIR.`,
    );
  };

  const watches = makeWatches();
  const backup = backupOf(use, {
    dataFolder: parts.dataFolder,
    known: parts.known,
    use,
    stopWatching: () => watches.stop(),
    async leave() {
      await workplace?.close();
      workplace = null;
    },
  });

  const service: DocktideService = {
    dataFolder: parts.dataFolder,
    initialised: () => find() !== null,
    async init(documents) {
      const present = find();
      if (present === null) {
        checkDocumentsFolder(documents, parts.dataFolder);
        workplace = await parts.create(documents);
      } else if (present.documents !== documents) {
        throw new AppError(
          'already-initialised',
          `This data folder keeps the documents in ${present.documents} already. Use another --data folder for ${documents}.`,
        );
      } else await present.folder.claim();
      return statusOf(use());
    },
    inspectDocuments: (documents) => inspectDocuments(documents, parts.dataFolder, parts.known().storeId),
    status: () => statusOf(use()),
    tokensKept: parts.tokensKept,

    ...catalogOf(use),
    ...clientsOf(use),
    ...connectionOf(use, parts),
    ...bandwidthOf(use),
    ...scheduleOf(use),
    ...keepingOf(use),
    ...linksOf(use),
    ...filesOf(use),
    ...bulkOf(use),
    ...notifyOf(use),
    ...figuresOf(use),
    ...logOf(use, parts),

    folders: () =>
      use()
        .store.listing.list()
        .filter((entry) => isAssigned(use(), entry.id) && entry.kind === 'folder'),
    addFolder: (path, client) => addFolder(use(), path, client),
    attach: (files, target) => attachFiles(use(), files, target),
    list: (path) => listPath(use(), path),
    children: (folderId) => use().store.listing.children(folderId as LocalId | null),
    childIds: (folderId, only, limit) => use().store.listing.childIds(folderId as LocalId | null, only, limit),
    childCount: (folderId) => use().store.listing.childCount(folderId as LocalId | null),
    entries: (ids) => use().store.listing.viewsOf(ids as readonly LocalId[]),
    entry: (id) => use().store.listing.view(id as LocalId),
    search: (text, limit) => use().store.search({ text, ...(limit === undefined ? {} : { limit }) }),

    plan: (client) => previewPlans(use(), client),
    async sync(options) {
      const report = await use().passes.sync(options ?? {});
      if (options?.prepareOnly !== true) await backup.afterSync(options?.signal);
      return report;
    },
    watch: (signal) => watches.run(signal, (stop) => [use().passes.watch(stop), backup.watch(stop)]),
    ...backup.service,
    // A continuous run goes on with the restored store.
    restoreBackup: (which, options) => watches.pauseFor(backup.service.restoreBackup(which, options)),
    queue(options) {
      const { store } = use();
      const names = new Map(store.sync.clients().map((client) => [client.id, client.name]));
      return store.listing.queue(options ?? {}).map((task) => taskView(task, names.get(task.clientId) ?? ''));
    },
    conflicts: () =>
      use()
        .store.keepsakes.openConflicts()
        .map(({ id, client, path, copy, foundAt, reason }) => ({
          id,
          client,
          path,
          copy,
          foundAt,
          reason: reasonText(reason),
        })),

    subscribe: (listener) => parts.events.subscribe(listener),
    async close() {
      closed = true;
      backup.close();
      await workplace?.close();
      workplace = null;
    },
  };
  return withAppErrors(withRecords(service, () => (closed ? null : find())));
}

function isAssigned({ store }: Workplace, id: number): boolean {
  const row = store.entries.get(id as LocalId);
  return row !== null && row.client_id !== null && row.role === 'manual';
}

function statusOf({ store, documents }: Workplace): StatusView {
  const clients = store.sync.clients().map((client) => clientView(store, client));
  const sum = (key: 'pending' | 'held' | 'failed' | 'conflicts') =>
    clients.reduce((total, client) => total + client[key], 0);
  return {
    documents,
    clients,
    counts: {
      ...store.listing.counts(),
      pending: sum('pending'),
      held: sum('held'),
      failed: sum('failed'),
      conflicts: sum('conflicts'),
    },
    unconverted: store.keeping.unconverted(),
    handovers: store.keeping.handovers().map(({ entryId, from, to }) => ({
      path: store.entries.pathOf(entryId),
      from: store.sync.client(from)?.name ?? '',
      to: store.sync.client(to)?.name ?? '',
    })),
    backup: backupStatus(store),
  };
}

type CatalogMethods = Pick<
  AppService,
  | 'types'
  | 'addType'
  | 'typeUse'
  | 'renameType'
  | 'removeType'
  | 'typeSets'
  | 'addTypeSet'
  | 'addTypes'
  | 'records'
  | 'findRecords'
  | 'record'
  | 'addRecord'
  | 'renameRecord'
  | 'archiveRecord'
  | 'removeRecord'
  | 'importRecords'
  | 'importColumns'
  | 'rules'
  | 'addRule'
  | 'updateRule'
  | 'removeRule'
>;

function catalogOf(use: () => Workplace): CatalogMethods {
  /** Folders follow at once where no pass of another process is at work; else that pass, or the next, makes them. */
  const settled = async (place: Workplace): Promise<void> => {
    await place.passes.whenFree(() => place.folder.followCatalog());
  };
  const viewed = async (place: Workplace, type: string, ref: string): Promise<RecordView> => {
    await settled(place);
    return recordView(place.store, place.store.catalog.record(type, ref));
  };
  return {
    types: () =>
      use()
        .store.catalog.types()
        .map(({ name, label, records }) => ({ name, label, records })),
    addType(name, label) {
      const type = use().store.catalog.addType(name, label);
      return { name: type.name, label: type.label, records: type.records };
    },
    typeUse: (name) => typeUse(use(), name),
    renameType: (name, change) => renameType(use(), name, change),
    removeType: (name) => removeType(use(), name),
    typeSets: async (language) => typeSets(use(), language),
    addTypeSet: async (id, client, options = {}) => addTypeSet(use(), id, client, options),
    addTypes: async (client, drafts) => addTypes(use(), client, drafts),
    records(type) {
      const { store } = use();
      return store.catalog.records(type).map((record) => recordView(store, record));
    },
    findRecords: (query) => findRecords(use().store, query),
    record(type, ref) {
      const { store } = use();
      return recordView(store, store.catalog.record(type, ref));
    },
    addRecord(type, ref, name, fields) {
      const place = use();
      place.store.catalog.addRecord({ type, ref, name, fields });
      return viewed(place, type, ref);
    },
    renameRecord(type, ref, name) {
      const place = use();
      place.store.catalog.renameRecord(type, ref, name);
      return viewed(place, type, ref);
    },
    archiveRecord(type, ref) {
      const { store } = use();
      return recordView(store, store.catalog.archiveRecord(type, ref));
    },
    async removeRecord(type, ref) {
      const place = use();
      const view = recordView(place.store, place.store.catalog.record(type, ref));
      place.store.catalog.removeRecord(type, ref);
      await settled(place);
      return view;
    },
    async importRecords(csvFile, options = {}) {
      const place = use();
      const report = await importRecords(place.store, csvFile, options);
      if (options.preview !== true) await settled(place);
      return report;
    },
    importColumns: (csvFile) => importColumns(csvFile),
    rules: () => use().store.catalog.rules().map(ruleView),
    async addRule(type, client, options) {
      const place = use();
      const rule = place.store.catalog.addRule({ type, client, ...options });
      await settled(place);
      return ruleView(rule);
    },
    async updateRule(id, options) {
      const place = use();
      const rule = place.store.catalog.updateRule(id, options);
      await settled(place);
      return ruleView(rule);
    },
    async removeRule(id) {
      const place = use();
      const rule = place.store.catalog.removeRule(id);
      await settled(place);
      return ruleView(rule);
    },
  };
}

type ClientMethods = Pick<
  AppService,
  'clients' | 'addClient' | 'connectClient' | 'replaceToken' | 'pauseClient' | 'resumeClient' | 'removeClient'
>;

function clientsOf(use: () => Workplace): ClientMethods {
  return {
    clients() {
      const { store } = use();
      return store.sync.clients().map((client) => clientView(store, client));
    },
    addClient: (name, root, credentials, options) => addClient(use(), name, root, credentials, options),
    connectClient: (name, options) => connectClient(use(), name, options),
    replaceToken: (name, token) => replaceToken(use(), name, token),
    pauseClient: (name) => setPaused(use(), name, true),
    resumeClient: (name) => setPaused(use(), name, false),
    removeClient: (name) => removeClient(use(), name),
  };
}
