// Tables of the links that are out in the world. Part of the schema of store/migrations.ts.

export const LINKS = `
-- Links of a client's account as Dropbox last told them, so that figures and lists need no request.
CREATE TABLE links (
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  -- Dropbox id of what it leads to.
  remote_id TEXT,
  -- In Dropbox, in lower case, from the account's (or team space's) top.
  path_lower TEXT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'folder')),
  audience TEXT NOT NULL CHECK (audience IN ('public', 'team', 'members', 'nobody', 'other')),
  password INTEGER NOT NULL,
  expires INTEGER,
  -- Whether it leads to something below the client's root folder.
  inside INTEGER NOT NULL,
  -- When Docktide made it; null where it was found.
  made_at INTEGER,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_remote ON links (client_id, remote_id);

-- Documents whose link a person took back: none is made again until a person asks for one.
CREATE TABLE unlinked (
  entry_id INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE
) STRICT;

-- "No links to Dropbox": no link is made or asked for, not even on request.
ALTER TABLE clients ADD COLUMN no_links INTEGER NOT NULL DEFAULT 0;
-- When Dropbox last told all links of the account.
ALTER TABLE clients ADD COLUMN links_checked_at INTEGER;
`;
