// What must always hold once everybody is quiet (SYNC.md, last section). In: the world and the ledger. Throws Violation.
// Called by play.ts.

import { baseName, type LocalId, type RelPath, type RemoteId } from '../../src-shared/domain.ts';
import { isIgnoredName, localNameFor, splitExtension, unmarkedName } from '../../src-shared/names.ts';
import { isAside } from '../../src-main/sync/aside.ts';
import type { LocalEntry } from '../../src-main/sync/model.ts';
import { ROOTS, type Computer, type EngineWorld } from '../support/engine-world.ts';
import { hashOfText, type Ledger, type Quiet } from './ledger.ts';
import { keyOf } from './names.ts';

export class Violation extends Error {}

type Lines = Map<string, string>;

/** Names that tell of a conflict. */
const MADE = / \((conflicted copy from (Dropbox|this computer), [^)]*|case conflict)( \d+)?\)$/i;
const COPY = / \(conflicted copy from Dropbox, [^)]*\)/i;

export async function checkQuiet(
  world: EngineWorld,
  ledger: Ledger,
  passAgain: (computer: Computer, client: number) => Promise<void>,
): Promise<void> {
  for (const computer of world.computers) {
    expectSame(diskLines(computer), rowLines(computer), `disk and rows of computer ${computer.index} differ`);
    for (let client = 0; client < world.clients; client++) {
      const here = linesHere(computer, client);
      const there = linesThere(world, client, computer);
      expectSame(here, there, `computer ${computer.index} and "${ROOTS[client]}" differ`);
      expectAgreed(world, computer, client);
    }
  }
  for (const computer of world.computers) {
    for (let client = 0; client < world.clients; client++) await passAgain(computer, client);
  }
  await expectNoTemps(world);
  for (const computer of world.computers) await expectTrashListed(computer);
  expectNothingLost(world, ledger);
  expectNoDoubles(world, ledger);
  expectUntouched(world, ledger);
  expectStaysDeleted(world, ledger);
  expectConflictsListed(world, ledger);
  ledger.quietNow(snapshot(world));
}

/** The look after the one that found a download given up removes what it left behind. */
async function expectNoTemps(world: EngineWorld): Promise<void> {
  for (const { index, disk } of world.computers) {
    if (disk.temps().length > 0) await world.pass(index);
    if (disk.temps().length > 0) throw new Violation(`temporary files lie about: ${disk.temps().join(', ')}`);
  }
}

/** What the trash lists is there, and nothing lies there that no list knows. */
async function expectTrashListed({ index, disk, store }: Computer): Promise<void> {
  const kept = new Set((await disk.trashed()).map(({ trashKey }) => trashKey));
  for (const { path, trashKey } of store.keepsakes.trashRows()) {
    if (trashKey !== null && !kept.delete(disk.keyInTrash(trashKey)))
      throw new Violation(`computer ${index}: the trash lists "${path}" and does not keep it`);
  }
  for (const key of kept) throw new Violation(`computer ${index}: "${key}" lies in the trash and in no list`);
}

// ---------------------------------------------------------------- invariant 1: all agree

function diskLines({ disk }: Computer): Lines {
  const lines: Lines = new Map();
  for (const [path, hash] of Object.entries(disk.tree())) if (!hasIgnoredName(path)) lines.set(path, hash ?? '/');
  return lines;
}

function rowLines({ store }: Computer): Lines {
  const lines: Lines = new Map();
  for (const row of store.db
    .prepare<[], { id: LocalEntry['id']; kind: string; hash: string | null; present: number; frozen: number }>(
      'SELECT id, kind, hash, present, frozen FROM entries',
    )
    .all()) {
    const path = store.entries.pathOf(row.id);
    if (row.frozen === 1) throw new Violation(`"${path}" is still frozen`);
    if (row.kind === 'folder' || row.present === 1) lines.set(path, row.hash ?? '/');
  }
  return lines;
}

function linesHere({ store, clients, platform }: Computer, client: number): Lines {
  const lines: Lines = new Map();
  const id = clients[client]!;
  const tree = store.sync.localTree(id);
  const byId = new Map(tree.map((entry) => [entry.id, entry]));
  const mark = store.sync.client(id)?.name ?? '';
  /** A name that another client has here too carries this client's name; in Dropbox it does not. */
  const nameOf = (entry: LocalEntry): string => {
    const own = unmarkedName(entry.name, mark);
    const there = own === null ? undefined : store.sync.syncedOf(id, entry.id)?.remoteName;
    const asHere = localNameFor(there ?? '', platform === 'win32' ? 'windows' : 'posix');
    return own !== null && there !== undefined && keyOf(asHere) === keyOf(own) ? own : entry.name;
  };
  const pathOf = (entry: LocalEntry): string => {
    const above = entry.parentId === null ? undefined : byId.get(entry.parentId);
    return above === undefined ? nameOf(entry) : `${pathOf(above)}/${nameOf(entry)}`;
  };
  for (const entry of tree) {
    const path = pathOf(entry);
    if (!hasIgnoredName(path)) lines.set(keyOf(path), entry.kind === 'folder' ? '/' : (entry.hash ?? 'cloud only'));
  }
  return lines;
}

