// Brings the store's document types and records up to date with an ERP: changes by cursor, deletions by comparing
// references. In: a connector, a catalog and where the cursors are kept; out: counts. The folders that follow are made
// by the observer. Called by the application on schedule and by hand.

import type { Catalog } from '../store/catalog.ts';
import type { ErpConnector, ErpType } from './connector.ts';

export interface CursorPlace {
  get(type: string): string | null;
  set(type: string, cursor: string): void;
}

export interface Pulled {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
}

/** `types`: which document types are followed. Faults: those of the connector; what was pulled before stays. */
export async function pullRecords(
  connector: ErpConnector,
  catalog: Catalog,
  cursors: CursorPlace,
  types: readonly string[],
): Promise<Pulled> {
  const wanted = (await connector.types()).filter((type) => types.includes(type.name));
  let total: Pulled = { added: 0, updated: 0, removed: 0 };
  for (const type of wanted) {
    followType(catalog, type);
    const { added, updated } = await pullType(connector, catalog, cursors, type.name);
    const removed = await removeMissing(connector, catalog, type.name);
    total = { added: total.added + added, updated: total.updated + updated, removed: total.removed + removed };
  }
  return total;
}

function followType(catalog: Catalog, type: ErpType): void {
  const known = catalog.types().find((one) => one.name === type.name);
  if (known === undefined) catalog.addType(type.name, type.label);
  else if (known.label !== type.label) catalog.setTypeLabel(type.name, type.label);
}

async function pullType(
  connector: ErpConnector,
  catalog: Catalog,
  cursors: CursorPlace,
  type: string,
): Promise<{ readonly added: number; readonly updated: number }> {
  let [added, updated] = [0, 0];
  for (;;) {
    const page = await connector.changedRecords(type, cursors.get(type));
    const counts = catalog.putRecords(page.records);
    for (const record of page.records) {
      if (catalog.record(type, record.ref).archived !== record.archived) {
        catalog.archiveRecord(type, record.ref, record.archived);
      }
    }
    added += counts.added;
    updated += counts.updated;
    // After the records: a page that was lost half-way comes again.
    cursors.set(type, page.cursor);
    if (!page.hasMore) return { added, updated };
  }
}

async function removeMissing(connector: ErpConnector, catalog: Catalog, type: string): Promise<number> {
  const refs = await connector.recordRefs(type);
  const gone = catalog.records(type).filter((record) => !refs.has(record.ref));
  for (const record of gone) catalog.removeRecord(type, record.ref);
  return gone.length;
}
