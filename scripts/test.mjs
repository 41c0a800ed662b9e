// `npm test`: installs missing system packages where it may, runs all tests, and ends with their count alone on a line,
// made from the runner's own reports. First what needs nothing but Node, then the processes and, beside them, the windows,
// which mostly wait. Further arguments go to vitest (`npm test -- test/unit`), which then runs once.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { home, projectNode } from './node.mjs';
import { installPackages } from './system-packages.mjs';

const node = projectNode();
const vitest = join(home, 'node_modules', 'vitest', 'vitest.mjs');
if (!existsSync(vitest)) {
  console.error(`The test runner is not installed. Run "npm ci" in ${home} first.`);
  process.exit(1);
}
installPackages();

const folder = mkdtempSync(join(tmpdir(), 'docktide-tests-'));
const given = process.argv.slice(2);
const runs = given.length > 0 ? [await run('tests', given)] : await everything();
rmSync(folder, { recursive: true, force: true });

let [passed, failed, skipped] = [0, 0, 0];
for (const { status, report } of runs) {
  if (report === null) {
    console.error('The test runner ended without a report.');
    process.exit(status || 1);
  }
  passed += report.numPassedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  // A file that could not be loaded has no tests to count: it is one failure.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const fell = report.numFailedTests + brokenFiles;
  // An error outside of any test (or no test at all) fails the run too.
  failed += fell === 0 && (status !== 0 || report.numPassedTests === 0) ? 1 : fell;
}
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function everything() {
  const unit = await run('unit', ['--project', 'unit']);
  const beside = { output: [], isHeld: true };
  const window = run('window', ['--project', 'window'], beside);
  const system = await run('system', ['--project', 'system']);
  // What the windows said meanwhile, and from now on as it comes.
  beside.isHeld = false;
  process.stdout.write(Buffer.concat(beside.output));
  return [unit, system, await window];
}

/** One run of vitest; its output is held back where `beside` asks for it, so that two of them do not mix. */
function run(name, args, beside = null) {
  const reportFile = join(folder, `${name}.json`);
  const command = [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...args];
  const child = spawn(node, command, {
    cwd: home,
    stdio: ['inherit', ...(beside ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
  });
  for (const stream of beside ? [child.stdout, child.stderr] : []) {
    stream.on('data', (chunk) => (beside.isHeld ? beside.output.push(chunk) : process.stdout.write(chunk)));
  }
  return new Promise((resolve) => {
    child.on('error', (error) => console.error(error.message));
    child.on('close', (code) => resolve({ status: code ?? 1, report: readReport(reportFile) }));
  });
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
