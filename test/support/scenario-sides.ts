// The two sides of a scenario under the same verbs: the documents folder as a person with a file browser changes it, and
// the folder in Dropbox as somebody else who uses the account changes it.

import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MARKER_NAME, TEMP_PREFIX } from '../../src-shared/names.ts';
import { contentHashOf } from '../dropbox-emulator/content-hash.ts';
import { treeRows } from '../dropbox-emulator/control.ts';
import { ROOT_ID, type FileTree, type FolderNode } from '../dropbox-emulator/tree.ts';
import type { TestEmulator } from './emulator.ts';
import type { KnownContents, Step, Tree } from './scenario-tree.ts';

export interface Side {
  apply(step: Step): Promise<void>;
  write(path: string, text: string): Promise<void>;
  append(path: string, text: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  /** Of a folder with everything in it. */
  remove(path: string): Promise<void>;
  move(path: string, to: string): Promise<void>;
  tree(): Promise<Tree>;
}

abstract class VerbSide implements Side {
  abstract write(path: string, text: string): Promise<void>;
  abstract append(path: string, text: string): Promise<void>;
  abstract mkdir(path: string): Promise<void>;
  abstract remove(path: string): Promise<void>;
  abstract move(path: string, to: string): Promise<void>;
  abstract tree(): Promise<Tree>;

  async apply(step: Step): Promise<void> {
    if (step.kind === 'write') await this.write(step.path, step.text);
    else if (step.kind === 'append') await this.append(step.path, step.text);
    else if (step.kind === 'mkdir') await this.mkdir(step.path);
    else if (step.kind === 'delete') await this.remove(step.path);
    else await this.move(step.path, step.to);
  }
}

export class LocalSide extends VerbSide {
  readonly #folder: string;
  readonly #known: KnownContents;
  /** After a kill, files that the program was writing may still lie there. */
  killed = false;

  constructor(folder: string, known: KnownContents) {
    super();
    this.#folder = folder;
    this.#known = known;
  }

  at(path: string): string {
    return join(this.#folder, path);
  }

  async write(path: string, text: string): Promise<void> {
    this.#known.learn(text);
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
  }

  async append(path: string, text: string): Promise<void> {
    appendFileSync(this.at(path), text);
    this.#known.learn(this.read(path));
  }

  async mkdir(path: string): Promise<void> {
    mkdirSync(this.at(path), { recursive: true });
  }

  async remove(path: string): Promise<void> {
    rmSync(this.at(path), { recursive: true });
  }

  async move(path: string, to: string): Promise<void> {
    renameSync(this.at(path), this.at(to));
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  /** Without Docktide's marker, and without links. */
  async tree(): Promise<Tree> {
    const tree = readTree(this.#folder);
    if (!this.killed) return tree;
    return new Map([...tree].filter(([path]) => !basename(path).startsWith(TEMP_PREFIX)));
  }
}

function readTree(folder: string): Tree {
  const tree = new Map<string, string | null>();
  const read = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      if (path === '' && entry.name === MARKER_NAME) continue;
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        tree.set(below, null);
        read(below);
      } else if (entry.isFile()) tree.set(below, contentHashOf(readFileSync(join(folder, below))));
    }
  };
  read('');
  return tree;
}

export class RemoteSide extends VerbSide {
  readonly #emulator: TestEmulator;
  readonly #root: string;
  readonly #known: KnownContents;

  constructor(emulator: TestEmulator, root: string, known: KnownContents) {
    super();
    this.#emulator = emulator;
    this.#root = root;
    this.#known = known;
  }

  at(path: string): string {
    return `/${this.#root}/${path}`;
  }

  async write(path: string, text: string): Promise<void> {
    this.#known.learn(text);
    await this.#emulator.control('write', { path: this.at(path), text });
  }

  async append(path: string, text: string): Promise<void> {
    await this.write(path, `${await this.read(path)}${text}`);
  }

  async mkdir(path: string): Promise<void> {
    await this.#emulator.control('mkdir', { path: this.at(path) });
  }

  async remove(path: string): Promise<void> {
    await this.#emulator.control('delete', { path: this.at(path) });
  }

  async move(path: string, to: string): Promise<void> {
    await this.#emulator.control('move', { from: this.at(path), to: this.at(to) });
  }

  async read(path: string): Promise<string> {
    return (await this.#emulator.content(this.at(path))).toString('utf8');
  }

  async tree(): Promise<Tree> {
    const prefix = `/${this.#root}/`;
    const rows = treeRows(this.#emulator.state, '').filter((row) => row.path.startsWith(prefix));
    return new Map(rows.map((row) => [row.path.slice(prefix.length), row.contentHash]));
  }

  async idOf(path: string): Promise<string> {
    const rows = await this.#emulator.tree();
    const row = rows.find((one) => one.path === this.at(path));
    if (row === undefined) throw new Error(`There is no "${path}" in Dropbox.`);
    return row.id;
  }

  /** Many small files at once, without a request for each. */
  async writeMany(files: Iterable<readonly [path: string, content: string | Buffer]>): Promise<void> {
    const { tree, blobs } = this.#emulator.state;
    const folders = new Map<string, string>();
    const folderId = (path: string): string => {
      if (path === '') return ROOT_ID;
      const known = folders.get(path);
      if (known !== undefined) return known;
      const cut = path.lastIndexOf('/');
      const parent = folderId(cut < 0 ? '' : path.slice(0, cut));
      const name = path.slice(cut + 1);
      const present = childFolder(tree, parent, name);
      const id = present ?? tree.newId();
      if (present === null) tree.apply({ op: 'folder', parent, name, id });
      folders.set(path, id);
      return id;
    };
    for (const [path, content] of files) {
      const bytes = Buffer.from(content);
      const hash = contentHashOf(bytes);
      await blobs.putBytes(hash, bytes);
      const full = `${this.#root}/${path}`;
      const cut = full.lastIndexOf('/');
      const time = Math.floor(Date.now() / 1000) * 1000;
      const version = { rev: tree.newRev(), hash, size: bytes.length, paper: null };
      tree.apply({
        op: 'file',
        parent: folderId(full.slice(0, cut)),
        name: full.slice(cut + 1),
        id: tree.newId(),
        version: { ...version, clientModified: time, serverModified: time },
      });
    }
  }
}

function childFolder(tree: FileTree, parentId: string, name: string): string | null {
  const parent = tree.byId(parentId) as FolderNode;
  const child = [...parent.children.values()].find((node) => node.name === name);
  return child?.kind === 'folder' ? child.id : null;
}