/** After a full comparison: the store knows every name as Dropbox spells it, and both sides agree on how. */
export function expectSpelled(world: EngineWorld): void {
  for (const { index, store, clients } of world.computers) {
    for (const [client, id] of clients.entries()) {
      const known = new Map(store.sync.remoteTree(id).map((entry) => [entry.id, entry]));
      const synced = new Map(store.sync.syncedTree(id).map((entry) => [entry.remoteId, entry]));
      for (const { path, id: remoteId } of world.cloud.entries(ROOTS[client])) {
        const name = path.slice(path.lastIndexOf('/') + 1);
        if (hasIgnoredName(path)) continue;
        const base = synced.get(remoteId);
        if (known.get(remoteId)?.name !== name || (base !== undefined && base.remoteName !== name))
          throw new Violation(
            `computer ${index} knows "${path}" as "${known.get(remoteId)?.name}", "${base?.remoteName}"`,
          );
        const local = base === undefined ? null : store.sync.entry(base.localId);
        if (local !== null && local.name !== base?.localName)
          throw new Violation(`computer ${index} has "${local.name}" for "${path}"`);
      }
    }
  }
}

/** Every name that the program gave to one version of a conflict stands in a list of conflicts. */
function expectConflictsListed(world: EngineWorld, ledger: Ledger): void {
  // A lost database takes its list along.
  if (ledger.lostDatabase) return;
  const listed = new Set<string>();
  for (const { store } of world.computers) {
    const rows = store.db
      .prepare<[], { id: LocalId | null; path: RelPath }>(
        // Both versions of one conflict may have got names: a folder has taken the place of the other one since.
        'SELECT copy_id AS id, copy_path AS path FROM conflicts UNION ALL SELECT entry_id, path FROM conflicts',
      )
      .all();
    for (const { id, path } of rows) {
      // By name: the folders above it may be called otherwise here.
      listed.add(keyOf(baseName(path)));
      const version = id === null ? null : store.entries.get(id);
      if (version !== null) listed.add(version.key);
    }
  }
  for (const root of ROOTS.slice(0, world.clients)) {
    for (const path of Object.keys(world.cloud.tree(root))) {
      const name = baseName(path as RelPath);
      if (!MADE.test(splitExtension(name).stem) || ledger.given.has(keyOf(name)) || listed.has(keyOf(name))) continue;
      throw new Violation(`"${path}" is a version of a conflict that no list knows`);
    }
  }
}

function linesThere(world: EngineWorld, client: number, { platform }: Computer): Lines {
  const lines: Lines = new Map();
  for (const { path, kind, hash } of world.cloud.entries(ROOTS[client])) {
    const names = path.split('/').map((name) => localNameFor(name, platform === 'win32' ? 'windows' : 'posix'));
    if (names.some(isIgnoredName)) continue;
    lines.set(keyOf(names.join('/')), kind === 'folder' ? '/' : (hash ?? 'cloud only'));
  }
  return lines;
}

/** The three trees agree, and the remote tree is what Dropbox has. */
function expectAgreed(world: EngineWorld, { index, store, clients }: Computer, client: number): void {
  const { sync } = store;
  const id = clients[client]!;
  const what = `computer ${index}, "${ROOTS[client]}"`;
  const synced = new Map(sync.syncedTree(id).map((entry) => [entry.remoteId, entry]));
  const there = new Map(world.cloud.entries(ROOTS[client]).map((entry) => [entry.id, entry]));
  const known = new Map(sync.remoteTree(id).map((entry) => [entry.id, entry]));
  for (const entry of there.values()) {
    const row = known.get(entry.id);
    if (row?.pathLower !== keyOf(entry.path) || row.rev !== entry.rev) {
      throw new Violation(`${what}: the remote tree does not have "${entry.path}" as it is in Dropbox`);
    }
    if (entry.path.split('/').some((name) => isIgnoredName(localNameFor(name, 'posix')))) continue;
    const base = synced.get(entry.id);
    const local = base && sync.entry(base.localId);
    if (!base || !local) throw new Violation(`${what}: "${entry.path}" is not in the merge base`);
    if (base.rev !== entry.rev || base.hash !== entry.hash || local.hash !== entry.hash) {
      throw new Violation(`${what}: the merge base has another version of "${entry.path}"`);
    }
  }
  if (known.size !== there.size) throw new Violation(`${what}: the remote tree has more than Dropbox`);
  for (const entry of synced.values()) {
    if (!there.has(entry.remoteId)) throw new Violation(`${what}: the merge base remembers "${entry.localName}"`);
  }
}

