// `npm run gallery`: every screen and component in its states, from fake answers, in the browser; changes to the code
// show at once. `--port N` chooses the port, `--build DIR` writes a page that needs no server of its own, `--pictures` writes
// the pictures of the user manual to docs/user (`--only NAME` those that begin so).
import { spawn } from 'node:child_process';
import { resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { home, projectNode } from './node.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    build: { type: 'string' },
    open: { type: 'boolean' },
    pictures: { type: 'boolean' },
    only: { type: 'string' },
  },
});

if (!process.versions.node.startsWith('24')) {
  const again = spawn(projectNode(), process.argv.slice(1), { stdio: 'inherit' });
  again.on('close', (code) => process.exit(code ?? 1));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => again.kill(signal));
} else await run();

async function run() {
  const vite = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  const recorded = resolvePath(home, 'src-renderer', 'gallery', 'recorded-stores.ts');
  const resolve = { alias: [{ find: /^zustand$/, replacement: recorded }] };
  const common = {
    configFile: false,
    root: resolvePath(home, 'src-renderer'),
    plugins: [react()],
    base: './',
    resolve,
  };
  const buildTo = async (folder) => {
    const input = resolvePath(home, 'src-renderer', 'gallery', 'index.html');
    const build = { outDir: resolvePath(folder), emptyOutDir: true, rolldownOptions: { input } };
    await vite.build({ ...common, build, logLevel: 'warn' });
  };
  if (values.build !== undefined) return buildTo(values.build);
  if (values.pictures) {
    const { takePictures } = await import('./manual-pictures.mjs');
    const bytes = await takePictures(resolvePath(home, 'docs', 'user'), buildTo, values.only);
    console.log(`Pictures of ${(bytes / 1e6).toFixed(1)} MB written to docs/user.`);
    return;
  }
  const port = Number(values.port ?? 5180);
  const server = await vite.createServer({
    ...common,
    base: '/',
    server: { port, open: values.open && '/gallery/index.html' },
  });
  await server.listen();
  const address = server.resolvedUrls?.local[0] ?? `http://localhost:${port}/`;
  console.log(`The gallery: ${address}gallery/index.html (Ctrl+C ends it)`);
}
