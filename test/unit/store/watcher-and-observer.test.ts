// Whatever happens in the documents folder: after a look where the watcher points, a look at everything finds nothing
// that was missed. On a real disk, from a seed.

import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { isOwnName } from '../../../src-shared/names.ts';
import type { RelPath } from '../../../src-shared/domain.ts';
import { NodeDisk, initDocuments } from '../../../src-main/store/disk/node-disk.ts';
import { createObserver } from '../../../src-main/store/observer.ts';
import { createStore } from '../../../src-main/store/open-store.ts';
import { watchDocuments } from '../../../src-main/store/watcher.ts';

const RUNS = 25;

type Step = readonly [what: number, one: number, other: number, pause: boolean];

const steps = fc.array(fc.tuple(fc.nat(9), fc.nat(1_000), fc.nat(1_000), fc.boolean()), {
  minLength: 1,
  maxLength: 12,
});

function everythingIn(root: string, kind: 'file' | 'folder'): string[] {
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => !isOwnName(entry.name) && entry.isDirectory() === (kind === 'folder'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** One thing that somebody does, chosen by numbers from what is there. */
function act(root: string, outside: string, [what, one, other]: Step): void {
  const folders = [root, ...everythingIn(root, 'folder')];
  const files = everythingIn(root, 'file');
  const folder = folders[one % folders.length] as string;
  const target = folders[other % folders.length] as string;
  const file = files[one % Math.max(1, files.length)];
  const name = `n${other % 6}`;
  const inside = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`);
  const free = (path: string): boolean => !existsSync(path);
  switch (what) {
    case 0:
      if (free(join(folder, name))) writeFileSync(join(folder, name), `${one} ${other}`);
      break;
    case 1:
      if (file !== undefined) appendFileSync(file, `${other}`);
      break;
    case 2:
      if (file !== undefined) rmSync(file);
      break;
    case 3:
      if (file !== undefined && free(join(target, name))) renameSync(file, join(target, name));
      break;
    case 4:
      if (free(join(folder, name))) mkdirSync(join(folder, name, 'deep', 'er'), { recursive: true });
      break;
    case 5:
      if (folder !== root && !inside(target, folder) && free(join(target, `f${name}`))) {
        renameSync(folder, join(target, `f${name}`));
      }
      break;
    case 6:
      if (folder !== root) {
        rmSync(folder, { recursive: true });
        if (other % 2 === 0) mkdirSync(folder);
      }
      break;
    case 7:
      if (file !== undefined) {
        writeFileSync(`${file}.tmp`, `saved ${other}`);
        renameSync(`${file}.tmp`, file);
      }
      break;
    case 8:
      if (folder !== root && !inside(target, folder) && free(join(target, `c${name}`))) {
        cpSync(folder, join(target, `c${name}`), { recursive: true });
      }
      break;
    default:
      // Out of the documents folder, changed there, and back.
      if (folder !== root) {
        renameSync(folder, outside);
        writeFileSync(join(outside, `while away ${other}`), `${other}`);
        if (file !== undefined && existsSync(file)) copyFileSync(file, join(outside, 'copy'));
        renameSync(outside, folder);
      }
  }
}

test('a look where the watcher points misses nothing', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (chosen) => {
      const base = mkdtempSync(join(tmpdir(), 'docktide-watch-'));
      const root = join(base, 'documents');
      const store = createStore({ file: ':memory:', now: () => Date.now() });
      store.clients.add({ name: 'main', root: 'R', state: 'connected', appKey: null, credentials: {} });
      await initDocuments(root, store.id);
      mkdirSync(join(root, 'a/b'), { recursive: true });
      for (const path of ['one', 'a/two', 'a/b/three']) writeFileSync(join(root, path), path);
      const observer = createObserver({
        store,
        disk: new NodeDisk({ root, trashFolder: join(base, 'trash'), storeId: store.id }),
      });
      const hints: RelPath[] = [];
      let close = async (): Promise<void> => {};
      try {
        await new Promise<void>((resolve) => {
          const watch = watchDocuments({
            root,
            onHint: (paths) => hints.push(...paths),
            onReady: resolve,
            quiet: 60,
            longest: 1_000,
          });
          close = () => watch.close();
        });
        await observer.observe('everything');
        // In two parts: what was changed before must be watched like the rest.
        const half = Math.ceil(chosen.length / 2);
        for (const [part, some] of [chosen.slice(0, half), chosen.slice(half)].entries()) {
          for (const step of some) {
            act(root, join(base, 'outside'), step);
            if (step[3]) await sleep(step[1] % 4);
          }
          const last = `last ${part}` as RelPath;
          writeFileSync(join(root, last), last);
          await vi.waitFor(() => expect(hints).toContain(last), { timeout: 20_000, interval: 10 });
          const told = hints.splice(0);
          await observer.observe(told);
          const { changed } = await observer.observe('everything');
          expect({ changed, told: changed > 0 ? told : [] }).toEqual({ changed: 0, told: [] });
        }
      } finally {
        await close();
        store.db.close();
        rmSync(base, { recursive: true, force: true });
      }
    }),
    { numRuns: RUNS, endOnFailure: false },
  );
});
