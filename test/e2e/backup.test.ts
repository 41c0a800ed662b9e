// Backups through the real process: made while syncing goes on, taken to Dropbox, verified there, kept by a rule, never
// touched by sync.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Bench, DOCKTIDE, ROOT, TOKEN, until } from '../support/cli.ts';
import type {
  BackupExtracted,
  BackupMade,
  BackupPruned,
  BackupSettings,
  BackupVerified,
  BackupView,
} from '../../src-shared/backup-views.ts';
import type { NoticeView } from '../../src-shared/notify-views.ts';
import type { EntryView, LogView, StatusView } from '../../src-shared/views.ts';

let bench: Bench;
afterEach(() => bench.close());

const QUIET = { uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0, failed: 0 };
const MARKER = 'Backups/.docktide-backups';

async function opened(client = true): Promise<void> {
  bench = await Bench.open({ client });
  if (client) await bench.ok('folder', 'add', 'P', '--client', 'Office');
  else mkdirSync(join(bench.documents, 'P'));
  write('P/a.txt', 'a');
}

function write(path: string, text: string): void {
  writeFileSync(join(bench.documents, path), text);
}

const list = async (...more: string[]): Promise<BackupView[]> =>
  (await bench.json<BackupView[]>('backup', 'list', ...more)).value;
const made = async (...more: string[]): Promise<BackupMade> => {
  const { code, value, stderr } = await bench.json<BackupMade>('backup', 'now', ...more);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return value;
};
const filesHere = (): string[] => readdirSync(join(bench.data, 'backups'));

test('made, uploaded, verified by a test restore; no document on either side, and left alone by sync', async () => {
  await opened();
  await bench.sync();
  const first = await made();
  expect(first).toMatchObject({
    state: 'verified',
    where: 'both',
    client: 'Office',
    encrypted: false,
    cause: 'hand',
    own: true,
    error: null,
    warnings: [],
    content: { version: '0.1.0', files: 2 },
  });
  expect(first.id).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[0-9a-f]{8}$/);
  const there = {
    P: null,
    'P/a.txt': expect.any(String) as string,
    Backups: null,
    [MARKER]: expect.any(String) as string,
  };
  expect(await bench.remote()).toEqual({ ...there, [`Backups/${first.name}`]: expect.any(String) as string });
  expect(first.size).toBe((await bench.emulator.content(`/${ROOT}/Backups/${first.name}`)).length);

  expect(await bench.sync()).toMatchObject(QUIET);
  expect(await bench.sync()).toMatchObject({ ...QUIET, requests: 1 });
  expect(Object.keys(await bench.local())).toEqual(['P', 'P/a.txt']);
  expect(Object.keys(await bench.listed())).toEqual(['P', 'P/a.txt']);

  const second = await made();
  expect(await list()).toEqual([
    { ...second, age: expect.any(Number) as number, warnings: undefined },
    { ...first, where: 'dropbox', age: expect.any(Number) as number, warnings: undefined },
  ]);
  // The newest one is here as well; nothing unfinished lies about.
  expect(filesHere()).toEqual([second.name]);
  const { backup } = (await bench.json<StatusView>('status')).value;
  expect(backup).toMatchObject({
    schedule: null,
    waiting: 0,
    failure: null,
    last: { id: second.id, state: 'verified' },
  });
  const log = (await bench.json<LogView[]>('log')).value.filter((row) => row.kind === 'backup');
  expect(log.map((row) => row.reason)).toEqual([expect.stringContaining(first.id), expect.stringContaining(second.id)]);

  // What is wrong with one in Dropbox is found, told and not restored.
  const path = `/${ROOT}/Backups/${second.name}`;
  const bytes = await bench.emulator.content(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  await bench.emulator.control('write', { path, base64: bytes.toString('base64') });
  const checked = await bench.json<BackupVerified & BackupView>('backup', 'verify');
  expect(checked).toMatchObject({ code: 3, value: { ok: false, failed: 1, id: second.id, state: 'failed' } });
  expect(checked.value.error).toContain('The file is not the one that was made');
  expect((await bench.json('backup', 'verify', '--all')).value).toMatchObject({ ok: false, verified: 1, failed: 1 });
  const notices = (await bench.json<NoticeView[]>('notify', 'events')).value.filter(({ kind }) => kind === 'backup');
  expect(notices.at(-1)).toMatchObject({ level: 'error', client: 'Office' });
  // The bad one takes nobody's place; the verified one stays whatever the rule says.
  const third = await made();
  const rule = await bench.json<BackupSettings>(
    'backup',
    'keep',
    '--last',
    '1',
    '--daily',
    '0',
    '--weekly',
    '0',
    '--monthly',
    '0',
  );
  expect(rule.value.keep).toEqual({ last: 1, daily: 0, weekly: 0, monthly: 0 });
  const wouldGo = (await bench.json<BackupPruned>('backup', 'prune', '--dry-run')).value;
  expect(wouldGo.removed.map(({ id }) => id)).toEqual([first.id, second.id]);
  expect(await list()).toHaveLength(3);
  const gone = (await bench.json<BackupPruned>('backup', 'prune')).value;
  expect(gone).toMatchObject({ dryRun: false, errors: [], kept: [{ id: third.id }] });
  expect(Object.keys(await bench.remote())).toEqual(['Backups', MARKER, `Backups/${third.name}`, 'P', 'P/a.txt']);
  expect(await list()).toHaveLength(1);

  // Deleted in Dropbox by a person: known after the next sync, and not sent again.
  await bench.removeThere(`Backups/${third.name}`);
  expect(await bench.sync()).toMatchObject(QUIET);
  expect(await list()).toMatchObject([
    { id: third.id, where: 'here', error: expect.stringContaining('no longer') as string },
  ]);
  await bench.sync();
  expect(Object.keys(await bench.remote())).toEqual(['Backups', MARKER, 'P', 'P/a.txt']);
});

