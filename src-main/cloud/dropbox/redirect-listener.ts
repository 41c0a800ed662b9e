// The loopback address to which the browser returns after a login. In: ports to try and what to do with a visit;
// out: a listener with its redirect address. Only this machine can reach it, and only by its own name; every answer is
// a self-contained page. Called by oauth.ts.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { Fault } from '../../engine/ports.ts';
import { isRecord } from './errors.ts';

/** Registered with the Dropbox app one by one, as Dropbox compares redirect addresses exactly. */
export const LOOPBACK_PORTS: readonly number[] = [53682, 53683, 53684];
export const REDIRECT_PATH = '/dropbox';

export interface Page {
  readonly status: number;
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
    const servers = await listenOn(port, visit);
    if (servers === null) continue;
    return {
      redirectUri: redirectUri(port),
      close: () => {
        for (const server of servers) {
          server.close();
          server.closeIdleConnections();
        }
      },
    };
  }
  throw new Fault(
    'busy',
    `The ports ${ports.join(', ')} are all in use by other programs, so the browser cannot return here. ` +
      'Close one of them, or log in by copying the code from the browser.',
  );
}

/** `localhost` may mean either address; a port that another program has on one of them is not ours. */
async function listenOn(port: number, visit: (query: URLSearchParams) => Promise<Page>): Promise<Server[] | null> {
  const first = await serverAt('127.0.0.1', port, visit);
  if (typeof first === 'string') return null;
  const second = await serverAt('::1', port, visit);
  if (second === 'EADDRINUSE') {
    first.close();
    return null;
  }
  return typeof second === 'string' ? [first] : [first, second];
}

function serverAt(
  host: string,
  port: number,
  visit: (query: URLSearchParams) => Promise<Page>,
): Promise<Server | string> {
  return new Promise((resolve) => {
    const server = createServer((request, response) => void answer(request, response, port, visit));
    server.once('error', (error) => resolve(isRecord(error) ? String(error['code']) : 'unknown'));
    server.listen({ host, port, exclusive: true }, () => resolve(server));
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
  const ownNames = [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
  const known = ownNames.includes(request.headers.host ?? '') && url.pathname === REDIRECT_PATH;
  const page =
    known && request.method === 'GET'
      ? await visit(url.searchParams)
      : { status: 404, title: 'Nothing here', text: 'This address serves the login to Dropbox only.' };
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

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{display:grid;place-items:center;min-height:100vh;margin:0}
main{max-width:28rem;padding:2rem}
h1{font-size:1.5rem;margin:0 0 .5rem}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

function html({ title, text }: Page): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(title)}</h1><p>${escaped(text)}</p></main></body></html>
`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
