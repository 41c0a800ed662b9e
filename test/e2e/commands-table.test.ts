// Every command, in one table: help with an example, the shape of its JSON (lists are arrays, actions objects), and
// sentences for bad input. A command that is not in the table fails the first test. The commands run on one document store
// with an emulator, in the order of the table; through the command line's own entry, so that a hundred of them take seconds.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src-main/cli/main.ts';
import { makeProgram } from '../../src-main/cli/program.ts';
import { Bench, ROOT, TOKEN } from '../support/cli.ts';
import type { Io } from '../../src-main/cli/io.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open({ client: false });
  mkdirSync(join(bench.documents, 'Old'));
  writeFileSync(join(bench.folder, 'a.txt'), 'a');
  writeFileSync(join(bench.folder, 'records.csv'), 'type,ref,name\nsale.order,SO7,SO7\n');
  await bench.emulator.control('write', { path: '/Elsewhere/x.txt', base64: Buffer.from('x').toString('base64') });
});
afterAll(() => bench.close());

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: readonly string[]): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    terminal: false,
    columns: 80,
    env: { ...bench.env, PASSPHRASE: 'some words for a test', SECRET: 'app secret' },
    workingFolder: bench.folder,
  };
  const code = await main([...args, '--data', bench.data], io);
  return { code, stdout, stderr };
}

/** What it answers under --json. `apart`: has a test of its own, because it does not end or needs a hand. */
type Shape = 'list' | 'action' | 'apart';

interface Row {
  readonly words: string;
  readonly shape: Shape;
  /** After the words; may look at what was done before. */
  readonly args?: readonly string[] | (() => Promise<readonly string[]>);
  /** 0 unless told. */
  readonly code?: number;
}

const idOf = async (list: string, field = 'id'): Promise<readonly string[]> => {
  const rows = JSON.parse((await run(...list.split(' '), '--json')).stdout) as Record<string, string | number>[];
  return [String(rows[0]?.[field] ?? 1)];
};
const P = 'P/a.txt';
const LONG = 'x'.repeat(201);

