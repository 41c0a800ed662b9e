// Full-text search over names of folders and attachments and over names, references and fields of records.
// The index is kept by triggers (migrations.ts); here a person's words become a query, and rows become hits.

import type { LocalId } from '../../src-shared/domain.ts';
import type { SearchHit } from '../../src-shared/views.ts';
import type { Db } from './database.ts';
import type { Entries } from './entries.ts';

/** Every word must occur, the beginning of a word is enough; signs have no meaning. Null where nothing is asked. */
export function searchQuery(text: string): string | null {
  const words = text
    .normalize('NFC')
    .split(/\s+/)
    // A phrase without any letter or digit would match nothing and take the other words along.
    .filter((word) => /[\p{L}\p{N}\p{Co}]/u.test(word))
    .map((word) => `"${word.replaceAll('\u0000', '').replaceAll('"', '""')}"*`);
  return words.length === 0 ? null : words.join(' AND ');
}

export type Search = ReturnType<typeof createSearch>;

export function createSearch(db: Db, entries: Entries) {
  const matches = db.prepare<[string, number], { rowid: number }>(
    'SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 4.0, 4.0, 1.0), rowid LIMIT ?',
  );
  const record = db.prepare<[number], { name: string; folder: LocalId | null }>(`
    SELECT types.name || '/' || records.ref AS name,
      (SELECT min(id) FROM entries WHERE role = 'record' AND record_id = records.id) AS folder
    FROM records JOIN types ON types.id = type_id WHERE records.id = ?`);

  function hitOf(rowid: number): SearchHit | null {
    const id = Math.floor(rowid / 2);
    if (rowid % 2 === 1) {
      const found = record.get(id);
      if (found === undefined) return null;
      return { path: entries.pathOf(found.folder), kind: 'record', record: found.name, id };
    }
    const row = entries.get(id as LocalId);
    if (row === null) return null;
    const owner = entries.recordOf(row.id);
    return {
      path: entries.pathOf(row.id),
      kind: row.kind,
      record: owner === null ? null : (record.get(owner)?.name ?? null),
      id: row.id,
    };
  }

  /** Best first. */
  return (text: string, limit = 50): SearchHit[] => {
    const query = searchQuery(text);
    if (query === null) return [];
    return matches.all(query, limit).flatMap(({ rowid }) => hitOf(rowid) ?? []);
  };
}
