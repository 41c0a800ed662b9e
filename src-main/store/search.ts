// Search over names of folders and attachments and over names, references and fields of records, with filters.
// In: what a person asks; out: hits, best first. The full-text index, kept by triggers (migrations/search.ts), gives the
// newest rows first, so that of very many matches only the newest are ranked, beside all that bear the very name.
// A search in a few folders starts from these instead. Called by the application service.

import type { LocalId, RelPath } from '../../src-shared/domain.ts';
import { nameKey } from '../../src-shared/names.ts';
import type { SearchKind, SearchQuery, SearchResult } from '../../src-shared/search-views.ts';
import type { EntryView } from '../../src-shared/views.ts';
import type { Db } from './database.ts';
import type { Entries } from './entries.ts';
import { StoreError } from './errors.ts';
import { iso } from './keepsakes.ts';
import type { Listing } from './listing.ts';
import { createScopes, type Scope } from './search/scope.ts';
import { beginQuery, hasWords, matchQuery, rankOf, tokensOf, wordsOf, type SearchWord } from './search/words.ts';

const DEFAULT_LIMIT = 50;
/** Matches that are ranked at least; beyond these the newest stand for all. */
const RANKED = 100;
/** Rows of a folder scope up to which their names are compared one by one. */
const FEW_ROWS = 4_000;
/** Folders and records whose names hold a word, and rows below them, that are looked into for the other words. */
const MOST_PLACES = 40;
const MOST_PLACED = 1_500;
/** Rows read at once; each further page is as large as all before it. */
const FIRST_PAGE = 120;

interface Found {
  readonly doc: number;
  readonly entry_id: LocalId | null;
  readonly record_id: number | null;
  readonly folder: number | null;
  readonly size: number | null;
  readonly date: number;
}

/** What is asked, read once. */
interface Asked {
  readonly text: string;
  readonly words: readonly SearchWord[];
  /** Groups of tags, of each of which one must be there. */
  readonly tags: readonly (readonly string[])[];
  readonly kinds: ReadonlySet<SearchKind>;
  readonly extensions: readonly string[];
  readonly ranges: { readonly min: number; readonly max: number; readonly since: number; readonly until: number };
  readonly sized: boolean;
  readonly scopes: readonly { readonly scope: Scope; readonly holds: (folder: number) => boolean }[];
  readonly states: ReadonlySet<string> | null;
  readonly limit: number;
}

export type Search = ReturnType<typeof createSearch>;

