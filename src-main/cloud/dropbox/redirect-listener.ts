// The loopback address to which the browser returns after a login. In: ports to try and what to do with a visit;
// out: a listener with its redirect address. It is bound to 127.0.0.1 alone and answers to its own name alone; every
// answer is a self-contained page, in the language of whoever started the login. Called by oauth.ts.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';

import { ENGLISH, type Speech } from '../../../src-shared/said.ts';
import { Fault } from '../../engine/ports.ts';
import { PAGE_HEADERS, pageHtml, type Page } from './redirect-page.ts';

/** Registered with the Dropbox app one by one, as Dropbox compares redirect addresses exactly. */
export const LOOPBACK_PORTS: readonly number[] = [53682, 53683, 53684];
export const REDIRECT_PATH = '/dropbox';

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
  speech: () => Speech = () => ENGLISH,
): Promise<RedirectListener> {
  for (const port of ports) {
    const server = (await answers('::1', port)) ? null : await serverAt(port, visit, speech);
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

async function serverAt(
  port: number,
  visit: (query: URLSearchParams) => Promise<Page>,
  speech: () => Speech,
): Promise<Server | null> {
  // Loaded for a login alone: it brings more along than most commands need.
  const { createServer } = await import('node:http');
  return new Promise((resolve) => {
    const server = createServer((request, response) => void answer(request, response, { port, visit, speech }));
    server.once('error', () => resolve(null));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(server));
  });
}

interface Serving {
  readonly port: number;
  readonly visit: (query: URLSearchParams) => Promise<Page>;
  readonly speech: () => Speech;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { port, visit, speech }: Serving,
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
          text: ['This address serves the login to Dropbox only.'],
        };
  response.writeHead(page.status, PAGE_HEADERS);
  response.end(pageHtml(page, speech()));
}
