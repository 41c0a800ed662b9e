// Where the selection goes for a key: arrows, pages, ends, and typing the beginning of a name.

const TYPING_MS = 800;
let typed = '';
let typedAt = 0;

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The rows by their names; without `nameOf` typing does nothing. */
export interface Names {
  readonly count: number;
  readonly nameOf: (index: number) => string;
}

/** The new index, or null for a key that does not move the selection. `at` is -1 where nothing is selected. */
export function movedIndex(event: Key, names: Names, at: number, page: number): number | null {
  const last = names.count - 1;
  // With Alt the arrows lead through folders.
  if (last < 0 || event.altKey) return null;
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
      return event.ctrlKey || event.metaKey ? null : byTyping(event.key, names, at);
  }
}

function byTyping(key: string, names: Names, at: number): number | null {
  // Names of keys (`Shift`, `F2`) are longer than any one character.
  if (Array.from(key).length !== 1) return null;
  const now = performance.now();
  typed = now - typedAt > TYPING_MS ? key : typed + key;
  typedAt = now;
  const wanted = typed.toLocaleLowerCase();
  // A first letter goes on to the next match; more letters narrow down from where the selection is.
  const start = Array.from(typed).length === 1 ? at + 1 : Math.max(at, 0);
  for (let step = 0; step < names.count; step++) {
    const index = (start + step) % names.count;
    if (names.nameOf(index).toLocaleLowerCase().startsWith(wanted)) return index;
  }
  return null;
}
