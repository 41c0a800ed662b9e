// Records by what a person types, for the attachment box and the small window: every word must be in the name, the
// reference or a field. Rows are filtered before anything is looked up for them, as there may be very many.

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

export function findRecords(store: DocumentStore, { type, text, limit }: RecordQuery): FoundRecords {
  const typed = folded(text).trim();
  const words = typed.split(/\s+/).filter(Boolean);
  const first: RecordRow[] = [];
  const others: RecordRow[] = [];
  let total = 0;
  for (const record of store.catalog.records(type)) {
    if (record.archived || !words.every((word) => textOf(record).includes(word))) continue;
    total++;
    const begins = folded(record.ref).startsWith(typed) || folded(record.name).startsWith(typed);
    const list = begins ? first : others;
    if (list.length < limit) list.push(record);
  }
  const records = [...first, ...others].slice(0, limit).map((record) => recordView(store, record));
  return { records, total };
}

function textOf({ ref, name, fields }: RecordRow): string {
  return folded([ref, name, ...Object.values(fields)].join(' '));
}

/** Without accents and case: a salesperson on the phone types as it sounds. */
function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