// ---------------------------------------------------------------- invariant 2: nothing lost

function expectNothingLost(world: EngineWorld, ledger: Ledger): void {
  const kept = new Set<string>();
  for (const root of ROOTS.slice(0, world.clients)) {
    for (const content of Object.values(world.cloud.tree(root))) if (content !== null) kept.add(content);
  }
  for (const { disk } of world.computers) {
    for (const content of Object.values(disk.texts())) if (content !== null) kept.add(content);
  }
  const trashed = new Set<string>(world.computers.flatMap(({ disk }) => [...disk.trashedHashes().values()]));
  for (const content of ledger.mustLive) {
    if (kept.has(content) || ledger.ambiguous.has(content)) continue;
    // Written or moved in the instant in which the engine took the file away: kept in the trash.
    if (ledger.trashedUnseen.has(content) && trashed.has(hashOfText(content))) continue;
    // Taken out of the trash while Dropbox had a newer version of it, which has taken its place again.
    if (ledger.restored.has(content) && trashed.has(hashOfText(content))) continue;
    throw new Violation(`"${content}" is lost${trashed.has(hashOfText(content)) ? ' but for the trash' : ''}`);
  }
}

function expectNoDoubles(world: EngineWorld, ledger: Ledger): void {
  for (const root of ROOTS.slice(0, world.clients)) {
    const places = new Map<string, string>();
    const tree = world.cloud.tree(root);
    for (const [path, content] of Object.entries(tree)) {
      if (path.split('/').some(isAside) && !hasIgnoredName(path)) throw new Violation(`"${path}" was left aside`);
      if (content === null || content === '(cloud only)' || hasIgnoredName(path)) continue;
      if (ledger.ambiguous.has(content) || ledger.unrecorded.has(content) || ledger.restored.has(content)) continue;
      // What somebody removed on one side and two others moved may live on at both of their places.
      if (!ledger.mustLive.has(content)) continue;
      const other = places.get(content);
      const pair = other === undefined ? [] : [path, other];
      // A person took the other version away while both were being kept: what was left then met another document.
      const copiedIn = ledger.copied.get(content);
      const ended = copiedIn !== undefined && (ledger.disturbed.has(copiedIn) || pair.some((one) => !COPY.test(one)));
      // A move from one client's folders to another's is a removal and a new document.
      const movable = world.clients === 1;
      if (
        other !== undefined &&
        movable &&
        !ended &&
        !ledger.lostDatabase &&
        !pair.some((one) => isNameOfFolder(one, tree))
      ) {
        throw new Violation(`"${content}" is there twice: "${other}" and "${path}"`);
      }
      places.set(content, path);
    }
  }
  for (const { disk, store } of world.computers) {
    for (const path of Object.keys(disk.tree())) {
      const id = store.entries.entryAt(path as RelPath);
      // What belongs to nobody is as its people called it.
      if (id !== null && store.entries.clientOf(id) === null) continue;
      if (path.split('/').some(isAside) && !hasIgnoredName(path)) throw new Violation(`"${path}" was left aside here`);
    }
  }
}

/** A copy whose place a folder took before the conflict was settled: both versions got names of their own. */
function isNameOfFolder(path: string, tree: Readonly<Record<string, string | null>>): boolean {
  const key = keyOf(path.replace(COPY, ''));
  return Object.keys(tree).some((other) => tree[other] === null && keyOf(other) === key);
}

// ---------------------------------------------------------------- invariant 3: nothing changes by itself

function snapshot(world: EngineWorld): Map<RemoteId, Quiet> {
  const entries = new Map<RemoteId, Quiet>();
  for (let client = 0; client < world.clients; client++) {
    const files = world.computers.map((computer) => fileIdsOf(computer, client));
    const passages = new Set(world.computers.flatMap((computer) => passagesOf(computer, client)));
    for (const { id, path, rev, hash } of world.cloud.entries(ROOTS[client])) {
      const fileIds = files.map((ids) => ids.get(id) ?? null);
      entries.set(id, { path, rev, hash, client, fileIds, passage: passages.has(id) });
    }
  }
  return entries;
}

