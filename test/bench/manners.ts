// How Docktide behaves beside others: under a Dropbox that wants to be asked slowly, under a limit of its own, and towards
// a small document while a large one is on its way.

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, many, type Case, type CaseOptions, type CaseResult } from './case.ts';
import { startWatching, total } from './measure.ts';
import { GIBIBYTE, secondComputer, syncMeasured, writeLarge } from './transfers.ts';
import { contentOf, fillDocuments, makeWorld, REMOTE_ROOT, TOP } from './world.ts';

const MEGABYTE = 1024 * 1024;
/** Requests that the namespace serves in a second. */
const RATE = 50;
/** Bytes a second. */
const LIMIT = 8 * MEGABYTE;
const LIMITED_SIZE = 80 * MEGABYTE;

export const MANNERS: Readonly<Record<string, Case>> = {
  polite: {
    what: ({ files, latency }) =>
      `${many(files)} files down, one by one, from a Dropbox that refuses more than ${RATE} requests a second, ${latency} ms latency`,
    files: [1_000],
    latencies: [30],
    run: polite,
  },
  limit: {
    what: ({ latency }) => `80 MB up under a limit of 8 MB a second, ${latency} ms latency`,
    files: [1],
    latencies: [30],
    run: limit,
  },
  overtaking: {
    what: ({ latency }) => `a small file added while 1 GiB goes up, ${latency} ms latency`,
    files: [1],
    latencies: [30],
    run: overtaking,
  },
};

async function polite({ files, latency }: CaseOptions): Promise<CaseResult> {
  const world = await makeWorld();
  try {
    fillDocuments(world.documents, files, 512);
    world.docktide('sync', '--quiet');
    const other = secondComputer(world);
    await world.control('faults', {
      latencyMs: latency,
      writeLock: true,
      rateLimit: { perSecond: RATE },
      // Each by itself: a folder in one answer would be no test of manners.
      status5xx: { endpoints: ['files/download_zip'] },
    });
    const figures = await syncMeasured(other);
    const { refused } = await world.requests();
    return {
      ...figures,
      result: `${figures.result}, ${refused} refused`,
      promises: [
        atMost('of the best possible time', figures.seconds / (files / RATE), 1.3, '×'),
        atMost('refused', refused / total(figures.requests), 0.05),
      ],
    };
  } finally {
    world.close();
  }
}

async function limit({ latency }: CaseOptions): Promise<CaseResult> {
  const world = await makeWorld();
  try {
    const folder = join(world.documents, TOP);
    mkdirSync(folder, { recursive: true });
    writeLarge(join(folder, 'large.bin'), LIMITED_SIZE);
    world.docktide('limit', '--up', String(LIMIT));
    await world.control('faults', { latencyMs: latency });
    const figures = await syncMeasured(world);
    const ratio = LIMITED_SIZE / figures.seconds / LIMIT;
    return {
      ...figures,
      result: `${figures.result}, ${(ratio * 100).toFixed(0)} % of the limit`,
      promises: [atMost('of the limit', ratio, 1.1), { what: 'of the limit ≥ 0.9', kept: ratio >= 0.9 }],
    };
  } finally {
    world.close();
  }
}

const LOOK = 20;
const PATIENCE = 120_000;

async function overtaking({ latency }: CaseOptions): Promise<CaseResult> {
  const world = await makeWorld({ onDisk: true });
  const folder = join(world.documents, TOP);
  mkdirSync(folder, { recursive: true });
  world.docktide('sync', '--quiet');
  await world.control('faults', { latencyMs: latency });
  const watching = startWatching(world);
  const isThere = async (name: string): Promise<boolean> =>
    (await world.remote(`/${REMOTE_ROOT}/${TOP}`)).some(({ path }) => path.endsWith(`/${name}`));
  try {
    await appears(async () => (await world.requests()).byEndpoint['files/list_folder/longpoll'] !== undefined);
    let small = 0;
    let largeWasFirst = false;
    // As a whole: what is being written is another matter.
    writeLarge(join(world.folder, 'large.bin'), GIBIBYTE);
    const figures = await watching.measured(async () => {
      renameSync(join(world.folder, 'large.bin'), join(folder, 'large.bin'));
      await appears(async () => (await world.requests()).byEndpoint['files/upload_session/append_v2'] !== undefined);
      const started = performance.now();
      writeFileSync(join(folder, 'small.txt'), contentOf(1, 4096));
      await appears(() => isThere('small.txt'));
      small = (performance.now() - started) / 1000;
      largeWasFirst = await isThere('large.bin');
      await appears(() => isThere('large.bin'));
      return `the small one after ${small.toFixed(2)} s`;
    });
    return {
      ...figures,
      promises: [
        atMost('small one', small, 2, ' s'),
        { what: 'before the large one', kept: !largeWasFirst },
        atMost('sent twice', (figures.bytesUp - GIBIBYTE) / MEGABYTE, 16, ' MB'),
      ],
    };
  } finally {
    await watching.end();
    world.close();
  }
}

async function appears(test: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    if (await test()) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  throw new Error('What was waited for did not appear.');
}
