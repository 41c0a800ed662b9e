// Guard 2 as a person meets it: many deletions are held, listed with their sizes, and refused: what is missing comes back
// on the side that lost it, freed documents too. Letting them go is `sync --yes` (commands.test.ts).

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../support/cli.ts';
import { peerTree } from '../support/rclone.ts';
import type { HeldDeletion, RefusedDeletions } from '../../src-main/keeping/held.ts';
import type { NoticeView } from '../../src-shared/notify-views.ts';
import type { EntryView, StatusView, SyncSummary } from '../../src-shared/views.ts';

let bench: Bench;
let before: Record<string, string | null>;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.ok('folder', 'add', 'Archive', '--client', 'Office');
  mkdirSync(join(bench.documents, 'Archive/2025/old'), { recursive: true });
  for (let index = 0; index < 12; index++) {
    writeFileSync(
      join(bench.documents, 'Archive/2025', index < 4 ? `old/${index}.txt` : `${index}.txt`),
      `text ${index}`,
    );
  }
  await bench.sync();
  before = await bench.local();
});
afterEach(() => bench.close());

async function held(): Promise<readonly HeldDeletion[]> {
  return (await bench.json<HeldDeletion[]>('held', 'list')).value;
}

async function agree(): Promise<void> {
  expect(await bench.remote()).toEqual(before);
  expect(await peerTree(bench)).toEqual(before);
  const again = await bench.sync();
  expect(again).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0, held: 0 });
}

test('many deletions here are refused: the documents come back from Dropbox', async () => {
  rmSync(join(bench.documents, 'Archive/2025'), { recursive: true });
  const pass = await bench.json<SyncSummary>('sync');
  expect(pass).toMatchObject({ code: 3, value: { deletedRemote: 0 } });
  expect(pass.value.held).toBeGreaterThan(0);
  const rows = await held();
  expect(rows.map(({ side, client }) => ({ side, client }))).toEqual(
    rows.map(() => ({ side: 'dropbox', client: 'Office' })),
  );
  expect(rows.reduce((sum, row) => sum + row.files, 0)).toBe(12);
  expect(rows.reduce((sum, row) => sum + row.bytes, 0)).toBe(12 * 6 + 2);
  // Documents are counted, not the folder that they went with.
  expect((await bench.json<StatusView>('status')).value.counts.held).toBe(12);
  expect((await bench.json<NoticeView[]>('notify', 'events')).value).toMatchObject([{ kind: 'held', count: 12 }]);

  const { value } = await bench.json<{ refused: RefusedDeletions[] }>('held', 'refuse');
  expect(value.refused).toEqual([{ client: 'Office', here: 12, dropbox: 0, missing: [] }]);
  expect(await held()).toEqual([]);
  expect((await bench.json<StatusView>('status')).value.counts.held).toBe(0);
  expect(await bench.sync()).toMatchObject({ downloaded: 12, deletedRemote: 0, conflicts: 0, held: 0 });
  expect(await bench.local()).toEqual(before);
  await agree();
});

test('many deletions in Dropbox are refused: the documents go back there, those without bytes here too', async () => {
  await bench.ok('folder', 'keep', 'Archive/2025/old', 'links');
  expect((await bench.json('free')).value).toMatchObject({ freed: 4 });
  await bench.removeThere('Archive/2025');
  const pass = await bench.json<SyncSummary>('sync');
  expect(pass).toMatchObject({ code: 3, value: { deletedLocal: 0 } });
  expect((await held()).reduce((sum, row) => sum + (row.side === 'here' ? row.files : 0), 0)).toBe(12);
  expect((await bench.json<StatusView>('status')).value.counts.held).toBe(12);

  const { value } = await bench.json<{ refused: RefusedDeletions[] }>('held', 'refuse', '--client', 'Office');
  expect(value.refused).toEqual([{ client: 'Office', here: 0, dropbox: 12, missing: [] }]);
  expect(await bench.sync()).toMatchObject({ uploaded: 8, deletedLocal: 0, conflicts: 0, held: 0, failed: 0 });
  await agree();
  // The four are still without bytes here, and open as before.
  const listed = (await bench.json<EntryView[]>('ls', 'Archive/2025/old')).value.filter((one) => one.kind === 'file');
  expect(listed.map(({ path, state }) => ({ path, state }))).toEqual(
    [0, 1, 2, 3].map((index) => ({ path: `Archive/2025/old/${index}.txt`, state: 'freed' })),
  );
  await bench.ok('open', 'Archive/2025/old/2.txt');
  expect((await bench.local())['Archive/2025/old/2.txt']).toBe(before['Archive/2025/old/2.txt']);
});

test('nothing held, an unknown client', async () => {
  expect(await held()).toEqual([]);
  expect((await bench.json('held', 'refuse')).value).toEqual({ refused: [] });
  expect((await bench.ok('held', 'list')).stdout).toBe('Nothing is held.\n');
  const refused = await bench.run('held', 'refuse', '--client', 'Nobody');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('There is no client "Nobody".');
});
