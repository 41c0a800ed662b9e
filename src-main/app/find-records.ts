// Records by what a person types, for the attachment box and the small window: every word must be in the name, the
// reference or a field. There may be very many: they are read once and kept, folded, until one of them changes, and rows
// are filtered before anything is looked up for them.

import type { DocumentStore } from '../store/open-store.ts';
import type { RecordRow } from '../store/catalog.ts';
import type { RecordView } from './service.ts';
import { recordView } from './views-of.ts';

export interface RecordQuery {
  /** Of this document type only. */
  readonly type?: string;
  readonly text: string;
  readonly limit: number;
}

export interface FoundRecords {
  /** The best first: what begins as it was typed stands before what only holds it. */
  readonly records: readonly RecordView[];
  readonly total: number;
}

interface Findable {
  readonly record: RecordRow;
  readonly ref: string;
  readonly name: string;
  /** Reference, name and fields. */
  readonly text: string;
}

const known = new WeakMap<DocumentStore, { readonly epoch: string; readonly records: readonly Findable[] }>();

export function findRecords(store: DocumentStore, { type, text, limit }: RecordQuery): FoundRecords {
  const typed = folded(text).trim();
  const words = typed.split(/\s+/).filter(Boolean);
  const only = type === undefined ? null : store.catalog.type(type).name;
  const first: RecordRow[] = [];
  const others: RecordRow[] = [];
  let total = 0;
  for (const one of findable(store)) {
    if ((only !== null && one.record.type !== only) || !words.every((word) => one.text.includes(word))) continue;
    total++;
    const list = one.ref.startsWith(typed) || one.name.startsWith(typed) ? first : others;
    if (list.length < limit) list.push(one.record);
  }
  const records = [...first, ...others].slice(0, limit).map((record) => recordView(store, record));
  return { records, total };
}

/** All that are in use, by type and reference. */
function findable(store: DocumentStore): readonly Findable[] {
  const epoch = store.catalog.recordsEpoch();
  const before = known.get(store);
  if (before?.epoch === epoch) return before.records;
  const records = store.catalog
    .records()
    .filter(({ archived }) => !archived)
    .map((record): Findable => {
      const ref = folded(record.ref);
      const name = folded(record.name);
      return { record, ref, name, text: [ref, name, ...Object.values(record.fields).map(folded)].join(' ') };
    });
  known.set(store, { epoch, records });
  return records;
}

/** Without accents and case: a salesperson on the phone types as it sounds. */
function folded(text: string): string {
  // What has no accents need not be taken apart.
  if (/^[\u0020-\u007e]*$/.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
