// node test/bench/keep-world.ts FILES WORLD.json: makes a world of so many synced files, tells in WORLD.json where it is,
// and keeps it until this process is ended (Ctrl+C). For what takes long to make and is measured more than once:
// `npm run bench -- NAME… --files FILES --world WORLD.json`.

import { rmSync, writeFileSync } from 'node:fs';
import { syncedWorld, type KeptWorld } from './world.ts';

const [files, file] = [Number(process.argv[2]), process.argv[3]];
if (!Number.isInteger(files) || files < 1 || file === undefined) {
  console.error('Give the number of files (from 1) and a file that is to tell where the world is.');
  process.exit(2);
}
const world = await syncedWorld(files);
const kept: KeptWorld = { files, folder: world.folder, origin: world.origin };
writeFileSync(file, JSON.stringify(kept));
const waiting = setInterval(() => {}, 1 << 30);
const end = (): void => {
  clearInterval(waiting);
  world.close();
  rmSync(file, { force: true });
};
process.once('SIGINT', end);
process.once('SIGTERM', end);
