// The desktop app's entry: `electron .` and the packaged program run this file, built to out/main/index.js.

import { dirname, join } from 'node:path';
import { openDocktide } from './compose.ts';
import { startDemoCompany } from './demo/start.ts';
import { defaultDataFolder } from './infra/data-folder.ts';
import { openSecretBox } from './infra/electron-secrets.ts';
import { dataFolderFrom } from './shell/arguments.ts';
import { startApp } from './shell/start.ts';

const outFolder = dirname(import.meta.dirname);

startApp({
  dataFolder: dataFolderFrom(process.argv) ?? defaultDataFolder(),
  outFolder,
  iconsFolder: join(outFolder, '..', 'build'),
  openService: async (dataFolder) => openDocktide({ dataFolder, secretBox: await openSecretBox(dataFolder) }),
  startDemo: startDemoCompany,
});
