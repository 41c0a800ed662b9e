// What a failed task means for a person, and what can be done about it: by the code of its error. Pure.

/** Key of the words `queue.why.<why>`. */
export type Why =
  'name' | 'login' | 'room' | 'space' | 'network' | 'permission' | 'file' | 'changed' | 'cloudOnly' | 'folder';

/** What a button beside it does: words `queue.fix.<fix>`. */
export type Fix = 'show' | 'accounts' | 'dashboard' | 'freeHere' | 'openFolder';

export interface Help {
  readonly why: Why;
  /** Null where Docktide helps itself. */
  readonly fix: Fix | null;
}

const HELP: Readonly<Record<Why, Fix | null>> = {
  name: 'show',
  login: 'accounts',
  room: 'dashboard',
  space: 'freeHere',
  network: null,
  permission: 'accounts',
  file: 'show',
  changed: null,
  cloudOnly: 'show',
  folder: 'openFolder',
};

const WHY: Readonly<Record<string, Why>> = {
  'name-refused': 'name',
  'path-too-long': 'name',
  'login-lost': 'login',
  'scope-missing': 'login',
  'root-gone': 'login',
  'no-space': 'room',
  'too-many-files': 'room',
  'disk-full': 'space',
  network: 'network',
  server: 'network',
  'rate-limited': 'network',
  busy: 'network',
  'no-permission': 'permission',
  unreadable: 'file',
  'read-only': 'file',
  gone: 'changed',
  changed: 'changed',
  'not-found': 'changed',
  conflict: 'changed',
  'place-taken': 'changed',
  'not-empty': 'changed',
  'hash-mismatch': 'changed',
  'cursor-reset': 'changed',
  'not-downloadable': 'cloudOnly',
  'documents-missing': 'folder',
  'marker-missing': 'folder',
};

/** Null for codes that say nothing to a person: then the sentence of the error is shown. */
export function helpFor(code: string | null): Help | null {
  const why = code === null ? undefined : WHY[code];
  return why === undefined ? null : { why, fix: HELP[why] };
}
