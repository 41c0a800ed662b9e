// The cases of the benchmark: each makes its own world, measures one thing, and cleans up.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDocktide } from '../../src-main/compose.ts';
import { plan } from '../../src-main/sync/plan.ts';
import { manyEntries } from './many-entries.ts';
import { searchCase } from './search-bench.ts';
import { DOCKTIDE } from '../support/cli.ts';

export interface Measured {
  readonly seconds: number;
  readonly requests: number;
  readonly result: string;
}

interface Case {
  readonly what: string;
  readonly run: () => Promise<Measured>;
}

export const CASES: Readonly<Record<string, Case>> = {
  planning: { what: 'planning 50,000 entries, 1 % changed on each side', run: planning },
  'no-change': { what: 'a pass over 20,000 files without a change', run: () => noChange(20_000) },
  search: { what: 'a search among 200,000 attachments (median)', run: () => searchCase(200_000) },
  upload: { what: 'first upload of 1,000 small files, 50 ms latency', run: () => upload(1_000, 50) },
};

async function planning(): Promise<Measured> {
  const input = manyEntries(50_000, 0.01);
  const started = performance.now();
  const made = plan(input);
  return { seconds: secondsSince(started), requests: 0, result: `${made.operations.length} operations` };
}

async function noChange(files: number): Promise<Measured> {
  const world = await openWorld();
  try {
    fill(world.documents, files);
    world.docktide('sync', '--quiet');
    const service = await openDocktide({ dataFolder: world.data, env: world.env });
    const started = performance.now();
    const summary = await service.sync();
    const seconds = secondsSince(started);
    await service.close();
    return { seconds, requests: summary.requests, result: summary.uploaded === 0 ? 'nothing done' : 'worked?' };
  } finally {
    world.close();
  }
}

async function upload(files: number, latencyMs: number): Promise<Measured> {
  const world = await openWorld();
  try {
    fill(world.documents, files);
    await world.control('faults', { latencyMs });
    const service = await openDocktide({ dataFolder: world.data, env: world.env });
    const started = performance.now();
    const summary = await service.sync();
    const seconds = secondsSince(started);
    await service.close();
    return { seconds, requests: summary.requests, result: `${summary.uploaded} uploaded` };
  } finally {
    world.close();
  }
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

function fill(documents: string, files: number): void {
  for (let index = 0; index < files; index++) {
    const folder = join(documents, 'Papers', `Folder ${index % 200}`);
    if (index < 200) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `document ${index}.txt`), `Document ${index}\n${'text '.repeat(index % 300)}`);
  }
}

interface World {
  readonly data: string;
  readonly documents: string;
  readonly env: NodeJS.ProcessEnv;
  docktide(...args: string[]): void;
  control(name: string, body: unknown): Promise<void>;
  close(): void;
}

/** An emulator in its own process, and a store whose folder `Papers` belongs to its client. */
async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-bench-'));
  const [data, documents] = [join(folder, 'data'), join(folder, 'documents')];
  const child = spawn(process.execPath, [DOCKTIDE, 'emulator', '--port', '0', '--token', 'bench'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve));
  const { origin } = JSON.parse(ready) as { origin: string };
  const env = { ...process.env, DOCKTIDE_DROPBOX_ORIGIN: origin };
  const docktide = (...args: string[]): void => {
    const { status, stderr } = spawnSync(process.execPath, [DOCKTIDE, '--data', data, ...args], { env });
    if (status !== 0) throw new Error(`docktide ${args.join(' ')} ended with ${status}: ${String(stderr)}`);
  };
  docktide('init', '--documents', documents);
  docktide('client', 'add', 'Office', '--root', 'Bench', '--access-token', 'bench');
  docktide('folder', 'add', 'Papers', '--client', 'Office');
  return {
    data,
    documents,
    env,
    docktide,
    async control(name, body) {
      const response = await fetch(`${origin}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) });
      if (!response.ok) throw new Error(await response.text());
    },
    close() {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