const TABLE: readonly Row[] = [
  { words: 'init', shape: 'action', args: async () => ['--documents', bench.documents] },
  { words: 'type add', shape: 'action', args: ['sale.order', '--label', 'Quotations'] },
  { words: 'type list', shape: 'list' },
  { words: 'type sets', shape: 'list' },
  { words: 'client add', shape: 'action', args: ['Office', '--root', ROOT, '--access-token', TOKEN] },
  { words: 'client connect', shape: 'apart' },
  { words: 'client app-secret', shape: 'apart' },
  { words: 'client token', shape: 'apart' },
  { words: 'client list', shape: 'list' },
  { words: 'client status', shape: 'action', args: ['Office'] },
  { words: 'client pause', shape: 'action', args: ['Office'] },
  { words: 'client resume', shape: 'action', args: ['Office'] },
  { words: 'client links', shape: 'action', args: ['Office', 'on-request'] },
  { words: 'type add-set', shape: 'action', args: ['hr', '--client', 'Office'] },
  { words: 'type rename', shape: 'action', args: ['hr.employee', '--label', 'Staff'] },
  { words: 'type remove', shape: 'action', args: ['hr.applicant'] },
  { words: 'rule add', shape: 'action', args: ['sale.order', '--client', 'Office'] },
  { words: 'rule list', shape: 'list' },
  { words: 'rule edit', shape: 'action', args: ['1', '--pattern', '{name}'] },
  { words: 'rule remove', shape: 'apart' },
  { words: 'rule set-client', shape: 'action', args: ['sale.order', 'Office'] },
  { words: 'record add', shape: 'action', args: ['sale.order', 'SO1', '--name', 'SO1', '--field', 'state=sent'] },
  { words: 'record rename', shape: 'action', args: ['sale.order', 'SO1', '--name', 'SO1 Ada'] },
  { words: 'record import', shape: 'action', args: ['records.csv'] },
  { words: 'record list', shape: 'list' },
  { words: 'record archive', shape: 'action', args: ['sale.order', 'SO7'] },
  { words: 'record remove', shape: 'action', args: ['sale.order', 'SO7'] },
  { words: 'folder add', shape: 'action', args: ['P', '--client', 'Office'] },
  { words: 'folder list', shape: 'list' },
  { words: 'folder keep', shape: 'action', args: ['P', 'always'] },
  { words: 'folder flow', shape: 'action', args: ['P', 'both'] },
  { words: 'folder set-client', shape: 'action', args: ['P', 'Office'] },
  { words: 'attach', shape: 'action', args: ['a.txt', '--folder', 'P'] },
  { words: 'plan', shape: 'list' },
  { words: 'sync', shape: 'action' },
  { words: 'watch', shape: 'apart' },
  { words: 'status', shape: 'action' },
  { words: 'queue', shape: 'list' },
  { words: 'conflicts', shape: 'list' },
  { words: 'ls', shape: 'list' },
  { words: 'search', shape: 'list', args: ['a'] },
  { words: 'open', shape: 'action', args: [P] },
  { words: 'versions', shape: 'list', args: [P] },
  { words: 'versions restore', shape: 'action', args: async () => [P, ...(await idOf(`versions ${P}`, 'rev'))] },
  { words: 'link create', shape: 'action', args: [P] },
  { words: 'link list', shape: 'list' },
  { words: 'link copy', shape: 'action', args: [P] },
  { words: 'link revoke', shape: 'action', args: [P] },
  { words: 'file mkdir', shape: 'action', args: ['P/New'] },
  { words: 'file upload', shape: 'action', args: ['a.txt', '--to', 'P/New'] },
  { words: 'file rename', shape: 'action', args: ['P/New/a.txt', 'b.txt'] },
  { words: 'file move', shape: 'action', args: ['P/New/b.txt', '--to', 'P'] },
  { words: 'file download', shape: 'action', args: ['P', '--out', 'p.zip'] },
  { words: 'file delete', shape: 'action', args: ['P/b.txt'] },
  { words: 'file undo', shape: 'action' },
  { words: 'bulk import', shape: 'action', args: ['/Elsewhere', '--to', 'P'] },
  { words: 'bulk export', shape: 'action', args: ['P', '--to-disk', 'exported'] },
  { words: 'bulk list', shape: 'list' },
  { words: 'bulk show', shape: 'action', args: () => idOf('bulk list') },
  { words: 'bulk resume', shape: 'apart' },
  { words: 'bulk cancel', shape: 'apart' },
  { words: 'held list', shape: 'list' },
  { words: 'held refuse', shape: 'action' },
  { words: 'trash list', shape: 'list' },
  { words: 'trash restore', shape: 'apart' },
  { words: 'conflict keep-here', shape: 'apart' },
  { words: 'conflict keep-dropbox', shape: 'apart' },
  { words: 'conflict keep-both', shape: 'apart' },
  { words: 'conflict undo', shape: 'apart' },
  { words: 'free', shape: 'action', args: ['--dry-run'] },
  { words: 'ignore add', shape: 'action', args: ['*.tmp'] },
  { words: 'ignore list', shape: 'list' },
  { words: 'ignore check', shape: 'action', args: ['P/a.tmp'] },
  { words: 'ignore remove', shape: 'action', args: ['*.tmp'] },
  { words: 'notify list', shape: 'list' },
  { words: 'notify set', shape: 'action', args: ['Office', 'failed,backup'] },
  { words: 'notify events', shape: 'list' },
  { words: 'log', shape: 'list' },
  { words: 'log follow', shape: 'apart' },
  { words: 'log export', shape: 'action', args: ['--format', 'csv', '--out', 'log.csv'] },
  { words: 'log share', shape: 'action', args: ['--out', 'log.zip'] },
  { words: 'schedule', shape: 'action', args: ['--every', '30'] },
  { words: 'limit', shape: 'action', args: ['--up', '2M', '--down', 'off'] },
  { words: 'log keep', shape: 'action', args: ['--days', '90'] },
  { words: 'dashboard', shape: 'action' },
  { words: 'backup source add', shape: 'action', args: ['a.txt', '--name', 'a'] },
  { words: 'backup source list', shape: 'list' },
  { words: 'backup source remove', shape: 'action', args: ['a'] },
  { words: 'backup passphrase set', shape: 'action', args: ['--env', 'PASSPHRASE'] },
  { words: 'backup passphrase clear', shape: 'action' },
  { words: 'backup target', shape: 'action', args: ['Office'] },
  { words: 'backup schedule', shape: 'action', args: ['0 3 * * *'] },
  { words: 'backup keep', shape: 'action', args: ['--last', '2'] },
  { words: 'backup auto-verify', shape: 'action', args: ['on'] },
  { words: 'backup settings', shape: 'action' },
  { words: 'backup now', shape: 'action' },
  { words: 'backup list', shape: 'list' },
  { words: 'backup verify', shape: 'action' },
  { words: 'backup prune', shape: 'action', args: ['--dry-run'] },
  { words: 'backup extract', shape: 'action', args: ['newest', '--to', 'extracted'] },
  { words: 'backup restore', shape: 'action', args: ['newest'] },
  { words: 'client reset', shape: 'action', args: ['Office'] },
  { words: 'client remove', shape: 'action', args: ['Office'] },
  { words: 'emulator', shape: 'apart' },
  { words: 'demo', shape: 'apart' },
];