export function createSearch(db: Db, entries: Entries, listing: Listing) {
  const scopes = createScopes(db);
  const columns = ['doc', 'entry_id', 'record_id', 'folder', 'size', 'date'].map((name) => `findable.${name}`).join();
  const inRange = `findable.date BETWEEN @since AND @until AND (@sized = 0 OR findable.size BETWEEN @min AND @max)`;
  const matching = db.prepare<[Record<string, unknown>], Found>(`
    SELECT ${columns} FROM search JOIN findable ON findable.doc = search.rowid
    WHERE search MATCH @match AND search.rowid < @before AND ${inRange} ORDER BY search.rowid DESC LIMIT @count`);
  const newest = db.prepare<[Record<string, unknown>], Found>(`
    SELECT ${columns} FROM findable WHERE ${inRange}
      AND (@kinds IS NULL OR CASE WHEN record_id IS NOT NULL THEN 'record' WHEN size IS NULL THEN 'folder' ELSE 'file' END
        IN (SELECT value FROM json_each(@kinds)))
    ORDER BY date DESC, doc DESC LIMIT @count`);
  const newestOf = db.prepare<[Record<string, unknown>], Found>(`
    SELECT ${columns} FROM findable WHERE extension = @extension AND ${inRange}
    ORDER BY date DESC, doc DESC LIMIT @count`);
  const inFolders = db.prepare<[Record<string, unknown>], Found>(`
    SELECT ${columns} FROM json_each(@folders) JOIN findable ON folder = value
    WHERE ${inRange} LIMIT @count`);
  const ofEntry = db.prepare<[number], Found>(`SELECT ${columns} FROM findable WHERE entry_id = ?`);
  const ofRecord = db.prepare<[number], Found>(`SELECT ${columns} FROM findable WHERE record_id = ?`);
  const named = db.prepare<[Record<string, unknown>], Found>(`
    SELECT ${columns} FROM entries JOIN findable ON entry_id = entries.id
    WHERE (key = @key OR (key > @key || '.' AND key < @key || '/')) AND ${inRange} LIMIT @count`);
  const record = db.prepare<[number], RecordRow>(`
    SELECT types.name AS type, records.ref, records.name, fields,
      (SELECT min(id) FROM entries WHERE role = 'record' AND record_id = records.id) AS folder
    FROM records JOIN types ON types.id = type_id WHERE records.id = ?`);

  // ---------------------------------------------------------------- candidates

  /** Rows that fulfil everything but the limit, as many as are worth ranking. */
  function candidates(asked: Asked): Found[] {
    const few = fewRows(asked);
    if (few !== null)
      return passing(
        asked,
        few.filter((row) => hasWordsOf(asked, row)),
      );
    if (asked.words.length === 0) return paged(asked, (skip, count) => newestFiles(asked, skip + count).slice(skip));
    const found = streamed(asked, matchQuery(asked.words, asked.tags) ?? '');
    if (found.length < RANKED) return found;
    // Of so many only the newest were read: those with the very name, or one that begins so, may be older.
    const exact = named.all({ ...parameters(asked), key: nameKey(asked.text.trim()), count: RANKED });
    const begins = streamed(asked, beginQuery(asked.words, asked.tags));
    const all = [...found, ...begins, ...passing(asked, exact)];
    return [...new Map(all.map((row) => [row.doc, row])).values()];
  }

  function newestFiles(asked: Asked, count: number): Found[] {
    const { extensions } = asked;
    if (extensions.length === 0) return newest.all({ ...parameters(asked), count });
    return extensions
      .flatMap((extension) => newestOf.all({ ...parameters(asked), extension: lastPart(extension), count }))
      .sort((a, b) => b.date - a.date || b.doc - a.doc)
      .slice(0, count);
  }

  function streamed(asked: Asked, match: string): Found[] {
    let before = Number.MAX_SAFE_INTEGER;
    return paged(asked, (_skip, count) => {
      const rows = matching.all({ ...parameters(asked), match, before, count });
      before = rows.at(-1)?.doc ?? 0;
      return rows;
    });
  }

  /** Reads pages until enough rows have passed. */
  function paged(asked: Asked, read: (skip: number, count: number) => Found[]): Found[] {
    const wanted = Math.max(RANKED, asked.limit);
    const passed: Found[] = [];
    for (let skip = 0, count = Math.max(FIRST_PAGE, asked.limit); ; skip += count, count = skip) {
      const rows = read(skip, count);
      passed.push(...passing(asked, rows));
      if (rows.length < count || passed.length >= wanted) return passed;
    }
  }

  /** Where a scope or a state leaves few rows: these, with words and kinds still to be compared; else null. */
  function fewRows(asked: Asked): Found[] | null {
    for (const { scope } of asked.scopes) {
      const folders = scopes.foldersOf(scope);
      const records = scope.records();
      if (folders === null || records === null) continue;
      const rows = inFolders.all({ ...parameters(asked), folders: JSON.stringify(folders), count: FEW_ROWS + 1 });
      if (rows.length > FEW_ROWS) continue;
      const ofFolders = folders.flatMap((id) => ofEntry.get(id) ?? []);
      const ofRecords = records.flatMap((id) => ofRecord.get(id) ?? []);
      return [...new Map([...ofFolders, ...ofRecords, ...rows].map((row) => [row.doc, row])).values()];
    }
    const ids = asked.states === null ? null : listing.idsInStates(asked.states, FEW_ROWS);
    return ids === null ? null : ids.flatMap((id) => ofEntry.get(id) ?? []);
  }

  /** Rows some words of which are in the name of a folder or record above them: `SO001 offer`. */
  function placed(asked: Asked): Found[] {
    const found: Found[] = [];
    for (const word of asked.words.length > 1 ? asked.words : []) {
      const rest = asked.words.filter((one) => one !== word);
      const match = matchQuery([word], [['kfolder', 'krecord']]);
      const above = matching.all({ ...ANY_RANGE, match, before: Number.MAX_SAFE_INTEGER, count: MOST_PLACES });
      const scope = scopes.ofFolders(
        above.flatMap((row) => row.entry_id ?? []),
        above.flatMap((row) => row.record_id ?? []),
      );
      const folders = above.length === 0 ? null : scopes.foldersOf(scope);
      if (folders === null) continue;
      const rows = inFolders.all({ ...parameters(asked), folders: JSON.stringify(folders), count: MOST_PLACED });
      found.push(
        ...passing(
          asked,
          rows.filter((row) => hasWords(rest, textsOf(row))),
        ),
      );
    }
    return found;
  }

  function passing(asked: Asked, rows: readonly Found[]): Found[] {
    const passed = rows.filter(
      (row) =>
        asked.kinds.has(kindOf(row)) &&
        fitsRanges(asked, row) &&
        asked.scopes.every(({ scope, holds }) =>
          row.record_id !== null
            ? scope.holdsRecord(row.record_id)
            : holds(row.folder ?? 0) || (row.size === null && holds(row.entry_id ?? 0)),
        ) &&
        fitsExtension(asked, row),
    );
    if (asked.states === null) return passed;
    const { states } = asked;
    const views = viewsOf(passed);
    return passed.filter((row) => row.entry_id !== null && states.has(views.get(row.entry_id)?.state ?? ''));
  }

  function fitsExtension(asked: Asked, row: Found): boolean {
    if (asked.extensions.length === 0) return true;
    const key = row.entry_id === null ? '' : (entries.get(row.entry_id)?.key ?? '');
    return asked.extensions.some((extension) => key.endsWith(`.${extension}`));
  }

  function hasWordsOf(asked: Asked, row: Found): boolean {
    return asked.words.length === 0 || hasWords(asked.words, textsOf(row));
  }

  // ---------------------------------------------------------------- hits

  function textsOf(row: Found): string[] {
    if (row.entry_id !== null) return [entries.get(row.entry_id)?.name ?? ''];
    const found = row.record_id === null ? undefined : record.get(row.record_id);
    if (found === undefined) return [];
    // Written by this program alone: a map of texts.
    return [found.name, found.ref, ...Object.values(JSON.parse(found.fields) as Record<string, string>)];
  }

  function viewsOf(rows: readonly Found[]): Map<number, EntryView> {
    const ids = rows.flatMap((row) => row.entry_id ?? []);
    return new Map(listing.viewsOf(ids).map((view) => [view.id, view]));
  }

  function hitOf(row: Found, views: ReadonlyMap<number, EntryView>): SearchResult | null {
    if (row.record_id !== null) {
      const found = record.get(row.record_id);
      if (found === undefined) return null;
      return {
        path: entries.pathOf(found.folder),
        kind: 'record',
        record: `${found.type}/${found.ref}`,
        id: row.record_id,
        name: found.name,
        type: found.type,
        size: null,
        modifiedAt: iso(row.date),
        state: null,
        client: null,
      };
    }
    const view = row.entry_id === null ? undefined : views.get(row.entry_id);
    if (view === undefined) return null;
    const { path, kind, record: owner, id, size, state, client } = view;
    const type = owner === null ? null : owner.slice(0, owner.indexOf('/'));
    const name = path.slice(path.lastIndexOf('/') + 1);
    return { path, kind, record: owner, id, name, type, size, modifiedAt: iso(row.date), state, client };
  }

  function readQuery(query: SearchQuery): Asked {
    const text = query.text ?? '';
    const extensions = (query.extensions ?? [])
      .map((one) => nameKey(one).replace(/^\.+/, ''))
      .filter((one) => one !== '');
    const sized = query.minSize !== undefined || query.maxSize !== undefined;
    const onlyFiles = sized || (query.extensions ?? []).length > 0;
    const kinds = (query.kinds ?? ALL_KINDS).filter(
      (kind) => kind === 'file' || (!onlyFiles && (kind === 'folder' || query.states === undefined)),
    );
    const tags = kinds.length === ALL_KINDS.length ? [] : [kinds.map((kind) => `k${kind}`)];
    if (extensions.length > 0) tags.push(extensions.map(extensionTag));
    return {
      text,
      words: wordsOf(text),
      tags,
      kinds: new Set(kinds),
      extensions,
      ranges: {
        min: query.minSize ?? 0,
        max: query.maxSize ?? Number.MAX_SAFE_INTEGER,
        since: timeOf(query.since, 0),
        until: timeOf(query.until, Number.MAX_SAFE_INTEGER),
      },
      sized,
      scopes: scopesOf(query).map((scope) => ({ scope, holds: scopes.membership(scope) })),
      states: query.states === undefined ? null : new Set(query.states),
      limit: query.limit ?? DEFAULT_LIMIT,
    };
  }

  function scopesOf(query: SearchQuery): Scope[] {
    const found: Scope[] = [];
    if (query.record !== undefined) {
      const scope = scopes.ofRecord(query.record, query.type ?? null);
      if (scope === null) {
        throw new StoreError('unknown-record', `There is no record "${query.record}". See "docktide record list".`);
      }
      found.push(scope);
    }
    if (query.folder !== undefined) {
      const id =
        typeof query.folder === 'number' ? (query.folder as LocalId) : entries.entryAt(query.folder as RelPath);
      if (id === null || entries.get(id)?.kind !== 'folder') {
        throw new StoreError('unknown-folder', `There is no folder "${query.folder}". See "docktide ls".`);
      }
      found.push(scopes.ofFolder(id));
    }
    if (query.type !== undefined) {
      const scope = scopes.ofType(query.type);
      if (scope === null) {
        throw new StoreError('unknown-type', `There is no document type "${query.type}". See "docktide type list".`);
      }
      found.push(scope);
    }
    return found;
  }

  /**
   * Best first: the name itself, names that begin so, the others, and those that lie in a folder whose name has some of
   * the words; of equals the newest first. Empty where nothing is asked. Throws StoreError 'unknown-type', 'unknown-record', 'unknown-folder', 'bad-date'.
   */
  return (query: SearchQuery): SearchResult[] => {
    const asked = readQuery(query);
    if (asked.limit <= 0 || asked.kinds.size === 0 || !asksSomething(query, asked)) return [];
    const direct = candidates(asked).map((row) => ({
      row,
      rank: asked.words.length === 0 ? 0 : rankOf(asked.words, textsOf(row).slice(0, 2)),
    }));
    const known = new Set(direct.map(({ row }) => row.doc));
    const byPlace = direct.length >= asked.limit ? [] : placed(asked).filter((row) => !known.has(row.doc));
    const ranked = [...direct, ...new Map(byPlace.map((row) => [row.doc, { row, rank: 3 }])).values()]
      .sort((a, b) => a.rank - b.rank || b.row.date - a.row.date || b.row.doc - a.row.doc)
      .slice(0, asked.limit)
      .map(({ row }) => row);
    const views = viewsOf(ranked);
    return ranked.flatMap((row) => hitOf(row, views) ?? []);
  };
}

