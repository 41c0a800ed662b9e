import type { BoxRecord } from '../../../src-shared/ipc/box.ts';

/** The number of a record, where its name does not hold it already. */
export function refBeside({ name, ref }: Pick<BoxRecord, 'name' | 'ref'>): string | null {
  return name.includes(ref) ? null : ref;
}
