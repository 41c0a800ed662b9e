// The log through the command line: what it records and for whom, filters, export, following, and a zip for somebody who
// helps in which none of the secrets is that were planted wherever one may ever come to lie.

import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogExportView, LogShareView } from '../../src-shared/log-views.ts';
import type { LogView } from '../../src-shared/views.ts';
import { Bench, until } from '../support/cli.ts';
import { unzipped } from '../support/unzipped.ts';

let bench: Bench;
const NAME = 'Geheimvertrag Müller';

beforeAll(async () => {
  bench = await Bench.open();
  await bench.ok('type', 'add', 'sale.order', '--label', 'Quotations');
  await bench.ok('rule', 'add', 'sale.order', '--client', 'Office');
  await bench.ok('record', 'add', 'sale.order', 'SO001', '--name', 'SO001');
  const file = join(bench.folder, `${NAME}.txt`);
  writeFileSync(file, 'hello');
  await bench.ok('attach', file, '--record', 'sale.order/SO001');
  mkdirSync(join(bench.documents, 'Papers'));
  writeFileSync(join(bench.documents, 'Papers/=2+5.txt'), 'formula');
  await bench.sync();
  await bench.put('Papers/there.txt', 'from Dropbox');
  await bench.sync();
  await bench.ok('folder', 'keep', 'Papers', 'always');
  await bench.ok('client', 'pause', 'Office');
  await bench.ok('client', 'resume', 'Office');
});
afterAll(() => bench.close());

const rows = async (...args: string[]): Promise<LogView[]> => (await bench.json<LogView[]>('log', ...args)).value;

test('every activity is there, with who asked for it', async () => {
  const all = await rows();
  const me = userInfo().username;
  const line = (kind: string, more: object = {}) => expect.objectContaining({ kind, ...more }) as unknown;
  expect(all).toEqual(
    expect.arrayContaining([
      line('client.add', { client: 'Office', actor: me }),
      line('settings', { actor: me, reason: 'Document type "sale.order" added, called "Quotations"' }),
      line('record.add', { record: 'sale.order/SO001', actor: me }),
      line('local.attach', { path: `Quotations/SO001/${NAME}.txt`, bytes: 5, record: 'sale.order/SO001' }),
      line('remote.upload', {
        direction: 'direct',
        result: 'done',
        bytes: 5,
        actor: null,
        duration: expect.any(Number) as number,
      }),
      line('local.download', {
        direction: 'backward',
        bytes: 12,
        path: 'Papers/there.txt',
        duration: expect.any(Number) as number,
      }),
      line('pass', { client: 'Office', reason: expect.stringContaining('2 uploaded') as string, actor: me, bytes: 12 }),
      line('settings', { path: 'Papers', reason: 'Bytes here are kept: always' }),
      line('client.paused', { client: 'Office', actor: me }),
      line('client.connected', { client: 'Office', actor: me }),
    ]),
  );
  expect(JSON.stringify(all)).not.toContain('bench-token');
});

test('held deletions, and who let them go', async () => {
  const papers = join(bench.documents, 'Many');
  mkdirSync(papers);
  for (let number = 0; number < 14; number++) writeFileSync(join(papers, `${number}.txt`), `many ${number}`);
  await bench.sync();
  const emptied = await bench.start(['sync'], { through: ['sh', '-c', `rm ${papers}/*.txt; exec "$@"`, 'sh'] }).ended;
  expect(emptied.code).toBe(3);
  const held = await rows('--result', 'held');
  expect(held).toHaveLength(14);
  expect(held[0]).toMatchObject({ kind: 'remote.delete', level: 'warning', path: 'Many/0.txt', client: 'Office' });
  // Told once, not with each pass.
  expect((await bench.run('sync')).code).toBe(3);
  expect(await rows('--result', 'held')).toHaveLength(14);
  expect((await bench.run('sync', '--yes')).code).toBe(0);
  expect(await rows('--kind', 'held-allowed')).toMatchObject([
    { kind: 'held-allowed', actor: userInfo().username, reason: '14 held deletions were allowed' },
  ]);
  expect(await rows('--kind', 'remote.delete', '--result', 'done')).toHaveLength(14);
});

