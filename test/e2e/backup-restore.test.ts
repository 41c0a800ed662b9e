// Bringing the database back through the real process: after changes on both sides, on a new computer, over a damaged
// database, while somebody else is at work; and runs that are killed at any moment.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, ROOT, TOKEN, until } from '../support/cli.ts';
import { peerTree } from '../support/rclone.ts';
import type { BackupMade, BackupRestored, BackupVerified, BackupView } from '../../src-shared/backup-views.ts';
import type { EntryView, LogView, StatusView } from '../../src-shared/views.ts';
import type { TrashView } from '../../src-main/app/keeping-service.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.ok('folder', 'add', 'P', '--client', 'Office');
});
afterEach(() => bench.close());

const NOTHING_DELETED = { deletedLocal: 0, deletedRemote: 0, conflicts: 0, failed: 0, held: 0 };
const QUIET = { ...NOTHING_DELETED, uploaded: 0, downloaded: 0, moved: 0, createdFolders: 0, adopted: 0 };
const at = (path: string): string => join(bench.documents, path);

function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

const made = async (): Promise<BackupMade> => (await bench.json<BackupMade>('backup', 'now')).value;
const restored = async (id: string, ...more: string[]): Promise<BackupRestored> => {
  const { code, value, stderr } = await bench.json<BackupRestored>('backup', 'restore', id, ...more);
  expect({ code, value, stderr }).toMatchObject({ code: 0, value: { restored: expect.any(String) as string } });
  return value;
};
const contentThere = async (path: string): Promise<string> =>
  (await bench.emulator.content(`/${ROOT}/${path}`)).toString('utf8');

function contents(): Record<string, string> {
  const found = readdirSync(bench.documents, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.docktide')
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(found.map((file) => [file.slice(bench.documents.length + 1), readFileSync(file, 'utf8')]));
}

/** Equal on both sides and settled, the backups apart; freed documents count. */
async function settled(): Promise<void> {
  expect(await bench.sync()).toMatchObject(QUIET);
  const listed = await bench.listed();
  for (const tree of [await bench.remote(), await peerTree(bench)]) {
    expect(Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('Backups')))).toEqual(listed);
  }
}

test('after changes on both sides, synced and not, nothing is deleted, lost or doubled', async () => {
  write('P/kept.txt', 'kept');
  write('P/edited here.txt', 'one');
  write('P/edited there.txt', 'one');
  write('P/moved here.txt', 'moved');
  write('P/moved there.txt', 'moved too');
  write('P/deleted here.txt', 'deleted here');
  write('P/deleted there.txt', 'deleted there');
  write('P/gone.txt', 'gone everywhere');
  write('Links/freed before.txt', 'freed before');
  write('Old/freed later.txt', 'freed later');
  await bench.sync();
  await bench.ok('folder', 'keep', 'Links', 'links');
  await bench.ok('free');
  const backup = await made();
  expect(backup).toMatchObject({ state: 'verified', where: 'both' });

  // Synced after the backup: what the restored database does not know of.
  write('P/edited here.txt', 'two');
  await bench.put('P/edited there.txt', 'two');
  write('P/new here.txt', 'new');
  rmSync(at('P/gone.txt'));
  await bench.ok('folder', 'keep', 'Old', 'links');
  await bench.sync();
  await bench.ok('free');
  expect(Object.keys(contents())).not.toContain('Old/freed later.txt');
  // Not synced: what it must carry on.
  rmSync(at('P/deleted here.txt'));
  await bench.removeThere('P/deleted there.txt');
  await bench.moveThere('P/moved there.txt', 'P/moved.txt');
  await bench.put('P/edited there.txt', 'three');
  await bench.put('P/new there.txt', 'new there');
  write('P/sub/late.txt', 'late');

  const before = await bench.json<TrashView[]>('trash', 'list');
  const done = await restored(backup.id);
  expect(done).toMatchObject({ restored: backup.id, notes: [] });
  expect(done.previous).toMatch(/docktide\.before-restore-.*\.sqlite$/);
  expect(
    readFileSync(done.previous ?? '')
      .subarray(0, 15)
      .toString(),
  ).toBe('SQLite format 3');
  // What went to the trash since the backup is still listed, the log goes on, and the backup is known.
  expect((await bench.json<TrashView[]>('trash', 'list')).value.map(({ path }) => path)).toEqual(
    before.value.map(({ path }) => path),
  );
  expect((await bench.json<LogView[]>('log')).value.some(({ path }) => path === 'P/new here.txt')).toBe(true);
  expect((await bench.json<BackupView[]>('backup', 'list')).value).toMatchObject([
    { id: backup.id, state: 'verified' },
  ]);

  const plan = await bench.json<{ operations: { kind: string }[] }[]>('plan');
  expect(plan.value[0]?.operations.some(({ kind }) => kind === 'remote.delete' || kind === 'local.trash')).toBe(false);
  expect(await bench.sync()).toMatchObject(NOTHING_DELETED);
  await settled();
  expect(contents()).toEqual({
    'P/kept.txt': 'kept',
    'P/edited here.txt': 'two',
    'P/edited there.txt': 'three',
    'P/moved here.txt': 'moved',
    'P/moved.txt': 'moved too',
    'P/deleted here.txt': 'deleted here',
    'P/deleted there.txt': 'deleted there',
    'P/new here.txt': 'new',
    'P/new there.txt': 'new there',
    'P/sub/late.txt': 'late',
    'Old/freed later.txt': 'freed later',
  });
  expect(await contentThere('Links/freed before.txt')).toBe('freed before');
  const row = (await bench.json<EntryView[]>('ls', 'Links')).value.find(
    ({ path }) => path === 'Links/freed before.txt',
  );
  expect(row).toMatchObject({ state: 'freed' });
  // From now on a deletion is one again.
  rmSync(at('P/kept.txt'));
  expect(await bench.sync()).toMatchObject({ deletedRemote: 1 });
  await settled();
  expect(await bench.json('conflicts')).toMatchObject({ value: [] });
});

