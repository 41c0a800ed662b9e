// The links that are out in the world, as rows: what Dropbox last told, what Docktide made since, which documents shall
// have none. A document's url follows: a link that is gone is no longer shown. Called by the links service, by
// effects.ts for the links that passes make, and by the dashboard's figures.

import type { ClientId, LocalId, RelPath, RemoteId } from '../../src-shared/domain.ts';
import type { LinksMode } from '../../src-shared/link-views.ts';
import type { SharedLink } from '../engine/ports.ts';
import { durable, transact, type Db } from './database.ts';
import type { Entries } from './entries.ts';

export interface LinkRow extends SharedLink {
  readonly clientId: ClientId;
  /** Whether it leads to something below the client's root folder. */
  readonly inside: boolean;
  /** Milliseconds since the epoch; null where Docktide did not make it. */
  readonly madeAt: number | null;
  readonly seenAt: number;
}

export type NewLink = SharedLink & Pick<LinkRow, 'inside'>;

type RawLink = Omit<LinkRow, 'password' | 'inside'> & { readonly password: 0 | 1; readonly inside: 0 | 1 };

export type Links = ReturnType<typeof createLinks>;

export function createLinks(db: Db, entries: Entries, now: () => number) {
  const columns = `SELECT client_id AS clientId, url, remote_id AS remoteId, path_lower AS pathLower, name, kind, audience,
    password, expires, inside, made_at AS madeAt, seen_at AS seenAt FROM links`;
  const all = db.prepare<[], RawLink>(`${columns} ORDER BY client_id, path_lower, url`);
  const ofClient = db.prepare<[number], RawLink>(`${columns} WHERE client_id = ?`);
  const ofRemote = db.prepare<[number, string], RawLink>(`${columns} WHERE client_id = ? AND remote_id = ?`);
  const put = db.prepare(`
    INSERT INTO links (client_id, url, remote_id, path_lower, name, kind, audience, password, expires, inside, made_at, seen_at)
    VALUES (@clientId, @url, @remoteId, @pathLower, @name, @kind, @audience, @password, @expires, @inside, @madeAt, @now)
    ON CONFLICT (client_id, url) DO UPDATE SET remote_id = excluded.remote_id, path_lower = excluded.path_lower,
      name = excluded.name, audience = excluded.audience, password = excluded.password, expires = excluded.expires,
      inside = excluded.inside, made_at = ifnull(made_at, excluded.made_at), seen_at = excluded.seen_at`);
  const remove = db.prepare('DELETE FROM links WHERE client_id = ? AND url = ?');
  const count = db.prepare<[{ client: number | null; now: number }], { count: number }>(`
    SELECT count(*) AS count FROM links
    WHERE inside = 1 AND (@client IS NULL OR client_id = @client) AND (expires IS NULL OR expires > @now)`);
  const showsUrl = db.prepare<[string], { id: LocalId }>(`SELECT id FROM entries WHERE url = ? AND kind = 'file'`);
  const localOf = db.prepare<[number, string], { id: LocalId }>(
    'SELECT entries.id FROM synced JOIN entries ON entries.id = local_id WHERE synced.client_id = ? AND remote_id = ?',
  );
  const recordName = db.prepare<[number], { name: string }>(
    `SELECT types.name || '/' || records.ref AS name FROM records JOIN types ON types.id = type_id WHERE records.id = ?`,
  );
  const unlink = db.prepare('INSERT INTO unlinked VALUES (?) ON CONFLICT DO NOTHING');
  const allow = db.prepare('DELETE FROM unlinked WHERE entry_id = ?');
  const mode = db.prepare<[number], { links: 0 | 1; no_links: 0 | 1; links_checked_at: number | null }>(
    'SELECT links, no_links, links_checked_at FROM clients WHERE id = ?',
  );
  const setMode = db.prepare('UPDATE clients SET links = ?, no_links = ? WHERE id = ?');
  const setChecked = db.prepare('UPDATE clients SET links_checked_at = ? WHERE id = ?');

  const keep = (clientId: ClientId, link: NewLink, madeAt: number | null): void =>
    void put.run({
      ...link,
      clientId,
      madeAt,
      password: link.password ? 1 : 0,
      inside: link.inside ? 1 : 0,
      now: now(),
    });

  return {
    all: (): LinkRow[] => all.all().map(toLink),
    of: (client: ClientId): LinkRow[] => ofClient.all(client).map(toLink),
    to: (client: ClientId, remoteId: RemoteId): LinkRow[] => ofRemote.all(client, remoteId).map(toLink),
    /** A link that Docktide made or found on the way. */
    made: (client: ClientId, link: NewLink): void => keep(client, link, now()),
    found: (client: ClientId, link: NewLink): void => keep(client, link, null),

    /**
     * What Dropbox told is all there was when the asking began (milliseconds since the epoch); what was made since then
     * stays. Answers the links that are gone.
     */
    replaceAll(client: ClientId, links: readonly NewLink[], asked: number): LinkRow[] {
      return transact(db, () => {
        const told = new Set(links.map((link) => link.url));
        const gone = ofClient.all(client).filter((row) => !told.has(row.url) && row.seenAt < asked);
        for (const row of gone) remove.run(client, row.url);
        for (const link of links) keep(client, link, null);
        setChecked.run(now(), client);
        return gone.map(toLink);
      });
    },
    remove: (client: ClientId, url: string): void => void durable(db, () => remove.run(client, url)),
    /** The document or folder here that a link leads to. */
    entryOf: (link: Pick<LinkRow, 'clientId' | 'remoteId'>): LocalId | null =>
      link.remoteId === null ? null : (localOf.get(link.clientId, link.remoteId)?.id ?? null),
    /** `TYPE/REF` of the record in whose folder an entry lies. */
    recordOf(entry: LocalId): string | null {
      const record = entries.recordOf(entry);
      return record === null ? null : (recordName.get(record)?.name ?? null);
    },
    /** Documents whose url is this address. */
    shownBy: (url: string): LocalId[] => showsUrl.all(url).map(({ id }) => id),

    /** Links that open something of the clients' root folders now; of one client, or of all. */
    count: (client: ClientId | null): number => count.get({ client, now: now() })?.count ?? 0,

    /** A person took the link back: none is made by itself. */
    refuse: (entry: LocalId): void => void unlink.run(entry),
    allow: (entry: LocalId): void => void allow.run(entry),

    mode(client: ClientId): LinksMode {
      const row = mode.get(client);
      return row?.links === 1 ? 'on' : row?.no_links === 1 ? 'off' : 'on-request';
    },
    setMode: (client: ClientId, to: LinksMode): void =>
      void durable(db, () => setMode.run(to === 'on' ? 1 : 0, to === 'off' ? 1 : 0, client)),
    /** Milliseconds since the epoch; null never. */
    checkedAt: (client: ClientId): number | null => mode.get(client)?.links_checked_at ?? null,
  };
}

function toLink(row: RawLink): LinkRow {
  return { ...row, password: row.password === 1, inside: row.inside === 1 };
}

/** Path below a root folder (`ERP Documents`), or null for what lies elsewhere. Both in lower case as Dropbox gives it. */
export function belowRoot(rootLower: string, pathLower: string): RelPath | null {
  const top = `/${rootLower}`;
  if (pathLower === top) return '' as RelPath;
  return pathLower.startsWith(`${top}/`) ? (pathLower.slice(top.length + 1) as RelPath) : null;
}
