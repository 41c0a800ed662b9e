// People at work on real folders: one or more computers with real data folders and documents folders, one emulator over
// loopback, drawn operations on all of them between and during passes. What comes in: seed, computers, days. What goes
// out: the violations of SYNC.md's invariants, none where all is well. The simulation proper (run.ts) is faster and
// draws more faults; this one finds what only real inodes, dates and directories show.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDocktide } from '../../../src-main/compose.ts';
import type { DocktideService } from '../../../src-main/app/docktide.ts';
import { readTree, ROOT, TOKEN } from '../../support/cli.ts';
import { seeded } from '../../support/cli-files.ts';
import { People, type Desk } from './people.ts';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';

export interface DiskRun {
  readonly seed: number;
  readonly computers: number;
  readonly days: number;
  readonly faults: boolean;
  readonly tell?: (line: string) => void;
}

interface Computer extends Desk {
  readonly service: DocktideService;
}

const FAULTS: readonly Readonly<Record<string, unknown>>[] = [
  { loseAnswer: { next: 1 } },
  { loseAnswer: { every: 3 } },
  { status5xx: { every: 4 } },
  { refuse: { next: 2 } },
  { cutBody: { next: 1, afterBytes: 3 } },
  { hashMismatch: { next: 1 } },
  { corruptBody: { next: 1 } },
  { failEntries: { every: 2 } },
  { cursorReset: true },
  { reorderPages: true, pageSize: 2 },
  { everyDeletion: true },
  { forceAsync: true, jobPolls: 1 },
  { keepRevOnMove: true },
  { rate429: { every: 3, retryAfter: 0 } },
];

