import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import manifest from './package.json' with { type: 'json' };

// What runs in the main process stays outside the bundle: native modules, and packages that behave differently when
// bundled (`dropbox` answers other fields as a bundled module). The preload script must be one CommonJS file, because
// a sandboxed renderer can load nothing else.
const external = [
  'electron',
  ...Object.keys(manifest.dependencies).flatMap((name) => [name, new RegExp(`^${name}/`)]),
  ...builtinModules.flatMap((name) => [name, `node:${name}`]),
];

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: true,
      rolldownOptions: {
        // Worker threads are files of their own, found by src-main/backup/run-job.ts and src-main/app/plan-beside.ts.
        input: {
          index: resolve('src-main/index.ts'),
          'backup-worker': resolve('src-main/backup/worker.ts'),
          'plan-worker': resolve('src-main/app/plan-worker.ts'),
        },
        external,
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: resolve('src-main/preload/index.ts'),
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      emptyOutDir: true,
      // A page of the app's own scheme: small files inlined as data: addresses would need a wider policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: resolve('src-renderer/index.html') },
    },
  },
});