function fileIdsOf({ index, store, clients }: Computer, client: number): Map<RemoteId, string> {
  const ids = new Map<RemoteId, string>();
  for (const { remoteId, localId } of store.sync.syncedTree(clients[client]!)) {
    const stamp = store.sync.entry(localId)?.stamp;
    if (stamp) ids.set(remoteId, `${index}:${stamp.fileId}`);
  }
  return ids;
}

/** Folders in one client's Dropbox on the way to something of its own in the folder of another. */
function passagesOf({ store, clients }: Computer, client: number): RemoteId[] {
  const own = clients[client]!;
  return store.sync.syncedTree(own).flatMap(({ remoteId, localId, kind }) => {
    return kind === 'folder' && store.entries.clientOf(localId) !== own ? [remoteId] : [];
  });
}

function isCopyOf(after: Quiet, before: Quiet): boolean {
  return keyOf(after.path.replace(COPY, '')) === keyOf(before.path);
}

function expectUntouched(world: EngineWorld, ledger: Ledger): void {
  const now = snapshot(world);
  for (const [id, before] of ledger.quiet) {
    if (ledger.isTouched(id, before)) continue;
    // It stood there for what another client's folder held, which is gone.
    if (before.passage) continue;
    const after = now.get(id);
    // A new database knows nothing of what has no bytes here: a folder of the ERP may have taken its name.
    if (ledger.lostDatabase && ledger.frees && after !== undefined && isCopyOf(after, before)) continue;
    if (after?.path !== before.path || after.rev !== before.rev) {
      throw new Violation(
        `nobody touched "${before.path}", and now it is ${after ? `"${after.path}", ${after.rev}` : 'gone'}`,
      );
    }
    for (const [computer, fileId] of before.fileIds.entries()) {
      const other = after.fileIds[computer] ?? null;
      // A new database does not know what one client has in the folder of another.
      if (ledger.lostDatabase && world.clients > 1) continue;
      if (!ledger.frees && fileId !== null && other !== null && fileId !== other) {
        throw new Violation(`nobody touched "${before.path}", and computer ${computer} wrote it anew`);
      }
    }
  }
}

// ---------------------------------------------------------------- a deletion stands

/** What somebody has deleted, and nobody has done anything else with, comes back on neither side. */
function expectStaysDeleted(world: EngineWorld, ledger: Ledger): void {
  // A new database knows of no deletion.
  if (ledger.lostDatabase || ledger.decided) return;
  const there = new Map<string, string>();
  for (const root of ROOTS.slice(0, world.clients)) {
    for (const { path, hash } of world.cloud.entries(root)) if (hash !== null) there.set(hash, path);
  }
  const here = world.computers.map(
    ({ disk }) => new Map(Object.entries(disk.tree()).map(([path, hash]) => [hash, path])),
  );
  const copies = Map.groupBy(ledger.quiet.values(), ({ hash }) => hash);
  for (const [id, { path, client, hash, fileIds }] of ledger.quiet) {
    // Whoever takes a folder of the ERP away has not taken what has no bytes in it.
    if (fileIds.includes(null)) continue;
    const content = copies.get(hash)?.length === 1 ? ledger.textOf(hash) : null;
    if (content === null || hash === null || !ledger.deletions.isDeleted(id, `${client}/${keyOf(path)}`)) continue;
    if (ledger.ambiguous.has(content) || ledger.unrecorded.has(content) || ledger.mustLive.has(content)) continue;
    // Taken out of the trash, by a program that died before it could tell.
    if (ledger.restored.has(content)) continue;
    const place = there.get(hash) ?? here.flatMap((tree) => tree.get(hash) ?? [])[0];
    if (place !== undefined) throw new Violation(`somebody deleted "${path}", and it is "${place}" now`);
  }
}

// ---------------------------------------------------------------- words

function hasIgnoredName(path: string): boolean {
  return path.split('/').some((name) => isIgnoredName(name));
}

function expectSame(a: Lines, b: Lines, message: string): void {
  const only = (from: Lines, other: Lines) =>
    [...from]
      .filter(([path, content]) => other.get(path) !== content)
      .map(([path, content]) => `${path}=${content.slice(0, 8)}`);
  const [left, right] = [only(a, b), only(b, a)];
  if (left.length + right.length > 0) {
    throw new Violation(`${message}: ${left.join(' | ') || 'nothing'} against ${right.join(' | ') || 'nothing'}`);
  }
}
