// Uploads and new folders whose answer was lost (a cut connection, a crash) and which arrived all the same: agreed upon at
// the place for which they were meant, so that what people did with the document since is a move, an edit or a deletion,
// and never a second document. The intent is the task itself: the queue is written before the request goes out, and keeps
// it for a few looks when the plan has become another.
// Called by pass.ts before each plan.

import {
  baseName,
  parentPath,
  type LocalId,
  type RelPath,
  type RemoteId,
  type SyncedId,
} from '../../src-shared/domain.ts';
import { nameKey } from '../../src-shared/names.ts';
import type { Operation, RemoteEntry, SyncedEntry } from '../sync/model.ts';
import type { EngineParts } from './parts.ts';
import { type ClientRow, type CloudStore, Fault, type SyncStore } from './ports.ts';

type Upload = Extract<Operation, { kind: 'remote.upload' }>;
type Folder = Extract<Operation, { kind: 'remote.folder' }>;

/** What the merge base learns: the entry in Dropbox, in the version that was sent. */
type Sent = Pick<RemoteEntry, 'rev' | 'hash' | 'size'>;

/** Answers how many were agreed upon. Faults: those of CloudStore.lookup. */
export async function adoptInterrupted({ store }: EngineParts, client: ClientRow, cloud: CloudStore): Promise<number> {
  const tasks = store.interrupted(client.id);
  const intents = tasks.flatMap(({ taskId, operation }) =>
    isIntent(operation) ? [{ taskId, intent: operation }] : [],
  );
  if (intents.length === 0) return 0;
  // Folders first: what was put into them is agreed upon below them.
  intents.sort(
    (a, b) =>
      Number(a.intent.kind === 'remote.upload') - Number(b.intent.kind === 'remote.upload') ||
      depth(a.intent) - depth(b.intent),
  );
  const base = new Base(store, client);
  let adopted = 0;
  for (const { taskId, intent } of intents) {
    if (base.knowsBetter(intent)) {
      store.lookedFor(taskId, 'settled');
      continue;
    }
    const edited = base.editedBy(intent);
    const found =
      edited === null ? await adoptNew(store, client, cloud, base, intent) : await adoptEdit(cloud, base, edited);
    if (found) adopted++;
    store.lookedFor(taskId, found ? 'settled' : 'in-vain');
  }
  return adopted;
}

/**
 * An edit that was sent as a document of its own, because Dropbox had moved the one that both sides knew to a name that
 * is taken here (`#splitEdited` in sync/places.ts): the merge base still pairs it with that one.
 */
function isPartedEdit(intent: Upload | Folder, known: SyncedEntry): boolean {
  if (intent.kind === 'remote.folder' || intent.replaces !== null) return false;
  return intent.reason === 'edit-survives-deletion' && known.hash !== intent.hash;
}

function isIntent(operation: Operation): operation is Upload | Folder {
  return operation.kind === 'remote.folder' || operation.kind === 'remote.upload';
}

function depth({ remotePath }: Operation): number {
  return remotePath.split('/').length;
}

async function adoptNew(
  store: SyncStore,
  client: ClientRow,
  cloud: CloudStore,
  base: Base,
  intent: Upload | Folder,
): Promise<boolean> {
  const arrived = base.arrived(intent) ?? (await lookFor(store, client, cloud, base, intent));
  return arrived !== null && base.agree(intent, arrived);
}

/** The feed may not have told yet. Only where the document would be sent to another place does it make a difference. */
async function lookFor(
  store: SyncStore,
  client: ClientRow,
  cloud: CloudStore,
  base: Base,
  intent: Upload | Folder,
): Promise<RemoteEntry | null> {
  if (isAtPlace(store, client, intent)) return null;
  const replaced = intent.kind === 'remote.upload' ? intent.replaces : null;
  if (replaced === null && store.remoteAt(client.id, keyOf(intent.remotePath)) !== null) return null;
  const found = await cloud.lookup(replaced === null ? { path: intent.remotePath } : { id: replaced.id });
  return found?.inside === true && base.fits(intent, found.entry) ? found.entry : null;
}

/** Here, and so is its folder in Dropbox. */
function isAtPlace(store: SyncStore, client: ClientRow, intent: Upload | Folder): boolean {
  const here = store.entry(intent.localId);
  if (here === null || here.path !== intent.path) return false;
  if (here.parentId === null) return true;
  const above = store.syncedOf(client.id, here.parentId);
  if (above === null) return true;
  return store.remoteEntry(client.id, above.remoteId)?.pathLower === keyOf(parentPath(intent.remotePath));
}

/** An edit of a document that both sides know, and what Dropbox has of it now. */
interface Edit {
  readonly intent: Upload;
  readonly known: SyncedEntry;
  readonly there: RemoteEntry;
}

