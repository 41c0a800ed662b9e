// The document store as its own ERP: the default connector. Types and records are those of the catalog, attachments the
// files in the records' folders. Bytes go through the documents folder: a temporary file first, then its place.

import { randomUUID } from 'node:crypto';
import { joinPath, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import { markedName, nameKey } from '../../src-shared/names.ts';
import { Fault, type TempFile } from '../engine/ports.ts';
import type { RecordRow } from '../store/catalog.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import { stampOfRow, type EntryRow } from '../store/entries.ts';
import type { TrashNote } from '../store/keepsakes.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { ErpAttachment, ErpConnector, ErpRecord } from './connector.ts';

const PAGE = 500;

/** Effects on the documents folder must not run beside a scan: `exclusive` is the engine's gate for effects. */
export function createEmbeddedConnector(
  store: DocumentStore,
  disk: StoreDisk,
  exclusive: <T>(work: () => Promise<T>) => Promise<T>,
): ErpConnector {
  const { catalog, entries, db } = store;

  const gone = (what: string): Fault => new Fault('not-found', `${what} is no longer in the document store.`);
  const rowOf = (id: string): EntryRow => {
    const row = entries.get(Number(id) as LocalId);
    if (row?.kind !== 'file') throw gone(`The attachment ${id}`);
    return row;
  };
  const recordOf = (type: string, ref: string): RecordRow => {
    const record = catalog.records(type).find((one) => one.ref === ref);
    if (record === undefined) throw gone(`The record ${type}/${ref}`);
    return record;
  };
  const folderOf = (type: string, ref: string): LocalId => {
    const folder = db
      .prepare<[number], { id: LocalId }>(
        `SELECT id FROM entries WHERE role = 'record' AND record_id = ? ORDER BY id LIMIT 1`,
      )
      .get(recordOf(type, ref).id);
    if (folder === undefined) {
      throw new Fault('not-found', `The record ${type}/${ref} has no folder. Add a folder rule that applies to it.`);
    }
    return folder.id;
  };
  const attachmentOf = (row: EntryRow, record: { readonly type: string; readonly ref: string }): ErpAttachment => ({
    id: String(row.id),
    type: record.type,
    ref: record.ref,
    name: row.name,
    kind: row.type ?? 'binary',
    url: row.url,
    size: row.size,
    hash: row.hash,
    modified: row.modified,
  });
  const answer = (id: LocalId): ErpAttachment => {
    const row = rowOf(String(id));
    const recordId = entries.recordOf(row.parent_id);
    const record = recordId === null ? null : catalog.recordById(recordId);
    return attachmentOf(row, record ?? { type: '', ref: '' });
  };

  async function written(folder: RelPath, bytes: AsyncIterable<Uint8Array>): Promise<TempFile> {
    const temp = await disk.openTemp(folder, `erp-${randomUUID()}`);
    try {
      for await (const chunk of bytes) await temp.write(chunk);
      await temp.finish();
      return temp;
    } catch (error) {
      await temp.discard();
      throw error;
    }
  }

  return {
    name: 'Document store',
    types: async () => catalog.types().map(({ name, label }) => ({ name, label })),

    changedRecords: async (type, cursor) => {
      const [time, id] = (cursor ?? '0:0').split(':').map(Number);
      const page = catalog.recordsChangedSince(type, time ?? 0, id ?? 0, PAGE);
      const last = page.at(-1);
      const hasMore = page.length === PAGE;
      return {
        records: page.map(toErpRecord),
        // The last millisecond is read again next time: another change may still fall into it.
        cursor: last === undefined ? (cursor ?? '0:0') : `${last.changedAt}:${hasMore ? last.id : 0}`,
        hasMore,
      };
    },
    recordRefs: async (type) => new Set(catalog.records(type).map((record) => record.ref)),

    attachments: async (type, ref) =>
      entries
        .below(folderOf(type, ref))
        .filter((row) => row.kind === 'file')
        .map((row) => attachmentOf(row, { type, ref })),
    readAttachment: (id) => disk.read(entries.pathOf(rowOf(id).id), 0),

    addAttachment: ({ type, ref, name, modified, bytes }) =>
      exclusive(async () => {
        const parentId = folderOf(type, ref);
        const folder = entries.pathOf(parentId);
        const temp = await written(folder, bytes);
        const hash = await temp.hash();
        const { size } = temp;
        const taken = new Set((await disk.list(folder)).map((entry) => nameKey(entry.name)));
        const free = taken.has(nameKey(name)) ? markedName(name, '2', (key) => taken.has(key)) : name;
        try {
          const place = joinPath(folder, free);
          const stamp = await disk.place(temp, place, { modified, replaces: null, trashKey: '' });
          return answer(entries.insert({ parentId, kind: 'file', name: free, hash, size, stamp, modified }));
        } catch (error) {
          await temp.discard();
          throw error;
        }
      }),

    replaceAttachment: (id, bytes, expected, modified) =>
      exclusive(async () => {
        const row = rowOf(id);
        const path = entries.pathOf(row.id);
        if (expected !== null && row.hash !== expected) {
          throw new Fault('conflict', `"${path}" was changed since it was read. Read it again.`);
        }
        const temp = await written(entries.pathOf(row.parent_id), bytes);
        const trashKey = `erp-${row.id}-${randomUUID()}`;
        const replaces = row.present === 1 ? stampOfRow(row) : null;
        try {
          const content = { hash: await temp.hash(), size: temp.size };
          if (replaces !== null) store.keepsakes.beginTrash(noteOf(store, row, path, trashKey, 'overwritten'));
          const stamp = await disk.place(temp, path, { modified, replaces, trashKey });
          db.transaction(() => {
            if (replaces !== null) store.keepsakes.addTrash(noteOf(store, row, path, trashKey, 'overwritten'));
            entries.setContent(row.id, { ...content, stamp, modified });
          }).immediate();
        } catch (error) {
          await temp.discard();
          throw error;
        }
        return answer(row.id);
      }),

    linkAttachment: async (id, url) => {
      const row = rowOf(id);
      entries.setLinked(row.id, url);
      return answer(row.id);
    },

    removeAttachment: (id) =>
      exclusive(async () => {
        const row = entries.get(Number(id) as LocalId);
        if (row?.kind !== 'file') return;
        const path = entries.pathOf(row.id);
        const trashKey = `erp-${row.id}-${randomUUID()}`;
        if (row.present === 1) {
          store.keepsakes.beginTrash(noteOf(store, row, path, trashKey, 'deleted'));
          await disk.trash(path, trashKey);
        }
        db.transaction(() => {
          if (row.present === 1) store.keepsakes.addTrash(noteOf(store, row, path, trashKey, 'deleted'));
          entries.remove(row.id);
        }).immediate();
      }),
  };
}

function noteOf(
  store: DocumentStore,
  row: EntryRow,
  path: RelPath,
  trashKey: string,
  reason: TrashNote['reason'],
): TrashNote {
  return {
    client: store.entries.clientOf(row.id),
    trashKey,
    path,
    entryKind: 'file',
    reason,
    hash: row.hash,
    size: row.size,
    remoteId: null,
    rev: null,
    contents: null,
  };
}

function toErpRecord(record: RecordRow): ErpRecord {
  const { type, ref, name, fields, archived } = record;
  return { type, ref, name, fields, archived };
}
