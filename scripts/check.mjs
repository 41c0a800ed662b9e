// `npm run check`: types, lint, format and unit tests, under a minute. All of them run; what failed is named at the end.
// Of the unit tests those that your changes reach, as the imports tell; all of them with `--all`, or where nothing differs
// from `origin/main`.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { home, projectNode } from './node.mjs';

const node = projectNode();
const UPSTREAM = 'origin/main';
const tool = (...path) => join(home, 'node_modules', ...path);
const CHECKS = [
  { name: 'types', command: [tool('typescript', 'bin', 'tsc'), '--noEmit'], mend: 'see the errors above' },
  {
    name: 'lint',
    command: [tool('oxlint', 'bin', 'oxlint'), '--deny-warnings'],
    mend: 'npx oxlint --fix mends some of them',
  },
  {
    name: 'format',
    command: [tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    mend: 'npm run format',
  },
  {
    name: 'unit tests',
    command: [tool('vitest', 'vitest.mjs'), 'run', '--project', 'unit', '--reporter=dot', ...reached()],
    mend: 'npm run unit',
  },
];

/** Arguments that leave only the tests that what differs from the upstream branch can reach. */
function reached() {
  if (process.argv.includes('--all')) return [];
  const git = (...args) => spawnSync('git', args, { cwd: home, encoding: 'utf8' });
  if (git('rev-parse', '--verify', '--quiet', UPSTREAM).status !== 0) return [];
  const differs = git('diff', '--quiet', UPSTREAM).status === 1 || git('status', '--porcelain').stdout.trim() !== '';
  return differs ? ['--changed', UPSTREAM, '--passWithNoTests'] : [];
}

function run({ command }) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(node, command, { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => output.push(Buffer.from(String(error))));
    child.on('close', (code) =>
      resolve({
        ok: code === 0,
        text: Buffer.concat(output).toString(),
        seconds: (performance.now() - started) / 1000,
      }),
    );
  });
}

async function report(check) {
  const result = await run(check);
  console.log(`${result.ok ? '✓' : '✗'} ${check.name} (${result.seconds.toFixed(1)} s)`);
  if (!result.ok) console.log(`${result.text.trimEnd()}\n  → ${check.mend}`);
  return result.ok;
}

// Types and lint use one core each; the unit tests take all of them.
const [types, lint] = await Promise.all([report(CHECKS[0]), report(CHECKS[1])]);
const format = await report(CHECKS[2]);
const unit = await report(CHECKS[3]);
const failed = [types, lint, format, unit].flatMap((ok, index) => (ok ? [] : [CHECKS[index].name]));
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
