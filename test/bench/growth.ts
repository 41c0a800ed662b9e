// What grows with the number of documents in a first pass: both sides have them already, so that nothing is sent and all
// is agreed upon. The command runs in a process of its own; afterwards it runs once more, with nothing to do.

import { statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost, many, type Case, type CaseOptions, type CaseResult } from './case.ts';
import { commandMeasured } from './measure.ts';
import { fillDocuments, fillRemote, makeWorld } from './world.ts';

const MEGABYTE = 1024 * 1024;
const SIZE = 64;
/** Bytes on the disk for a document of a few bytes: a block, its names, and its rows in the database and its journal. */
const ROOM = 10 * 1024;

export const GROWTH: Readonly<Record<string, Case>> = {
  'first-pass': {
    what: ({ files }) => `first pass over ${many(files)} documents that both sides have`,
    files: [10_000, 100_000, 200_000],
    latencies: [0],
    run: firstPass,
  },
};

async function firstPass({ files, latency }: CaseOptions): Promise<CaseResult> {
  expectRoom(files);
  const world = await makeWorld();
  try {
    fillDocuments(world.documents, files, SIZE);
    await fillRemote(world, files, SIZE);
    await world.control('faults', { latencyMs: latency });
    const figures = await commandMeasured(world, 'sync', '--quiet');
    const again = await commandMeasured(world, 'sync', '--quiet');
    const database = ['', '-wal'].reduce((sum, end) => sum + sizeOf(join(world.data, `docktide.sqlite${end}`)), 0);
    const megabytes = (bytes: number) => `${(bytes / MEGABYTE).toFixed(0)} MB`;
    return {
      ...figures,
      result:
        `database ${megabytes(database)}, ${(database / files / 1024).toFixed(1)} KB a document; ` +
        `once more: ${again.seconds.toFixed(1)} s, ${megabytes(again.peakMemory)}`,
      promises: [
        atMost('memory, once more', again.peakMemory / MEGABYTE, 300, ' MB'),
        { what: 'nothing sent', kept: figures.bytesUp < MEGABYTE },
      ],
    };
  } finally {
    world.close();
  }
}

/** Throws a sentence where the disk of temporary files has too little room or too few places for so many. */
function expectRoom(files: number): void {
  const { bavail, bsize, ffree } = statfsSync(tmpdir());
  const [free, needed] = [bavail * bsize, files * ROOM];
  if (free < needed || (ffree > 0 && ffree < files + files / 10)) {
    const gigabytes = (bytes: number) => `${(bytes / 1024 / MEGABYTE).toFixed(1)} GB`;
    throw new Error(
      `${many(files)} documents need about ${gigabytes(needed)} in ${tmpdir()}, where ${gigabytes(free)} and ` +
        `${many(ffree)} files are free. Set TMPDIR to a larger disk.`,
    );
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
