// What there is on a computer and in Dropbox, as people see it. Called by people.ts, erp-people.ts and play.ts.

import { ignoredBy } from '../../src-main/keeping/policy.ts';
import { joinPath, type LocalId } from '../../src-shared/domain.ts';
import { isIgnoredName, localNameFor } from '../../src-shared/names.ts';
import type { Computer, EngineWorld } from '../support/engine-world.ts';
import type { Tree } from './choice.ts';
import type { Ledger } from './ledger.ts';

/** What a computer has: its disk, and documents whose bytes are in Dropbox only. */
export function treeHere({ disk, store }: Computer, ledger: Ledger): Tree {
  const tree: Record<string, string | null> = { ...disk.texts() };
  const freed = store.db
    .prepare<[], { id: LocalId }>(
      // A restored database does not know what was freed since.
      `SELECT id FROM entries WHERE kind = 'file'
           AND (present = 0 OR id IN (SELECT local_id FROM synced WHERE unproven = 1))`,
    )
    .all();
  if (freed.length === 0) return tree;
  const folders = new Map<string, string>();
  for (const path of Object.keys(tree)) if (tree[path] === null) folders.set(disk.stampAt(path)!.fileId, path);
  for (const { id } of freed) {
    // Its folder may have been moved since the last scan.
    const row = store.entries.get(id)!;
    const folder = row.parent_id === null ? '' : folders.get(store.entries.get(row.parent_id)?.file_id ?? '');
    const path = folder === undefined ? store.entries.pathOf(id) : joinPath(folder, row.name);
    tree[path] ??= ledger.textOf(store.entries.get(id)?.hash ?? null);
  }
  return tree;
}

/** Whether a name that is never synced, or a pattern, keeps it out of everything. */
export function isLeftAlone({ computers }: EngineWorld, path: string): boolean {
  const ignored = ignoredBy(computers[0]!.store.keeping.ignorePatterns().join('\n'));
  const names = path.split('/').map((name) => localNameFor(name, 'posix'));
  return names.some(
    (_, index) =>
      ignored(joinPath(...names.slice(0, index + 1)), 'folder') ||
      ignored(joinPath(...names.slice(0, index + 1)), 'file'),
  );
}

/** What was moved to where it is left alone from now on is, as in `movedBelow`, another document when it comes back. */
export function noteLeftAlone(world: EngineWorld, ledger: Ledger): void {
  for (const tree of everyTree(world)) {
    for (const [path, content] of Object.entries(tree)) {
      if (content !== null && isLeftAlone(world, path)) ledger.unrecorded.add(content);
    }
  }
}

/** Temporary files of other programs are not synced, and go with the folder in which they lie. */
export function forgetIgnored(world: EngineWorld, ledger: Ledger): void {
  for (const tree of everyTree(world)) {
    for (const [path, content] of Object.entries(tree)) {
      if (path.split('/').some((name) => isIgnoredName(localNameFor(name, 'posix')))) ledger.gone(content);
    }
  }
}

function everyTree(world: EngineWorld): readonly Tree[] {
  return [
    ...world.computers.map(({ disk }) => disk.texts()),
    ...Array.from({ length: world.clients }, (_, client) => world.pathThere(client, ''))
      .filter((root) => world.cloud.exists(root))
      .map((root) => world.cloud.tree(root)),
  ];
}