function program(): Command {
  const io: Io = { stdout: silent, stderr: silent, terminal: false, columns: 80, env: {}, workingFolder: '/' };
  return makeProgram(io, silent);
}
const silent = () => undefined;

/** Commands that do something: those without others below them, and those that work with words of their own. */
function leaves(
  parent: Command,
  words: readonly string[] = [],
): { readonly words: string; readonly command: Command }[] {
  return parent.commands.flatMap((command) => {
    const path = [...words, command.name()];
    if (command.name() === 'help') return [];
    const below = leaves(command, path);
    const works = below.length === 0 || TABLE.some((row) => row.words === path.join(' '));
    return [...(works ? [{ words: path.join(' '), command }] : []), ...below];
  });
}

const COMMANDS = leaves(program());
/** A sentence: begins with the program's name, says something, ends as a sentence does. */
const SENTENCE = /^docktide: .{10,}[.?)]\n$/s;

test('every command is in the table', () => {
  expect(COMMANDS.map(({ words }) => words).toSorted()).toEqual(TABLE.map(({ words }) => words).toSorted());
});

describe('help', () => {
  test.each(COMMANDS)('$words', async ({ words, command }) => {
    const { code, stdout, stderr } = await run(...words.split(' '), '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: docktide ${words} `));
    expect(stdout).toMatch(/--json +one JSON document/);
    const example = /\nExample:\n {2}(.+)\n/.exec(stdout)?.[1] ?? '';
    expect(example).toContain(`docktide ${words}`);
    expect(command.description()).toMatch(/^.{8,}$/);
    for (const option of command.options) expect(option.description).not.toBe('');
  });
});

describe('bad input', () => {
  test.each(COMMANDS)('$words', async ({ words, command }) => {
    const needed = command.registeredArguments.filter((argument) => argument.required).map(() => 'x');
    const mandatory = command.options.flatMap((option) => (option.mandatory ? [option.long ?? '', 'x'] : []));
    const tries: (readonly string[])[] = [[...needed, ...mandatory, '--no-such-option']];
    if (needed.length > 0) tries.push([...needed.slice(1), ...mandatory]);
    if (mandatory.length > 0) tries.push([...needed]);
    const isOpen = command.registeredArguments.some((argument) => argument.variadic) || command.commands.length > 0;
    if (!isOpen) tries.push([...command.registeredArguments.map(() => 'x'), ...mandatory, 'one too many']);
    for (const args of tries) {
      const { code, stdout, stderr } = await run(...words.split(' '), ...args, '--json');
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(JSON.parse(stdout)).toEqual({ error: { code: 'usage', message: expect.any(String) as string } });
      expect(stderr).toMatch(SENTENCE);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });

  const SENTENCES: readonly (readonly [string, number, string])[] = [
    ['type add sale.order --label Again', 1, 'duplicate'],
    ['type add-set nothing --client Office', 1, 'unknown-set'],
    ['type add-set hr --client Nobody', 1, 'unknown-client'],
    ['type sets --language xx', 2, 'usage'],
    ['type rename sale.order --name a/b', 1, 'bad-name'],
    ['type rename sale.order', 2, 'usage'],
    ['type remove nothing', 1, 'unknown-type'],
    ['record add no.such.type X --name X', 1, 'unknown-type'],
    ['record list no.such.type', 1, 'unknown-type'],
    ['record remove sale.order NOBODY', 1, 'unknown-record'],
    ['record import nowhere.csv', 1, 'missing-file'],
    ['client pause Nobody', 1, 'unknown-client'],
    ['client links Office perhaps', 2, 'usage'],
    ['rule add sale.order --client Nobody', 1, 'unknown-client'],
    ['folder keep Nowhere always', 1, 'unknown-folder'],
    ['folder keep P sometimes', 1, 'bad-policy'],
    ['folder flow P sideways', 1, 'bad-policy'],
    ['attach nowhere.txt --folder P', 1, 'missing-file'],
    ['open P/nowhere.txt', 1, 'unknown-file'],
    ['ignore remove never-added', 2, 'usage'],
    ['trash restore 999999', 1, 'unknown-trash'],
    ['conflict keep-here 999999', 1, 'unknown-conflict'],
    ['log --since yesterday', 2, 'usage'],
    ['log --since 2026-02-31', 2, 'usage'],
    ['log --until 2026-02-31T08:00:00Z', 2, 'usage'],
    ['notify events --since 2026-13-01', 2, 'usage'],
    ['log --level loud', 2, 'usage'],
    ['notify set Nobody failed', 1, 'unknown-client'],
    ['notify set Office ', 2, 'usage'],
    ['queue --limit 0', 2, 'usage'],
    ['backup schedule daily', 1, 'bad-schedule'],
    ['backup keep', 2, 'usage'],
    ['backup keep --last 0 --daily 0 --weekly 0 --monthly 0', 1, 'bad-policy'],
    ['backup verify 1999', 1, 'unknown-backup'],
    ['backup verify x --all', 2, 'usage'],
    ['backup restore 1999', 1, 'unknown-backup'],
    ['backup target Nobody', 1, 'unknown-client'],
    ['backup auto-verify perhaps', 2, 'usage'],
    ['backup source remove nobody', 1, 'unknown-source'],
    ['backup now --passphrase-env UNSET', 2, 'usage'],
    ['backup source', 2, 'usage'],
    ['backup nonsense', 2, 'usage'],
    [`type add ${LONG} --label X`, 1, 'bad-name'],
    [`type add long --label ${LONG}`, 1, 'bad-name'],
    [`client add ${LONG} --root X --access-token t`, 1, 'bad-name'],
    ['client add line\nbreak --root X --access-token t', 1, 'bad-name'],
  ];
  const MEANT: readonly (readonly [string, string])[] = [
    ['stauts', '"docktide status"'],
    ['client conect Office', '"docktide client connect"'],
    ['client pause Ofice', '"Office"'],
    ['rule add sale.order --client office', '"Office"'],
    ['record list sale.ordr', '"sale.order"'],
    ['record archive sale.order SO10', '"SO1"'],
    ['help statsu', '"docktide status"'],
    ['help client conect', '"docktide client connect"'],
  ];
  test.each(SENTENCES)('%s', async (line, code, error) => {
    if ((await run('type', 'list', '--json')).stdout === '[]\n')
      await run('type', 'add', 'sale.order', '--label', 'Quotations');
    if ((await run('client', 'list', '--json')).stdout === '[]\n') {
      await run('client', 'add', 'Office', '--root', ROOT, '--access-token', TOKEN);
      await run('folder', 'add', 'P', '--client', 'Office');
    }
    const ran = await run(...line.split(' '), '--json');
    expect({ code: ran.code, ...(JSON.parse(ran.stdout) as object) }).toMatchObject({ code, error: { code: error } });
    expect(ran.stderr).toMatch(SENTENCE);
  });

  test.each(MEANT)('%s: did you mean %s?', async (line, meant) => {
    await run('record', 'add', 'sale.order', 'SO1', '--name', 'SO1');
    const { code, stderr } = await run(...line.split(' '));
    expect(code).not.toBe(0);
    expect(stderr).toContain(` Did you mean ${meant}? `);
  });

  test('help of a command inside of a group', async () => {
    const { code, stdout } = await run('help', 'backup', 'source', 'add');
    expect({ code, stdout }).toEqual({ code: 0, stdout: (await run('backup', 'source', 'add', '--help')).stdout });
    expect((await run('help')).stdout).toBe((await run('--help')).stdout);
  });

  test('a folder that the system does not let be made is told', async () => {
    const { code, stderr } = await run('init', '--documents', '/proc/documents');
    expect(code).toBe(1);
    expect(stderr).toMatch(SENTENCE);
  });

  test('a login of a client that is not there asks nobody to register anything', async () => {
    const { code, stderr } = await run('client', 'connect', 'Nobody', '--no-browser');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(SENTENCE) as string });
  });

  test('a word that is near to nothing gets no suggestion', async () => {
    expect((await run('frobnicate')).stderr).not.toContain('Did you mean');
  });
});

describe('answers', () => {
  beforeAll(async () => {
    await run('client', 'remove', 'Office');
    await bench.close();
    bench = await Bench.open({ client: false });
    writeFileSync(join(bench.folder, 'a.txt'), 'a');
    writeFileSync(join(bench.folder, 'records.csv'), 'type,ref,name\nsale.order,SO7,SO7\n');
    await bench.emulator.control('write', { path: '/Elsewhere/x.txt', base64: Buffer.from('x').toString('base64') });
  });

  test.each(TABLE.filter(({ shape }) => shape !== 'apart'))(
    '$words: $shape',
    async ({ words, shape, args, code = 0 }) => {
      const given = typeof args === 'function' ? await args() : (args ?? []);
      const ran = await run(...words.split(' '), ...given, '--json');
      expect({ code: ran.code, stderr: ran.code === code ? '' : ran.stderr + ran.stdout }).toEqual({
        code,
        stderr: '',
      });
      // One document, and nothing beside it.
      const answer: unknown = JSON.parse(ran.stdout);
      expect(Array.isArray(answer)).toBe(shape === 'list');
      expect(typeof answer).toBe('object');
      expect(answer).not.toBeNull();
    },
  );
});
