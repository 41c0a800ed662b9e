// Two computers that watch one root at the same time, while people work on both and in Dropbox without a rest, and the
// program is killed now and then: when everybody pauses, all three hold the same, and nothing that nobody took away is
// lost or doubled.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Bench, ROOT, TOKEN, until, type Running } from '../support/cli.ts';
import { seeded } from '../support/cli-files.ts';
import { startTestEmulator } from '../support/emulator.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';

const ACTS = 150;
const KILLED_AT: ReadonlySet<number> = new Set([40, 70, 105]);
/** Folders that the ERP makes; people put documents into them and leave the folders alone. */
const FOLDERS = ['Quotations/SO1', 'Quotations/SO1/Contracts', 'Shared'];

let computers: Bench[] = [];
agreeWithPeerAfterEach(() => computers);

async function addComputer(emulator: Awaited<ReturnType<typeof startTestEmulator>>): Promise<Bench> {
  const computer = await Bench.open({ emulator });
  await computer.setUp('type', 'add', 'sale.order', '--label', 'Quotations');
  await computer.setUp('record', 'add', 'sale.order', 'SO1', '--name', 'SO1');
  await computer.setUp('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Contracts');
  await computer.setUp('folder', 'add', 'Shared', '--client', 'Office');
  return computer;
}

/** What people do on one computer or in Dropbox, from a seed; it knows which contents must still be there in the end. */
class People {
  readonly written = new Set<string>();
  /** What somebody took away or wrote over. An edit elsewhere may have kept it. */
  readonly taken = new Set<string>();
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #choose<T>(all: readonly T[]): T | undefined {
    return all[this.below(all.length)];
  }

  #content(): string {
    const content = `content ${this.written.size} ${'.'.repeat(this.below(2000))}`;
    this.written.add(content);
    return content;
  }

  actHere({ documents }: Bench): void {
    const all = readdirSync(documents, { recursive: true, withFileTypes: true }).filter(
      ({ name, parentPath }) => !join(parentPath, name).includes('.docktide'),
    );
    const files = all.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    const own = all
      .filter((one) => one.isDirectory() && /^D\d/.test(one.name))
      .map((one) => join(one.parentPath, one.name));
    const folder = this.#choose([...FOLDERS.map((path) => join(documents, path)), ...own]) ?? documents;
    const target = join(folder, `${'abcdefgh'[this.below(8)]}${['.txt', '.pdf', ''][this.below(3)]}`);
    const [file, moved, kind] = [this.#choose(files), this.#choose(own), this.below(10)];
    if (kind < 3) {
      if (!existsSync(target)) writeFileSync(target, this.#content());
    } else if (kind < 5 && file !== undefined) {
      this.taken.add(readFileSync(file, 'utf8'));
      writeFileSync(file, this.#content());
    } else if (kind < 7 && file !== undefined) {
      if (!existsSync(target)) renameSync(file, target);
    } else if (kind === 7 && file !== undefined) {
      this.taken.add(readFileSync(file, 'utf8'));
      rmSync(file);
    } else if (kind === 8) mkdirSync(join(folder, `D${this.below(4)}`), { recursive: true });
    else if (moved !== undefined && !`${folder}/`.startsWith(`${moved}/`)) {
      const to = join(folder, `D${this.below(8)}`);
      if (!existsSync(to)) renameSync(moved, to);
    }
  }

  async actThere(bench: Bench): Promise<void> {
    const files = Object.entries(await bench.remote()).flatMap(([path, hash]) => (hash === null ? [] : [path]));
    const target = `${this.#choose(FOLDERS)}/${'abcdefgh'[this.below(8)]}.txt`;
    const [path, kind] = [this.#choose(files), this.below(6)];
    if (kind < 3 || path === undefined) {
      if (!files.some((one) => one.toLowerCase() === target.toLowerCase())) await bench.put(target, this.#content());
      return;
    }
    if (kind === 3 && !files.includes(target)) {
      await bench.moveThere(path, target);
      return;
    }
    const content = (await bench.emulator.content(`/${ROOT}/${path}`)).toString();
    this.taken.add(content);
    if (kind === 4) await bench.put(path, this.#content());
    else await bench.removeThere(path);
  }
}

test.each([{ seed: 21 }, { seed: 22 }])(
  'two computers that watch while all are at work come to the same tree (seed $seed)',
  async ({ seed }) => {
    const emulator = await startTestEmulator({ token: TOKEN });
    computers = [await addComputer(emulator), await addComputer(emulator)];
    const people = new People(seed);
    const watching: Running[] = [];
    const watch = (index: number): void => void (watching[index] = computers[index]!.start(['watch']));
    try {
      for (const index of computers.keys()) watch(index);
      await until('the folders on both', () =>
        computers.every(({ documents }) => FOLDERS.every((folder) => existsSync(join(documents, folder)))),
      );
      for (let act = 0; act < ACTS; act++) {
        const who = people.below(3);
        try {
          if (who < 2) people.actHere(computers[who]!);
          else await people.actThere(computers[0]!);
        } catch (error) {
          // What was chosen went away meanwhile, as it does to people.
          if (!isGone(error)) throw error;
        }
        if (KILLED_AT.has(act)) {
          const index = people.below(2);
          watching[index]?.child.kill('SIGKILL');
          await watching[index]?.ended;
          watch(index);
        }
        await wait(people.below(200));
      }
      let same = 0;
      await until(
        'all to hold the same',
        async () => {
          const [remote, ...trees] = await Promise.all([
            computers[0]!.remote(),
            ...computers.map((one) => one.local()),
          ]);
          same = trees.every((tree) => JSON.stringify(tree) === JSON.stringify(remote)) ? same + 1 : 0;
          // Twice in a row: nobody is about to do something.
          await wait(1000);
          return same >= 2;
        },
        () => watching.map(({ output }) => output().slice(-2000)).join('\n--\n'),
      );
      const contents = new Map<string, string[]>();
      for (const [path, hash] of Object.entries(await computers[0]!.local())) {
        if (hash === null) continue;
        const content = readFileSync(join(computers[0]!.documents, path), 'utf8');
        contents.set(content, [...(contents.get(content) ?? []), path]);
      }
      expect([...contents.values()].filter((paths) => paths.length > 1)).toEqual([]);
      const lost = [...people.written].filter((content) => !people.taken.has(content) && !contents.has(content));
      expect(lost.map((content) => content.slice(0, 14))).toEqual([]);
      for (const { child } of watching) child.kill('SIGTERM');
      expect((await Promise.all(watching.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([0, 0]);
      for (const computer of computers) expect(await computer.view('queue')).toEqual([]);
    } finally {
      for (const { child } of watching) child.kill('SIGKILL');
      await Promise.all(watching.map(({ ended }) => ended));
    }
  },
);

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (['ENOENT', 'EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EINVAL'].includes(String(code))) return true;
  return error instanceof Error && /not_found|conflict|does not exist|There is no|is taken/.test(error.message);
}
