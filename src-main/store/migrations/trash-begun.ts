// What is on its way to the trash is noted before the bytes move, so that a crash in between leaves none without a row.

export const TRASH_BEGUN = `
-- 1 until the bytes are known to be in the trash.
ALTER TABLE trash ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
CREATE INDEX trash_begun ON trash (id) WHERE begun = 1;
CREATE INDEX trash_key ON trash (trash_key) WHERE trash_key IS NOT NULL;
`;
