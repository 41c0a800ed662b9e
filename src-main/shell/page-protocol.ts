// The window's page is loaded from docktide://app/, not from file://: a scheme of its own is a real origin ('self' in the
// policy means the app's files and nothing else), it cannot reach other files of the disk, and the policy is a response
// header that the page cannot change. It serves the built renderer folder and previews of documents of the store, and nothing besides.

import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { fileOf, typeOf } from './page-files.ts';
import type { Previews } from './previews.ts';

const SCHEME = 'docktide';
export const PAGE_ORIGIN = `${SCHEME}://app`;
export const PAGE_ADDRESS = `${PAGE_ORIGIN}/index.html`;

/** No inline code and no inline style elements: Mantine's style sheets are files, and React sets styles through the CSSOM. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "worker-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Before the app is ready. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

export function servePage(folder: string, previews: Previews): void {
  protocol.handle(SCHEME, async (request) => {
    const preview = await previews.answer(request);
    if (preview !== null) return preview;
    const file = fileOf(folder, request.url);
    if (file === null || request.method !== 'GET') return new Response('Not found', { status: 404 });
    try {
      const headers = {
        'content-type': typeOf(file),
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
      };
      return new Response(new Uint8Array(await readFile(file)), { headers });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}
