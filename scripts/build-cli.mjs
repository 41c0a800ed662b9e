// `npm run build-cli`: the command line as plain JavaScript in out/cli, for a package that is installed elsewhere: Node
// takes no TypeScript from there. `npm pack` runs it by itself.

import { builtinModules } from 'node:module';
import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { home, projectNode } from './node.mjs';

if (!process.versions.node.startsWith('24')) {
  const again = spawn(projectNode(), process.argv.slice(1), { stdio: 'inherit' });
  again.on('close', (code) => process.exit(code ?? 1));
} else await build();

async function build() {
  const vite = await import('vite');
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const packages = Object.keys(dependencies).flatMap((name) => [name, new RegExp(`^${name}/`)]);
  await vite.build({
    configFile: false,
    root: home,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node24',
      outDir: join(home, 'out', 'cli'),
      emptyOutDir: true,
      rolldownOptions: {
        // Worker threads are files of their own, found by src-main/backup/run-job.ts and src-main/app/plan-beside.ts.
        input: {
          main: join(home, 'src-main', 'cli', 'main.ts'),
          'backup-worker': join(home, 'src-main', 'backup', 'worker.ts'),
          'plan-worker': join(home, 'src-main', 'app', 'plan-worker.ts'),
        },
        external: [...packages, ...builtinModules.flatMap((name) => [name, `node:${name}`])],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
}
