// The desktop app's main process over the service in memory: `electron test/support/window-fake-main.ts --scene=large`.

import { join } from 'node:path';
import { AppError } from '../../src-main/app/service.ts';
import { startApp } from '../../src-main/shell/start.ts';
import { createFakeService, type Scene } from './window-fake-service.ts';

const home = join(import.meta.dirname, '..', '..');
const scene = process.argv.find((argument) => argument.startsWith('--scene='))?.slice('--scene='.length);

startApp({
  dataFolder: '/nonexistent/docktide-fake',
  outFolder: join(home, 'out'),
  iconsFolder: join(home, 'build'),
  openService: (dataFolder) => Promise.resolve(createFakeService((scene ?? 'company') as Scene, dataFolder)),
  startDemo: () => Promise.reject(new AppError('no-demo', 'The stand-in service has no demonstration.')),
});
