// The loopback address to which the browser returns after a login. In: ports to try and what to do with a visit;
// out: a listener with its redirect address. It is bound to 127.0.0.1 alone and answers to its own name alone; every
// answer is a self-contained page. Called by oauth.ts.

import { createHash } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';

import { Fault } from '../../engine/ports.ts';

/** Registered with the Dropbox app one by one, as Dropbox compares redirect addresses exactly. */
export const LOOPBACK_PORTS: readonly number[] = [53682, 53683, 53684];
export const REDIRECT_PATH = '/dropbox';

export interface Page {
  readonly status: number;
  readonly tone: 'good' | 'bad';
  readonly title: string;
  readonly text: string;
}

export interface RedirectListener {
  readonly redirectUri: string;
  close(): void;
}

export function redirectUri(port: number): string {
  return `http://localhost:${port}${REDIRECT_PATH}`;
}

/** Listens on the first port that is free on both loopback addresses. Fault 'busy' where none is. */
export async function listenForRedirect(
  ports: readonly number[],
  visit: (query: URLSearchParams) => Promise<Page>,
): Promise<RedirectListener> {
  for (const port of ports) {
    const server = (await answers('::1', port)) ? null : await serverAt(port, visit);
    if (server === null) continue;
    return {
      redirectUri: redirectUri(port),
      close: () => {
        server.close();
        server.closeIdleConnections();
      },
    };
  }
  throw new Fault(
    'busy',
    `The ports ${ports.join(', ')} are all in use by other programs, so the browser cannot return here. ` +
      'Close one of them, or log in by copying the code from the browser.',
  );
}

/** `localhost` may mean either address: where another program has the port on the other one, the browser may go there. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    const end = (found: boolean): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

async function serverAt(port: number, visit: (query: URLSearchParams) => Promise<Page>): Promise<Server | null> {
  // Loaded for a login alone: it brings more along than most commands need.
  const { createServer } = await import('node:http');
  return new Promise((resolve) => {
    const server = createServer((request, response) => void answer(request, response, port, visit));
    server.once('error', () => resolve(null));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(server));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  visit: (query: URLSearchParams) => Promise<Page>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  // A page elsewhere whose name was made to point here must not be able to talk to us.
  const ownNames = [`localhost:${port}`, `127.0.0.1:${port}`];
  const known = ownNames.includes(request.headers.host ?? '') && url.pathname === REDIRECT_PATH;
  const page =
    known && request.method === 'GET'
      ? await visit(url.searchParams)
      : {
          status: 404,
          tone: 'bad' as const,
          title: 'Nothing here',
          text: 'This address serves the login to Dropbox only.',
        };
  response.writeHead(page.status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(html(page));
}

const STYLE = `:root{color-scheme:light dark;--ground:#eef2f6;--card:#fff;--ink:#17212b;--soft:#52606d;--good:#1b7f4b;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ground:#11171d;--card:#1b232b;--ink:#eef2f6;--soft:#a9b5c0;--good:#5ccf93;--bad:#ff8a80}}
*{box-sizing:border-box}
body{display:grid;place-items:center;min-height:100vh;margin:0;padding:1rem;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{width:100%;max-width:30rem;padding:2.5rem;border-radius:1rem;background:var(--card);box-shadow:0 1px 2px #0002,0 12px 40px #0001;text-align:center}
svg{width:3.5rem;height:3.5rem;fill:none;stroke:currentColor;stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}
.good svg{color:var(--good)}.bad svg{color:var(--bad)}
h1{margin:1rem 0 .5rem;font-size:1.5rem;line-height:1.25}
p{margin:0;color:var(--soft);overflow-wrap:anywhere}
footer{margin-top:2rem;color:var(--soft);font-size:.875rem;letter-spacing:.04em}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

const SIGNS: Readonly<Record<Page['tone'], string>> = {
  good: '<circle cx="24" cy="24" r="20"/><path d="m15 25 6 6 12-13"/>',
  bad: '<circle cx="24" cy="24" r="20"/><path d="M24 14v13M24 33v.5"/>',
};

function html({ title, text, tone }: Page): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)} – Docktide</title><style>${STYLE}</style></head>
<body><main class="${tone}"><svg viewBox="0 0 48 48" aria-hidden="true">${SIGNS[tone]}</svg>
<h1>${escaped(title)}</h1><p>${escaped(text)}</p><footer>Docktide</footer></main></body></html>
`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
