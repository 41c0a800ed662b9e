// Tables of what people are told about. Part of the schema of store/migrations.ts.

export const NOTICES = `
-- What people were told, by name of the client: a notice outlives it.
CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  client TEXT,
  kind TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
  state TEXT,
  reason TEXT,
  count INTEGER NOT NULL,
  paths TEXT NOT NULL CHECK (json_valid(paths)),
  detail TEXT
) STRICT;
CREATE INDEX notices_time ON notices (time);

-- Troubles that stand and were told already: each is told once, not once a pass.
CREATE TABLE told (
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (client_id, kind, key)
) STRICT, WITHOUT ROWID;

-- Kinds of notices that somebody wants from a client, as JSON; without a row the default.
CREATE TABLE subscriptions (
  client_id INTEGER PRIMARY KEY REFERENCES clients (id) ON DELETE CASCADE,
  kinds TEXT NOT NULL CHECK (json_valid(kinds))
) STRICT;
`;
