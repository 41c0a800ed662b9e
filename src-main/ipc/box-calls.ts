// The attachment box: records by what a person types, and what lies in a record's folder.

import type { boxCalls, boxLists, BoxPlace, BoxRecord, BoxRow } from '../../src-shared/ipc/box.ts';
import type { EntryView } from '../../src-shared/views.ts';
import type { DocktideService } from '../app/docktide.ts';
import type { RecordView } from '../app/service.ts';
import { serviceOf, type CallParts, type HandlersOf, type ListSources } from './parts.ts';

/** Records that are shown at once. */
const SHOWN = 50;

export function boxHandlers(parts: CallParts): HandlersOf<typeof boxCalls> {
  const service = serviceOf(parts);
  return {
    'box.records': async ({ type, text }) => {
      const { records, total } = service().findRecords({ ...(type === null ? {} : { type }), text, limit: SHOWN });
      const known = labelsOf(service());
      return { records: records.map((record) => boxRecordOf(service(), record, known)), total };
    },
    'box.record': async ({ type, ref }) => boxRecordOf(service(), service().record(type, ref)),
    'box.places': async ({ type, ref }) => {
      const { folder } = service().record(type, ref);
      return folder === null ? [] : placesOf(service().list(folder), folder);
    },
  };
}

function labelsOf(service: DocktideService): ReadonlyMap<string, string> {
  return new Map(service.types().map(({ name, label }) => [name, label]));
}

/** A record as the box shows it. `labels`: of the document types, where they are known already. */
export function boxRecordOf(
  service: DocktideService,
  { type, ref, name, folder }: RecordView,
  labels = labelsOf(service),
): BoxRecord {
  return { type, typeLabel: labels.get(type) ?? type, ref, name, folder };
}

/** The folders of a record, by path, with how many documents lie right in each. */
function placesOf(entries: readonly EntryView[], folder: string): BoxPlace[] {
  const files = new Map<number | null, number>();
  for (const { kind, parentId } of entries) if (kind === 'file') files.set(parentId, (files.get(parentId) ?? 0) + 1);
  return entries
    .filter(({ kind }) => kind === 'folder')
    .map(({ id, path }) => ({ row: id, path: path.slice(folder.length + 1), files: files.get(id) ?? 0 }));
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
