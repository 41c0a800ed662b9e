// `npm test`: installs missing system packages where it may, runs all tests, and ends with their count alone on a line,
// made from the runner's own report. Further arguments go to vitest (`npm test -- test/unit`).
import { spawnSync } from 'node:child_process';
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
const reportFile = join(folder, 'report.json');
const run = spawnSync(
  node,
  [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...process.argv.slice(2)],
  { cwd: home, stdio: 'inherit' },
);
const report = readReport();
rmSync(folder, { recursive: true, force: true });

if (report === null) {
  console.error('The test runner ended without a report.');
  process.exit(run.status || 1);
}
const passed = report.numPassedTests;
const skipped = report.numPendingTests + report.numTodoTests;
// A file that could not be loaded has no tests to count: it is one failure.
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
).length;
let failed = report.numFailedTests + brokenFiles;
// An error outside of any test (or no test at all) fails the run too.
if (failed === 0 && (run.status !== 0 || passed === 0)) failed = 1;
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function readReport() {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return null;
  }
}