test('on a new computer, from Dropbox alone; logins stay with the clients of their names', async () => {
  await bench.ok('type', 'add', 'sale.order', '--label', 'Quotations');
  await bench.ok('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Drawings');
  await bench.ok('record', 'add', 'sale.order', 'SO001', '--name', 'SO001');
  await bench.ok('client', 'add', 'Berlin', '--root', 'Berlin Documents', '--token-env', 'BERLIN');
  await bench.ok('folder', 'add', 'B', '--client', 'Berlin');
  await bench.ok('folder', 'flow', 'B', 'down');
  write('P/a.txt', 'a');
  write('Quotations/SO001/Drawings/plan.txt', 'plan');
  await bench.ok('sync', '--client', 'Office');
  await bench.ok('backup', 'target', 'Office');
  const backup = await made();

  // All that was on the old computer is gone. Other clients come first here, so that their numbers differ.
  const lost = bench.documents;
  const fresh = mkdtempSync(join(tmpdir(), 'docktide-e2e-'));
  const [data, documents] = [join(fresh, 'data'), join(fresh, 'documents')];
  mkdirSync(documents);
  Object.assign(bench, { data, documents });
  await bench.ok('init', '--documents', documents);
  await bench.ok('client', 'add', 'Berlin', '--root', 'Berlin Documents', '--token-env', 'BERLIN');
  await bench.ok('client', 'add', 'Office', '--root', ROOT, '--access-token', TOKEN);
  expect((await bench.json<BackupView[]>('backup', 'list', '--refresh')).value).toMatchObject([
    { id: backup.id, where: 'dropbox', own: false, cause: 'found', state: 'unverified', content: null },
  ]);
  expect(await restored(backup.id.slice(0, 20))).toMatchObject({ restored: backup.id, notes: [] });
  expect((await bench.json<StatusView>('status')).value).toMatchObject({ documents, counts: { types: 1, records: 1 } });
  expect(readdirSync(documents).toSorted()).toEqual(['.docktide', 'B', 'P']);
  expect(await bench.sync('--client', 'Office')).toMatchObject({ ...NOTHING_DELETED, uploaded: 0, downloaded: 2 });
  expect(contents()).toEqual({ 'P/a.txt': 'a', 'Quotations/SO001/Drawings/plan.txt': 'plan' });
  expect(await bench.sync('--client', 'Office')).toMatchObject(QUIET);
  expect((await bench.json<BackupView[]>('backup', 'list')).value).toMatchObject([{ id: backup.id, own: true }]);
  const folders = (await bench.json<EntryView[]>('folder', 'list')).value;
  expect(folders.map(({ path, client }) => [path, client])).toEqual([
    ['B', 'Berlin'],
    ['P', 'Office'],
  ]);
  rmSync(lost, { recursive: true, force: true });
});

