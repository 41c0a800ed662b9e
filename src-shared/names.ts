// Rules about names (SYNC.md §2 and §4.8, DROPBOX.md "Names"): when two are the same, which ones Dropbox or a disk
// refuses, which are never synced, and how a free or conflicted name is made. Pure text in, text out.

/** The file in the documents folder that proves that the right disk is mounted. */
export const MARKER_NAME = '.docktide';
/** Files being written and entries set aside carry this prefix; no scan reports them. */
export const TEMP_PREFIX = '.docktide-';
/** The file in a folder of Dropbox that says: what lies here are backups, not documents. */
export const BACKUP_MARKER_NAME = '.docktide-backups';
/** What that folder is called: the first name that no document has. */
export const BACKUP_FOLDER_NAMES = ['Backups', 'Docktide backups'] as const;

const MAX_COMPONENT_CHARACTERS = 255;
const MAX_LOCAL_BYTES = 255;

/** Key under which Dropbox takes two names for the same: NFC, lower case. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

export function isOwnName(name: string): boolean {
  // Asked of every name that a look meets.
  if (!name.startsWith('.')) return false;
  // A disk may take both spellings for one name.
  const lower = name.toLowerCase();
  return lower === MARKER_NAME || lower.startsWith(TEMP_PREFIX);
}

/** What ignored names begin with. */
const MAY_BE_IGNORED = /^[.~dit]/i;
const IGNORED_EXACT = new Set([
  'desktop.ini',
  'thumbs.db',
  '.ds_store',
  'icon\r',
  '.dropbox',
  '.dropbox.attr',
  '.dropbox.cache',
]);

/** Names that Dropbox itself never syncs (temporary and system files). Case does not matter. */
export function isIgnoredName(name: string): boolean {
  if (!MAY_BE_IGNORED.test(name)) return false;
  if (isOwnName(name)) return true;
  const lower = name.toLowerCase();
  return (
    IGNORED_EXACT.has(lower) ||
    lower.startsWith('~$') ||
    lower.startsWith('.~') ||
    (lower.startsWith('~') && lower.endsWith('.tmp'))
  );
}

/** Why Dropbox refuses a name, as a clause for a sentence; null where it takes it. */
export function refusedByDropbox(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return 'the name is empty or only dots';
  if (name.includes('/') || name.includes('\\')) return 'it contains "/" or "\\"';
  if (name.includes('\u0000') || name.includes('\u007f')) return 'it contains a character that no name may hold';
  if (/[ .]$/.test(name)) return 'it ends with a space or a dot';
  if (name.length > MAX_COMPONENT_CHARACTERS) return `it is longer than ${MAX_COMPONENT_CHARACTERS} characters`;
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(name)) {
    return 'it contains half a character (a lone surrogate)';
  }
  return null;
}

const WINDOWS_RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
/** Full-width look-alikes that every disk can hold. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  '\\': '＼',
  '/': '／',
  ':': '：',
  '*': '＊',
  '?': '？',
  '"': '＂',
  '<': '＜',
  '>': '＞',
  '|': '｜',
};

/**
 * The name under which a Dropbox name is kept on a disk: itself wherever the disk can hold it. The synced entry keeps
 * both spellings, which makes the mapping reversible; being a function, it also finds the pair again without one.
 */
export function localNameFor(remoteName: string, disk: 'posix' | 'windows'): string {
  let name = remoteName;
  name = name.replace(/[/\\]/g, (c) => SUBSTITUTES[c] ?? c).replaceAll('\u0000', '␀');
  if (disk === 'windows') {
    // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
    name = name.replace(/[\u0001-\u001f\u007f]/g, (c) =>
      String.fromCharCode(c === '\u007f' ? 0x2421 : 0x2400 + c.charCodeAt(0)),
    );
    name = name.replace(/[:*?"<>|]/g, (c) => SUBSTITUTES[c] ?? c);
    name = name.replace(/[ .]+$/, (tail) => tail.replaceAll(' ', '␠').replaceAll('.', '．'));
    if (WINDOWS_RESERVED.test(name)) name = `_${name}`;
  }
  if (name === '' || name === '.' || name === '..') name = `${name.replaceAll('.', '．')}_`;
  if (isOwnName(name)) name = `_${name}`;
  return shortenToBytes(name, MAX_LOCAL_BYTES);
}

/** `name` cut so that it takes at most `limit` bytes of UTF-8; extension and a mark of the full name are kept. */
export function shortenToBytes(name: string, limit: number): string {
  // No character takes more than three for each of its units.
  if (name.length * 3 <= limit || utf8Length(name) <= limit) return name;
  // All spellings of one name are cut in the same place and carry the same mark.
  const composed = name.normalize('NFC');
  if (utf8Length(composed) <= limit) return composed;
  const { stem, extension } = splitExtension(composed);
  const keptExtension = utf8Length(extension) <= 20 ? extension : '';
  const mark = `~${shortHash(nameKey(name))}`;
  const room = limit - utf8Length(keptExtension) - mark.length;
  let kept = '';
  let bytes = 0;
  for (const character of stem) {
    const size = utf8Length(character);
    if (bytes + size > room) break;
    kept += character;
    bytes += size;
  }
  const short = `${kept}${mark}${keptExtension}`;
  // `..` and much behind it: what is left of it must not be one of the names that are never synced.
  return isIgnoredName(short) && !isIgnoredName(name) ? `_${short}` : short;
}

/** The last `.ext`; empty for names that start with their only dot. */
export function splitExtension(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  if (dot <= 0) return { stem: name, extension: '' };
  return { stem: name.slice(0, dot), extension: name.slice(dot) };
}

/** Makes `name` with `mark` before the extension, numbered until `taken` says no to its key. */
export function markedName(name: string, mark: string, taken: (key: string) => boolean): string {
  const { stem, extension } = splitExtension(name);
  for (let number = 1; ; number++) {
    const suffix = ` (${mark}${number === 1 ? '' : ` ${number}`})`;
    const room = MAX_LOCAL_BYTES - utf8Length(suffix) - utf8Length(extension);
    const candidate = `${utf8Length(stem) > room ? shortenToBytes(stem, room) : stem}${suffix}${extension}`;
    if (!taken(nameKey(candidate))) return candidate;
  }
}

/** The name to which `markedName` has given that mark, in whatever spelling; null for one that has no such mark. */
export function unmarkedName(name: string, mark: string): string | null {
  const { stem, extension } = splitExtension(name);
  if (!stem.endsWith(')')) return null;
  for (let start = stem.lastIndexOf(' ('); start > 0; start = stem.lastIndexOf(' (', start - 1)) {
    const inside = stem.slice(start + 2, -1).replace(/ ([2-9]|[1-9]\d+)$/, '');
    if (nameKey(inside) === nameKey(mark)) return `${stem.slice(0, start)}${extension}`;
  }
  return null;
}

export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xdc00 && i + 1 < text.length) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

/** Eight hex digits of FNV-1a; only to tell shortened names apart. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
