// Records made by hand, one at a time or from a CSV file. The file that was chosen last is kept here: the page never learns
// where it lies.

import { basename } from 'node:path';
import type { ImportOptions, ImportReport } from '../../src-shared/import-views.ts';
import type { recordCalls, RecordsReport } from '../../src-shared/ipc/records.ts';
import { AppError } from '../app/service.ts';
import { boxRecordOf } from './box-calls.ts';
import { done, serviceOf, type CallParts, type HandlersOf } from './parts.ts';

export function recordHandlers(parts: CallParts): HandlersOf<typeof recordCalls> {
  const service = serviceOf(parts);
  let chosen: string | null = null;
  const run = async (options: ImportOptions): Promise<RecordsReport> => {
    if (chosen === null) throw new AppError('no-file', 'No file is chosen any more. Choose it again.');
    return reportOf(await service().importRecords(chosen, options));
  };
  return {
    'records.add': async ({ type, ref, name }) => {
      const record = await service().addRecord(type, ref, name, {});
      parts.state.changed();
      return boxRecordOf(service(), record);
    },
    'records.rename': async ({ type, ref, name }) => {
      const record = await service().renameRecord(type, ref, name);
      parts.state.changed();
      return boxRecordOf(service(), record);
    },
    'records.remove': async ({ type, ref }) => done([await service().removeRecord(type, ref), parts.state.changed()]),
    'records.chooseFile': async () => {
      const file = await parts.desktop.chooseTable();
      if (file === null) return null;
      const columns = [...(await service().importColumns(file))];
      chosen = file;
      return { file: basename(file), columns };
    },
    'records.preview': ({ type, map }) => run({ ...(type !== null && { type }), map, preview: true }),
    'records.import': async ({ type, map, skipErrors }) => {
      const report = await run({ ...(type !== null && { type }), map, skipErrors });
      parts.state.changed();
      return report;
    },
  };
}

function reportOf({
  added,
  updated,
  unchanged = 0,
  skipped = 0,
  errors = [],
  changes = [],
}: ImportReport): RecordsReport {
  return { added, updated, unchanged, skipped, errors: [...errors], changes: [...changes] };
}
