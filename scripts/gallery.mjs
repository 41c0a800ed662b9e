// `npm run gallery`: every screen and component in its states, from fake answers, in the browser; changes to the code
// show at once. `--port N` chooses the port, `--build DIR` writes a page that needs no server of its own.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { home, projectNode } from './node.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string' }, build: { type: 'string' }, open: { type: 'boolean' } },
});

if (!process.versions.node.startsWith('24')) {
  const again = spawn(projectNode(), process.argv.slice(1), { stdio: 'inherit' });
  again.on('close', (code) => process.exit(code ?? 1));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => again.kill(signal));
} else await run();

async function run() {
  const vite = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  const common = { configFile: false, root: resolve(home, 'src-renderer'), plugins: [react()], base: './' };
  if (values.build !== undefined) {
    const input = resolve(home, 'src-renderer', 'gallery', 'index.html');
    const build = { outDir: resolve(values.build), emptyOutDir: true, rolldownOptions: { input } };
    await vite.build({ ...common, build, logLevel: 'warn' });
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
