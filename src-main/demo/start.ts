// Starts the sample company: the Dropbox emulator on loopback, a document store with types, records and documents, and
// a client that joins them. The window's "Try it without an account" and the terminal demonstration stand on it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDocktide } from '../compose.ts';
import { startEmulator } from '../../test/dropbox-emulator/server.ts';
import { CLIENT_NAME, filesHere, filesThere, RECORDS, ROOT_NAME, TYPES } from './company.ts';
import type { DocktideService } from '../app/docktide.ts';

export interface RemoteFile {
  /** Below the client's root, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Bytes; 0 for folders. */
  readonly size: number;
  readonly contentHash: string | null;
}

/** The Dropbox side as somebody else who uses the same account; paths are below the client's root. */
export interface RemoteSide {
  tree(): Promise<readonly RemoteFile[]>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
}

export interface DemoCompany {
  readonly service: DocktideService;
  readonly origin: string;
  readonly documents: string;
  readonly remote: RemoteSide;
  close(): Promise<void>;
}

const TOKEN = 'sample-company';

/** `dataFolder` is made where it is missing; a sample company that lies there already goes on where it was left. */
export async function startDemoCompany(options: { readonly dataFolder: string }): Promise<DemoCompany> {
  const { dataFolder } = options;
  mkdirSync(dataFolder, { recursive: true });
  const emulator = await startEmulator({ dataFolder: join(dataFolder, 'dropbox'), token: TOKEN });
  const documents = join(dataFolder, 'documents');
  let service: DocktideService | null = null;
  try {
    const opened = await openDocktide({
      dataFolder: join(dataFolder, 'docktide'),
      env: { ...process.env, DOCKTIDE_DROPBOX_ORIGIN: emulator.origin },
    });
    service = opened;
    const remote = remoteSide(emulator.origin);
    if (!opened.initialised()) await settle(opened, documents, remote);
    return {
      service: opened,
      origin: emulator.origin,
      documents,
      remote,
      async close() {
        await opened.close();
        await emulator.close();
      },
    };
  } catch (error) {
    await service?.close();
    await emulator.close();
    throw error;
  }
}

async function settle(service: DocktideService, documents: string, remote: RemoteSide): Promise<void> {
  await service.init(documents);
  service.addClient(CLIENT_NAME, ROOT_NAME, { kind: 'access-token', token: TOKEN });
  for (const type of TYPES) {
    service.addType(type.name, type.label);
    for (const record of RECORDS.filter((one) => one.type === type.name)) {
      await service.addRecord(record.type, record.ref, record.name, record.fields);
    }
    await service.addRule(type.name, CLIENT_NAME, { subfolders: type.subfolders });
  }
  await service.addFolder('Marketing', CLIENT_NAME);
  const inbox = mkdtempSync(join(tmpdir(), 'docktide-papers-'));
  try {
    for (const file of filesHere()) {
      const [type = '', ref = ''] = file.record.split('/');
      const path = join(inbox, file.name);
      writeFileSync(path, file.bytes);
      await service.attach([path], { kind: 'record', type, ref, sub: file.sub });
    }
  } finally {
    rmSync(inbox, { recursive: true, force: true });
  }
  for (const file of filesThere()) await remote.write(file.path, file.bytes);
}

function remoteSide(origin: string): RemoteSide {
  const place = (path: string): string => `/${ROOT_NAME}/${path}`;
  const post = async (name: string, body: unknown): Promise<void> => {
    const response = await fetch(`${origin}/_control/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The emulator refused "${name}": ${text}`);
  };
  return {
    async tree() {
      const response = await fetch(`${origin}/_control/tree?path=`);
      const { entries } = (await response.json()) as { entries: readonly RemoteFile[] };
      const prefix = place('');
      return entries
        .filter((entry) => entry.path.startsWith(prefix))
        .map(({ path, kind, size, contentHash }) => ({
          path: path.slice(prefix.length),
          kind,
          size: size ?? 0,
          contentHash,
        }));
    },
    write: (path, bytes) => post('write', { path: place(path), base64: Buffer.from(bytes).toString('base64') }),
    remove: (path) => post('delete', { path: place(path) }),
    move: (from, to) => post('move', { from: place(from), to: place(to) }),
  };
}