const ANY_RANGE = { since: 0, until: Number.MAX_SAFE_INTEGER, min: 0, max: Number.MAX_SAFE_INTEGER, sized: 0 };
const ALL_KINDS: readonly SearchKind[] = ['file', 'folder', 'record'];

interface RecordRow {
  readonly type: string;
  readonly ref: string;
  readonly name: string;
  readonly fields: string;
  readonly folder: LocalId | null;
}

/** A text without any letter or digit asks for nothing, and then nothing is found, whatever else is asked. */
function asksSomething(query: SearchQuery, asked: Asked): boolean {
  if (asked.words.length > 0) return true;
  if (asked.text.trim() !== '') return false;
  const { text: _text, limit: _limit, ...filters } = query;
  return Object.values(filters).some((value) => value !== undefined);
}

function kindOf(row: Found): SearchKind {
  if (row.record_id !== null) return 'record';
  return row.size === null ? 'folder' : 'file';
}

function fitsRanges({ ranges, sized }: Asked, { size, date }: Found): boolean {
  if (date < ranges.since || date > ranges.until) return false;
  return !sized || (size !== null && size >= ranges.min && size <= ranges.max);
}

/** `tar.gz` is indexed by its last part, which is compared in full afterwards. */
function extensionTag(extension: string): string {
  return tokensOf(`e${lastPart(extension)}`).join(' ');
}

function lastPart(extension: string): string {
  return extension.slice(extension.lastIndexOf('.') + 1);
}

function parameters({ ranges, sized, kinds }: Asked) {
  return {
    ...ranges,
    sized: sized ? 1 : 0,
    kinds: kinds.size === ALL_KINDS.length ? null : JSON.stringify([...kinds]),
  };
}

function timeOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new StoreError('bad-date', `"${text}" is not a date. Write it as in 2026-11-23 or 2026-11-23T14:05:00Z.`);
  }
  return time;
}
