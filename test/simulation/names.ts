// Names that people give: a few, so that they meet; some that only Dropbox can hold; some that look like the program's own.

import type { Platform } from '../support/engine-world.ts';
import { isOwnName, localNameFor, nameKey } from '../../src-shared/names.ts';

const PLAIN = ['a', 'b', 'c', 'Quote', 'A', 'é', 'e\u0301', 'n.txt', 'b.txt', 'SO1'];
const HOSTILE = [
  '.docktide',
  '.docktide-x.tmp',
  '.dt-aside-x1-a',
  '.dt-aside-9-.dt-aside-8-b',
  'con',
  'aux.txt',
  'a:b*',
  'tab\tname',
  'x'.repeat(255),
  `${'é'.repeat(200)}.txt`,
  `${'é'.repeat(199)}e\u0301.txt`,
  '~$a',
  'desktop.ini',
  '\u212a',
  'İ',
  'a (conflicted copy from Dropbox, 2026-11-23)',
  '😀',
  '..a',
  '...b',
];
/** Names that a disk can hold and Dropbox refuses. */
const REFUSED = ['a.', 'b ', 'c\\d'];

export function nameThere(draw: number): string {
  return draw < 85 ? PLAIN[draw % PLAIN.length]! : HOSTILE[draw % HOSTILE.length]!;
}

export function nameHere(draw: number, platform: Platform): string {
  const name =
    draw < 85 ? PLAIN[draw % PLAIN.length]! : [...REFUSED, ...HOSTILE][draw % (REFUSED.length + HOSTILE.length)]!;
  const held =
    platform !== 'win32' && REFUSED.includes(name)
      ? name
      : localNameFor(name, platform === 'win32' ? 'windows' : 'posix');
  return isOwnName(held) ? `_${held}` : held;
}

/** Another spelling that Dropbox takes for the same name. */
export function respelled(name: string): string {
  const forms = [
    name.normalize('NFC'),
    name.normalize('NFD'),
    name.toUpperCase(),
    name.toLowerCase(),
    name.normalize('NFD').toUpperCase(),
  ];
  const key = name.normalize('NFC').toLowerCase();
  return forms.find((form) => form !== name && form.normalize('NFC').toLowerCase() === key) ?? name;
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

export function keyOf(path: string): string {
  return path.split('/').map(nameKey).join('/');
}
