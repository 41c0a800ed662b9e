// An HTTPS proxy in front of an emulator, for clients that cannot be told another address: every Dropbox host that they
// connect to is the emulator. Certificates are made with openssl for the occasion.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createSecureServer } from 'node:https';

const HOSTS = ['api.dropboxapi.com', 'content.dropboxapi.com', 'notify.dropboxapi.com', 'www.dropbox.com'];

export interface TlsProxy {
  /** For HTTPS_PROXY. */
  readonly address: string;
  /** File with the certificate to trust. */
  readonly certificate: string;
  close(): void;
}

/** Files of a key and its certificate. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** Makes both in a folder, for Dropbox's hosts, good for two days. */
export function makeCertificate(folder: string): Certificate {
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  const config = join(folder, 'openssl.cnf');
  const names = HOSTS.map((host) => `DNS:${host}`).join(',');
  writeFileSync(config, `[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\nsubjectAltName=${names}\n`);
  const options = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const files = ['-config', config, '-subj', '/CN=emulator', '-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', ...options, ...files], { stdio: 'ignore' });
  return { key, certificate };
}

/** Starts a proxy that sends all it is given to the emulator at `port`. */
export async function startTlsProxy({ key, certificate }: Certificate, port: number): Promise<TlsProxy> {
  const sockets = new Set<Socket>();
  // A connection that rests is kept as long as the emulator keeps it: closed after Node's five seconds, it could be just
  // the one on which a busy client sends its next request.
  const options = {
    key: readFileSync(key),
    cert: readFileSync(certificate),
    keepAliveTimeout: 65_000,
    requestTimeout: 0,
  };
  const inner = createSecureServer(options, (incoming, outgoing) => forward(port, incoming, outgoing));
  const outer = createServer();
  outer.on('connect', (_request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    inner.emit('connection', socket);
  });
  await new Promise<void>((resolve) => outer.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(outer.address() as AddressInfo).port}`,
    certificate,
    close() {
      for (const socket of sockets) socket.destroy();
      outer.close();
    },
  };
}

function forward(port: number, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const headers = { ...incoming.headers, host: `127.0.0.1:${port}` };
  const onward = request(
    { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
