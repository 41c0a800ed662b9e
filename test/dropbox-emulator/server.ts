// The Dropbox emulator: one HTTP server on 127.0.0.1 that stands for api, content, notify and OAuth of Dropbox, with a
// control endpoint under /_control/. Started by tests (test/support/emulator.ts), by command.ts and by the demonstration.

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Accounts } from './accounts.ts';
import { BlobStore } from './blobs.ts';
import { serveControl } from './control.ts';
import type { Emulator } from './emulator.ts';
import { Faults } from './faults.ts';
import { serveApi } from './http.ts';
import { Jobs } from './jobs.ts';
import { Links } from './links.ts';
import { Login } from './login.ts';
import { servePage } from './pages.ts';
import { openPersistence, type Persistence } from './persistence.ts';
import { RequestCounts } from './request-counts.ts';
import type { Route } from './route.ts';
import { batchRoutes } from './routes/batches.ts';
import { listingRoutes } from './routes/listing.ts';
import { previewRoutes } from './routes/previews.ts';
import { readingRoutes } from './routes/reading.ts';
import { searchRoutes } from './routes/search.ts';
import { sharingRoutes } from './routes/sharing.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { userRoutes } from './routes/users.ts';
import { writingRoutes } from './routes/writing.ts';
import { UploadSessions } from './sessions.ts';
import { FileTree } from './tree.ts';

export interface EmulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Where state is kept over a restart; null keeps it in memory alone. */
  readonly dataFolder?: string | null;
  /** The only token accepted beside those that OAuth issued; null accepts any. */
  readonly token?: string | null;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface RunningEmulator {
  readonly origin: string;
  readonly port: number;
  readonly state: Emulator;
  readonly counts: RequestCounts;
  close(): Promise<void>;
}

const ROUTES: ReadonlyMap<string, Route> = new Map(
  [
    ...listingRoutes,
    ...readingRoutes,
    ...previewRoutes,
    ...searchRoutes,
    ...writingRoutes,
    ...uploadRoutes,
    ...batchRoutes,
    ...sharingRoutes,
    ...userRoutes,
  ].map((route) => [route.name, route]),
);

/** The names of all routes that are served. */
export const SERVED: readonly string[] = [...ROUTES.keys()].toSorted();

/** Starts an emulator. Rejects where the port is taken or the folder cannot be used. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const dataFolder = options.dataFolder ?? null;
  const now = options.now ?? Date.now;
  if (dataFolder !== null) mkdirSync(dataFolder, { recursive: true });
  const blobs = new BlobStore(dataFolder);
  const parts = {
    tree: new FileTree(),
    accounts: new Accounts(),
    login: new Login(options.token ?? null, now),
    links: new Links(now),
  };
  const persistence = dataFolder === null ? null : openPersistence(dataFolder, parts);
  const emulator: Emulator = {
    ...parts,
    blobs,
    sessions: new UploadSessions(blobs, now),
    faults: new Faults(),
    jobs: new Jobs(),
    cursorSecret: persistence?.secret ?? randomBytes(16).toString('hex'),
    cursorEpoch: 1,
    now,
    origin: '',
  };
  const counts = new RequestCounts();
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 }, (request, response) => {
    const { socket } = request;
    serve(emulator, counts, request, response).catch((error: unknown) => {
      process.stderr.write(`Dropbox emulator: ${String((error as Error).stack)}\n`);
      socket.destroy();
    });
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  emulator.origin = `http://127.0.0.1:${port}`;
  emulator.links.origin = emulator.origin;
  return { origin: emulator.origin, port, state: emulator, counts, close: () => close(server, persistence) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server, persistence: Persistence | null): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      persistence?.close();
      resolve();
    });
    server.closeAllConnections();
  });
}

async function serve(
  emulator: Emulator,
  counts: RequestCounts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.on('error', () => {});
  if (!isLoopback(request)) {
    response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' });
    response.end('The Dropbox emulator answers this computer only.');
    return;
  }
  const url = new URL(request.url ?? '/', emulator.origin);
  if (url.pathname.startsWith('/2/')) await serveApi(emulator, ROUTES, counts, request, response, url);
  else if (url.pathname.startsWith('/_control/')) await serveControl(emulator, counts, request, response, url);
  else if (!(await servePage(emulator, counts, request, response, url))) {
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end('Nothing is here.');
  }
}

const LOOPBACK_NAME = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The peer and the name it called must be this computer, so that no web page can reach the emulator by another name;
 * nor may a page from elsewhere send it anything.
 */
function isLoopback(request: IncomingMessage): boolean {
  const peer = request.socket.remoteAddress ?? '';
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const { origin } = request.headers;
  const page = origin === undefined ? 'localhost' : URL.canParse(origin) ? new URL(origin).hostname : '';
  return /^(127\.|::1$|::ffff:127\.)/.test(peer) && LOOPBACK_NAME.test(host) && LOOPBACK_NAME.test(page);
}
