// What people are told, through the real command line: once for each change, to whoever subscribed, with a command.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, TOKEN, until } from '../support/cli.ts';
import type { NoticeView, SubscriptionView } from '../../src-shared/notify-views.ts';

let bench: Bench;
let tell: string;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.setUp('folder', 'add', 'Papers', '--client', 'Office');
  for (let index = 0; index < 12; index++) writeFileSync(at(`Papers/${index}.txt`), `content ${index}`);
  writeFileSync(
    join(bench.folder, 'tell it.mjs'),
    `import { appendFileSync, readFileSync } from 'node:fs';
     const event = JSON.parse(readFileSync(0, 'utf8'));
     appendFileSync('told', JSON.stringify({ ...event, kindFromVariable: process.env.DOCKTIDE_EVENT_KIND }) + '\\n');
     if (process.argv.includes('aloud')) console.log('told', event.kind);`,
  );
  tell = `'${process.execPath}' "tell it.mjs"`;
});
afterEach(() => bench.close());

const at = (path: string): string => join(bench.documents, path);

/** What the command was told since the last look. */
function told(): (NoticeView & { readonly kindFromVariable: string })[] {
  const file = join(bench.folder, 'told');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(file);
  return lines.map((line) => JSON.parse(line) as NoticeView & { kindFromVariable: string });
}
/** Inside this process; the program of --on-event is a process all the same. */
const sync = (...args: string[]) => json('sync', '--on-event', tell, ...args);
async function json<T>(...args: string[]): Promise<{ code: number | null; value: T }> {
  const { code, stdout } = await bench.inside(...args, '--json');
  return { code, value: JSON.parse(stdout) as T };
}

test('each change is told once, with a sentence, and the command line stays clean', async () => {
  expect((await sync()).code).toBe(0);
  expect(told()).toEqual([]);

  await bench.emulator.control('revoke', { token: TOKEN });
  const lost = await bench.json('sync', '--on-event', `${tell} aloud`);
  // The command's own output goes to standard error: standard output is one JSON document.
  expect(lost).toMatchObject({ code: 1, value: { error: { code: 'login-lost' } } });
  expect(lost.stderr).toContain('told disconnected');
  expect(told()).toMatchObject([
    {
      kind: 'disconnected',
      kindFromVariable: 'disconnected',
      client: 'Office',
      state: 'disconnected',
      reason: 'login-revoked',
      level: 'error',
      message: expect.stringContaining('no longer accepts the login') as string,
    },
  ]);
  await sync();
  expect(told()).toEqual([]);

  await bench.setUp('client', 'remove', 'Office');
  const fresh = 'another-token';
  await bench.emulator.control('scopes', { token: fresh, scopes: ['account_info.read'] });
  await bench.setUp('client', 'add', 'Office', '--root', 'ERP Documents', '--access-token', fresh);
  expect((await sync()).value).toMatchObject({ error: { code: 'scope-missing' } });
  expect(told()).toMatchObject([{ kind: 'disconnected', reason: 'permission-missing' }]);
});

