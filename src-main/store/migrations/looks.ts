// Uploads and new folders that may have arrived although nobody knows of it: they are looked for a few times more, also
// when they are no longer planned (engine/interrupted.ts). And how often a folder of the ERP was moved back to its place,
// and when last: where another computer moves it away again without end, one of them gives in (sync/nodes.ts).

export const LOOKS = `
ALTER TABLE queue ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;
CREATE INDEX queue_looks ON queue (client_id) WHERE looks > 0;
ALTER TABLE synced ADD COLUMN moved_back INTEGER NOT NULL DEFAULT 0;
ALTER TABLE synced ADD COLUMN moved_back_at INTEGER NOT NULL DEFAULT 0;
`;
