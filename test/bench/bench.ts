// `npm run bench`: how long the work takes that people wait for. Each case runs in a process of its own (its peak memory
// is its own) against an emulator in another. Arguments choose cases: `npm run bench -- planning`.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { table } from '../../src-main/cli/text.ts';
import { CASES, type Measured } from './cases.ts';

const SELF = fileURLToPath(import.meta.url);

interface Row extends Measured {
  readonly name: string;
  /** Bytes. */
  readonly peak: number;
}

async function main(words: readonly string[]): Promise<number> {
  if (words[0] === '--case') return runCase(words[1] ?? '');
  const unknown = words.filter((word) => !(word in CASES));
  if (unknown.length > 0) {
    console.error(`There is no case ${unknown.join(', ')}. There are: ${Object.keys(CASES).join(', ')}.`);
    return 2;
  }
  const rows: Row[] = [];
  for (const name of words.length > 0 ? words : Object.keys(CASES)) {
    process.stderr.write(`${name}: ${CASES[name]?.what} …\n`);
    const row = await inOwnProcess(name);
    if (row === null) return 1;
    rows.push(row);
  }
  process.stdout.write(
    table<Row>(
      rows,
      [
        { title: 'Case', value: (row) => CASES[row.name]?.what ?? row.name },
        { title: 'Seconds', value: (row) => row.seconds.toFixed(2), align: 'right' },
        { title: 'Requests', value: (row) => row.requests, align: 'right' },
        { title: 'Peak memory', value: (row) => `${(row.peak / 1024 / 1024).toFixed(0)} MB`, align: 'right' },
        { title: 'Result', value: (row) => row.result },
      ],
      '',
    ),
  );
  return 0;
}

async function runCase(name: string): Promise<number> {
  const chosen = CASES[name];
  if (chosen === undefined) return 2;
  const measured = await chosen.run();
  const row: Row = { name, ...measured, peak: process.resourceUsage().maxRSS * 1024 };
  process.stdout.write(`${JSON.stringify(row)}\n`);
  return 0;
}

function inOwnProcess(name: string): Promise<Row | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [SELF, '--case', name], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as Row);
      else {
        process.stderr.write(`${name} failed (exit ${code}).\n`);
        resolve(null);
      }
    });
  });
}

process.exitCode = await main(process.argv.slice(2));
