// Where the selection goes for a key: arrows, pages, ends, and typing the beginning of a name.

import type { Row } from '../../../src-shared/ipc-contract.ts';

const TYPING_MS = 800;
let typed = '';
let typedAt = 0;

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The new index, or null for a key that does not move the selection. `at` is -1 where nothing is selected. */
export function movedIndex(event: Key, rows: readonly Row[], at: number, page: number): number | null {
  const last = rows.length - 1;
  switch (event.key) {
    case 'ArrowDown':
      return Math.min(at + 1, last);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'PageDown':
      return Math.min(at + page, last);
    case 'PageUp':
      return Math.max(at - page, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return event.ctrlKey || event.metaKey || event.altKey ? null : byTyping(event.key, rows, at);
  }
}

function byTyping(key: string, rows: readonly Row[], at: number): number | null {
  // Names of keys (`Shift`, `F2`) are longer than any one character.
  if (Array.from(key).length !== 1) return null;
  const now = performance.now();
  typed = now - typedAt > TYPING_MS ? key : typed + key;
  typedAt = now;
  const wanted = typed.toLocaleLowerCase();
  // A first letter goes on to the next match; more letters narrow down from where the selection is.
  const start = Array.from(typed).length === 1 ? at + 1 : Math.max(at, 0);
  const matches = (row: Row): boolean => row.name.toLocaleLowerCase().startsWith(wanted);
  const after = rows.findIndex((row, index) => index >= start && matches(row));
  const found = after >= 0 ? after : rows.findIndex(matches);
  return found < 0 ? null : found;
}
