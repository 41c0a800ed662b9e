// Folders of a Dropbox account as the target of copies: what is in them, which name is free, whether the same content is
// there already; and the copies themselves, made by Dropbox. Used by import.ts and export-dropbox.ts, one for each job.

import {
  baseName,
  joinPath,
  parentPath,
  type ContentHash,
  type RelPath,
  type RemoteId,
} from '../../src-shared/domain.ts';
import { nameKey } from '../../src-shared/names.ts';
import type { AccountFiles } from '../cloud/account-files.ts';
import { Fault, type Outcome } from '../engine/ports.ts';
import type { RemoteEntry } from '../sync/model.ts';
import { numberedName } from '../files/parts.ts';

interface Present {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** `taken`: another document of this job has chosen the name, and its content is not there yet. */
  readonly hash: ContentHash | 'taken' | null;
}

export interface CopyWish {
  readonly from: RemoteId;
  readonly hash: ContentHash | null;
  /** Path of the account. */
  readonly folder: RelPath;
  readonly name: string;
  /** Whether a name is taken for another reason, by its key. */
  readonly isTaken?: (key: string) => boolean;
}

export type Copied =
  /** `renamed`: the name was taken by another content. */
  | { readonly kind: 'copied'; readonly entry: RemoteEntry; readonly path: RelPath; readonly renamed: boolean }
  | { readonly kind: 'equal'; readonly path: RelPath }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** How often a name is chosen anew because somebody else was quicker. */
const MOST_TRIES = 5;

export class DropboxFolders {
  readonly #files: AccountFiles;
  readonly #known = new Map<string, Map<string, Present>>();

  constructor(files: AccountFiles) {
    this.#files = files;
  }

  /** What a folder holds, by name key; empty where it is not there. Read once; what is copied is added. */
  async namesIn(folder: RelPath): Promise<Map<string, Present>> {
    const key = keyOf(folder);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const names = new Map<string, Present>();
    try {
      for (const { name, kind, hash } of await this.#files.list(folder)) names.set(nameKey(name), { name, kind, hash });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'not-found') throw error;
    }
    this.#known.set(key, names);
    return names;
  }

  /** The name that a folder gets: that of the folder that is there, or a free one. */
  async folderName(parent: RelPath, name: string): Promise<string> {
    const names = await this.namesIn(parent);
    const there = names.get(nameKey(name));
    return there?.kind === 'folder' ? there.name : numberedName(name, names);
  }

  async makeFolders(paths: readonly RelPath[]): Promise<readonly Outcome<RemoteEntry>[]> {
    const outcomes = await this.#files.makeFolders(paths);
    for (const [index, outcome] of outcomes.entries()) {
      const path = paths[index];
      if (!outcome.ok || path === undefined) continue;
      const siblings = this.#known.get(keyOf(parentPath(path)));
      siblings?.set(nameKey(outcome.value.name), { name: outcome.value.name, kind: 'folder', hash: null });
    }
    return outcomes;
  }

  /** In the order of the wishes. Nothing is ever replaced. */
  async copy(wishes: readonly CopyWish[]): Promise<Copied[]> {
    const results: (Copied | null)[] = wishes.map(() => null);
    for (let tries = 1; ; tries++) {
      const open: { index: number; wish: CopyWish; path: RelPath }[] = [];
      for (const [index, wish] of wishes.entries()) {
        if (results[index] !== null) continue;
        const place = await this.#placeFor(wish);
        if (place.equal) results[index] = { kind: 'equal', path: place.path };
        else open.push({ index, wish, path: place.path });
      }
      if (open.length === 0) return results.filter((one) => one !== null);
      const outcomes = await this.#files.copyAll(
        open.map(({ wish, path }) => ({ from: wish.from, to: path, hash: wish.hash })),
      );
      for (const [at, { index, wish, path }] of open.entries()) {
        const outcome = outcomes[at] ?? { ok: false, fault: new Fault('server', 'Dropbox answered nothing.') };
        if (outcome.ok) {
          const renamed = nameKey(baseName(path)) !== nameKey(wish.name);
          results[index] = { kind: 'copied', entry: outcome.value, path, renamed };
          await this.#note(path, outcome.value);
        } else if (outcome.fault.code === 'conflict' && tries < MOST_TRIES) {
          // Taken since the folder was listed: listed anew, and another name is chosen.
          this.#known.delete(keyOf(wish.folder));
        } else results[index] = { kind: 'failed', fault: outcome.fault };
      }
    }
  }

  async #placeFor({
    folder,
    name,
    hash,
    isTaken,
  }: CopyWish): Promise<{ readonly path: RelPath; readonly equal: boolean }> {
    const names = await this.namesIn(folder);
    const passed = new Set<string>();
    for (;;) {
      const candidate = numberedName(name, passed);
      const key = nameKey(candidate);
      const there = names.get(key);
      // Documents that exist in the cloud only have no content to compare: the name tells.
      if (there?.kind === 'file' && there.hash === hash) return { path: joinPath(folder, there.name), equal: true };
      if (there === undefined && isTaken?.(key) !== true) {
        const path = joinPath(folder, candidate);
        // Kept for this one, so that two of one portion do not get one name.
        names.set(key, { name: candidate, kind: 'file', hash: 'taken' });
        return { path, equal: false };
      }
      passed.add(key);
    }
  }

  async #note(path: RelPath, { name, kind, hash }: RemoteEntry): Promise<void> {
    (await this.namesIn(parentPath(path))).set(nameKey(name), { name, kind, hash });
  }
}

export function keyOf(path: RelPath): string {
  return path.split('/').map(nameKey).join('/');
}

/** Whether a path of the account is a folder or lies in it. */
export function isWithin(path: RelPath, folder: RelPath): boolean {
  const [inner, outer] = [keyOf(path), keyOf(folder)];
  return outer === '' || inner === outer || inner.startsWith(`${outer}/`);
}

/** A path of the account as a person writes it: with or without `/` at its ends; '' is the top. */
export function accountPath(text: string): RelPath {
  return text
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/') as RelPath;
}
