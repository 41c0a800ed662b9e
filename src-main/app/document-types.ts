// Renaming and removing document types: what hangs on one is told before, the folders of its rules follow or stay, and a
// type that has records is not removed. Called by docktide.ts.

import type { LocalId } from '../../src-shared/domain.ts';
import type { EntryRow } from '../store/entries.ts';
import type { Workplace } from './docktide.ts';
import { AppError, type TypeChange, type TypeUse } from './service.ts';

/** Throws AppError 'unknown-type'. */
export function typeUse({ store }: Workplace, name: string): TypeUse {
  const { id, label, records } = store.catalog.type(name);
  const rules = store.catalog.rules().filter((rule) => rule.typeId === id);
  const folders = ruleFolders(store, id);
  const ofRecords = store.db
    .prepare<[number], { id: LocalId }>(
      `SELECT entries.id FROM entries JOIN records ON records.id = record_id WHERE role = 'record' AND type_id = ?`,
    )
    .all(id);
  const files = new Set<LocalId>();
  for (const folder of [...folders, ...ofRecords]) {
    for (const { kind, id: entry } of store.entries.below(folder.id)) if (kind === 'file') files.add(entry);
  }
  return {
    name,
    label,
    records,
    rules: rules.length,
    folders: folders.map((folder) => store.entries.pathOf(folder.id)),
    documents: files.size,
  };
}

/** Throws AppError 'unknown-type', 'bad-name', 'duplicate'; nothing is changed then. */
export async function renameType(place: Workplace, name: string, change: TypeChange): Promise<TypeUse> {
  const { name: now } = place.store.catalog.renameType(name, change);
  await place.passes.whenFree(() => place.folder.followCatalog());
  place.events.emit({ kind: 'entries-changed' });
  return typeUse(place, now);
}

/** Throws AppError 'unknown-type', 'type-in-use'. The folders of its rules stay, as folders like any other. */
export async function removeType(place: Workplace, name: string): Promise<TypeUse> {
  const use = typeUse(place, name);
  if (use.records > 0) {
    throw new AppError(
      'type-in-use',
      `The document type "${name}" is in use: records ${use.records}, documents ${use.documents}. Remove the records first ` +
        `(docktide record remove ${name} REF), then the type. Nothing was removed.`,
    );
  }
  place.store.catalog.removeType(name);
  await place.passes.whenFree(() => place.folder.followCatalog());
  place.events.emit({ kind: 'entries-changed' });
  return use;
}

function ruleFolders({ db }: Workplace['store'], typeId: number): readonly Pick<EntryRow, 'id'>[] {
  return db
    .prepare<[number], Pick<EntryRow, 'id'>>(
      `SELECT entries.id FROM entries JOIN rules ON rules.id = rule_id
       WHERE role = 'rule' AND type_id = ? ORDER BY entries.id`,
    )
    .all(typeId);
}
