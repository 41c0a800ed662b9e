// Names of files that come from elsewhere, made into names that Dropbox and every disk take. Text in, text out.

import { refusedByDropbox, shortenToBytes } from '../../src-shared/names.ts';

const LONGEST = 255;

/** The name itself wherever it is valid. */
export function validName(name: string): string {
  if (refusedByDropbox(name) === null && Buffer.byteLength(name) <= LONGEST) return name;
  const cleaned = name
    .toWellFormed()
    .replaceAll('\\', '＼')
    .replaceAll('/', '／')
    // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
    .replace(/[\u0000-\u001f]/g, (sign) => String.fromCharCode(0x2400 + sign.charCodeAt(0)))
    .replaceAll('\u007f', '\u2421')
    .replace(/[ .]+$/, '');
  // A name of dots and spaces alone has nothing left; cutting a long name may leave a space at its end.
  return shortenToBytes(cleaned === '' ? '_' : cleaned, LONGEST).replace(/[ .]+$/, '');
}