test('failures, held deletions, conflicts and a full account', async () => {
  await sync();
  writeFileSync(at('Papers/bad name.'), 'x');
  writeFileSync(at('Papers/0.txt'), 'from here');
  await bench.put('Papers/0.txt', 'from there');
  for (let index = 1; index < 12; index++) rmSync(at(`Papers/${index}.txt`));
  await sync();
  expect(told().map(({ kind, count, paths }) => ({ kind, count, path: paths[0] }))).toEqual([
    { kind: 'failed', count: 1, path: 'Papers/bad name.' },
    { kind: 'held', count: 11, path: expect.stringMatching(/^Papers\/\d+\.txt$/) as string },
    { kind: 'conflict', count: 1, path: 'Papers/0.txt' },
  ]);
  await sync();
  expect(told()).toEqual([]);

  await sync('--yes');
  rmSync(at('Papers/bad name.'));
  await bench.emulator.control('quota', { allocated: 10 });
  writeFileSync(at('Papers/no room.txt'), 'x'.repeat(500));
  await sync();
  await sync();
  expect(told()).toMatchObject([{ kind: 'disconnected', reason: 'account-full' }]);
  await bench.emulator.control('quota', { allocated: 1_000_000 });
  await bench.setUp('notify', 'set', 'Office', 'connected,failed');
  await sync();
  expect(told()).toMatchObject([{ kind: 'connected', state: 'connected', reason: null }]);
  // A network that is away is no failure of a document.
  const origin = bench.env['DOCKTIDE_DROPBOX_ORIGIN'] ?? '';
  bench.env['DOCKTIDE_DROPBOX_ORIGIN'] = 'http://127.0.0.1:2';
  expect((await sync()).code).toBe(1);
  bench.env['DOCKTIDE_DROPBOX_ORIGIN'] = origin;
  expect(told()).toEqual([]);

  const events = (await json<NoticeView[]>('notify', 'events')).value;
  expect(events.map((event) => event.reason ?? event.kind)).toEqual([
    'failed',
    'held',
    'conflict',
    'account-full',
    'connected',
    'no-network',
  ]);
  const last = await bench.json<NoticeView[]>('notify', 'events', '--kind', 'disconnected', '--limit', '1');
  expect(last.value).toMatchObject([{ reason: 'no-network', subscribed: false }]);
});

test('who wants to hear what is chosen for each client', async () => {
  await bench.setUp('client', 'add', 'Berlin', '--root', 'Berlin', '--access-token', TOKEN);
  const list = async () => (await json<SubscriptionView[]>('notify', 'list')).value;
  const usual = ['disconnected', 'failed', 'held', 'conflict', 'backup'];
  expect(await list()).toEqual([
    { client: 'Office', kinds: usual, byDefault: true },
    { client: 'Berlin', kinds: usual, byDefault: true },
  ]);
  expect((await bench.json('notify', 'set', 'Berlin', 'held, failed')).value).toEqual({
    client: 'Berlin',
    kinds: ['failed', 'held'],
    byDefault: false,
  });
  expect((await json('notify', 'set', 'Office', 'none')).value).toMatchObject({ kinds: [] });
  expect((await bench.ok('notify', 'list')).stdout).toMatch(/Office +nothing\nBerlin +failed, held\n/);
  expect((await json('notify', 'set', 'Office', 'default')).value).toMatchObject({ byDefault: true });
  expect(await json('notify', 'set', 'Office', 'failed,birthdays')).toMatchObject({
    code: 1,
    value: { error: { code: 'bad-kind', message: expect.stringContaining('birthdays') as string } },
  });
  expect((await json('notify', 'set', 'Nobody', 'all')).value).toMatchObject({
    error: { code: 'unknown-client' },
  });
  expect((await bench.inside('sync', '--on-event', "'open")).code).toBe(2);
  expect((await bench.inside('notify', 'set', '--help')).stdout).toContain(
    'docktide notify set Office disconnected,failed',
  );
  expect((await bench.inside('watch', '--help')).stdout).toContain('without a shell');
});

test('a continuous run tells as it happens, and ends although its command hangs', async () => {
  const watching = bench.start(['watch', '--on-event', tell]);
  await until('the first pass', async () => (await bench.remote())['Papers/11.txt'] !== undefined, watching.output);
  mkdirSync(at('Papers/sub'));
  writeFileSync(at('Papers/sub/bad name.'), 'x');
  let heard: NoticeView[] = [];
  await until('the event', () => (heard = [...heard, ...told()]).length > 0, watching.output);
  watching.child.kill('SIGTERM');
  expect((await watching.ended).code).toBe(0);
  expect([...heard, ...told()]).toMatchObject([{ kind: 'failed', paths: ['Papers/sub/bad name.'] }]);

  writeFileSync(join(bench.folder, 'tell it.mjs'), 'setInterval(() => {}, 1000)');
  writeFileSync(at('Papers/another bad name.'), 'x');
  const hanging = await bench.run('sync', '--on-event', tell, '--event-timeout', '1');
  expect(hanging.code).toBe(3);
  expect(hanging.stderr).toContain('did not end within 1 seconds');
});
