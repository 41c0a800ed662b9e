// The whole application service in this very process, on real folders, against an emulator: for tests of services that
// work on both. Quicker than a process for each command; the commands have end-to-end tests of their own.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openDocktide } from '../../src-main/compose.ts';
import type { DocktideService } from '../../src-main/app/docktide.ts';
import type { SyncReport } from '../../src-main/app/service.ts';
import type { EntryView } from '../../src-shared/views.ts';
import { readTree } from './cli.ts';
import { startTestEmulator, type TestEmulator } from './emulator.ts';

const TOKEN = 'service-token';
export const ROOT = 'ERP';

export interface ServiceWorld {
  readonly folder: string;
  readonly documents: string;
  readonly dataFolder: string;
  readonly emulator: TestEmulator;
  readonly service: DocktideService;
  at(path: string): string;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  exists(path: string): boolean;
  /** The entry at a path; throws where there is none. */
  entry(path: string): EntryView;
  /** Of the client's root in the emulator: path → content hash, null for folders. */
  remote(root?: string): Promise<Record<string, string | null>>;
  local(): Promise<Record<string, string | null>>;
  /** A pass that must do without failures. */
  sync(): Promise<SyncReport>;
  /** Requests by endpoint, and bytes, of what `work` sends. */
  counted(work: () => Promise<unknown>): Promise<{
    readonly byEndpoint: Readonly<Record<string, number>>;
    readonly bytesUp: number;
    readonly bytesDown: number;
    /** Answered with 429. */
    readonly refused: number;
  }>;
  /** Opens the same data folder anew, as another start of the program does. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** One client `Office` on `ERP`, a folder `P` and the record sale.order/SO001 with a folder of its own. */
export async function serviceWorld(options: { readonly company?: boolean } = {}): Promise<ServiceWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-service-'));
  const [dataFolder, documents] = [join(folder, 'data'), join(folder, 'documents')];
  const emulator = await startTestEmulator({ token: TOKEN });
  const open = () => openDocktide({ dataFolder, env: { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin } });
  let service = await open();
  mkdirSync(documents);
  await service.init(documents);
  service.addClient('Office', ROOT, { kind: 'access-token', token: TOKEN });
  await service.addFolder('P', 'Office');
  if (options.company ?? true) {
    service.addType('sale.order', 'Quotations');
    for (const ref of ['SO001', 'SO002']) await service.addRecord('sale.order', ref, ref, {});
    await service.addRule('sale.order', 'Office', { subfolders: ['Drawings'] });
  }
  const at = (path: string): string => join(documents, path);
  return {
    folder,
    documents,
    dataFolder,
    emulator,
    get service() {
      return service;
    },
    at,
    write(path, content) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
    },
    read: (path) => readFileSync(at(path), 'utf8'),
    exists: (path) => existsSync(at(path)),
    entry(path) {
      const found = service.list().find((one) => one.path === path);
      if (found === undefined)
        throw new Error(
          `There is no "${path}": ${service
            .list()
            .map((one) => one.path)
            .join(', ')}`,
        );
      return found;
    },
    async remote(root = ROOT) {
      const prefix = `/${root}/`;
      const rows = (await emulator.tree()).filter((row) => row.path.startsWith(prefix));
      const pairs = rows.map((row) => [row.path.slice(prefix.length), row.contentHash] as const);
      return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    },
    local: () => readTree(documents),
    async sync() {
      const report = await service.sync();
      if (report.failed + report.errors.length > 0) throw new Error(JSON.stringify({ report, queue: service.queue() }));
      return report;
    },
    async counted(work) {
      await emulator.control('requests/reset');
      await work();
      const { byEndpoint, bytesUp, bytesDown, refused } = await emulator.requests();
      return { byEndpoint, bytesUp, bytesDown, refused };
    },
    async reopen() {
      await service.close();
      service = await open();
    },
    async close() {
      await service.close();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
