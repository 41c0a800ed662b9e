// The command line as a contract for scripts: every command, its JSON, its exit codes, and what it refuses.

import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Bench, ROOT, TOKEN } from '../support/cli.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { ClientView, EntryView, StatusView, TaskView } from '../../src-shared/views.ts';

let bench: Bench;

interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}

/** The command is refused with this exit code and error code; answers the sentence that says what is wrong. */
async function refused(args: readonly string[], exitCode: number, code: string, words: RegExp): Promise<string> {
  const [{ code: ended, value, stderr }, plain] = await Promise.all([
    bench.json<Refusal>(...args),
    bench.inside(...args),
  ]);
  expect({ ended, ...value.error }).toEqual({ ended: exitCode, code, message: expect.stringMatching(words) as string });
  expect(stderr).toContain(value.error.message);
  // Without --json nothing but the sentence, and on standard error.
  expect(plain).toMatchObject({ code: exitCode, stdout: '' });
  expect(plain.stderr).toContain(value.error.message);
  return value.error.message;
}

describe('a company is set up', () => {
  afterEach(() => bench.close());
  beforeEach(async () => {
    bench = await Bench.open({ client: false });
  });

  test('types, records, clients, rules and folders answer with what was done', async () => {
    expect((await bench.json('type', 'add', 'sale.order', '--label', 'Quotations')).value).toEqual({
      name: 'sale.order',
      label: 'Quotations',
      records: 0,
    });
    const client = await bench.json<ClientView>('client', 'add', 'Office', '--root', ROOT, '--access-token', TOKEN);
    expect(client.value).toMatchObject({ name: 'Office', state: 'connected', root: ROOT, lastSync: null, pending: 0 });
    expect(client.stderr).toContain('only you can read');
    const rule = ['rule', 'add', 'sale.order', '--client', 'Office', '--filter', 'state=sent'];
    expect((await bench.json(...rule, '--subfolders', 'Contracts, Drawings')).value).toEqual({
      id: 1,
      type: 'sale.order',
      client: 'Office',
      filter: 'state=sent',
      pattern: '{name}',
      subfolders: ['Contracts', 'Drawings'],
    });
    const add = ['record', 'add', 'sale.order', 'SO001', '--name', 'SO001', '--field', 'state=sent'];
    expect((await bench.json(...add, '--field', 'note=a=b')).value).toEqual({
      type: 'sale.order',
      ref: 'SO001',
      name: 'SO001',
      fields: { state: 'sent', note: 'a=b' },
      archived: false,
      folder: 'Quotations/SO001',
    });
    expect(existsSync(join(bench.documents, 'Quotations/SO001/Drawings'))).toBe(true);
    // A record that the filter leaves out gets no folder.
    const draft = await bench.json('record', 'add', 'sale.order', 'SO002', '--name', 'SO002', '--field', 'state=draft');
    expect(draft.value).toMatchObject({ folder: null });
    expect((await bench.json('record', 'rename', 'sale.order', 'SO001', '--name', 'SO001 Müller')).value).toMatchObject(
      {
        folder: 'Quotations/SO001 Müller',
      },
    );
    expect((await bench.json('record', 'archive', 'sale.order', 'SO002')).value).toMatchObject({ archived: true });
    expect((await bench.json('record', 'remove', 'sale.order', 'SO002')).value).toMatchObject({ ref: 'SO002' });
    expect((await bench.json('folder', 'add', 'Marketing/Photos', '--client', 'Office')).value).toMatchObject({
      path: 'Marketing/Photos',
      kind: 'folder',
      client: 'Office',
      role: 'manual',
      type: null,
      size: null,
      contentHash: null,
    });

    expect((await bench.json('type', 'list')).value).toEqual([{ name: 'sale.order', label: 'Quotations', records: 1 }]);
    expect((await bench.json<unknown[]>('record', 'list')).value).toHaveLength(1);
    expect((await bench.json<unknown[]>('record', 'list', 'sale.order')).value).toHaveLength(1);
    expect((await bench.json<unknown[]>('rule', 'list')).value).toHaveLength(1);
    expect((await bench.json<EntryView[]>('folder', 'list')).value.map((folder) => folder.path)).toContain(
      'Marketing/Photos',
    );
    expect((await bench.json<ClientView[]>('client', 'list')).value.map(({ name }) => name)).toEqual(['Office']);
  });

  test('records are imported from CSV, all of them or none', async () => {
    await bench.setUp('type', 'add', 'sale.order', '--label', 'Quotations');
    const file = join(bench.folder, 'records.csv');
    writeFileSync(
      file,
      '\ufefftype;ref;name;state;note\r\nsale.order;SO1;One;sent;"a;b\r\nc"\r\nsale.order;SO2;Two;;\r\n',
    );
    expect((await bench.json('record', 'import', file)).value).toEqual({ added: 2, updated: 0 });
    expect((await bench.json('record', 'list')).value).toMatchObject([
      { ref: 'SO1', name: 'One', fields: { state: 'sent', note: 'a;b\r\nc' } },
      { ref: 'SO2', name: 'Two', fields: {} },
    ]);
    writeFileSync(file, 'type,ref,name\nsale.order,SO2,Second\nsale.order,SO3,Three\nnope,X,X\n');
    await refused(['record', 'import', file], 1, 'unknown-type', /nope/);
    expect((await bench.json<unknown[]>('record', 'list')).value).toHaveLength(2);
    writeFileSync(file, 'type,ref,name\nsale.order,SO3\n');
    await refused(['record', 'import', file], 1, 'bad-csv', /line 2/i);
    await refused(['record', 'import', join(bench.folder, 'none.csv')], 1, 'missing-file', /none\.csv/);
  });

  test('init is repeatable on its folder and refused on another', async () => {
    expect((await bench.json<StatusView>('init', '--documents', bench.documents)).value.documents).toBe(
      bench.documents,
    );
    await refused(['init', '--documents', join(bench.folder, 'other')], 1, 'already-initialised', /other/);
    expect(existsSync(join(bench.folder, 'other'))).toBe(false);
  });

  test('global options stand before or after the command', async () => {
    const after = await bench.start(['status', '--json', '--quiet']).ended;
    const before = await bench.start(['--json', '--quiet', 'status']).ended;
    expect(after.code).toBe(0);
    expect(before).toEqual(after);
  });

  test('every command has help with an example', async () => {
    const help = await bench.run('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const name of [
      'init',
      'type',
      'record',
      'client',
      'rule',
      'folder',
      'attach',
      'sync',
      'watch',
      'plan',
      'status',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${name}`, 'm'));
    }
    for (const command of [['sync'], ['client', 'add'], ['record', 'import'], ['log'], ['emulator'], ['demo']]) {
      const one = await bench.inside(...command, '--help');
      expect(one.code).toBe(0);
      expect(one.stdout).toContain(`Example:\n  docktide ${command.join(' ')}`);
    }
    expect((await bench.run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('wrong usage ends with 2', () => {
  afterAll(() => bench.close());
  beforeAll(async () => {
    bench = await Bench.open();
  });

  test.each([
    { args: ['frobnicate'], words: /frobnicate/ },
    { args: [], words: /command is missing/ },
    { args: ['rule', 'frobnicate'], words: /rule frobnicate/ },
    { args: ['client'], words: /client/ },
    { args: ['sync', '--frob'], words: /--frob/ },
    { args: ['sync', 'Office'], words: /Too many arguments/ },
    { args: ['init'], words: /--documents/ },
    { args: ['type', 'add', 'sale.order'], words: /--label/ },
    { args: ['record', 'add', 'x', 'y', '--name', 'n', '--field', 'novalue'], words: /novalue/ },
    { args: ['client', 'add', 'B', '--root', 'B'], words: /--app-key/ },
    { args: ['client', 'add', 'B', '--root', 'B', '--app-key', 'k', '--access-token', 't'], words: /exactly one/ },
    { args: ['attach', 'a.txt'], words: /--record/ },
    { args: ['attach', 'a.txt', '--record', 'SO001'], words: /TYPE\/REF/ },
    { args: ['log', '--since', 'yesterday'], words: /--since/ },
    { args: ['log', '--level', 'loud'], words: /--level/ },
    { args: ['emulator', '--port', 'http'], words: /whole number/ },
  ])('$args', async ({ args, words }) => {
    expect(await refused(args, 2, 'usage', words)).not.toContain('\n');
  });
});

describe('what cannot be done is refused with a sentence, and nothing is half done', () => {
  afterAll(() => bench.close());
  beforeAll(async () => {
    bench = await Bench.open();
    await bench.setUp('type', 'add', 'sale.order', '--label', 'Quotations');
    await bench.setUp('rule', 'add', 'sale.order', '--client', 'Office');
    await bench.setUp('record', 'add', 'sale.order', 'SO001', '--name', 'SO001');
  });

  test.each([
    { args: ['type', 'add', 'sale.order', '--label', 'Q'], code: 'duplicate', words: /sale\.order/ },
    { args: ['record', 'add', 'nope', 'X', '--name', 'X'], code: 'unknown-type', words: /nope/ },
    { args: ['record', 'add', 'sale.order', 'SO001', '--name', 'X'], code: 'duplicate', words: /SO001/ },
    { args: ['record', 'rename', 'sale.order', 'SO9', '--name', 'X'], code: 'unknown-record', words: /SO9/ },
    { args: ['record', 'list', 'nope'], code: 'unknown-type', words: /nope/ },
    { args: ['client', 'add', 'Office', '--root', 'X', '--access-token', 't'], code: 'duplicate', words: /Office/ },
    { args: ['client', 'add', 'B', '--root', 'a\\b', '--access-token', 't'], code: 'bad-name', words: /a\\b/ },
    { args: ['client', 'add', 'B', '--root', 'X', '--access-token', 'a b'], code: 'bad-credentials', words: /token/ },
    { args: ['client', 'add', 'B', '--root', 'X', '--token-env', '1-2'], code: 'bad-credentials', words: /1-2/ },
    {
      args: ['client', 'add', 'B', '--root', ROOT.toLowerCase(), '--access-token', TOKEN],
      code: 'root-in-use',
      words: /Office/,
    },
    {
      args: ['client', 'add', 'B', '--root', `${ROOT}/In`, '--access-token', TOKEN],
      code: 'root-in-use',
      words: /inside/,
    },
    { args: ['client', 'pause', 'Nope'], code: 'unknown-client', words: /Nope/ },
    { args: ['client', 'connect', 'Office'], code: 'not-an-app', words: /Office/ },
    { args: ['rule', 'add', 'sale.order', '--client', 'Nope'], code: 'unknown-client', words: /Nope/ },
    {
      args: ['rule', 'add', 'sale.order', '--client', 'Office', '--filter', 'state==='],
      code: 'bad-filter',
      words: /filter/,
    },
    {
      args: ['rule', 'add', 'sale.order', '--client', 'Office', '--pattern', '{nam'],
      code: 'bad-pattern',
      words: /pattern/,
    },
    { args: ['folder', 'add', '../out', '--client', 'Office'], code: 'bad-path', words: /\.\.\/out/ },
    { args: ['folder', 'add', 'ends.', '--client', 'Office'], code: 'bad-name', words: /space or a dot/ },
    { args: ['attach', 'none.txt', '--record', 'sale.order/SO001'], code: 'missing-file', words: /none\.txt/ },
    { args: ['attach', '.', '--record', 'sale.order/SO001'], code: 'not-a-file', words: /not a file/ },
    { args: ['attach', '/etc/hosts', '--record', 'sale.order/SO9'], code: 'unknown-record', words: /SO9/ },
    { args: ['attach', '/etc/hosts', '--folder', 'Nope'], code: 'unknown-folder', words: /Nope/ },
    { args: ['ls', 'Nope'], code: 'unknown-path', words: /Nope/ },
    { args: ['sync', '--client', 'Nope'], code: 'unknown-client', words: /Nope/ },
    { args: ['log', '--client', 'Nope'], code: 'unknown-client', words: /Nope/ },
  ])('$args', async ({ args, code, words }) => {
    const before = await bench.view<StatusView>('status');
    await refused(args, 1, code, words);
    expect(await bench.view<StatusView>('status')).toEqual(before);
  });

  test('attach checks all files before it copies the first', async () => {
    writeFileSync(join(bench.folder, 'good.txt'), 'good');
    writeFileSync(join(bench.folder, 'bad name .txt '), 'bad');
    const target = ['--record', 'sale.order/SO001'];
    await refused(['attach', 'good.txt', 'none.txt', ...target], 1, 'missing-file', /none\.txt/);
    await refused(['attach', 'good.txt', 'bad name .txt ', ...target], 1, 'bad-name', /space or a dot/);
    expect(existsSync(join(bench.documents, 'Quotations/SO001/good.txt'))).toBe(false);
  });

  test('attach keeps both where a name is taken by other content', async () => {
    const file = join(bench.folder, 'offer.txt');
    const target = ['--record', 'sale.order/SO001', '--sub', 'New sub'];
    writeFileSync(file, 'one');
    await bench.ok('attach', file, ...target);
    await bench.ok('attach', file, ...target);
    writeFileSync(file, 'two');
    const second = await bench.json<{ attached: EntryView[] }>('attach', file, ...target);
    expect(second.value.attached.map((entry) => entry.path)).toEqual(['Quotations/SO001/New sub/offer (2).txt']);
    expect(Object.keys(await bench.local()).filter((path) => path.endsWith('.txt'))).toHaveLength(2);
  });
});

describe('before init, and folders that cannot hold documents', () => {
  afterEach(() => bench.close());
  beforeEach(async () => {
    bench = await Bench.open();
  });

  const elsewhere = (data: string, ...args: string[]) => ['--data', join(bench.folder, data), ...args];

  test('nothing works before init, and nothing is made', async () => {
    for (const args of [['status'], ['sync'], ['ls'], ['queue'], ['type', 'add', 'a', '--label', 'A']]) {
      await refused([...args, '--data', join(bench.folder, 'fresh')], 1, 'not-initialised', /docktide init/);
    }
    expect(existsSync(join(bench.folder, 'fresh'))).toBe(false);
  });

  test('the documents folder of another store, a place inside it, a file, a folder around the data', async () => {
    const init = (documents: string) => elsewhere('second', 'init', '--documents', documents);
    await refused(init(bench.documents), 1, 'place-taken', /another document store/);
    await refused(init(join(bench.documents, 'inside')), 1, 'inside-another-store', /another store/);
    writeFileSync(join(bench.folder, 'file'), '');
    await refused(init(join(bench.folder, 'file')), 1, 'not-a-folder', /is a file/);
    await refused(init(bench.folder), 1, 'folders-overlap', /must not lie in each other/);
    await refused(init(join(bench.folder, 'second', 'docs')), 1, 'folders-overlap', /must not lie in each other/);
    symlinkSync(bench.folder, join(bench.folder, 'link'));
    await refused(init(join(bench.folder, 'link', 'second')), 1, 'folders-overlap', /must not lie in each other/);
    expect(existsSync(join(bench.documents, 'inside'))).toBe(false);
  });

  test('tokens are in a file that only its owner can read, and nowhere else', async () => {
    await bench.sync();
    expect(statSync(join(bench.data, 'secrets.json')).mode & 0o777).toBe(0o600);
    for (const file of ['settings.json', 'docktide.sqlite', 'logs/docktide.log']) {
      expect(readFileSync(join(bench.data, file)).includes(TOKEN)).toBe(false);
    }
  });

  test('an origin that is not this machine is refused before anything else', async () => {
    const env = { DOCKTIDE_DROPBOX_ORIGIN: 'http://192.0.2.1:80' };
    mkdirSync(join(bench.folder, 'new'));
    const args = elsewhere('untouched', 'init', '--documents', join(bench.folder, 'new'), '--json');
    const { code, stdout } = await bench.start(args, { env }).ended;
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Refusal).error.code).toBe('origin-refused');
    expect(existsSync(join(bench.folder, 'untouched'))).toBe(false);
    for (const origin of ['http://localhost.example.com', 'ftp://127.0.0.1', 'http://user@127.0.0.1:1', 'nonsense']) {
      const ended = await bench.start(['status'], { env: { DOCKTIDE_DROPBOX_ORIGIN: origin } }).ended;
      expect(ended.code).toBe(1);
    }
  });
});

describe('lists after a pass', () => {
  afterEach(() => bench.close());
  agreeWithPeerAfterEach(() => [bench]);
  beforeEach(async () => {
    bench = await Bench.open();
    await bench.setUp('type', 'add', 'sale.order', '--label', 'Quotations');
    await bench.setUp('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Contracts');
    await bench.setUp('record', 'add', 'sale.order', 'SO001', '--name', 'SO001');
    writeFileSync(join(bench.documents, 'Quotations/SO001/Contracts/Angebot Müller.pdf'), '%PDF-1.4 sample');
  });

  test('plan tells what sync then does, and changes nothing', async () => {
    const requests = (await bench.emulator.tree()).length;
    const plan =
      await bench.json<{ client: string; operations: { kind: string; path: string }[]; held: number }[]>('plan');
    expect(plan.value).toMatchObject([{ client: 'Office', held: 0, problems: [] }]);
    const planned = plan.value[0]?.operations.map(({ kind, path }) => `${kind} ${path}`);
    expect(planned).toContain('remote.upload Quotations/SO001/Contracts/Angebot Müller.pdf');
    expect((await bench.emulator.tree()).length).toBe(requests);
    // Not even the store has noticed the file.
    expect(Object.keys(await bench.listed())).not.toContain('Quotations/SO001/Contracts/Angebot Müller.pdf');
    const prepared = await bench.sync('--prepare-only');
    expect(prepared).toMatchObject({ uploaded: 0, createdFolders: 0 });
    const queue = await bench.json<TaskView[]>('queue');
    expect(queue.value.map(({ kind, path }) => `${kind} ${path}`)).toEqual(planned);
    expect(queue.value.every((task) => task.client === 'Office' && task.attempts === 0)).toBe(true);
    expect((await bench.emulator.tree()).length).toBeLessThanOrEqual(requests + 1);
    expect(await bench.sync()).toMatchObject({ uploaded: 1, createdFolders: 3, held: 0, failed: 0, conflicts: 0 });
    expect((await bench.json<TaskView[]>('queue')).value).toEqual([]);
    expect((await bench.json<TaskView[]>('queue', '--all')).value).toHaveLength(4);
  });

  test('ls, status, sync, log, search and conflicts have the agreed shapes', async () => {
    const summary = await bench.sync();
    const numbers = ['uploaded', 'downloaded', 'moved', 'deletedLocal', 'deletedRemote', 'createdFolders', 'adopted'];
    for (const key of [...numbers, 'conflicts', 'held', 'failed', 'requests', 'bytesUp', 'bytesDown', 'seconds']) {
      expect(summary).toHaveProperty(key, expect.any(Number));
    }
    const { value: entries } = await bench.json<EntryView[]>('ls', 'Quotations/SO001');
    expect(entries.map((entry) => entry.path)).toEqual([
      'Quotations/SO001',
      'Quotations/SO001/Contracts',
      'Quotations/SO001/Contracts/Angebot Müller.pdf',
    ]);
    expect(entries[2]).toMatchObject({
      kind: 'file',
      type: 'url',
      url: expect.stringMatching(/^https:\/\/www\.dropbox\.com\/home\//) as string,
      size: 15,
      contentHash: (await bench.remote())['Quotations/SO001/Contracts/Angebot Müller.pdf'],
      record: 'sale.order/SO001',
      client: 'Office',
      state: 'synced',
      remoteId: expect.stringMatching(/^id:/) as string,
      rev: expect.stringMatching(/^[0-9a-f]{9,}$/) as string,
    });
    const { value: status } = await bench.json<StatusView>('status');
    expect(status).toMatchObject({
      documents: bench.documents,
      clients: [{ name: 'Office', state: 'connected', root: ROOT, pending: 0, held: 0, failed: 0, conflicts: 0 }],
      counts: { types: 1, records: 1, folders: 3, files: 1, bytes: 15 },
    });
    expect(status.clients[0]?.lastSync).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

    const { value: log } = await bench.json<{ kind: string; path: string; result: string; record: string }[]>('log');
    expect(log).toContainEqual(
      expect.objectContaining({ kind: 'remote.upload', result: 'done', record: 'sale.order/SO001' }),
    );
    expect((await bench.json('log', '--since', '2999-01-01')).value).toEqual([]);
    expect((await bench.json('log', '--level', 'error')).value).toEqual([]);
    expect((await bench.json('search', 'muller')).value).toMatchObject([{ kind: 'file', record: 'sale.order/SO001' }]);
    expect((await bench.json('search', 'nowhere')).value).toEqual([]);
    expect((await bench.json('conflicts')).value).toEqual([]);
  });

  test('the tables for people are readable, and --quiet says nothing', async () => {
    expect((await bench.ok('sync')).stdout).toMatch(/^1 uploaded \(15 B\), 3 folders created/);
    expect((await bench.ok('sync')).stdout).toMatch(/^Everything is the same on both sides/);
    expect(await bench.ok('sync', '--quiet')).toMatchObject({ stdout: '', stderr: '' });
    const lines = (await bench.ok('ls')).stdout.split('\n');
    expect(lines[0]).toMatch(/^Path +Size +Type +State +Client +Record$/);
    expect(lines.at(-2)).toMatch(/^Quotations\/SO001\/Contracts\/Angebot Müller\.pdf +15 B +url +synced +Office/);
    for (const command of ['status', 'queue', 'log', 'conflicts', 'plan']) {
      expect((await bench.ok(command)).stdout).not.toBe('');
    }
  });

  test('a client that is paused is left out, and refused by name', async () => {
    expect((await bench.json('client', 'pause', 'Office')).value).toMatchObject({ state: 'paused' });
    expect(await bench.sync()).toMatchObject({ uploaded: 0, requests: 0 });
    await refused(['sync', '--client', 'Office'], 1, 'client-paused', /client resume/);
    expect((await bench.json('client', 'resume', 'Office')).value).toMatchObject({ state: 'connected' });
    expect(await bench.sync('--client', 'Office')).toMatchObject({ uploaded: 1 });
    expect((await bench.json('client', 'remove', 'Office')).value).toMatchObject({ name: 'Office' });
    expect((await bench.json('client', 'list')).value).toEqual([]);
    // Nothing is lost on either side.
    expect(Object.keys(await bench.local())).toEqual(Object.keys(await bench.remote()));
  });

  test('a reader that goes away is no error', async () => {
    await bench.sync();
    const running = bench.start(['log', '--json']);
    running.child.stdout?.destroy();
    expect((await running.ended).code).toBe(0);
  });
});