export async function playOnDisk(run: DiskRun): Promise<readonly string[]> {
  const emulator = await startTestEmulator({ token: TOKEN });
  const home = mkdtempSync(join(tmpdir(), 'docktide-days-'));
  const computers: Computer[] = [];
  try {
    for (let index = 0; index < run.computers; index++) computers.push(await openComputer(home, emulator, index));
    return await new Play(run, emulator, computers).run();
  } finally {
    for (const computer of computers) await computer.service.close();
    await emulator.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function openComputer(home: string, emulator: TestEmulator, index: number): Promise<Computer> {
  const folder = join(home, `computer-${index + 1}`);
  const documents = join(folder, 'documents');
  mkdirSync(documents, { recursive: true });
  const service = await openDocktide({
    dataFolder: join(folder, 'data'),
    env: { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin },
  });
  await service.init(documents);
  service.addClient('Office', ROOT, { kind: 'access-token', token: TOKEN });
  return { name: `computer ${index + 1}`, documents, service };
}

class Play {
  readonly options: DiskRun;
  readonly emulator: TestEmulator;
  readonly computers: readonly Computer[];
  readonly people: People;
  readonly problems: string[] = [];

  constructor(options: DiskRun, emulator: TestEmulator, computers: readonly Computer[]) {
    this.options = options;
    this.emulator = emulator;
    this.computers = computers;
    this.people = new People(emulator, computers, seeded(options.seed), (line) => this.tell(line));
  }

  tell(line: string): void {
    this.options.tell?.(line);
  }

  async run(): Promise<readonly string[]> {
    for (let day = 0; day < this.options.days; day++) {
      const steps = 2 + this.people.pick(6);
      for (let step = 0; step < steps; step++) {
        const count = 1 + this.people.pick(5);
        for (let index = 0; index < count; index++) await this.people.change();
        await this.pass();
      }
      await this.settle();
      await this.check();
      if (this.problems.length > 0) break;
    }
    return this.problems;
  }

  async pass(): Promise<void> {
    const computer = this.people.oneOf(this.computers) as Computer;
    if (this.options.faults && this.people.random() < 0.5) {
      const fault = this.people.oneOf(FAULTS) as Readonly<Record<string, unknown>>;
      this.tell(`  fault ${JSON.stringify(fault)}`);
      await this.emulator.control('faults', fault);
    }
    const passing = this.sync(computer);
    if (this.people.random() < 0.4) {
      await new Promise((resolve) => setTimeout(resolve, this.people.pick(30)));
      for (let index = this.people.pick(3); index >= 0; index--) await this.people.change();
    }
    if (this.computers.length > 1 && this.people.random() < 0.2) {
      const other = this.people.oneOf(this.computers.filter((each) => each !== computer));
      if (other !== undefined) await this.sync(other);
    }
    await passing;
  }

  async sync(computer: Computer, yes = true): Promise<number> {
    const report = await computer.service.sync({ yes });
    const { uploaded, downloaded, moved, deletedLocal, deletedRemote, createdFolders, adopted, conflicts } = report;
    const work =
      uploaded +
      downloaded +
      moved +
      deletedLocal +
      deletedRemote +
      createdFolders +
      adopted +
      conflicts +
      report.failed;
    this.tell(
      `  sync ${computer.name}: ${Object.entries(report)
        .filter(([key, value]) => typeof value === 'number' && value > 0 && key !== 'seconds')
        .map(([key, value]) => `${key} ${value}`)
        .join(', ')}${report.errors.map((error) => ` ! ${error.message}`).join('')}`,
    );
    return work;
  }

  async settle(): Promise<void> {
    await this.emulator.control('faults', { clear: true });
    for (let round = 0; round < 12; round++) {
      let work = 0;
      for (const computer of this.computers) work += await this.sync(computer);
      if (work === 0) return;
      if (round > 5) await new Promise((resolve) => setTimeout(resolve, 1100));
    }
    this.problems.push('the passes do not come to rest');
  }

  async check(): Promise<void> {
    const remote = await this.remoteTexts();
    const remoteTree = Object.fromEntries(
      (await this.emulator.tree(`/${ROOT}`).catch(() => []))
        .map((row) => [row.path.slice(ROOT.length + 2), row.contentHash] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
    for (const computer of this.computers) {
      const local = await readTree(computer.documents);
      const [here, there] = [folded(local), folded(remoteTree)];
      for (const path of new Set([...Object.keys(here), ...Object.keys(there)])) {
        if (here[path] === there[path]) continue;
        this.problems.push(`${computer.name} and Dropbox differ at "${path}": ${here[path]} / ${there[path]}`);
      }
      const listed = Object.fromEntries(computer.service.list().map((entry) => [entry.path, entry.contentHash]));
      for (const path of new Set([...Object.keys(local), ...Object.keys(listed)])) {
        if (local[path] === listed[path]) continue;
        this.problems.push(`${computer.name}'s list and folder differ at "${path}": ${listed[path]} / ${local[path]}`);
      }
    }
    const seen = new Map<string, string[]>();
    for (const [path, text] of remote) seen.set(text, [...(seen.get(text) ?? []), path]);
    for (const text of this.people.live) if (!seen.has(text)) this.problems.push(`lost: "${text}"`);
    for (const [text, paths] of seen) {
      if (paths.length > 1 && !this.mayBeTwice(text, paths)) {
        this.problems.push(`twice: "${text}" at ${paths.join(' and ')}`);
      }
      if (this.people.gone.has(text)) this.tell(`  came back: "${text}" at ${paths.join()}`);
    }
    // What came back is in the world again.
    for (const text of seen.keys()) {
      this.people.gone.delete(text);
      if (!this.people.copied.has(text)) this.people.live.add(text);
    }
  }

  /** A document that one person deleted while two others moved it is where both want it; a conflict has two versions. */
  mayBeTwice(text: string, paths: readonly string[]): boolean {
    const { copied, gone } = this.people;
    return copied.has(text) || gone.has(text) || paths.some((path) => path.includes('(conflicted copy'));
  }

  async remoteTexts(): Promise<Map<string, string>> {
    const rows = await this.emulator.tree(`/${ROOT}`).catch(() => []);
    const texts = new Map<string, string>();
    for (const row of rows) {
      if (row.kind === 'file')
        texts.set(row.path.slice(ROOT.length + 2), (await this.emulator.content(row.path)).toString());
    }
    return texts;
  }
}

/** Names here keep their own spelling where Dropbox had another one of the same name (SYNC.md §2). */
function folded(tree: Readonly<Record<string, string | null>>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(tree).map(([path, hash]) => [path.normalize('NFC').toLowerCase(), hash]));
}

if (import.meta.main) {
  const [from = '1', count = '20', computers = '1', faults = ''] = process.argv.slice(2);
  for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
    const lines: string[] = [];
    const problems = await playOnDisk({
      seed,
      computers: Number(computers),
      days: 3,
      faults: faults !== '',
      tell: (line) => lines.push(line),
    }).catch((error: unknown) => [String((error as Error).stack)]);
    if (problems.length > 0) {
      console.log(`seed ${seed}:\n${lines.join('\n')}\n${problems.map((problem) => `! ${problem}`).join('\n')}\n`);
    } else console.log(`seed ${seed} ok (${lines.length} lines)`);
  }
}