/**
 * An edit that arrived is agreed upon, also where somebody has edited it there since: then Dropbox has it among its
 * versions, later than the one that it was to replace. A deletion here, or another edit, is thus one of what was sent.
 */
async function adoptEdit(cloud: CloudStore, base: Base, edit: Edit): Promise<boolean> {
  const { intent, known, there } = edit;
  // Nothing has come, as far as the feed has told.
  if (there.rev === known.rev) return false;
  if (there.hash === intent.hash) return base.agreeOnEdit(edit, there);
  try {
    let isTold = false;
    for (const { rev, hash } of await cloud.versions(there.id)) {
      if (rev === known.rev) return false;
      isTold ||= rev === there.rev;
      if (hash !== intent.hash) continue;
      const sent = { rev, hash, size: intent.size };
      // What the feed has told is older than what was sent: it would come here as an edit of it.
      return base.agreeOnEdit(isTold ? edit : { ...edit, there: { ...there, ...sent } }, sent);
    }
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable || error.code === 'login-lost') throw error;
  }
  return false;
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

  /** Since it was sent, the document has been agreed upon in another way. */
  knowsBetter(intent: Upload | Folder): boolean {
    const known = this.#store.syncedOf(this.#client.id, intent.localId);
    if (known === null || this.#store.remoteEntry(this.#client.id, known.remoteId) === null) return false;
    if (isPartedEdit(intent, known)) return false;
    if (intent.kind === 'remote.folder' || intent.replaces === null) return true;
    // In a conflict it replaces a version that was never agreed upon: the versions tell which is later.
    if (intent.reason === 'both-changed') return false;
    return known.remoteId === intent.replaces.id && known.rev !== intent.replaces.rev;
  }

  editedBy(intent: Upload | Folder): Edit | null {
    if (intent.kind === 'remote.folder' || intent.replaces === null) return null;
    const { id } = intent.replaces;
    const known = this.#byRemote.get(id);
    const there = this.#store.remoteEntry(this.#client.id, id);
    if (known === undefined || known.localId !== intent.localId || there === null) return null;
    return { intent, known, there };
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
    const above = this.#folderOf(intent);
    if (above === undefined) return false;
    const name = baseName(intent.remotePath);
    this.#put(intent, entry, {
      localParentId: above?.localId ?? null,
      localName: baseName(intent.path),
      remoteName: nameKey(entry.name) === nameKey(name) ? entry.name : name,
    });
    return true;
  }

  /** The place stays as it was agreed upon. */
  agreeOnEdit({ intent, known, there }: Edit, sent: Sent): true {
    const above = [...this.#byRemote.values()].find(({ id }) => id === known.parentId);
    const { localName, remoteName } = known;
    this.#put(intent, there, { localParentId: above?.localId ?? null, localName, remoteName }, sent);
    return true;
  }

  #put(
    intent: Upload | Folder,
    entry: RemoteEntry,
    place: Pick<SyncedEntry, 'localName' | 'remoteName'> & { readonly localParentId: LocalId | null },
    { rev, hash, size }: Sent = entry,
  ): void {
    const { id: remoteId, kind: entryKind } = entry;
    this.#store.record(this.#client.id, [
      { kind: 'remote.put', entry },
      { kind: 'synced.put', localId: intent.localId, remoteId, entryKind, rev, hash, size, ...place },
    ]);
    const known = this.#store.syncedThere(this.#client.id, remoteId);
    if (known !== null) this.#byRemote.set(remoteId, known);
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
  }

  /**
   * The folder that it was put into: the one at that place in Dropbox, or, where somebody moved that away and an upload
   * made another on its way, the one that was there before. Null at the top; undefined where the merge base knows none.
   */
  #folderOf({ remotePath }: Upload | Folder): SyncedEntry | null | undefined {
    const above = parentPath(remotePath);
    if (above === '') return null;
    const folder = this.#store.remoteAt(this.#client.id, keyOf(above));
    return (folder === null ? undefined : this.#byRemote.get(folder.id)) ?? this.#folderBefore(above);
  }

  #folderBefore(path: RelPath): SyncedEntry | undefined {
    const known = [...this.#byRemote.values()].filter(({ kind }) => kind === 'folder');
    let at: SyncedEntry | undefined;
    for (const name of path.split('/')) {
      const above: SyncedId | null = at?.id ?? null;
      at = known.find(({ parentId, remoteName }) => parentId === above && nameKey(remoteName) === nameKey(name));
      if (at === undefined) return undefined;
    }
    return at;
  }
}

function keyOf(path: RelPath): RelPath {
  return path.split('/').map(nameKey).join('/') as RelPath;
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