test('filters', async () => {
  const all = await rows();
  const [first, , , last] = all;
  expect(await rows('--limit', '3')).toEqual(all.slice(-3));
  expect(await rows('--until', first?.time ?? '')).toEqual([first]);
  expect((await rows('--since', last?.time ?? '')).length).toBeLessThan(all.length);
  // A day stands for all its hours.
  const lastDay = new Date(last?.time ?? '').toLocaleDateString('sv');
  expect(await rows('--until', lastDay)).toHaveLength(all.length);
  expect((await rows('--path', 'GEHEIMVERTRAG mül')).map((row) => row.kind)).toEqual(['local.attach', 'remote.upload']);
  expect((await rows('--path', 'so001')).length).toBeGreaterThan(2);
  expect(new Set((await rows('--kind', 'remote,local.download')).map((row) => row.kind))).toEqual(
    new Set(['remote.folder', 'remote.upload', 'remote.delete', 'local.download']),
  );
  expect((await rows('--direction', 'backward')).every((row) => row.direction === 'backward')).toBe(true);
  expect((await rows('--level', 'warning')).every((row) => row.level !== 'info')).toBe(true);
  expect((await bench.ok('log', '--text', 'formula', '--limit', '1')).stdout).toContain(
    'No line of the log is like that',
  );
  for (const [option, value] of [
    ['--until', 'tomorrow'],
    ['--level', 'loud'],
    ['--result', 'maybe'],
    ['--direction', 'up'],
  ] as const) {
    const refused = await bench.run('log', option, value);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`"${value}" for ${option}`)]);
  }
});

test('exports: a spreadsheet, a program and a person can read it', async () => {
  const out = (name: string) => join(bench.folder, name);
  const csv = await bench.json<LogExportView>(
    'log',
    'export',
    '--format',
    'csv',
    '--out',
    'log.csv',
    '--kind',
    'remote',
  );
  const expected = await rows('--kind', 'remote');
  expect(csv.value).toEqual({
    file: out('log.csv'),
    format: 'csv',
    rows: expected.length,
    bytes: statSync(out('log.csv')).size,
  });
  const text = readFileSync(out('log.csv'), 'utf8');
  expect(text.startsWith('\ufeffid,time,level')).toBe(true);
  const read: readonly Record<string, string>[] = parse(text, { bom: true, columns: true, record_delimiter: '\r\n' });
  expect(read.map((row) => [row['id'], row['path'], row['reason']])).toEqual(
    expected.map((row) => [String(row.id), row.path, row.reason]),
  );
  await bench.ok('log', '--path', '=2', 'export', '--format', 'csv', '--no-bom', '--out', out('plain.csv'));
  expect(readFileSync(out('plain.csv'), 'utf8')).toMatch(/^id,/);
  // The path as a whole is no formula; the name alone would be.
  expect(readFileSync(out('plain.csv'), 'utf8')).toContain(',Papers/=2+5.txt,');
  await bench.ok('log', 'export', '--format', 'json', '--out', out('log.json'));
  expect(JSON.parse(readFileSync(out('log.json'), 'utf8'))).toEqual(await rows());
  await bench.ok('log', 'export', '--format', 'text', '--out', out('log.txt'), '--limit', '2');
  expect(readFileSync(out('log.txt'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
  // What cannot be written leaves nothing behind, and what was there stays.
  expect(await bench.run('log', 'export', '--format', 'csv', '--out', 'none/log.csv')).toMatchObject({ code: 1 });
  expect(await bench.run('log', 'export', '--format', 'xml', '--out', 'x.xml')).toMatchObject({ code: 2 });
  expect(await bench.run('log', 'export', '--format', 'csv', '--out', bench.folder)).toMatchObject({ code: 1 });
  expect(readdirSync(bench.folder).filter((name) => name.endsWith('.tmp') || name === 'x.xml')).toEqual([]);
});

test('following shows the last lines and then each new one', async () => {
  const following = bench.start(['log', 'follow', '--json', '--kind', 'settings']);
  await until('the last lines', () => following.output().includes('Bytes here are kept: always'), following.output);
  await bench.ok('folder', 'keep', 'Papers', '12');
  await until('the new line', () => following.output().includes('Bytes here are kept: 12'), following.output);
  following.child.kill('SIGINT');
  const { code, stdout } = await following.ended;
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as LogView).kind)).toEqual(lines.map(() => 'settings'));
});

