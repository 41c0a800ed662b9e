// Migration: what people did with files and folders, so that it can be taken back later (`docktide file undo`).

export const FILE_CHANGES = `
CREATE TABLE file_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  change TEXT NOT NULL CHECK (json_valid(change)),
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;
`;
