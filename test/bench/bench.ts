// npm run bench [-- NAME…] [--files N] [--latency MS] [--json] [--table FILE] [--add ROWS…] [--world FILE]: how long the
// work takes that people wait for, beside rclone and bare calls of the `dropbox` package in the same run. Each case runs in a process of its own (its
// peak memory is its own) against an emulator in another. --table writes docs/performance.md's table; --add puts rows that
// earlier runs have printed with --json before those of this run, and runs no case that is not named. --world names a
// world that keep-world.ts keeps, for cases that want one of so many files.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { arch, cpus, platform, totalmem } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { table } from '../../src-main/cli/text.ts';
import type { CaseResult } from './case.ts';
import { CASES } from './cases.ts';
import { total } from './measure.ts';
import { syncedWorld, worldAt, type KeptWorld, type World, type WorldAddress } from './world.ts';

const SELF = fileURLToPath(import.meta.url);
const MEGABYTE = 1024 * 1024;

interface Job {
  readonly name: string;
  readonly files: number;
  readonly latency: number;
}

interface Row extends Job, CaseResult {
  readonly what: string;
  /** When it was measured, and by which command. */
  readonly day: string;
  readonly command: string;
}

interface Plan {
  readonly jobs: readonly Job[];
  readonly json: boolean;
  /** A Markdown file whose table between two marks is replaced. */
  readonly table: string | null;
  /** Files with rows of earlier runs. */
  readonly add: readonly string[];
  /** A world that is there already; see keep-world.ts. */
  readonly world: KeptWorld | null;
}

const USAGE = `npm run bench [-- CASE…] [--files N] [--latency MS] [--json] [--add ROWS.json]… [--table PAGE.md] [--world WORLD.json]
Cases (all of them where none is named): ${Object.keys(CASES).join(', ')}`;

function parsed(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      files: { type: 'string' },
      latency: { type: 'string' },
      json: { type: 'boolean', default: false },
      table: { type: 'string' },
      world: { type: 'string' },
      add: { type: 'string', multiple: true, default: [] },
    },
  });
}

/** What is to be run; or a sentence that says what is wrong. */
function readArguments(args: readonly string[]): Plan | string {
  let given: ReturnType<typeof parsed>;
  try {
    given = parsed(args);
  } catch (error) {
    // The first sentence names the option.
    return `${String(error instanceof Error ? error.message : error).split(/[.\n]/, 1)[0]}.\n${USAGE}`;
  }
  const { values, positionals } = given;
  const unknown = positionals.filter((name) => !Object.hasOwn(CASES, name));
  if (unknown.length > 0) return `There is no case ${unknown.join(', ')}. There are: ${Object.keys(CASES).join(', ')}.`;
  const [files, latency] = [values.files, values.latency].map((text) => (text === undefined ? null : Number(text)));
  const isWrong = (number: number | null | undefined, least: number) =>
    number !== null && number !== undefined && (!Number.isInteger(number) || number < least);
  if (isWrong(files, 1) || isWrong(latency, 0)) return 'Give --files (from 1) and --latency (from 0) as whole numbers.';
  const named = [values.table, values.world].filter((file) => file !== undefined);
  const missing = [...values.add, ...named].find((file) => !existsSync(file));
  if (missing !== undefined) return `There is no file "${missing}".`;
  const names = positionals.length > 0 || values.add.length > 0 ? positionals : Object.keys(CASES);
  const jobs = names.flatMap((name) => {
    const chosen = CASES[name]!;
    return (files == null ? chosen.files : [files]).flatMap((count) =>
      (latency == null ? chosen.latencies : [latency]).map((wait) => ({ name, files: count, latency: wait })),
    );
  });
  // Worlds are kept one at a time: cases of one size follow each other.
  const isShared = ({ name }: Job) => CASES[name]?.shared === true;
  const own = jobs.filter((job) => !isShared(job));
  const shared = jobs.filter(isShared).toSorted((a, b) => a.files - b.files);
  // Written by keep-world.ts.
  const world = values.world === undefined ? null : (JSON.parse(readFileSync(values.world, 'utf8')) as KeptWorld);
  if (world !== null && shared.some((job) => job.files !== world.files)) {
    return `The world of ${values.world} has ${world.files} files. Give --files ${world.files}.`;
  }
  return { jobs: [...own, ...shared], json: values.json, table: values.table ?? null, add: values.add, world };
}