test('over a damaged database, from what lies on this computer or from a file', async () => {
  write('P/a.txt', 'a');
  await bench.sync();
  const backup = await made();
  const database = join(bench.data, 'docktide.sqlite');
  const damage = (): void => {
    const bytes = readFileSync(database);
    bytes.fill(0x55, 0, 4096);
    writeFileSync(database, bytes);
  };
  damage();
  expect(await bench.json('status')).toMatchObject({ code: 1, value: { error: { code: 'database-corrupt' } } });
  const done = await restored('newest');
  expect(done.restored).toBe(backup.id);
  expect(readFileSync(done.previous ?? '')[0]).toBe(0x55);
  expect(await bench.sync()).toMatchObject({ ...NOTHING_DELETED, uploaded: 0, downloaded: 0 });
  await settled();
  // Downloaded by hand.
  writeFileSync(join(bench.folder, backup.name), await bench.emulator.content(`/${ROOT}/Backups/${backup.name}`));
  damage();
  rmSync(join(bench.data, 'backups'), { recursive: true });
  expect(await bench.json('backup', 'restore', 'newest')).toMatchObject({
    code: 1,
    value: { error: { code: 'unknown-backup' } },
  });
  await restored(`./${backup.name}`);
  expect(await bench.sync()).toMatchObject({ ...NOTHING_DELETED, uploaded: 0, downloaded: 0 });
  await settled();
  // A bad file is no database, and one that is none either; what is in use stays.
  writeFileSync(join(bench.folder, 'bad.tar.gz'), 'no backup');
  for (const [which, code] of [
    ['./bad.tar.gz', 'backup-failed'],
    ['./nowhere.tar.gz', 'unknown-backup'],
    ['2020', 'unknown-backup'],
  ] as const) {
    expect(await bench.json('backup', 'restore', which)).toMatchObject({ code: 1, value: { error: { code } } });
  }
  expect(await bench.sync()).toMatchObject(QUIET);
});

test('not while another process has the document store open', async () => {
  write('P/a.txt', 'a');
  await bench.sync();
  const backup = await made();
  const watch = bench.start(['watch']);
  await until('watching', () => watch.output().includes('Watching'), watch.output);
  const refused = await bench.json('backup', 'restore', backup.id, '--wait', '30');
  expect(refused).toMatchObject({ code: 1, value: { error: { code: 'busy' } } });
  expect(refused.stderr).toContain('nothing was changed');
  expect(readdirSync(bench.data).filter((name) => name.includes('before-restore'))).toEqual([]);
  expect(readdirSync(join(bench.data, 'backups'))).toEqual([backup.name]);
  watch.child.kill('SIGTERM');
  await watch.ended;
  await restored(backup.id);
  expect(await bench.sync()).toMatchObject(NOTHING_DELETED);
  await settled();
});

test('killed at any moment: no half backup under a finished name, and the next run goes on', async () => {
  write('P/a.txt', 'a');
  await bench.sync();
  // Enough to be met in the middle of every step.
  const big = join(bench.folder, 'dump.bin');
  const { randomBytes } = await import('node:crypto');
  writeFileSync(big, randomBytes(40 * 1024 * 1024));
  utimesSync(big, 0, 0);
  await bench.ok('backup', 'source', 'add', big);
  await bench.emulator.control('faults', { latencyMs: 20 });
  const filesHere = (): string[] => readdirSync(join(bench.data, 'backups'));
  const requests = (): number => bench.emulator.counts.view.total;
  for (let kill = 0; kill < 8; kill++) {
    const [known, asked] = [existsSync(join(bench.data, 'backups')) ? filesHere() : [], requests()];
    const running = bench.start(['backup', 'now']);
    let over = false;
    void running.ended.then(() => (over = true));
    const isPacking = (): boolean =>
      existsSync(join(bench.data, 'backups')) && filesHere().some((name) => !known.includes(name));
    // Three times while it is packed, then after ever more requests of the way to Dropbox.
    const isTime = (): boolean => (kill < 3 ? isPacking() : requests() - asked >= 2 * kill - 5);
    while (!over && !isTime()) await new Promise((resolve) => setTimeout(resolve, 2));
    if (kill < 3) await new Promise((resolve) => setTimeout(resolve, 60 * kill));
    running.child.kill('SIGKILL');
    expect((await running.ended).code).toBeNull();
  }
  await bench.emulator.control('faults', { clear: true });
  const last = await made();
  expect(last).toMatchObject({ state: 'verified', where: 'both' });
  const checked = await bench.json<BackupVerified>('backup', 'verify', '--all');
  expect(checked).toMatchObject({ code: 0, value: { ok: true, failed: 0 } });
  const names = checked.value.backups.map(({ name }) => name).toSorted();
  const there = Object.keys(await bench.remote()).filter((path) => /^Backups\/[^.]/.test(path));
  expect(there.map((path) => path.slice('Backups/'.length))).toEqual(names);
  expect(readdirSync(join(bench.data, 'backups')).toSorted()).toEqual([last.name]);
  expect(await bench.sync()).toMatchObject(QUIET);
  // Stopped by hand it says so, and leaves nothing either.
  const stopped = bench.start(['backup', 'now', '--json']);
  await until('it is at work', () => readdirSync(join(bench.data, 'backups')).length > 1);
  stopped.child.kill('SIGINT');
  const { code, stdout } = await stopped.ended;
  expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 1, error: { code: 'interrupted' } });
  expect(readdirSync(join(bench.data, 'backups'))).toEqual([last.name]);
});
