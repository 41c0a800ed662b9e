// Connected Dropbox accounts as rows: adding, removing, credentials and account facts. The engine's side of a client
// (cursor, epochs, state) is in sync-store.ts. Called by the application.

import type { ClientId, ClientReason, ClientState } from '../../src-shared/domain.ts';
import { refusedByDropbox } from '../../src-shared/names.ts';
import { refuseUnreadable } from './catalog.ts';
import { unknownClient } from './unknown.ts';
import { durable, type Db } from './database.ts';
import { StoreError } from './errors.ts';
import { LEFT_AT } from './remote-rows.ts';

export interface ClientDetails {
  readonly id: ClientId;
  readonly name: string;
  readonly root: string;
  readonly state: ClientState;
  readonly reason: ClientReason | null;
  readonly appKey: string | null;
  /** What the application wrote; secrets are kept elsewhere. */
  readonly credentials: unknown;
  /** Facts about the Dropbox account, as the application wrote them; null before the first connection. */
  readonly account: unknown;
  readonly rootId: string | null;
  /** Milliseconds since the epoch. */
  readonly lastSync: number | null;
  readonly links: boolean;
}

type RawClient = Omit<ClientDetails, 'credentials' | 'account' | 'links'> & {
  readonly links: 0 | 1;
  readonly credentials: string;
  readonly account: string | null;
};

export type Clients = ReturnType<typeof createClients>;

export function createClients(db: Db, now: () => number) {
  const columns = `SELECT id, name, root, state, reason, app_key AS appKey, credentials, account, root_id AS rootId,
    last_sync AS lastSync, links FROM clients`;
  const all = db.prepare<[], RawClient>(`${columns} ORDER BY id`);
  const byName = db.prepare<[string], RawClient>(`${columns} WHERE name = ?`);
  const insert = db.prepare(
    'INSERT INTO clients (name, root, state, app_key, credentials, created_at) VALUES (@name, @root, @state, @appKey, @credentials, @now)',
  );
  const setApart = db.prepare(`UPDATE entries SET flow = 'off' WHERE client_id = ?`);
  const remove = db.prepare('DELETE FROM clients WHERE id = ?');
  const setAccount = db.prepare('UPDATE clients SET account = ? WHERE id = ?');
  const setCredentials = db.prepare('UPDATE clients SET credentials = ?, app_key = ? WHERE id = ?');
  const find = (name: string): ClientDetails | null => {
    const row = byName.get(name);
    return row === undefined ? null : toDetails(row);
  };
  const get = (name: string): ClientDetails => {
    const client = find(name);
    if (client === null) {
      throw unknownClient(
        name,
        all.all().map((one) => one.name),
        'look',
      );
    }
    return client;
  };

  return {
    all: (): ClientDetails[] => all.all().map(toDetails),
    find,
    get,
    add(client: {
      readonly name: string;
      readonly root: string;
      readonly state: ClientState;
      readonly appKey: string | null;
      readonly credentials: unknown;
    }): ClientDetails {
      const name = client.name.trim();
      if (name === '') throw new StoreError('bad-name', 'The name of the client is empty. Give it a name.');
      refuseUnreadable(name, 'The name of the client');
      if (find(name) !== null) {
        throw new StoreError('duplicate', `There is a client "${name}" already. Choose another name.`);
      }
      const root = cleanRoot(client.root);
      const credentials = JSON.stringify(client.credentials);
      durable(db, () =>
        insert.run({ name, root, state: client.state, appKey: client.appKey, credentials, now: now() }),
      );
      return get(name);
    },
    /** Documents stay where they are on both sides; what this client's folders held belongs to no client then. */
    remove(name: string): ClientDetails {
      const client = get(name);
      durable(db, () => {
        // Nobody's business until a person assigns them: the client that is left must not take them over.
        setApart.run(client.id);
        remove.run(client.id);
      });
      return client;
    },
    /** After a reset: nothing is agreed upon with Dropbox any more; the next connection starts with a union. */
    forgetDropbox(id: ClientId): void {
      durable(db, () => {
        db.prepare('DELETE FROM synced WHERE client_id = ?').run(id);
        // What it left behind stays left behind; told by its place until Dropbox is listed again.
        db.prepare(
          `UPDATE OR REPLACE detached SET remote_id = '${LEFT_AT}' || (SELECT path_lower FROM remote WHERE client_id = @id AND remote.id = remote_id)
           WHERE client_id = @id AND remote_id IN (SELECT remote.id FROM remote WHERE client_id = @id)`,
        ).run({ id });
        db.prepare('DELETE FROM remote WHERE client_id = ?').run(id);
        db.prepare('DELETE FROM plans WHERE client_id = ?').run(id);
        db.prepare('DELETE FROM queue WHERE client_id = ? AND live = 1').run(id);
        db.prepare('UPDATE clients SET root_id = NULL, cursor = NULL, listing = 0, settled_local = 0 WHERE id = ?').run(
          id,
        );
      });
    },
    setAccount: (id: ClientId, account: unknown): void => void setAccount.run(JSON.stringify(account), id),
    setCredentials: (id: ClientId, credentials: unknown, appKey: string | null): void =>
      void durable(db, () => setCredentials.run(JSON.stringify(credentials), appKey, id)),
  };
}

/** Without `/` at either end. Throws StoreError 'bad-name' for a name that Dropbox refuses. */
function cleanRoot(root: string): string {
  const names = root.split('/').filter((name) => name !== '');
  for (const name of names) {
    const why = refusedByDropbox(name);
    if (why !== null) {
      throw new StoreError('bad-name', `"${root}" cannot be the root folder in Dropbox: ${why}. Choose another name.`);
    }
  }
  if (names.length === 0) {
    throw new StoreError('bad-name', 'The root folder in Dropbox is empty. Name a folder, such as "ERP Documents".');
  }
  return names.join('/');
}

function toDetails(row: RawClient): ClientDetails {
  const account: unknown = row.account === null ? null : JSON.parse(row.account);
  const credentials: unknown = JSON.parse(row.credentials);
  return { ...row, account, credentials, links: row.links === 1 };
}