async function main(args: readonly string[]): Promise<number> {
  if (args.some((word) => word === '--help' || word === '-h')) {
    console.log(USAGE);
    return 0;
  }
  if (args[0] === '--case') return runCase(JSON.parse(args[1] ?? '') as Job & { readonly world: WorldAddress | null });
  const plan = readArguments(args);
  if (typeof plan === 'string') {
    console.error(plan);
    return 2;
  }
  const day = new Date().toISOString().slice(0, 10);
  const command = `npm run bench -- ${args.map((word) => (existsSync(word) ? basename(word) : word)).join(' ')}`;
  // Written by this program with --json.
  const rows = plan.add.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as Row[]);
  // One at a time, whatever is made last.
  const kept = plan.world === null ? null : worldAt(plan.world);
  const shared: { files: number; world: World | null } = { files: plan.world?.files ?? 0, world: kept };
  let failed = false;
  try {
    for (const job of plan.jobs) {
      const needsWorld = CASES[job.name]?.shared === true;
      if (needsWorld && shared.files !== job.files) {
        shared.world?.close();
        Object.assign(shared, { files: job.files, world: await syncedWorld(job.files) });
      }
      process.stderr.write(`${job.name}: ${CASES[job.name]?.what(job)} …\n`);
      const { world } = shared;
      const address = needsWorld && world !== null ? { folder: world.folder, origin: world.origin } : null;
      const row = await inOwnProcess({ ...job, world: address });
      if (row === null) failed = true;
      else rows.push({ ...row, day, command });
    }
  } finally {
    shared.world?.close();
  }
  process.stdout.write(plan.json ? `${JSON.stringify(rows, null, 2)}\n` : table<Row>(rows, COLUMNS, ''));
  if (plan.table !== null) writeTable(plan.table, rows);
  return failed ? 1 : 0;
}

const COLUMNS = [
  { title: 'Case', value: (row: Row) => row.what },
  { title: 'Seconds', value: (row: Row) => digits(row.seconds), align: 'right' },
  { title: 'Processor', value: (row: Row) => digits(row.cpuSeconds), align: 'right' },
  { title: 'Requests', value: (row: Row) => requestsText(row.requests) },
  { title: 'Up', value: (row: Row) => megabytes(row.bytesUp), align: 'right' },
  { title: 'Down', value: (row: Row) => megabytes(row.bytesDown), align: 'right' },
  { title: 'Memory', value: (row: Row) => megabytes(row.peakMemory), align: 'right' },
  { title: 'Held up', value: (row: Row) => `${row.heldUp.toFixed(0)} ms`, align: 'right' },
  { title: 'rclone', value: (row: Row) => ratio(row.rclone, row.seconds), align: 'right' },
  { title: 'bare SDK', value: (row: Row) => ratio(row.sdk, row.seconds), align: 'right' },
  { title: 'Result', value: (row: Row) => row.result },
  {
    title: 'Promises',
    value: (row: Row) => row.promises.map(({ what, kept }) => `${kept ? '✓' : '✗'} ${what}`).join('; '),
  },
] as const;

function digits(seconds: number): string {
  return seconds >= 0.1 ? seconds.toFixed(2) : seconds.toFixed(4);
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0)} MB`;
}

/** `21.8 s (14 × ours)`: what the other took, and how many times as long as Docktide that is. */
function ratio(seconds: number | null | undefined, own: number): string {
  if (seconds === null || seconds === undefined) return '–';
  return `${digits(seconds)} s (${(seconds / own).toFixed(seconds / own < 10 ? 1 : 0)} ×)`;
}

function requestsText(requests: Row['requests']): string {
  const short = (name: string) => name.replace(/^files\//, '').replace(/^upload_session\//, '');
  const each = Object.entries(requests)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${short(name)} ${count}`);
  return each.length === 0 ? '0' : `${total(requests)}: ${each.join(', ')}`;
}

async function runCase({ world, ...job }: Job & { readonly world: WorldAddress | null }): Promise<number> {
  const chosen = CASES[job.name];
  if (chosen === undefined) return 2;
  // As bin/docktide.mjs.
  setFlagsFromString('--semi-space-growth-factor=1');
  enableCompileCache();
  const result = await chosen.run({ ...job, world: world === null ? null : worldAt(world) });
  const row: Measured = { ...job, what: chosen.what(job), ...result };
  process.stdout.write(`${JSON.stringify(row)}\n`);
  return 0;
}

type Measured = Omit<Row, 'day' | 'command'>;

function inOwnProcess(job: Job & { readonly world: WorldAddress | null }): Promise<Measured | null> {
  return new Promise((resolve) => {
    const args = ['--expose-gc', SELF, '--case', JSON.stringify(job)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as Measured);
      else {
        process.stderr.write(`${job.name} failed (exit ${code}).\n`);
        resolve(null);
      }
    });
  });
}

const [BEGIN, END] = ['<!-- bench -->', '<!-- /bench -->'];

/** Puts the rows, with machine, date and command, between the two marks of a Markdown file. */
function writeTable(file: string, rows: readonly Row[]): void {
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} lacks the marks ${BEGIN} and ${END}.`);
  const cell = (value: string) => value.replaceAll('|', '\\|');
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? arch()}, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB`;
  const lines = [
    `${[...new Set(rows.map(({ day }) => day))].join(', ')}; ${machine}, ${platform()}, Node ${process.versions.node}; ` +
      [...new Set(rows.map(({ command }) => `\`${command}\``))].join(', '),
    '',
    line(COLUMNS.map(({ title }) => title)),
    line(COLUMNS.map((column) => ('align' in column ? '---:' : '---'))),
    ...rows.map((row) => line(COLUMNS.map(({ value }) => value(row)))),
  ];
  writeFileSync(file, `${text.slice(0, from + BEGIN.length)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`);
}

process.exitCode = await main(process.argv.slice(2));
