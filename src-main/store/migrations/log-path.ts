// Migration: the history of one document is found without reading the whole log.

export const LOG_PATH = `
CREATE INDEX log_path ON log (path, id) WHERE path IS NOT NULL;
`;
