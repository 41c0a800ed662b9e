// What people do between and during passes, drawn from a seed: on real folders with a program's usual ways of writing
// (in place, by a temporary file), and in Dropbox through the emulator's control endpoint. Called by real-disk.ts; the
// ledger says which contents must be there in the end.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../support/cli.ts';
import type { TestEmulator } from '../../support/emulator.ts';

const FOLDERS = ['Sales', 'Sales/2026', 'Sales/2026/Q1', 'Plans', 'Plans/Old', 'Grüße', 'a', 'a/b', 'a/b/c'];
const NAMES = ['offer.pdf', 'Offer.pdf', 'plan.dwg', 'notes.txt', 'übung.txt', 'x', 'contract final.docx', 'b'];
/** What a file or folder that a pass has just moved or removed answers. */
const GONE_MEANWHILE = new Set(['ENOENT', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY', 'EISDIR']);

export interface Desk {
  readonly name: string;
  readonly documents: string;
}

export class People {
  readonly emulator: TestEmulator;
  readonly desks: readonly Desk[];
  readonly random: () => number;
  readonly tell: (line: string) => void;
  /** Contents that nobody has deleted or overwritten by hand: each must be there in the end. */
  readonly live = new Set<string>();
  readonly gone = new Set<string>();
  /** Contents that a person copied: they may be there more than once. */
  readonly copied = new Set<string>();
  #serial = 0;

  constructor(emulator: TestEmulator, desks: readonly Desk[], random: () => number, tell: (line: string) => void) {
    this.emulator = emulator;
    this.desks = desks;
    this.random = random;
    this.tell = tell;
  }

  pick(limit: number): number {
    return Math.floor(this.random() * limit);
  }
  oneOf<T>(list: readonly T[]): T | undefined {
    return list[this.pick(list.length)];
  }

  #text(): string {
    const text = `content ${++this.#serial}${this.random() < 0.3 ? '-'.repeat(this.pick(40)) : ''}`;
    this.live.add(text);
    return text;
  }
  #drop(text: string): void {
    if (this.copied.has(text)) return;
    this.live.delete(text);
    this.gone.add(text);
  }

  async change(): Promise<void> {
    if (this.random() < 0.35) await this.#changeThere();
    else this.#changeHere(this.oneOf(this.desks) as Desk);
  }

  #changeHere(desk: Desk): void {
    const at = (path: string): string => join(desk.documents, path);
    const entries = walk(desk.documents);
    const files = entries.filter((entry) => !entry.folder).map((entry) => entry.path);
    const folders = entries.filter((entry) => entry.folder).map((entry) => entry.path);
    const file = this.oneOf(files);
    const folder = this.oneOf(folders);
    const fresh = this.#freshPath([...folders, ...FOLDERS]);
    const say = (line: string): void => this.tell(`${desk.name}: ${line}`);
    const draw = this.random();
    try {
      if (draw < 0.28 || file === undefined) {
        if (existsSync(at(fresh))) return;
        mkdirSync(dirname(at(fresh)), { recursive: true });
        say(`new ${fresh}`);
        writeFileSync(at(fresh), this.#text());
      } else if (draw < 0.4) {
        const before = readFileSync(at(file), 'utf8');
        const text = this.#text();
        say(`edit ${file}: "${before}" -> "${text}"`);
        if (this.random() < 0.5) {
          const temporary = `${at(file)}.tmp${this.#serial}`;
          writeFileSync(temporary, text);
          renameSync(temporary, at(file));
        } else writeFileSync(at(file), text);
        this.#drop(before);
      } else if (draw < 0.58) {
        if (existsSync(at(fresh))) return;
        mkdirSync(dirname(at(fresh)), { recursive: true });
        say(`move ${file} -> ${fresh}`);
        renameSync(at(file), at(fresh));
      } else if (draw < 0.66) {
        const text = readFileSync(at(file), 'utf8');
        say(`delete ${file} ("${text}")`);
        rmSync(at(file));
        this.#drop(text);
      } else if (draw < 0.76 && folder !== undefined) {
        const to = this.#freshPath([...folders, ''], true);
        if (existsSync(at(to)) || to === folder || to.startsWith(`${folder}/`)) return;
        mkdirSync(dirname(at(to)), { recursive: true });
        say(`move folder ${folder} -> ${to}`);
        renameSync(at(folder), at(to));
      } else if (draw < 0.8 && folder !== undefined) {
        const texts = walk(at(folder))
          .filter((entry) => !entry.folder)
          .map((entry) => readFileSync(join(at(folder), entry.path), 'utf8'));
        say(`delete folder ${folder} (${texts.map((text) => `"${text}"`).join(', ')})`);
        rmSync(at(folder), { recursive: true });
        for (const text of texts) this.#drop(text);
      } else if (draw < 0.86) {
        const other = this.oneOf(files);
        if (other === undefined || other === file) return;
        say(`swap ${file} and ${other}`);
        renameSync(at(file), `${at(file)}~`);
        renameSync(at(other), at(file));
        renameSync(`${at(file)}~`, at(other));
      } else if (draw < 0.9) {
        if (existsSync(at(fresh))) return;
        mkdirSync(dirname(at(fresh)), { recursive: true });
        say(`copy ${file} -> ${fresh}`);
        const text = readFileSync(at(file), 'utf8');
        this.copied.add(text);
        this.live.delete(text);
        copyFileSync(at(file), at(fresh));
      } else if (draw < 0.94) {
        const then = new Date(1_700_000_000_000 + this.pick(1_000_000_000));
        say(`touch ${file}`);
        utimesSync(at(file), then, then);
      } else if (draw < 0.97) {
        const text = readFileSync(at(file), 'utf8');
        say(`${file} becomes a folder ("${text}")`);
        rmSync(at(file));
        this.#drop(text);
        mkdirSync(at(file));
        writeFileSync(join(at(file), 'inside.txt'), this.#text());
      } else {
        const parts = file.split('/');
        const name = parts.pop() as string;
        const turned = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
        const to = [...parts, turned].join('/');
        if (existsSync(at(to))) return;
        say(`case ${file} -> ${to}`);
        renameSync(at(file), at(to));
      }
    } catch (error) {
      // A pass at work may have moved it a moment ago.
      if (!GONE_MEANWHILE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      say(`(${(error as Error).message})`);
    }
  }

  #freshPath(folders: readonly string[], isFolder = false): string {
    const folder = this.oneOf(folders) ?? '';
    const name = isFolder ? `${this.oneOf(['Dir', 'Old', 'b', 'x', 'Neu'])}` : (this.oneOf(NAMES) as string);
    const numbered = this.random() < 0.5 ? name : `${this.pick(6)} ${name}`;
    const path = folder === '' ? numbered : `${folder}/${numbered}`;
    return isFolder || path.includes('/') ? path : `Sales/${path}`;
  }

  async #changeThere(): Promise<void> {
    const rows = (await this.emulator.tree(`/${ROOT}`).catch(() => [])).map((row) => ({
      path: row.path.slice(ROOT.length + 2),
      folder: row.kind === 'folder',
    }));
    const files = rows.filter((row) => !row.folder).map((row) => row.path);
    const folders = rows.filter((row) => row.folder).map((row) => row.path);
    const file = this.oneOf(files);
    const folder = this.oneOf(folders);
    const fresh = this.#freshPath([...folders, ...FOLDERS]);
    const isTaken = (path: string): boolean =>
      rows.some((row) => row.path.toLowerCase() === path.toLowerCase()) ||
      files.some((name) => path.toLowerCase().startsWith(`${name.toLowerCase()}/`));
    const there = (path: string): string => `/${ROOT}/${path}`;
    const textOf = async (path: string): Promise<string> => (await this.emulator.content(there(path))).toString();
    const write = (path: string, text: string): Promise<unknown> =>
      this.emulator.control('write', { path: there(path), base64: Buffer.from(text).toString('base64') });
    const say = (line: string): void => this.tell(`Dropbox: ${line}`);
    const draw = this.random();
    try {
      if (draw < 0.35 || file === undefined) {
        if (isTaken(fresh)) return;
        say(`new ${fresh}`);
        await write(fresh, this.#text());
      } else if (draw < 0.5) {
        const before = await textOf(file);
        const text = this.#text();
        say(`edit ${file}: "${before}" -> "${text}"`);
        await write(file, text);
        this.#drop(before);
      } else if (draw < 0.7) {
        if (isTaken(fresh)) return;
        say(`move ${file} -> ${fresh}`);
        await this.emulator.control('move', { from: there(file), to: there(fresh) });
      } else if (draw < 0.8) {
        const text = await textOf(file);
        say(`delete ${file} ("${text}")`);
        await this.emulator.control('delete', { path: there(file) });
        this.#drop(text);
      } else if (draw < 0.92 && folder !== undefined) {
        const to = this.#freshPath([...folders, ''], true);
        if (isTaken(to) || `${to}/`.startsWith(`${folder}/`)) return;
        say(`move folder ${folder} -> ${to}`);
        await this.emulator.control('move', { from: there(folder), to: there(to) });
      } else if (folder !== undefined) {
        const texts: string[] = [];
        for (const path of files.filter((each) => each.startsWith(`${folder}/`))) texts.push(await textOf(path));
        say(`delete folder ${folder} (${texts.map((text) => `"${text}"`).join(', ')})`);
        await this.emulator.control('delete', { path: there(folder) });
        for (const text of texts) this.#drop(text);
      }
    } catch (error) {
      say(`(${(error as Error).message})`);
    }
  }
}

interface Walked {
  readonly path: string;
  readonly folder: boolean;
}

function walk(root: string): readonly Walked[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => ({ path: join(entry.parentPath, entry.name).slice(root.length + 1), folder: entry.isDirectory() }))
    .filter(({ path }) => !path.includes('.docktide') && existsSync(join(root, path)) && !path.endsWith('~'))
    .filter(({ path, folder }) => folder || statSync(join(root, path)).isFile())
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
