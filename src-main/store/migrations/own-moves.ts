// Moves that the engine made in Dropbox and of which the feed has yet to tell: also another start of the program knows them.

export const OWN_MOVES = `
CREATE TABLE own_moves (
  id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  from_path TEXT NOT NULL,
  to_path TEXT NOT NULL,
  -- Ids that the feed has named at the new place; that of the entry itself once it has named it anywhere.
  confirmed TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(confirmed)),
  -- Complete looks at the feed since.
  looks INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX own_moves_client ON own_moves (client_id);
`;