test('how long it is kept', async () => {
  expect((await bench.json('log', 'keep')).value).toEqual({ days: 180, megabytes: 200 });
  expect((await bench.json('log', 'keep', '--days', '400')).value).toEqual({ days: 400, megabytes: 200 });
  expect((await bench.json('log', 'keep', '--megabytes', '7')).value).toEqual({ days: 400, megabytes: 7 });
  const before = (await rows()).length;
  expect((await bench.json('log', 'keep', '--prune')).value).toEqual({
    days: 400,
    megabytes: 7,
    removed: 0,
    rows: before,
  });
  expect(await bench.run('log', 'keep', '--days', '0')).toMatchObject({ code: 2 });
});

// Secrets of every kind, each in a form of its own.
const SECRETS = {
  accessToken: 'sl.u.AFake-access_token0123456789abcdef',
  refreshToken: 'rEfReShToKeN-0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP',
  appSecret: 'q8x2appsecret77',
  password: 'link pass/word "1"',
  passphrase: 'correct horse battery',
  variable: 'token-in-a-variable',
  other: 'only-in-secrets-json',
  unkept: 'sl.B0987654321zyxwvutsrqponmlk',
};

function plantSecrets(): void {
  const all = Object.values(SECRETS);
  const secretsFile = join(bench.data, 'secrets.json');
  const kept = JSON.parse(readFileSync(secretsFile, 'utf8')) as Record<string, string>;
  kept['client-2'] =
    `plain:${JSON.stringify({ refreshToken: SECRETS.refreshToken, accessToken: SECRETS.accessToken, expiresAt: 1 })}`;
  kept['client-2-app'] = `plain:${SECRETS.appSecret}`;
  kept['link-password'] = `plain:${SECRETS.password}`;
  kept['backup'] = `plain:${JSON.stringify({ passphrase: SECRETS.passphrase })}`;
  kept['whatever'] = `plain:${SECRETS.other}`;
  writeFileSync(secretsFile, JSON.stringify(kept));
  const settingsFile = join(bench.data, 'settings.json');
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as object;
  writeFileSync(settingsFile, JSON.stringify({ ...settings, password: SECRETS.password, note: all.join(' ') }));
  mkdirSync(join(bench.data, 'logs'), { recursive: true });
  for (const name of ['docktide.log', 'docktide.1.log']) {
    for (const secret of all) {
      const line = {
        level: 'error',
        msg: `failed with ${secret}`,
        url: `https://x/?t=${encodeURIComponent(secret)}`,
        [secret]: 1,
      };
      appendFileSync(join(bench.data, 'logs', name), `${JSON.stringify(line)}\n${secret}\n{"half": "${secret}`);
      appendFileSync(join(bench.data, 'logs', name), '\n');
    }
  }
  const db = new Database(join(bench.data, 'docktide.sqlite'));
  const insert = db.prepare(
    `INSERT INTO log (time, level, client, kind, path, record, result, reason, actor) VALUES (?, 'error', ?, ?, ?, ?, 'failed', ?, ?)`,
  );
  for (const secret of all) {
    const basic = Buffer.from(secret).toString('base64');
    insert.run(
      Date.now(),
      secret,
      'planted',
      `Papers/${secret}.txt`,
      `t/${secret}`,
      `refused: ${JSON.stringify({ token: secret })} ${basic}`,
      secret,
    );
    db.prepare(
      `INSERT INTO queue (client_id, key, kind, direction, priority, position, path, reason, state, error, planned_at)
       VALUES (1, ?, 'problem', 'direct', 2, 0, ?, ?, 'failed', ?, 1)`,
    ).run(`k${secret}`, secret, secret, `Authorization: Bearer ${secret}`);
  }
  db.prepare(
    `UPDATE clients SET credentials = json_set(credentials, '$.token', ?), account = json_set(ifnull(account, '{}'), '$.secret', ?)`,
  ).run(SECRETS.accessToken, SECRETS.appSecret);
  db.prepare(`INSERT INTO meta VALUES ('planted', ?)`).run(all.join(' '));
  db.prepare(`INSERT INTO log (time, level, kind, result, reason) VALUES (1, 'info', 'x', 'note', ?)`).run(
    'see https://www.dropbox.com/scl/fi/secretlink/a.pdf?rlkey=abcdef123456&dl=0',
  );
  db.close();
}

