// The only place where parts are constructed and joined: store, documents folder, engine, Dropbox, application service.
// Called by the command line, the window's shell, the demonstration and the tests.

import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type RelPath } from '../src-shared/domain.ts';
import { openClouds } from './app/clouds.ts';
import { homeAddresses } from './app/home-address.ts';
import { makeService, type DocktideService, type Workplace } from './app/docktide.ts';
import { makeEvents, type Events } from './app/events.ts';
import { makeLocalFolder } from './app/local-folder.ts';
import { checkedOrigin } from './app/origin.ts';
import { makeLogFeed } from './app/log-feed.ts';
import { makeNoticeFeed } from './app/notices.ts';
import { makePasses } from './app/passes.ts';
import { planBeside } from './app/plan-beside.ts';
import { openFileHasher } from './infra/file-hasher.ts';
import { LocalGate } from './engine/local-gate.ts';
import { systemClock, systemRandom } from './infra/clock.ts';
import { lazyLogFile, type LogFile } from './infra/log-file.ts';
import { makeFolder } from './infra/make-folder.ts';
import { openPassLock } from './infra/pass-lock.ts';
import { openSecrets, plainBox, type SecretBox } from './infra/secrets.ts';
import { openSettings, type Settings } from './infra/settings.ts';
import { IGNORE_FILE, policyOf } from './keeping/policy.ts';
import { initDocuments, NodeDisk } from './store/disk/node-disk.ts';
import { createObserver } from './store/observer.ts';
import { watchDocuments } from './store/watcher.ts';
import { createStore, DATABASE_NAME, openStore, TRASH_NAME, type DocumentStore } from './store/open-store.ts';
import type { EngineParts } from './engine/parts.ts';

/** Bytes beyond which an ignore file is no ignore file. */
const IGNORE_FILE_LIMIT = 256 * 1024;

export interface DocktideOptions {
  /** Absolute path of the folder that holds database, settings, secrets and logs. */
  readonly dataFolder: string;
  /** Where DOCKTIDE_DROPBOX_ORIGIN and tokens kept in variables are looked up; the process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** How tokens are kept; an owner-only file by default. */
  readonly secretBox?: SecretBox;
  readonly settings?: Settings;
}

/** Opens nothing that is not there: before `init` neither database nor folder is made. */
export async function openDocktide(options: DocktideOptions): Promise<DocktideService> {
  const env = options.env ?? process.env;
  const origin = checkedOrigin(env['DOCKTIDE_DROPBOX_ORIGIN']);
  const box = options.secretBox ?? plainBox;
  const settings = options.settings ?? openSettings(options.dataFolder);
  const logFile = lazyLogFile(options.dataFolder);
  const events = makeEvents((error) => logFile.write('error', 'a listener failed', { stack: String(error) }));
  const shared: Shared = { dataFolder: options.dataFolder, env, origin, box, events, logFile };

  return makeService({
    dataFolder: options.dataFolder,
    events,
    tokensKept: () => box.kind,
    known: () => {
      const { storeId, documents } = settings.values();
      return { storeId, documents };
    },
    open: () => {
      const store = openStore({ dataFolder: options.dataFolder, now: () => systemClock.now() });
      const documents = store.documents();
      if (documents !== null) return openWorkplace(shared, store, documents);
      store.close();
      return null;
    },
    create: async (documents) => {
      makeFolder(options.dataFolder);
      // A store that is made anew after its database was lost stays the owner of its documents folder.
      const { storeId } = settings.values();
      const file = join(options.dataFolder, DATABASE_NAME);
      const store = createStore({
        file,
        now: () => systemClock.now(),
        ...(storeId === undefined ? {} : { id: storeId }),
      });
      try {
        await initDocuments(documents, store.id);
        settings.change({ storeId: store.id, documents });
        store.setDocuments(documents);
      } catch (error) {
        store.close();
        throw error;
      }
      return openWorkplace(shared, store, documents);
    },
  });
}

interface Shared {
  readonly dataFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly origin: string | null;
  readonly box: SecretBox;
  readonly events: Events;
  readonly logFile: LogFile;
}

function openWorkplace(options: Shared, store: DocumentStore, documents: string): Workplace {
  const { dataFolder, env, origin, events, logFile } = options;
  const clock = systemClock;
  const random = systemRandom;
  const secrets = openSecrets(dataFolder, options.box);
  const hasher = openFileHasher();
  const disk = new NodeDisk({ root: documents, trashFolder: join(dataFolder, TRASH_NAME), storeId: store.id, hasher });
  const observer = createObserver({ store, disk });
  const gate = new LocalGate();
  const ignoreText = ignoreFileOf(documents);
  const clouds = openClouds({ store, secrets, clock, random, env, origin });
  const policies = { ignoreText, date: () => localDate(clock.now()), platform: process.platform };
  const engine: EngineParts = {
    store: store.sync,
    disk,
    observer,
    cloud: (client) => clouds.of(client),
    clock,
    random,
    policy: (client) => policyOf({ store, ...policies }, client),
    planBeside: planBeside(store, policies),
    urlFor: homeAddresses(store),
    gate,
  };
  const lock = openPassLock(dataFolder, clock);
  const bulkLock = openPassLock(dataFolder, clock, 'bulk.lock');
  const folder = makeLocalFolder({ documents, store, disk, observer, gate });
  const parts = {
    store,
    engine,
    disk,
    lock,
    events,
    logFile,
    notices: makeNoticeFeed(store, events),
    logFeed: makeLogFeed(store, events),
    clouds,
    watchFolder: (onHint: (paths: readonly RelPath[]) => void, onProblem: (message: string) => void) =>
      // What changed between the first pass and the moment when all is being watched is looked for once more.
      watchDocuments({ root: documents, onHint, onProblem, onReady: () => onHint([ROOT]) }),
  };
  return {
    ...parts,
    secrets,
    clock,
    random,
    env,
    origin,
    documents,
    dataFolder,
    bulkLock,
    ignoreText,
    folder,
    planBeside: (other: DocumentStore) => planBeside(other, policies),
    passes: makePasses(parts),
    async close() {
      lock.close();
      bulkLock.close();
      hasher.close();
      store.close();
      logFile.close();
    },
  };
}

/** Text of the ignore file in the documents folder, read again when it has changed; empty where there is none. */
function ignoreFileOf(documents: string): () => string {
  const file = join(documents, IGNORE_FILE);
  let known = { version: '', text: '' };
  return () => {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || stats.size > IGNORE_FILE_LIMIT) return '';
    const version = `${stats.mtimeMs}:${stats.size}:${stats.ino}`;
    if (version !== known.version) known = { version, text: readFileSync(file, 'utf8') };
    return known.text;
  };
}

/** `2026-11-23`, as people here call the day. */
function localDate(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
