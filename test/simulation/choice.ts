// Which entry and which folder the numbers of an act mean, among what is there; aimed ones only at and below the place
// where somebody was last at work. Called by people.ts.

import { parentPath, type RelPath } from '../../src-shared/domain.ts';
import { OWN_FOLDERS, type EngineWorld } from '../support/engine-world.ts';
import { isWithin, keyOf } from './names.ts';
import type { HereAct, ThereAct } from './scenario.ts';

export type Tree = Readonly<Record<string, string | null>>;

export class Choice {
  readonly #world: EngineWorld;
  /** Where somebody was last at work, and where the act under way is aimed at. */
  #lastPlace: string | null = null;
  #aim: string | null = null;

  constructor(world: EngineWorld) {
    this.#world = world;
  }

  get isAimed(): boolean {
    return this.#aim !== null;
  }

  aim(isAimed: boolean): void {
    this.#aim = isAimed ? this.#lastPlace : null;
  }

  workedAt(act: HereAct | ThereAct, path: string): void {
    this.#lastPlace = placeOf(act, path);
  }

  /** Where there are two clients, the folder of each stays. */
  isOwnFolder(path: string): boolean {
    return this.#world.clients > 1 && OWN_FOLDERS.some((name) => keyOf(name) === keyOf(path));
  }

  entry(tree: Tree, draw: number, isFile: boolean): string | undefined {
    const aim = this.#aim;
    const paths = Object.keys(tree).filter((path) => !this.isOwnFolder(path));
    const aimed = aim === null ? [] : paths.filter((path) => isWithin(path, aim) && (!isFile || tree[path] !== null));
    return choose(aimed.length > 0 ? aimed : paths, draw);
  }

  folder(tree: Tree, draw: number): string {
    if (this.#aim !== null) {
      const folder = tree[this.#aim] === null ? this.#aim : parentPath(this.#aim as RelPath);
      if (tree[folder] === null) return folder;
    }
    const folders = Object.keys(tree).filter((path) => tree[path] === null);
    if (draw >= 50 && folders.length > 0) return folders[draw % folders.length]!;
    return this.#world.clients > 1 && draw >= 10 ? OWN_FOLDERS[draw % 2]! : '';
  }
}

/** Who writes a document is at work in its folder. */
function placeOf(act: HereAct | ThereAct, path: string): string {
  return (act === 'write' || act === 'edit') && path.includes('/') ? parentPath(path as RelPath) : path;
}

export function choose<T>(list: readonly T[], draw: number): T | undefined {
  return list.length === 0 ? undefined : list[draw % list.length];
}