test('a zip for somebody who helps holds what is needed, and no secret', async () => {
  await bench.ok('client', 'add', 'Second', '--root', 'Second', '--app-key', 'appkey');
  await bench.ok('client', 'add', 'Third', '--root', 'Third', '--token-env', 'BOX_OF_THIRD');
  plantSecrets();
  const env = { BOX_OF_THIRD: SECRETS.variable };
  for (const [name, more] of [
    ['plain.zip', []],
    ['hidden.zip', ['--hide-names']],
  ] as const) {
    const made = await bench.start(['log', 'share', '--out', name, '--json', ...more], { env }).ended;
    expect(made.stderr).toBe('');
    const view = JSON.parse(made.stdout) as LogShareView;
    const file = join(bench.folder, name);
    const contents = await unzipped(file);
    expect(view).toMatchObject({
      file,
      bytes: statSync(file).size,
      contents: [...contents.keys()],
      namesHidden: more.length > 0,
    });
    expect([...contents.keys()]).toEqual(
      expect.arrayContaining([
        'README.txt',
        'versions.json',
        'settings.json',
        'clients.json',
        'plan.json',
        'queue.json',
        'log.jsonl',
        'program.log',
        'program.1.log',
      ]),
    );
    const everything = `${readFileSync(file).toString('latin1')}\n${[...contents].map(([key, bytes]) => `${key}\n${bytes.toString('utf8')}`).join('\n')}`;
    for (const [kind, secret] of Object.entries(SECRETS)) {
      const spellings = [
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
        Buffer.from(secret).toString('base64').slice(0, -4),
      ];
      for (const spelling of spellings)
        expect({ kind, spelling, found: everything.includes(spelling) }).toMatchObject({ found: false });
    }
    expect(everything).not.toContain('bench-token');
    expect(everything).not.toContain('secretlink');
    const lines = (contents.get('log.jsonl')?.toString() ?? '').trimEnd().split('\n');
    expect(lines).toHaveLength(view.rows);
    expect(lines.map((line) => (JSON.parse(line) as LogView).kind)).toContain('remote.upload');
    expect(JSON.parse(contents.get('clients.json')?.toString() ?? '')).toMatchObject([
      { state: 'connected', login: 'access-token' },
      { state: 'draft', login: 'app-key' },
      { state: 'connected', login: 'token-env' },
    ]);
    expect(JSON.parse(contents.get('versions.json')?.toString() ?? '')).toMatchObject({
      docktide: expect.any(String) as string,
      node: process.versions.node,
    });
    // Names are there to help, unless they are not wanted.
    const words = [NAME, 'SO001', 'Papers', 'Quotations', 'Office', bench.documents];
    expect(words.filter((word) => everything.includes(word))).toEqual(more.length === 0 ? words : []);
  }
  // The next one replaces it, and no half file was left.
  await bench.ok('log', 'share', '--out', 'plain.zip', '--kind', 'remote', '--limit', '2');
  expect(
    (await unzipped(join(bench.folder, 'plain.zip'))).get('log.jsonl')?.toString().trimEnd().split('\n'),
  ).toHaveLength(2);
  expect(readdirSync(bench.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect(existsSync(join(bench.folder, 'hidden.zip'))).toBe(true);
});
