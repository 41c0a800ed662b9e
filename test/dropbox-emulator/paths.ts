// Names and paths as Dropbox takes them: the key under which two names are the same, which names are malformed and which
// are refused, how an autorenamed copy is called. Text in, text out; used by the tree and the write rules.

const MAX_NAME_CHARACTERS = 255;

/** Key of a name: NFC, lower case. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/**
 * The names of an absolute path, null where it is malformed. Leading slashes count as one (`//path` is `/path`); an
 * empty name, a dot name or a trailing slash is malformed.
 */
export function splitPath(path: string): readonly string[] | null {
  const trimmed = path.replace(/^\/+/, '');
  if (trimmed === '') return [];
  const names = trimmed.split('/');
  return names.some((name) => name === '' || name === '.' || name === '..') ? null : names;
}

/** Whether a new entry cannot have this name whatever the account. */
export function isMalformedName(name: string): boolean {
  return (
    name.length > MAX_NAME_CHARACTERS ||
    ['\\', '\u0000', '\u007f'].some((character) => name.includes(character)) ||
    /[ .]$/.test(name) ||
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(name)
  );
}

const DISALLOWED = new Set([
  'desktop.ini',
  'thumbs.db',
  '.ds_store',
  'icon\r',
  '.dropbox',
  '.dropbox.attr',
  '.dropbox.cache',
]);

/** Temporary and system files that Dropbox never stores. */
export function isDisallowedName(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    DISALLOWED.has(lower) ||
    lower.startsWith('~$') ||
    lower.startsWith('.~') ||
    (lower.startsWith('~') && lower.endsWith('.tmp'))
  );
}

/** `name (mark).ext`. */
export function markName(name: string, mark: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name} (${mark})` : `${name.slice(0, dot)} (${mark})${name.slice(dot)}`;
}

/** The first of `name (1).ext`, `name (2).ext` … that is free. */
export function numberedName(name: string, taken: (key: string) => boolean): string {
  for (let number = 1; ; number++) {
    const candidate = markName(name, String(number));
    if (!taken(nameKey(candidate))) return candidate;
  }
}

/** `name (Anna's conflicted copy).ext`, numbered where that is taken. */
export function conflictedName(name: string, person: string, taken: (key: string) => boolean): string {
  const first = markName(name, `${person}'s conflicted copy`);
  return taken(nameKey(first)) ? numberedName(first, taken) : first;
}
