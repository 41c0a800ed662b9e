// Where a search looks: in a folder, in the folder of a record, in all that belongs to a document type. In: names; out:
// whether a row is inside, and, for scopes that are not large, every folder inside, so that a search may start there.

import type { LocalId } from '../../../src-shared/domain.ts';
import type { Db } from '../database.ts';

export interface Scope {
  /** Whether a folder is one of the topmost of the scope; these belong to the scope themselves. */
  readonly isRoot: (folder: FolderRow) => boolean;
  readonly holdsRecord: (id: number) => boolean;
  /** The topmost folders, and the records; null where they are many. */
  readonly roots: () => readonly number[] | null;
  readonly records: () => readonly number[] | null;
}

interface FolderRow {
  readonly id: number;
  readonly parent_id: number | null;
  /** Id of the document type whose rule or record has this very folder. */
  readonly type_id: number | null;
}

/** Folders, and records of a type, up to which a search starts from them instead of from the index. */
const FEW_FOLDERS = 1_000;
const FEW_RECORDS = 100;

export type Scopes = ReturnType<typeof createScopes>;

export function createScopes(db: Db) {
  const folder = db.prepare<[number], FolderRow>(`
    SELECT id, parent_id, CASE role
      WHEN 'record' THEN (SELECT type_id FROM records WHERE records.id = record_id)
      WHEN 'rule' THEN (SELECT type_id FROM rules WHERE rules.id = rule_id) END AS type_id
    FROM entries WHERE id = ?`);
  const below = db.prepare<[string, number], { id: number }>(`
    WITH RECURSIVE inside (id) AS (
      SELECT value FROM json_each(?)
      UNION
      SELECT child.id FROM inside JOIN entries child ON child.parent_id = inside.id AND child.kind = 'folder'
    ) SELECT id FROM inside LIMIT ?`);
  const recordFolder = db.prepare<[number], { id: number }>(
    `SELECT id FROM entries WHERE role = 'record' AND record_id = ?`,
  );
  const ruleFolders = db.prepare<[number], { id: number }>(
    `SELECT entries.id FROM rules JOIN entries ON rule_id = rules.id AND role = 'rule' WHERE rules.type_id = ?`,
  );
  const typeRecords = db.prepare<[number, number], { id: number }>('SELECT id FROM records WHERE type_id = ? LIMIT ?');
  const typeOfRecord = db.prepare<[number], { id: number }>('SELECT type_id AS id FROM records WHERE id = ?');
  const typeNamed = db.prepare<[string], { id: number }>('SELECT id FROM types WHERE name = ?');
  const recordsNamed = db.prepare<[{ type: string | null; ref: string }], { id: number }>(`
    SELECT records.id FROM records JOIN types ON types.id = type_id
    WHERE ref = @ref AND (@type IS NULL OR types.name = @type)`);

  return {
    ofFolder: (id: LocalId): Scope => ({
      isRoot: (row) => row.id === id,
      holdsRecord: () => false,
      roots: () => [id],
      records: () => [],
    }),
    /** Folders, and those of records. */
    ofFolders(folders: readonly number[], records: readonly number[]): Scope {
      const roots = new Set([...folders, ...records.flatMap((id) => idsOf(recordFolder.all(id)))]);
      return {
        isRoot: (row) => roots.has(row.id),
        holdsRecord: () => false,
        roots: () => [...roots],
        records: () => [],
      };
    },
    /** Null where there is no such type. */
    ofType(name: string): Scope | null {
      const type = typeNamed.get(name)?.id;
      if (type === undefined) return null;
      const owned = idsOf(typeRecords.all(type, FEW_RECORDS + 1));
      const records = owned.length > FEW_RECORDS ? null : owned;
      return {
        isRoot: (row) => row.type_id === type,
        holdsRecord: (id) => typeOfRecord.get(id)?.id === type,
        records: () => records,
        roots() {
          if (records === null) return null;
          return [...idsOf(ruleFolders.all(type)), ...records.flatMap((id) => idsOf(recordFolder.all(id)))];
        },
      };
    },
    /** Of `TYPE/REF`, or of all records with the reference. Null where there is none. */
    ofRecord(text: string, type: string | null): Scope | null {
      const cut = text.indexOf('/');
      const found = [
        ...(cut > 0 ? recordsNamed.all({ type: text.slice(0, cut), ref: text.slice(cut + 1) }) : []),
        ...recordsNamed.all({ type, ref: text }),
      ];
      if (found.length === 0) return null;
      const records = new Set(idsOf(found));
      const roots = new Set([...records].flatMap((id) => idsOf(recordFolder.all(id))));
      return {
        isRoot: (row) => roots.has(row.id),
        holdsRecord: (id) => records.has(id),
        roots: () => [...roots],
        records: () => [...records],
      };
    },
    /** Every folder inside the scope, roots included; null where they are many. */
    foldersOf(scope: Scope): number[] | null {
      const roots = scope.roots();
      if (roots === null || roots.length > FEW_FOLDERS) return null;
      const ids = below.all(JSON.stringify(roots), FEW_FOLDERS + 1);
      return ids.length > FEW_FOLDERS ? null : idsOf(ids);
    },
    /** Answers for folders whether they are inside, roots included; each folder is looked at once. */
    membership(scope: Scope): (id: number) => boolean {
      const known = new Map<number, boolean>([[0, false]]);
      const inside = (id: number): boolean => {
        const found = known.get(id);
        if (found !== undefined) return found;
        const row = folder.get(id);
        const answer = row !== undefined && (scope.isRoot(row) || inside(row.parent_id ?? 0));
        known.set(id, answer);
        return answer;
      };
      return inside;
    },
  };
}

function idsOf(rows: readonly { readonly id: number }[]): number[] {
  return rows.map(({ id }) => id);
}
