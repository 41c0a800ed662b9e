// Folder names that rules give to records: `{ref} {name}`, `{name} - {city}`. Text in, a checked pattern out, and the
// name it gives to one record, made such that Dropbox and every disk can hold it.

import { isIgnoredName, shortenToBytes } from './names.ts';

export type PatternPart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'field'; readonly name: string };

export type ParsedPattern =
  { readonly ok: true; readonly parts: readonly PatternPart[] } | { readonly ok: false; readonly message: string };

export const PATTERN_FORMS =
  'Write text with placeholders in braces: {name}, {ref} or the name of a field, such as "{ref} {name}".';

const MAX_NAME_BYTES = 200;

/** Placeholders are letters, digits, `_`, `.` and `-`; `{{` and `}}` stand for braces. */
export function parsePattern(pattern: string): ParsedPattern {
  const parts: PatternPart[] = [];
  let text = '';
  const wrong = (at: number, what: string): ParsedPattern => ({
    ok: false,
    message: `The folder name pattern is wrong at position ${at + 1}: ${what}. ${PATTERN_FORMS}`,
  });
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    if (character !== '{' && character !== '}') {
      text += character;
      continue;
    }
    if (pattern[at + 1] === character) {
      text += character;
      at++;
      continue;
    }
    if (character === '}') return wrong(at, 'a brace is closed that was not opened');
    const close = pattern.indexOf('}', at);
    if (close < 0) return wrong(at, 'the brace is never closed');
    const name = pattern.slice(at + 1, close).trim();
    if (!/^[\p{L}\p{N}_.-]+$/u.test(name)) return wrong(at, `"{${name}}" is not the name of a field`);
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
    parts.push({ kind: 'field', name });
    at = close;
  }
  if (text !== '') parts.push({ kind: 'text', text });
  if (!parts.some((part) => part.kind === 'field')) {
    return { ok: false, message: `The folder name pattern would give all records the same folder. ${PATTERN_FORMS}` };
  }
  return { ok: true, parts };
}

/** `fields` holds the record's fields and `ref` and `name`. Where all of it is empty, the reference names the folder. */
export function patternName(parts: readonly PatternPart[], fields: Readonly<Record<string, string>>): string {
  const text = parts
    .map((part) =>
      part.kind === 'text' ? part.text : Object.hasOwn(fields, part.name) ? (fields[part.name] ?? '') : '',
    )
    .join('');
  return cleanFolderName(text) ?? cleanFolderName(fields['ref'] ?? '') ?? '_';
}

/**
 * A name from the ERP as a folder name that Dropbox, Windows, macOS and Linux all hold; null where nothing is left.
 * Readable rather than reversible: the folder is found by its record, not by its name.
 */
export function cleanFolderName(text: string): string | null {
  let name = text
    .normalize('NFC')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
    // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/\s*[\\/|]\s*/g, '-')
    .replace(/\s*:\s*/g, ' - ')
    .replace(/"/g, "'")
    .replace(/</g, '(')
    .replace(/>/g, ')')
    .replace(/[*?]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(/[ .]+$/, '');
  if (name === '') return null;
  if (/^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i.test(name) || isIgnoredName(name)) {
    name = `_${name}`;
  }
  return shortenToBytes(name, MAX_NAME_BYTES).replace(/[ .]+$/, '');
}
