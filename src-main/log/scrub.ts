// Takes out of text what must not leave this computer: every secret that is known here, in each spelling in which it
// may have been written, what looks like a secret or a link, and, where a person asks for it, the names of documents,
// records, clients and people. Pure but for a key that is drawn once. Called by share.ts for everything that it packs.

import { createHmac, randomBytes } from 'node:crypto';
import { splitExtension } from '../../src-shared/names.ts';
import { withoutSecrets } from '../infra/redact.ts';

/** Shorter ones would be found in every text; no token is. */
const SHORTEST = 4;

/** Every text that the kept secrets hold: a login is kept as JSON of several. */
export function secretTexts(kept: readonly string[]): string[] {
  return kept.flatMap((text) => {
    try {
      return leaves(JSON.parse(text));
    } catch {
      return [text];
    }
  });
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leaves);
}

/** Values of variables whose names tell that they are secret, and of those that clients name. */
export function secretVariables(env: NodeJS.ProcessEnv, named: readonly string[]): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (named.includes(name) || /token|secret|passw|passphrase|api_?key/i.test(name))
      ? [value]
      : [],
  );
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Whoever has a shared link has the document.
  [/https?:\/\/(?:www\.)?(?:dropbox\.com\/(?:s|sh|scl|t|l)|db\.tt)\/[^\s"'<>]+/gi, '[link]'],
  [/https?:\/\/[\w.-]*dropboxusercontent\.com\/[^\s"'<>]+/gi, '[link]'],
  [
    /(["']?\b(?:secret|pass(?:word|phrase|code)|pwd|authorization|api_?key)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi,
    '$1[secret]',
  ],
  [/([?&](?:code|state|sig|signature|key|rlkey)=)[^\s"'&]+/gi, '$1[secret]'],
  // Dropbox's short-lived access tokens in base64.
  [/\bc2wu[A-Za-z0-9+/=_-]{16,}/g, '[secret]'],
  // Refresh tokens and other long random texts; hashes and ids of Dropbox have other signs or lengths.
  [/\b(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{43,}\b/g, '[secret]'],
];

export function makeScrub(secrets: readonly string[]): (text: string) => string {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    const clean = secret.trim();
    if (clean.length < SHORTEST) continue;
    for (const one of [clean, encodeURIComponent(clean), JSON.stringify(clean).slice(1, -1)]) spellings.add(one);
    spellings.add(Buffer.from(clean).toString('base64').replace(/=+$/, ''));
  }
  // A secret may be a part of another one.
  const longestFirst = [...spellings].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of longestFirst) clean = clean.replaceAll(secret, '[secret]');
    return PATTERNS.reduce((left, [pattern, by]) => left.replace(pattern, by), withoutSecrets(clean));
  };
}

/** What stands for names; the same name is the same within one zip and another in the next. */
export interface Names {
  path(path: string): string;
  pathOrNull(path: string | null): string | null;
  name(name: string): string;
  /** Names in a sentence: what stands in quotes, what looks like a path, and those that are known to be meant. */
  text(text: string, known?: readonly (string | null)[]): string;
}

export const NAMES_AS_THEY_ARE: Names = {
  path: (path) => path,
  pathOrNull: (path) => path,
  name: (name) => name,
  text: (text) => text,
};

export function hiddenNames(key: Uint8Array = randomBytes(32)): Names {
  const name = (text: string): string => {
    if (text === '' || text === '.' || text === '..') return text;
    const { stem, extension } = splitExtension(text);
    const kept = /^\.[A-Za-z0-9]{1,8}$/.test(extension) ? extension : '';
    const named = kept === '' ? text : stem;
    return `~${createHmac('sha256', key).update(named.normalize('NFC')).digest('hex').slice(0, 10)}${kept}`;
  };
  const path = (text: string): string => text.split('/').map(name).join('/');
  return {
    name,
    path,
    pathOrNull: (text) => (text === null ? null : path(text)),
    text(text, known = []) {
      let clean = text;
      for (const one of known) if (one !== null && one !== '') clean = clean.replaceAll(one, path(one));
      const parts = known.flatMap((one) => one?.split('/') ?? []).filter((part) => part.length > 2);
      for (const part of new Set(parts)) clean = clean.replaceAll(part, name(part));
      return clean
        .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]')
        .replace(/"([^"\n]+)"/g, (_all, inner: string) => `"${path(inner)}"`)
        .replace(
          /([“„«‘])([^“”„«»‘’\n]+)([”“»’])/g,
          (_all, open: string, inner: string, close: string) => `${open}${path(inner)}${close}`,
        )
        .replace(
          /(^|[\s(=:,])'([^'\n]+)'(?!\p{L})/gu,
          (_all, before: string, inner: string) => `${before}'${path(inner)}'`,
        )
        .replace(/(?:file:\/\/)?(?:[A-Za-z]:)?(?:[\\/][^\s"'()<>|:]+)+/g, ownPath);
    },
  };
}

/** Of a path on this computer, only what lies in the program itself. */
function ownPath(text: string): string {
  const own = /[\\/]((?:src-main|src-shared|node_modules|out)[\\/].*)$/.exec(text)?.[1];
  return own ?? '[path]';
}
