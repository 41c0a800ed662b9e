// Documents whose address is only the one on Dropbox's own pages, so that a pass need not look through all documents to
// find that none of them waits for a link.

/** Condition on `entries`; the index is used where a statement says the same. */
export const IS_LINKLESS = `entries.kind = 'file'
  AND (entries.url IS NULL OR entries.url LIKE 'https://www.dropbox.com/home/%')`;

export const LINKLESS = `
CREATE INDEX entries_linkless ON entries (id) WHERE ${IS_LINKLESS.replaceAll('entries.', '')};
`;
