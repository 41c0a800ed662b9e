// First uploads and downloads of many small files, and one large file each way; rclone and bare calls beside them.

import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openDocktide } from '../../src-main/compose.ts';
import { atMost, many, type Case, type CaseOptions, type CaseResult, type Promised } from './case.ts';
import { commandMeasured, measured, type Measured } from './measure.ts';
import { rclone, sdk } from './peers.ts';
import { CLIENT, fillDocuments, makeWorld, REMOTE_ROOT, TOKEN, TOP, worldAt, type World } from './world.ts';

const LATENCIES = [0, 30, 100];
const BLOCK = 4 * 1024 * 1024;
export const GIBIBYTE = 1024 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

export const TRANSFERS: Readonly<Record<string, Case>> = {
  upload: {
    what: ({ files, latency }) => `first upload of ${many(files)} small files, ${latency} ms latency`,
    files: [2_000],
    latencies: LATENCIES,
    run: upload,
  },
  download: {
    what: ({ files, latency }) => `first download of ${many(files)} small files, ${latency} ms latency`,
    files: [2_000],
    latencies: LATENCIES,
    run: download,
  },
  'big-up': {
    what: ({ latency }) => `one file of 1 GiB up, ${latency} ms latency`,
    files: [1],
    latencies: [30],
    run: bigUp,
  },
  'big-down': {
    what: ({ latency }) => `one file of 1 GiB down, ${latency} ms latency`,
    files: [1],
    latencies: [30],
    run: bigDown,
  },
};

async function upload({ files, latency }: CaseOptions): Promise<CaseResult> {
  const world = await makeWorld();
  try {
    fillDocuments(world.documents, files);
    await world.control('faults', { latencyMs: latency });
    const figures = await syncMeasured(world);
    const bare = await sdk(world, { way: 'up', folder: join(world.documents, TOP), root: '/Sdk' });
    const peer = await rclone(world, 'copy', join(world.documents, TOP), 'box:Rclone');
    const commits = figures.requests['files/upload_session/finish_batch_v2'] ?? 0;
    return {
      ...figures,
      rclone: peer,
      sdk: bare,
      promises: [
        atMost('of the bare calls', figures.seconds / bare, 1.5, '×'),
        ...fasterThan(figures, peer, 5),
        atMost('commits', commits, Math.ceil(files / 1000)),
        atMost('event loop held up', figures.heldUp, 50, ' ms'),
      ],
    };
  } finally {
    world.close();
  }
}

async function download({ files, latency }: CaseOptions): Promise<CaseResult> {
  const world = await makeWorld();
  try {
    fillDocuments(world.documents, files);
    world.docktide('sync', '--quiet');
    const other = secondComputer(world);
    await world.control('faults', { latencyMs: latency });
    const figures = await syncMeasured(other);
    const bare = await sdk(world, { way: 'down', folder: join(world.folder, 'sdk'), root: `/${REMOTE_ROOT}` });
    const peer = await rclone(world, 'copy', `box:${REMOTE_ROOT}`, join(world.folder, 'rclone'));
    return {
      ...figures,
      rclone: peer,
      sdk: bare,
      promises: [...fasterThan(figures, peer, 5), atMost('event loop held up', figures.heldUp, 50, ' ms')],
    };
  } finally {
    world.close();
  }
}

async function bigUp({ latency }: CaseOptions): Promise<CaseResult> {
  const world = await makeWorld({ onDisk: true });
  try {
    const folder = join(world.documents, TOP);
    mkdirSync(folder, { recursive: true });
    writeLarge(join(folder, 'large.bin'), GIBIBYTE);
    await world.control('faults', { latencyMs: latency });
    const figures = await commandMeasured(world, 'sync');
    const idle = await commandMeasured(world, 'sync');
    const peer = await rclone(world, 'copy', folder, 'box:Rclone');
    return { ...figures, rclone: peer, ...largeOutcome(figures, idle, peer) };
  } finally {
    world.close();
  }
}

async function bigDown({ latency }: CaseOptions): Promise<CaseResult> {
  const world = await makeWorld({ onDisk: true });
  try {
    const folder = join(world.documents, TOP);
    mkdirSync(folder, { recursive: true });
    writeLarge(join(folder, 'large.bin'), GIBIBYTE);
    world.docktide('sync', '--quiet');
    const other = secondComputer(world);
    await world.control('faults', { latencyMs: latency });
    const figures = await commandMeasured(other, 'sync');
    const idle = await commandMeasured(other, 'sync');
    const peer = await rclone(world, 'copy', `box:${REMOTE_ROOT}`, join(world.folder, 'rclone'));
    return { ...figures, rclone: peer, ...largeOutcome(figures, idle, peer) };
  } finally {
    world.close();
  }
}

/** `idle`: the same command with nothing to do. */
function largeOutcome(
  figures: Measured,
  idle: Measured,
  peer: number | null,
): { readonly result: string; readonly promises: readonly Promised[] } {
  const [all, without] = [figures, idle].map(({ peakMemory }) => peakMemory / MEGABYTE);
  const more = (all ?? 0) - (without ?? 0);
  return {
    result: `\`docktide sync\`: ${more.toFixed(0)} MB more than with nothing to do (${without?.toFixed(0)} MB)`,
    promises: [
      ...fasterThan(figures, peer, 1),
      atMost('memory for the transfer', more, 100, ' MB'),
      atMost('event loop held up', figures.heldUp, 50, ' ms'),
    ],
  };
}

function fasterThan({ seconds }: Measured, peer: number | null, times: number): Promised[] {
  if (peer === null) return [];
  return [
    {
      what: times === 1 ? 'no slower than rclone' : `${times} times faster than rclone`,
      kept: seconds * times <= peer,
    },
  ];
}

/** One whole pass, as `docktide sync` makes it, in this process. */
export async function syncMeasured(world: World): Promise<Measured> {
  const service = await openDocktide({ dataFolder: world.data, env: world.env });
  try {
    return await measured(world, async () => {
      const { uploaded, downloaded, failed } = await service.sync();
      return `${uploaded} up, ${downloaded} down${failed > 0 ? `, ${failed} failed` : ''}`;
    });
  } finally {
    await service.close();
  }
}

/** Another computer with the same client and nothing in its documents folder. */
export function secondComputer(world: World): World {
  const folder = join(world.folder, 'second');
  mkdirSync(folder);
  const other = worldAt({ folder, origin: world.origin });
  other.docktide('init', '--documents', other.documents);
  other.docktide('client', 'add', CLIENT, '--root', REMOTE_ROOT, '--access-token', TOKEN);
  return other;
}

/** No two blocks are alike. */
export function writeLarge(path: string, size: number): void {
  rmSync(path, { force: true });
  const file = openSync(path, 'w');
  const block = Buffer.alloc(BLOCK);
  let seed = createHash('sha512').update(path).digest();
  for (let at = 0; at < block.length; at += seed.length) {
    seed.copy(block, at);
    seed = createHash('sha512').update(seed).digest();
  }
  for (let written = 0; written < size; written += BLOCK) {
    block.writeBigUInt64LE(BigInt(written), 0);
    writeSync(file, block);
  }
  closeSync(file);
}
