// The notation of the scenarios: trees as text (`a/n=N d/`), steps as text (`write f=L; move a -> b`), and how a tree that
// was found is told in the same words. Pure. Used by scenario-run.ts and the scripted scenarios.
//
// A tree is names separated by spaces: `p/` a folder, `p=A` a file with the content A, `p` a file whose content is its own
// path; folders above are implied. `cc(p)` beside p is a copy that was set apart, whatever mark it carries.

import { contentHashOf } from '../dropbox-emulator/content-hash.ts';

/** Path → content hash; null for folders. */
export type Tree = ReadonlyMap<string, string | null>;

export type Step =
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'append'; readonly path: string; readonly text: string }
  | { readonly kind: 'mkdir'; readonly path: string }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'move'; readonly path: string; readonly to: string };

/** `write p=X; append p=X; mkdir p; delete p; move a -> b`. Throws where it is not understood. */
export function parseSteps(text: string): readonly Step[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseStep);
}

function parseStep(text: string): Step {
  const [verb, rest = ''] = splitOnce(text, ' ');
  const [path, content = path] = splitOnce(rest, '=');
  const [from, to] = splitOnce(rest, ' -> ');
  if (verb === 'write') return { kind: 'write', path, text: content };
  if (verb === 'append') return { kind: 'append', path, text: content };
  if (verb === 'mkdir') return { kind: 'mkdir', path: rest };
  if (verb === 'delete') return { kind: 'delete', path: rest };
  if (verb === 'move' && to !== undefined) return { kind: 'move', path: from, to };
  throw new Error(`The step "${text}" is not understood.`);
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** The steps that build a tree. */
export function stepsFor(tree: string): readonly Step[] {
  return words(tree).map((word) => {
    if (word.endsWith('/')) return { kind: 'mkdir', path: word.slice(0, -1) };
    const [path, text] = splitOnce(word, '=');
    return { kind: 'write', path, text: text ?? path };
  });
}

/** An expected tree as sorted lines, with every folder. */
export function expectedLines(tree: string): readonly string[] {
  const lines = new Set<string>();
  for (const word of words(tree)) {
    const [given, text] = splitOnce(word.endsWith('/') ? word.slice(0, -1) : word, '=');
    const path = given.replace(/cc\(((?:[^()/]*\/)*)([^()]*)\)/, '$1cc($2)');
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) lines.add(`${path.slice(0, at)}/`);
    lines.add(word.endsWith('/') ? `${path}/` : `${path}=${text ?? given}`);
  }
  return [...lines].toSorted();
}

function words(tree: string): readonly string[] {
  return tree.split(/\s+/).filter((word) => word !== '');
}

/** Content hash → the text that a scenario wrote, so that what was found can be told in its words. */
export class KnownContents {
  readonly #texts = new Map<string, string>();

  learn(text: string): void {
    this.#texts.set(contentHashOf(Buffer.from(text)), text);
  }

  /** Sorted lines; copies that were set apart as `cc(name)`. */
  lines(tree: Tree): readonly string[] {
    return [...tree]
      .map(([path, hash]) => {
        const shown = path.split('/').map(shortMark).join('/');
        return hash === null ? `${shown}/` : `${shown}=${this.#texts.get(hash) ?? `[${hash.slice(0, 12)}]`}`;
      })
      .toSorted();
  }
}

const MARK = /^(.*) \((?:conflicted copy from [^()]*|case conflict(?: \d+)?)\)(\.[^.]*)?$/;

/** `f (conflicted copy from Dropbox, 2026-11-23).txt` → `cc(f.txt)`; a copy of a copy → `cc(cc(f.txt))`. */
function shortMark(name: string): string {
  const found = MARK.exec(name);
  return found === null ? name : `cc(${shortMark(`${found[1] ?? ''}${found[2] ?? ''}`)})`;
}
