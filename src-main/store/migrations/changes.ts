// What has changed since a client's last plan, so that a pass plans the affected neighbourhood and not the whole store;
// and indexes for what every pass asks.

export const CHANGES = `
-- One row a change of an entry; the newest number is the epoch of the local tree. Entry 0: anything may have changed.
CREATE TABLE local_changes (
  seq INTEGER PRIMARY KEY,
  entry_id INTEGER NOT NULL
) STRICT;
INSERT INTO local_changes SELECT value, 0 FROM counters WHERE name = 'local';
DELETE FROM counters WHERE name = 'local';
DROP TRIGGER entries_epoch_insert;
DROP TRIGGER entries_epoch_delete;
DROP TRIGGER entries_epoch_update;
CREATE TRIGGER entries_changed_insert AFTER INSERT ON entries BEGIN
  INSERT INTO local_changes (entry_id) VALUES (new.id);
END;
CREATE TRIGGER entries_changed_delete AFTER DELETE ON entries BEGIN
  INSERT INTO local_changes (entry_id) VALUES (old.id);
END;
CREATE TRIGGER entries_changed_update AFTER UPDATE ON entries BEGIN
  INSERT INTO local_changes (entry_id) VALUES (new.id);
END;
-- With the client of a folder, that of all below it changes. What lies at the top gets one when it is new.
CREATE TRIGGER entries_changed_client AFTER UPDATE OF client_id ON entries
WHEN old.client_id IS NOT new.client_id AND NOT (old.client_id IS NULL AND new.parent_id IS NULL) BEGIN
  INSERT INTO local_changes (entry_id) VALUES (0);
END;

-- Entries in Dropbox that have changed, with the epoch of the client's remote tree at which they did. The path alone is
-- no change: it moves with a folder above, which is one.
CREATE TABLE remote_changes (
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  PRIMARY KEY (client_id, id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER remote_changed_insert AFTER INSERT ON remote BEGIN
  INSERT INTO remote_changes
    VALUES (new.client_id, new.id, (SELECT remote_epoch + 1 FROM clients WHERE id = new.client_id))
    ON CONFLICT DO UPDATE SET epoch = excluded.epoch;
END;
CREATE TRIGGER remote_changed_update AFTER UPDATE OF name, kind, rev, hash, size, downloadable ON remote BEGIN
  INSERT INTO remote_changes
    VALUES (new.client_id, new.id, (SELECT remote_epoch + 1 FROM clients WHERE id = new.client_id))
    ON CONFLICT DO UPDATE SET epoch = excluded.epoch;
END;
CREATE TRIGGER remote_changed_delete AFTER DELETE ON remote WHEN EXISTS (SELECT 1 FROM clients WHERE id = old.client_id)
BEGIN
  INSERT INTO remote_changes
    VALUES (old.client_id, old.id, (SELECT remote_epoch + 1 FROM clients WHERE id = old.client_id))
    ON CONFLICT DO UPDATE SET epoch = excluded.epoch;
END;
-- What is no longer agreed upon is to be planned, on both sides.
CREATE TRIGGER synced_changed_delete AFTER DELETE ON synced WHEN EXISTS (SELECT 1 FROM clients WHERE id = old.client_id)
BEGIN
  INSERT INTO local_changes (entry_id) VALUES (old.local_id);
  INSERT INTO remote_changes
    VALUES (old.client_id, old.remote_id, (SELECT remote_epoch + 1 FROM clients WHERE id = old.client_id))
    ON CONFLICT DO UPDATE SET epoch = excluded.epoch;
END;
CREATE TRIGGER synced_changed_parent AFTER UPDATE OF parent_id ON synced WHEN old.parent_id IS NOT new.parent_id BEGIN
  INSERT INTO local_changes (entry_id) VALUES (new.local_id);
END;

-- The last plan of each client: the epochs that it knew, the policy that it followed, and what it left to be done or
-- could not settle (ids of both sides). Everything else was agreed upon then. Passages: folders above the client's own.
-- Left behind: where those of its folders in Dropbox lie that take no part.
CREATE TABLE plans (
  client_id INTEGER PRIMARY KEY REFERENCES clients (id) ON DELETE CASCADE,
  local INTEGER NOT NULL,
  remote INTEGER NOT NULL,
  policy TEXT NOT NULL,
  unsettled TEXT NOT NULL CHECK (json_valid(unsettled)),
  passages TEXT NOT NULL CHECK (json_valid(passages)),
  left_behind TEXT NOT NULL CHECK (json_valid(left_behind))
) STRICT;

DROP INDEX entries_parent;
CREATE INDEX entries_parent ON entries (parent_id, key);
CREATE INDEX entries_inner_client ON entries (client_id, parent_id) WHERE client_id IS NOT NULL AND parent_id IS NOT NULL;
CREATE INDEX entries_keep ON entries (id) WHERE keep IS NOT NULL;
CREATE INDEX entries_flow ON entries (id) WHERE flow IS NOT NULL;
`;