test('without a client they stay here; the first sync with one takes them to Dropbox', async () => {
  await opened(false);
  const { code, value: first } = await bench.json<BackupMade>('backup', 'now');
  expect({ code, ...first }).toMatchObject({ code: 0, where: 'here', client: null, state: 'verified' });
  expect(first.warnings).toEqual([expect.stringContaining('There is no client yet')]);
  await bench.ok('client', 'add', 'Office', '--root', ROOT, '--access-token', TOKEN);
  expect(await bench.sync()).toMatchObject({ failed: 0 });
  expect(Object.keys(await bench.remote())).toContain(`Backups/${first.name}`);
  expect(await list()).toMatchObject([{ id: first.id, where: 'both', client: 'Office' }]);

  // A person's own folder of that name keeps it; and while Dropbox does not answer, a backup waits here.
  mkdirSync(join(bench.documents, 'Backups'));
  write('Backups/mine.txt', 'mine');
  await bench.sync();
  expect(await bench.remote()).toMatchObject({
    'Backups/mine.txt': expect.any(String) as string,
    [`Docktide backups/${first.name}`]: expect.any(String) as string,
  });
  const offline = bench.start(['backup', 'now', '--json'], { env: { DOCKTIDE_DROPBOX_ORIGIN: 'http://127.0.0.1:9' } });
  const waits = await offline.ended;
  expect(waits.code).toBe(3);
  const second = JSON.parse(waits.stdout) as BackupMade;
  expect(second).toMatchObject({ where: 'here', state: 'verified' });
  expect(second.warnings.join(' ')).toContain('goes to Dropbox later');
  expect((await bench.json<StatusView>('status')).value.backup).toMatchObject({
    waiting: 1,
    failure: { message: expect.any(String) as string },
  });
  await bench.sync();
  expect((await bench.json<StatusView>('status')).value.backup).toMatchObject({ waiting: 0, failure: null });
  expect(Object.keys(await bench.remote())).toContain(`Docktide backups/${second.name}`);
  expect(await bench.sync()).toMatchObject({ ...QUIET, requests: 1 });
  // Of several clients one is chosen.
  await bench.ok('client', 'add', 'Berlin', '--root', 'Berlin Documents', '--access-token', `${TOKEN}`);
  expect((await bench.json<BackupMade>('backup', 'now')).value.warnings.join(' ')).toContain('backup target CLIENT');
  expect(await bench.json('backup', 'target', 'Nobody')).toMatchObject({
    code: 1,
    value: { error: { code: 'unknown-client' } },
  });
  await bench.ok('backup', 'target', 'Berlin');
  expect(await made()).toMatchObject({ client: 'Berlin', where: 'both' });
  expect(await list()).toMatchObject([
    { client: 'Berlin' },
    { client: 'Berlin' },
    { client: 'Office' },
    { client: 'Office' },
  ]);
});

