// Which file of the built page an address of docktide://app/ means. Pure, so that it can be tested without Electron.

import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export function typeOf(file: string): string {
  return TYPES[extname(file)] ?? 'application/octet-stream';
}

/** The file for an address, or null where it lies outside of the folder or belongs to another host. */
export function fileOf(folder: string, address: string): string | null {
  const url = new URL(address);
  if (url.host !== 'app') return null;
  const name = decoded(url.pathname);
  if (name === null) return null;
  const path = normalize(join(folder, name));
  return path.startsWith(folder + sep) && !path.includes('\0') ? path : null;
}

function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
