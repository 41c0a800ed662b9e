// Applies the effects that the executor reports, one after another, inside the caller's transaction.
// In: Effect values of the engine's ports; out: the id of the entry that was added.

import { assertNever, type ClientId, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import { Fault, type Effect } from '../engine/ports.ts';
import type { Entries, EntryRow } from './entries.ts';
import type { Keepsakes, TrashNote } from './keepsakes.ts';
import type { Links } from './links.ts';
import type { RemoteRows } from './remote-rows.ts';
import type { SyncedRows } from './synced-rows.ts';
import { trashedBelow } from './trashed-below.ts';

export interface EffectTargets {
  readonly entries: Entries;
  readonly remote: RemoteRows;
  readonly synced: SyncedRows;
  readonly keepsakes: Keepsakes;
  readonly links: Links;
}

type Kind<K extends Effect['kind']> = Extract<Effect, { readonly kind: K }>;

/** Throws Fault 'place-taken' where the rows leave no room; the transaction is then undone. */
export function applyEffects(
  targets: EffectTargets,
  client: ClientId,
  effects: readonly Effect[],
): { readonly added: LocalId | null } {
  const { entries, remote, synced, keepsakes } = targets;
  // What a removed folder held is noted while the merge base still knows it; an effect before may take that away.
  const removals = new Map<LocalId, Removal>();
  for (const effect of effects) {
    if (effect.kind === 'local.remove') removals.set(effect.localId, removalOf(targets, client, effect.localId));
  }
  let added: LocalId | null = null;
  const idOf = (id: LocalId | 'added'): LocalId => {
    if (id !== 'added') return id;
    if (added === null) throw new Fault('internal', 'An effect names an added entry, but none was added before it.');
    return added;
  };
  for (const effect of effects) {
    switch (effect.kind) {
      case 'synced.put': {
        const { kind: _, entryKind, ...rest } = effect;
        synced.put(client, { ...rest, kind: entryKind, localId: idOf(effect.localId) });
        break;
      }
      case 'synced.remove':
        synced.remove(client, effect.syncedId);
        break;
      case 'synced.removeByRemote': {
        const row = synced.ofRemote(client, effect.remoteId);
        if (row !== null) synced.remove(client, row.id);
        break;
      }
      case 'synced.removeByLocal': {
        const row = synced.ofLocal(client, effect.localId);
        if (row !== null) synced.remove(client, row.id);
        break;
      }
      case 'synced.movedBack':
        synced.movedBack(client, effect.remoteId);
        break;
      case 'remote.put':
        remote.put(client, effect.entry);
        break;
      case 'remote.move':
        remote.move(client, effect.id, effect.pathLower, effect.name);
        break;
      case 'remote.remove':
        remote.remove(client, effect.id);
        break;
      case 'local.add':
        added = addLocal(entries, client, effect);
        break;
      case 'local.content':
        entries.setContent(effect.localId, effect);
        break;
      case 'local.move':
        moveLocal(entries, client, effect);
        break;
      case 'local.remove':
        removeLocal(targets, client, effect, removals.get(effect.localId));
        break;
      case 'local.linked':
        entries.setLinked(idOf(effect.localId), effect.url);
        break;
      case 'link.made':
        targets.links.made(client, { ...effect.link, inside: true });
        break;
      case 'trash.add':
        keepsakes.addTrash({ ...effect, client, entryKind: 'file', contents: null });
        break;
      case 'conflict.add':
        keepsakes.addConflict(client, effect);
        break;
      default:
        assertNever(effect);
    }
  }
  return { added };
}

/** The observer may have seen the new file first: its row is then taken over. */
function addLocal(entries: Entries, client: ClientId, effect: Kind<'local.add'>): LocalId {
  const there = entries.at(effect.parentId, effect.name);
  if (there !== null && there.kind !== effect.entryKind) {
    throw new Fault(
      'place-taken',
      `"${effect.name}" is taken by another entry of the document store. The next pass looks again.`,
    );
  }
  if (there !== null) {
    if (effect.entryKind === 'file') entries.setContent(there.id, effect);
    else if (effect.stamp !== null) entries.setStamp(there.id, effect.stamp);
    return there.id;
  }
  return entries.insert({
    ...effect,
    kind: effect.entryKind,
    clientId: entries.clientOf(effect.parentId) === client ? null : client,
  });
}

function moveLocal(entries: Entries, client: ClientId, effect: Kind<'local.move'>): void {
  const row = entries.get(effect.localId);
  if (row === null) return;
  const owner = entries.clientOf(row.id);
  entries.place(row.id, effect.parentId, effect.name);
  if (effect.stamp !== null) entries.setStamp(row.id, effect.stamp);
  if (entries.clientOf(row.id) !== owner) entries.assign(row.id, owner ?? client);
}

/** What an entry's way to the trash will leave there, noted before its bytes move. */
export function trashNoteOf(
  targets: EffectTargets,
  client: ClientId,
  effect: Pick<Kind<'local.remove'>, 'localId' | 'trashKey' | 'remoteId' | 'rev'>,
  reason: TrashNote['reason'],
  removal = removalOf(targets, client, effect.localId),
): TrashNote | null {
  const { row, path, contents } = removal;
  if (row === null) return null;
  const { kind, hash, size } = row;
  const { trashKey, remoteId, rev } = effect;
  return { client, trashKey, path, entryKind: kind, reason, hash, size, remoteId, rev, contents };
}

interface Removal {
  readonly row: EntryRow | null;
  readonly path: RelPath;
  readonly contents: string | null;
}

function removalOf({ entries, synced }: EffectTargets, client: ClientId, id: LocalId): Removal {
  const row = entries.get(id);
  if (row === null) return { row, path: '' as RelPath, contents: null };
  const path = entries.pathOf(id);
  if (row.kind === 'file') return { row, path, contents: null };
  const below = trashedBelow(entries, id, (entry) => synced.ofLocal(client, entry));
  return { row, path, contents: JSON.stringify(below) };
}

function removeLocal(
  targets: EffectTargets,
  client: ClientId,
  effect: Kind<'local.remove'>,
  removal: Removal | undefined,
): void {
  if (removal === undefined || removal.row === null) return;
  const note = trashNoteOf(targets, client, effect, 'deleted', removal);
  if (note !== null && (effect.trashKey !== null || effect.remoteId !== null)) targets.keepsakes.addTrash(note);
  targets.entries.remove(removal.row.id);
}
