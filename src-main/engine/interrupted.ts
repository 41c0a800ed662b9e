// Uploads and new folders whose answer was lost (a cut connection, a crash) and which arrived all the same: agreed upon at
// the place for which they were meant, so that what people did with the document since is a move, an edit or a deletion,
// and never a second document. The intent is the task itself: the queue is written before the request goes out.
// Called by pass.ts before each plan.

import { baseName, parentPath, type RelPath, type RemoteId, type SyncedId } from '../../src-shared/domain.ts';
import { nameKey } from '../../src-shared/names.ts';
import type { Operation, RemoteEntry, SyncedEntry } from '../sync/model.ts';
import type { EngineParts } from './parts.ts';
import type { ClientRow, CloudStore, SyncStore } from './ports.ts';

type Upload = Extract<Operation, { kind: 'remote.upload' }>;
type Folder = Extract<Operation, { kind: 'remote.folder' }>;

/** Answers how many were agreed upon. Faults: those of CloudStore.lookup. */
export async function adoptInterrupted({ store }: EngineParts, client: ClientRow, cloud: CloudStore): Promise<number> {
  const intents = store.interrupted(client.id).filter(isIntent);
  if (intents.length === 0) return 0;
  // Folders first: what was put into them is agreed upon below them.
  intents.sort(
    (a, b) => Number(a.kind === 'remote.upload') - Number(b.kind === 'remote.upload') || depth(a) - depth(b),
  );
  const base = new Base(store, client);
  let adopted = 0;
  for (const intent of intents) {
    const arrived = base.arrived(intent) ?? (await lookFor(store, client, cloud, base, intent));
    if (arrived !== null && base.agree(intent, arrived)) adopted++;
  }
  return adopted;
}

function isIntent(operation: Operation): operation is Upload | Folder {
  return operation.kind === 'remote.folder' || operation.kind === 'remote.upload';
}

function depth({ remotePath }: Operation): number {
  return remotePath.split('/').length;
}

/** The feed may not have told yet. Only where the document is no longer at its place here does it make a difference. */
async function lookFor(
  store: SyncStore,
  client: ClientRow,
  cloud: CloudStore,
  base: Base,
  intent: Upload | Folder,
): Promise<RemoteEntry | null> {
  if (intent.kind === 'remote.upload' && intent.replaces !== null) return null;
  if (store.entry(intent.localId)?.path === intent.path) return null;
  if (store.remoteAt(client.id, keyOf(intent.remotePath)) !== null) return null;
  const found = await cloud.lookup({ path: intent.remotePath });
  return found?.inside === true && base.fits(intent, found.entry) ? found.entry : null;
}

/** What the merge base says of Dropbox's entries while it grows. */
class Base {
  readonly #store: SyncStore;
  readonly #client: ClientRow;
  readonly #byRemote: Map<RemoteId, SyncedEntry>;
  /** What the client left to another one is none of its business, see `SyncStore.remoteTree`. */
  #remote: readonly RemoteEntry[] | null = null;

  constructor(store: SyncStore, client: ClientRow) {
    this.#store = store;
    this.#client = client;
    this.#byRemote = new Map(store.syncedTree(client.id).map((entry) => [entry.remoteId, entry]));
  }

  /**
   * What Dropbox has of it, as far as the feed has told: at its place, or moved from there by somebody. Of the latter the
   * content and the time that went with it are the proof; what is taken for it wrongly is a copy of the very same file.
   */
  arrived(intent: Upload | Folder): RemoteEntry | null {
    if (intent.kind === 'remote.upload' && intent.replaces !== null) {
      const { id } = intent.replaces;
      const replaced = this.#tree().find((entry) => entry.id === id);
      return replaced !== undefined && this.fits(intent, replaced) ? replaced : null;
    }
    const there = this.#tree().find((entry) => entry.pathLower === keyOf(intent.remotePath));
    if (there !== undefined && this.fits(intent, there)) return there;
    if (intent.kind === 'remote.folder' || intent.size === 0) return null;
    const sent = this.#store.entry(intent.localId);
    if (sent === null || sent.hash !== intent.hash) return null;
    const moved = this.#tree().filter(
      (entry) => this.fits(intent, entry) && wholeSeconds(entry.modified) === wholeSeconds(sent.modified),
    );
    return moved.length === 1 ? (moved[0] ?? null) : null;
  }

  /** Of what Dropbox has, that which the merge base did not know when it was first asked for. */
  #tree(): readonly RemoteEntry[] {
    this.#remote ??= this.#store.remoteTree(this.#client.id).filter((entry) => !this.#byRemote.has(entry.id));
    return this.#remote;
  }

  fits(intent: Upload | Folder, entry: RemoteEntry): boolean {
    if (this.#byRemote.has(entry.id)) return false;
    if (intent.kind === 'remote.folder') {
      const isReserved = this.#store.reservedFolders(this.#client.id).some(({ id }) => id === entry.id);
      return entry.kind === 'folder' && !isReserved && this.#store.entry(intent.localId) !== null;
    }
    return entry.kind === 'file' && entry.hash === intent.hash;
  }

  /** False where the folder above it is not agreed upon itself. */
  agree(intent: Upload | Folder, entry: RemoteEntry): boolean {
    const above = this.#folderOf(intent.remotePath);
    if (above === undefined) return false;
    const name = baseName(intent.remotePath);
    const rest = {
      localId: intent.localId,
      remoteId: entry.id,
      localName: baseName(intent.path),
      remoteName: nameKey(entry.name) === nameKey(name) ? entry.name : name,
      rev: entry.rev,
      hash: entry.hash,
      size: entry.size,
    };
    this.#store.record(this.#client.id, [
      { kind: 'remote.put', entry },
      { kind: 'synced.put', entryKind: entry.kind, localParentId: above?.localId ?? null, ...rest },
    ]);
    this.#byRemote.set(entry.id, { id: 0 as SyncedId, parentId: above?.id ?? null, kind: entry.kind, ...rest });
    this.#store.log({
      level: 'info',
      clientId: this.#client.id,
      direction: 'direct',
      kind: 'adopt',
      path: intent.path,
      bytes: null,
      duration: null,
      result: 'done',
      reason: 'same-content',
    });
    return true;
  }

  /** Null at the top; undefined where the merge base does not know the folder. */
  #folderOf(path: RelPath): SyncedEntry | null | undefined {
    const above = parentPath(path);
    if (above === '') return null;
    const folder = this.#store.remoteAt(this.#client.id, keyOf(above));
    return folder === null ? undefined : this.#byRemote.get(folder.id);
  }
}

function keyOf(path: RelPath): RelPath {
  return path.split('/').map(nameKey).join('/') as RelPath;
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
