// Work on many rows in short transactions, with room for others in between: window and transfers never wait long.
// Called by the engine's steps.

import type { EngineParts } from './parts.ts';

/** Rows written in one transaction, before others may run. */
export const ROWS_AT_ONCE = 25;

export function rowsAtOnce({ atOnce }: Pick<EngineParts, 'atOnce'>, usual = ROWS_AT_ONCE): number {
  return atOnce ?? usual;
}

/** Resolves when others have had their turn. */
export function giveWay({ turn }: Pick<EngineParts, 'turn'>): Promise<void> {
  return turn?.() ?? new Promise((resolve) => setImmediate(resolve));
}

export async function inBatches<T>(
  parts: Pick<EngineParts, 'turn' | 'atOnce'>,
  items: readonly T[],
  work: (some: readonly T[], start: number) => void,
  usual = ROWS_AT_ONCE,
): Promise<void> {
  const atOnce = rowsAtOnce(parts, usual);
  for (let start = 0; start < items.length; start += atOnce) {
    if (start > 0) await giveWay(parts);
    work(items.slice(start, start + atOnce), start);
  }
}
