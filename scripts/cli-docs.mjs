// `npm run cli-docs`: writes docs/cli.md from the commands themselves; with --check it only says whether the file is theirs.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { home, projectNode } from './node.mjs';

if (Number(process.versions.node.split('.')[0]) < 24) {
  const again = spawnSync(projectNode(), process.argv.slice(1), { stdio: 'inherit' });
  process.exit(again.status ?? 1);
}
const { commandReference } = await import('../src-main/cli/reference.ts');
const file = join(home, 'docs', 'cli.md');
const text = `${commandReference().trimEnd()}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/cli.md is not that of the commands. Run "npm run cli-docs".');
  process.exitCode = 1;
}
