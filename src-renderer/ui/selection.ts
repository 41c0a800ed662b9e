// What is selected in a list, and how clicks and keys change it, as in every file list: a click chooses one, Ctrl or ⌘
// adds and takes away, Shift reaches from the anchor. Pure; used by Table and by the grid of thumbnails.

export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** Where Shift starts from. */
  readonly anchor: string | null;
  /** Where the keyboard is. */
  readonly active: string | null;
}

export const NOTHING: Selection = { keys: new Set(), anchor: null, active: null };

export interface Modifiers {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

export function only(key: string): Selection {
  return { keys: new Set([key]), anchor: key, active: key };
}

export function clicked(order: readonly string[], selection: Selection, key: string, held: Modifiers): Selection {
  if (held.shiftKey) return reaching(order, selection, key, held.ctrlKey || held.metaKey);
  if (!held.ctrlKey && !held.metaKey) return only(key);
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key, active: key };
}

/** The arrow keys: Shift reaches, Ctrl or ⌘ moves without choosing. */
export function movedTo(order: readonly string[], selection: Selection, key: string, held: Modifiers): Selection {
  if (held.shiftKey) return reaching(order, selection, key, false);
  if (held.ctrlKey || held.metaKey) return { ...selection, active: key };
  return only(key);
}

export function toggled(selection: Selection, key: string): Selection {
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key, active: key };
}

export function everything(order: readonly string[], selection: Selection): Selection {
  return { ...selection, keys: new Set(order), active: selection.active ?? order[0] ?? null };
}

/** A right click keeps what is selected where it hits it, and chooses the row where not. */
export function pointed(selection: Selection, key: string): Selection {
  return selection.keys.has(key) ? { ...selection, active: key } : only(key);
}

/** The keys touched by a rubber band, together with what was selected before where Ctrl or ⌘ was held. */
export function banded(before: Selection, touched: readonly string[], add: boolean): Selection {
  const keys = new Set(add ? [...before.keys, ...touched] : touched);
  return { keys, anchor: touched[0] ?? before.anchor, active: touched.at(-1) ?? before.active };
}

/** With the new keys of rows that have got another one. */
export function renamedKeys(selection: Selection, next: ReadonlyMap<string, string>): Selection {
  if (next.size === 0) return selection;
  const now = (key: string): string => next.get(key) ?? key;
  const { keys, anchor, active } = selection;
  return {
    keys: new Set([...keys].map(now)),
    anchor: anchor === null ? null : now(anchor),
    active: active === null ? null : now(active),
  };
}

/** Without the rows that are gone. */
export function without(selection: Selection, exists: (key: string) => boolean): Selection {
  if ([...selection.keys].every(exists) && (selection.active === null || exists(selection.active))) return selection;
  return {
    keys: new Set([...selection.keys].filter(exists)),
    anchor: selection.anchor !== null && exists(selection.anchor) ? selection.anchor : null,
    active: selection.active !== null && exists(selection.active) ? selection.active : null,
  };
}

function reaching(order: readonly string[], selection: Selection, key: string, add: boolean): Selection {
  const anchor = selection.anchor ?? selection.active ?? key;
  const from = order.indexOf(anchor);
  const to = order.indexOf(key);
  if (to < 0) return selection;
  const reached = order.slice(Math.min(from < 0 ? to : from, to), Math.max(from, to) + 1);
  return { keys: new Set(add ? [...selection.keys, ...reached] : reached), anchor, active: key };
}
