// The attachment box: records by what a person types, and what lies in a record's folder.

import type { boxCalls, boxLists, BoxRow } from '../../src-shared/ipc/box.ts';
import type { EntryView } from '../../src-shared/views.ts';
import type { RecordView } from '../app/service.ts';
import { serviceOf, type CallParts, type HandlersOf, type ListSources } from './parts.ts';

/** Records that are shown at once. */
const SHOWN = 50;

export function boxHandlers(parts: CallParts): HandlersOf<typeof boxCalls> {
  const service = serviceOf(parts);
  return {
    'box.records': async ({ type, text }) => {
      const words = folded(text).split(/\s+/).filter(Boolean);
      const found = service()
        .records(type)
        .filter((record) => !record.archived && words.every((word) => textOf(record).includes(word)));
      const records = found.slice(0, SHOWN).map(({ ref, name, folder }) => ({ type, ref, name, folder }));
      return { records, total: found.length };
    },
  };
}

export function boxSources(parts: Pick<CallParts, 'workspace'>): ListSources<keyof typeof boxLists> {
  const service = serviceOf(parts);
  return {
    box: ({ folder }) =>
      service()
        .list(folder)
        .map((entry) => boxRow(entry, folder)),
  };
}

function boxRow(entry: EntryView, folder: string): BoxRow {
  return {
    id: `${entry.kind}:${entry.id}`,
    row: entry.id,
    kind: entry.kind,
    parent: entry.parentId,
    name: entry.path.slice(entry.path.lastIndexOf('/') + 1),
    path: entry.path.slice(folder.length + 1),
    size: entry.size,
    changedAt: entry.changedAt,
    state: entry.state,
  };
}

function textOf({ ref, name, fields }: RecordView): string {
  return folded([ref, name, ...Object.values(fields)].join(' '));
}

/** Without accents and case: a salesperson on the phone types as it sounds. */
function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