test('encrypted with a passphrase that is nowhere to be seen; opens with no other', async () => {
  await opened();
  const secret = 'correct horse battery staple';
  const child = spawn(process.execPath, [DOCKTIDE, '--data', bench.data, 'backup', 'passphrase', 'set', '--json'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end(`${secret}\n`);
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(output).toContain('"passphrase": true');
  const first = await made();
  expect(first).toMatchObject({ encrypted: true, state: 'verified' });
  expect(first.name).toMatch(/\.tar\.gz\.age$/);
  const bytes = await bench.emulator.content(`/${ROOT}/Backups/${first.name}`);
  expect(bytes.subarray(0, 32).toString('latin1')).toBe('age-encryption.org/v1\n-> scrypt ');
  const settings = await bench.run('backup', 'settings', '--json');
  const log = await bench.run('log', '--json');
  expect(output + settings.stdout + log.stdout + readFileSync(join(bench.data, 'settings.json'), 'utf8')).not.toContain(
    secret,
  );

  await bench.ok('backup', 'passphrase', 'clear');
  expect(await bench.json('backup', 'verify')).toMatchObject({
    code: 1,
    value: { error: { code: 'passphrase-missing' } },
  });
  const withPassphrase = async (value: string) => {
    const env = { SECRET: value };
    return (await bench.start(['backup', 'verify', '--passphrase-env', 'SECRET', '--json'], { env }).ended).stdout;
  };
  expect(await withPassphrase('wrong')).toContain('passphrase-wrong');
  expect(JSON.parse(await withPassphrase(secret))).toMatchObject({ ok: true, verified: 1 });
  // A wrong passphrase says nothing about the backup.
  expect(await list()).toMatchObject([{ state: 'verified' }]);
  expect(await bench.json('backup', 'verify', '--passphrase-env', 'UNSET')).toMatchObject({ code: 2 });
  // One that is only given for this run is not kept.
  const env = { SECRET: 'for this run' };
  const run = await bench.start(['backup', 'now', '--passphrase-env', 'SECRET', '--json'], { env }).ended;
  expect(JSON.parse(run.stdout)).toMatchObject({ encrypted: true, state: 'verified' });
  expect((await bench.json<BackupSettings>('backup', 'settings')).value.passphrase).toBe(false);
});

test('sources go along and come back out; what is missing is said', async () => {
  await opened();
  const dump = join(bench.folder, 'erp dump.sql');
  writeFileSync(dump, 'INSERT INTO papers');
  mkdirSync(join(bench.folder, 'config/inner'), { recursive: true });
  writeFileSync(join(bench.folder, 'config/inner/ü.ini'), 'x=1');
  await bench.ok('backup', 'source', 'add', 'erp dump.sql', '--name', 'erp');
  await bench.ok('backup', 'source', 'add', 'config');
  expect((await bench.json('backup', 'source', 'list')).value).toMatchObject([
    { name: 'config', kind: 'folder' },
    { name: 'erp', kind: 'file', path: dump },
  ]);
  for (const [args, code, error] of [
    [['add', 'nowhere'], 1, 'missing-file'],
    [['add', 'config'], 1, 'duplicate'],
    [['add', bench.folder], 1, 'bad-source'],
    [['add', dump, '--name', 'a/b'], 1, 'bad-name'],
    [['remove', 'nobody'], 1, 'unknown-source'],
  ] as const) {
    expect(await bench.json('backup', 'source', ...args)).toMatchObject({ code, value: { error: { code: error } } });
  }
  const backup = await made();
  expect(backup.content?.sources).toEqual([
    { name: 'config', files: 1, bytes: 3 },
    { name: 'erp', files: 1, bytes: 18 },
  ]);
  const extracted = await bench.json<BackupExtracted>('backup', 'extract', 'newest', '--to', 'out');
  expect(extracted).toMatchObject({ code: 0, value: { id: backup.id, problems: [], files: 3 } });
  const out = join(bench.folder, 'out');
  expect(readFileSync(join(out, 'sources/erp/erp dump.sql'), 'utf8')).toBe('INSERT INTO papers');
  expect(readFileSync(join(out, 'sources/config/inner/ü.ini'), 'utf8')).toBe('x=1');
  expect(readdirSync(out)).toEqual(['docktide.sqlite', 'manifest.json', 'sources']);
  expect(await bench.json('backup', 'extract', 'newest', '--to', 'out')).toMatchObject({
    code: 1,
    value: { error: { code: 'not-empty' } },
  });
  await bench.ok('backup', 'source', 'remove', 'config');
  writeFileSync(dump, '');
  const { rmSync } = await import('node:fs');
  rmSync(dump);
  const without = await bench.json<BackupMade>('backup', 'now');
  expect(without).toMatchObject({ code: 3, value: { state: 'verified' } });
  expect(without.value.warnings).toEqual([expect.stringContaining('The source "erp" is not in this backup')]);
});

test('by schedule while watching, once for all that was missed; the rule then removes what it does not keep', async () => {
  await opened();
  expect(await bench.json('backup', 'schedule', 'daily')).toMatchObject({
    code: 1,
    value: { error: { code: 'bad-schedule' } },
  });
  expect((await bench.json<BackupSettings>('backup', 'schedule', '0 3 * * *')).value).toMatchObject({
    schedule: '0 3 * * *',
    next: expect.stringMatching(/^\d{4}-/) as string,
  });
  // The computer was off for a week.
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(join(bench.data, 'docktide.sqlite'));
  const plan = JSON.parse(
    (db.prepare(`SELECT value FROM meta WHERE key = 'backup'`).get() as { value: string }).value,
  ) as object;
  db.prepare(`UPDATE meta SET value = ? WHERE key = 'backup'`).run(
    JSON.stringify({ ...plan, lastRun: Date.now() - 7 * 86_400_000 }),
  );
  db.close();
  const watch = bench.start(['watch']);
  await until(
    'the missed backup',
    async () => (await list()).some((row) => row.cause === 'schedule' && row.state === 'verified'),
    watch.output,
  );
  // Several looks at the schedule later it is still one.
  await bench.sync();
  expect(await list()).toHaveLength(1);
  await bench.ok('backup', 'keep', '--last', '2', '--daily', '0', '--weekly', '0', '--monthly', '0');
  await bench.ok('backup', 'schedule', '* * * * * *');
  const seen = new Set<string>();
  await until(
    'backups come and go',
    async () => {
      for (const row of await list()) seen.add(row.id);
      return seen.size >= 4;
    },
    watch.output,
  );
  await bench.ok('backup', 'schedule', 'off');
  watch.child.kill('SIGTERM');
  expect((await watch.ended).code).toBe(0);
  expect((await list()).length).toBeLessThanOrEqual(3);
  expect((await bench.json<EntryView[]>('ls')).value.map((row) => row.path)).toEqual(['P', 'P/a.txt']);
  expect(existsSync(join(bench.documents, 'Backups'))).toBe(false);
});
