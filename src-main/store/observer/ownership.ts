// To which client belongs what lies at the top and belongs to nobody: to the only one, once and for all; of several, to
// the first that has something of that name in its Dropbox. A name with a client's own mark (sync/places.ts) is that
// client's, and then so is not the name without it. And what becomes of it in a folder of another client. Called by
// observer.ts and its files, and by files/relocate.ts, inside a transaction or not.

import { ROOT, type ClientId, type LocalId } from '../../../src-shared/domain.ts';
import { localNameFor, nameKey, unmarkedName } from '../../../src-shared/names.ts';
import type { Entries } from '../entries.ts';
import type { DocumentStore } from '../open-store.ts';

interface Top {
  readonly id: LocalId;
  readonly name: string;
  readonly key: string;
}

export function assignTop(store: DocumentStore): void {
  const { db, clients: rows, entries, sync } = store;
  const unassigned = db
    .prepare<[], Top>('SELECT id, name, key FROM entries WHERE ifnull(parent_id, 0) = 0 AND client_id IS NULL')
    .all();
  if (unassigned.length === 0) return;
  const clients = rows.all();
  const marked = clients.length > 1 ? markedFor(clients, store) : new Map<ClientId, Map<string, string>>();
  const tops = new Map<ClientId, ReadonlySet<string>>();
  const topOf = (client: ClientId): ReadonlySet<string> => {
    const known = tops.get(client) ?? namesAtTop(sync, client);
    tops.set(client, known);
    return known;
  };
  for (const { id, name, key } of unassigned) {
    const owner = clients.find((client) => {
      const own = marked.get(client.id)?.get(name);
      if (own === undefined && [...(marked.get(client.id)?.values() ?? [])].includes(key)) return false;
      return [...(own === undefined ? [] : [own]), key].some((one) => topOf(client.id).has(one));
    });
    if (owner !== undefined) entries.assign(id, owner.id);
  }
  const only = clients.length === 1 ? clients[0] : undefined;
  if (only === undefined) return;
  db.prepare('UPDATE entries SET client_id = ? WHERE parent_id IS NULL AND client_id IS NULL AND flow IS NOT ?').run(
    only.id,
    'off',
  );
}

/**
 * What was a client's by itself, as at the top, belongs to another one in that one's folder. `from`: the client of the
 * folder that it was in before; what was given to a client there stays with it wherever it goes below that one's.
 */
export function inheritClient(entries: Entries, id: LocalId, folder: LocalId, from: ClientId | null): void {
  const own = entries.get(id)?.client_id ?? null;
  const above = own === null ? null : entries.clientOf(folder);
  if (above !== null && above !== own && above !== from) entries.assign(id, null);
}

/** Keys of the names that a client has at the top of its Dropbox, and of those under which a disk can hold them. */
function namesAtTop(sync: DocumentStore['sync'], client: ClientId): ReadonlySet<string> {
  const names = sync.remoteChildren(client, ROOT).map(({ name }) => name);
  const held = (['posix', 'windows'] as const).flatMap((disk) => names.map((name) => localNameFor(name, disk)));
  return new Set([...names, ...held].map(nameKey));
}

/** By client: names that carry its mark instead of the name in Dropbox, with the key of that. */
function markedFor(
  clients: readonly { readonly id: ClientId; readonly name: string }[],
  { entries, sync }: DocumentStore,
): ReadonlyMap<ClientId, ReadonlyMap<string, string>> {
  const disk = process.platform === 'win32' ? 'windows' : 'posix';
  const tops = entries.children(null);
  return new Map(
    clients.map((client) => {
      const marks = tops.flatMap(({ id, name, key, client_id: owner }): [string, string][] => {
        const own = unmarkedName(name, localNameFor(client.name, disk));
        if (own === null || (owner !== null && owner !== client.id)) return [];
        // The ERP too tells folders apart by such a mark; these have it in Dropbox as well.
        const agreed = sync.syncedOf(client.id, id);
        return agreed !== null && nameKey(agreed.remoteName) === key ? [] : [[name, nameKey(own)]];
      });
      return [client.id, new Map(marks)];
    }),
  );
}
