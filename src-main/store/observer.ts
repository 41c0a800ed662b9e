// Brings the store's rows up to date with the documents folder, and the folder with rules and records.
// In: a store, a disk, where to look; out: rows, and what could not be judged. Order: look (disk-tree), pair (match,
// moved-content), write places (apply), put the ERP's folders back (erp-folders), read contents (apply), make what the
// catalog asks for. Called by the engine at the start of a pass, never beside an effect of its own.
//
// Nothing is read as deleted that is merely unreadable, freed, changing, or hidden by a folder that changed while it
// was being looked at, or that cannot be read and may hold it; a documents folder that is missing is a Fault and changes
// nothing.

import { ROOT, parentPath, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import { type LocalObservation, type LocalProblem, type Observer } from '../engine/ports.ts';
import { transact } from './database.ts';
import type { StoreDisk } from './disk/store-disk.ts';
import type { EntryRow } from './entries.ts';
import { applyFolders, applyFrozen, applyPlaces, readContents } from './observer/apply.ts';
import {
  isUnchanged,
  nodePath,
  walkEverything,
  walkHinted,
  type DiskNode,
  type DiskTree,
} from './observer/disk-tree.ts';
import { createErpFolders } from './observer/erp-folders.ts';
import { wantedFolders } from './observer/erp-rules.ts';
import { reconcileTrash, settleMoves, settleTrash, sweepTemps } from './observer/leftovers.ts';
import { hasMoved, matchTree, type Matching } from './observer/match.ts';
import { asMatched, matchByContent, type Rematched } from './observer/moved-content.ts';
import { assignTop } from './observer/ownership.ts';
import { Pacer } from './observer/pacer.ts';
import type { DocumentStore } from './open-store.ts';

export interface ObserverOptions {
  readonly store: DocumentStore;
  readonly disk: StoreDisk;
  /** When to let the event loop run; its own measure of time by default. */
  readonly pacer?: Pacer;
}

type IsChanging = (path: RelPath) => boolean;

/** How often a look is repeated because the folder changed meanwhile and something seemed to be gone. */
const LOOKS = 3;

export function createObserver(options: ObserverOptions): Observer {
  const observation = new Observation(options);
  return {
    observe: (scope, isChanging) => observation.observe(scope, isChanging),
    claim: () => assignTop(options.store),
  };
}

interface Findings {
  readonly tree: DiskTree;
  readonly rematched: Rematched;
  /** False where the folder kept changing: then nothing is read as gone. */
  readonly certain: boolean;
  readonly isWanted: (row: EntryRow) => boolean;
}

interface Hidden {
  readonly row: EntryRow;
  readonly place: RelPath;
}

interface Vanished {
  readonly remove: readonly EntryRow[];
  readonly recreate: readonly EntryRow[];
  readonly hidden: readonly Hidden[];
}

class Observation {
  readonly #store: DocumentStore;
  readonly #disk: StoreDisk;
  readonly #pacer: Pacer;
  #reconciled = false;
  /** Problems of the last looks; a partial look renews those of the folders that it listed. */
  #problems: readonly LocalProblem[] = [];

  constructor(options: ObserverOptions) {
    this.#store = options.store;
    this.#disk = options.disk;
    this.#pacer = options.pacer ?? new Pacer();
  }

  async observe(
    scope: 'everything' | readonly RelPath[],
    isChanging: IsChanging = () => false,
  ): Promise<LocalObservation> {
    const first = await this.#observeOnce(scope, isChanging);
    if (!first.cleared) return first.observation;
    // What was moved out of the way of a folder has no row yet.
    const { observation } = await this.#observeOnce('everything', isChanging);
    const { changed, hashed } = first.observation;
    return { ...observation, changed: observation.changed + changed, hashed: observation.hashed + hashed };
  }

  async #observeOnce(
    scope: 'everything' | readonly RelPath[],
    isChanging: IsChanging,
  ): Promise<{ readonly observation: LocalObservation; readonly cleared: boolean }> {
    await this.#disk.check();
    await this.#settleLeftovers();
    const before = this.#epoch();
    const whole = scope === 'everything' || scope.includes(ROOT);
    const findings = (whole ? null : await this.#lookHinted(scope)) ?? (await this.#lookEverywhere());
    const { tree, rematched } = findings;
    const { matching } = rematched;
    const erp = createErpFolders(this.#store, this.#disk, this.#pacer);
    const vanished = this.#vanished(findings);
    const movedBack = this.#movedErpFolders(findings, vanished.remove);
    const returning = new Set<LocalId>(vanished.recreate.map(({ id }) => id));
    const hidden = vanished.hidden.map(({ row }) => row);
    const stays = new Set<LocalId>([...movedBack, ...vanished.hidden].map(({ row }) => row.id).concat(...returning));
    await this.#pacer.breathe();
    // While the folder keeps changing, rows keep their places too: what looks moved may be on its way.
    const later = transact(this.#store.db, () => {
      const folders = findings.certain ? applyPlaces(this.#store, matching, stays, vanished.remove) : [];
      applyFrozen(this.#store, matching, hidden, returning, rematched.doubtful);
      assignTop(this.#store);
      return folders;
    });
    await applyFolders(this.#store, later, this.#pacer);
    const pathOf = this.#pathsAfter(movedBack);
    await erp.restore([...movedBack, ...vanished.recreate.map((row) => ({ row, from: null }))]);
    // A new file may be what is missing elsewhere: then it is read at once.
    const canWait = (node: DiskNode): boolean =>
      (node.row !== null || matching.missing.length === 0) && isChanging(pathOf(node));
    const known = rematched.read;
    const read = await readContents({ store: this.#store, disk: this.#disk, pacer: this.#pacer }, matching, {
      known,
      pathOf,
      canWait,
    });
    await erp.ensure();
    assignTop(this.#store);
    this.#noteIgnored(tree.ignored);
    if (tree.whole) await sweepTemps(this.#store, this.#disk);
    const waiting = vanished.hidden.map(({ row, place }) => hiddenIn(place, this.#store.entries.pathOf(row.id)));
    this.#problems = onePerPath([...this.#standing(tree), ...tree.problems, ...waiting, ...read.problems]);
    const observation = {
      changed: this.#epoch() - before,
      problems: this.#problems,
      hashed: read.hashed,
      certain: findings.certain,
    };
    return { observation, cleared: erp.cleared };
  }

  async #settleLeftovers(): Promise<void> {
    await settleMoves(this.#store, this.#disk);
    await settleTrash(this.#store, this.#disk);
    if (!this.#reconciled) await reconcileTrash(this.#store, this.#disk);
    this.#reconciled = true;
  }

  // ------------------------------------------------------------ looking

  /** Null where only a look at everything can tell: something is gone, or came from a folder that was not hinted. */
  async #lookHinted(hints: readonly RelPath[]): Promise<Findings | null> {
    const isWanted = wantedFolders(this.#store);
    const tree = await walkHinted(this.#disk, this.#store.entries, hints, this.#pacer);
    const matching = await this.#match(tree, isWanted);
    if (matching.needsWhole || matching.hasTwins || matching.missing.length > 0 || this.#canRead(tree)) return null;
    return { tree, rematched: asMatched(matching), certain: true, isWanted };
  }

  /** A folder that could not be read may hold what was waited for. */
  #canRead(tree: DiskTree): boolean {
    return this.#problems.some(({ code, path }) => code === 'unreadable' && nodeAt(tree.root, path)?.listed === true);
  }

  async #lookEverywhere(): Promise<Findings> {
    const isWanted = wantedFolders(this.#store);
    const { entries } = this.#store;
    let settling = true;
    for (let look = 1; ; look++) {
      const tree = await walkEverything(this.#disk, settling ? entries : null, this.#pacer);
      // The disk may have been taken away while it was being looked at.
      await this.#disk.check();
      const matching = await this.#match(tree, isWanted);
      if (matching.mistaken) {
        settling = false;
        continue;
      }
      if (matching.missing.length === 0 && !matching.hasTwins) {
        return { tree, rematched: asMatched(matching), certain: true, isWanted };
      }
      const rematched = await matchByContent(this.#disk, entries, matching, this.#pacer);
      const certain = await isUnchanged(this.#disk, tree, this.#pacer);
      if (certain || look >= LOOKS) {
        return { tree, rematched, certain, isWanted };
      }
    }
  }

  #match(tree: DiskTree, isWanted: (row: EntryRow) => boolean): Promise<Matching> {
    const { entries, db } = this.#store;
    const synced = db.prepare<[number], { id: number }>('SELECT id FROM synced WHERE local_id = ? LIMIT 1');
    const wasSynced = (row: EntryRow): boolean => synced.get(row.id) !== undefined;
    return matchTree({ tree, entries, isWanted, wasSynced, pacer: this.#pacer });
  }

  // ------------------------------------------------------------ judging

  /**
   * What is gone: rows to remove, and the ERP's folders to make again (with their default subfolders). What may lie in a
   * folder that cannot be read waits.
   */
  #vanished({ rematched, certain, isWanted }: Findings): Vanished {
    const { entries } = this.#store;
    const { matching, doubtful } = rematched;
    const remove: EntryRow[] = [];
    const recreate: EntryRow[] = [];
    const hidden: Hidden[] = [];
    const judge = (row: EntryRow, above: 'gone' | 'returns' | 'doubtful'): void => {
      const returns = row.kind === 'folder' && (isWanted(row) || (above === 'returns' && row.role === 'subfolder'));
      if (!returns && !doubtful.has(row.id)) {
        // Documents whose bytes are in Dropbox only were not removed with the folder that comes back or may be elsewhere.
        if (row.kind === 'folder' || row.present === 1 || above === 'gone') remove.push(row);
        return;
      }
      if (returns) recreate.push(row);
      for (const child of entries.children(row.id)) {
        if (!matching.nodeOf.has(child.id)) judge(child, returns ? 'returns' : 'doubtful');
      }
    };
    for (const row of certain ? matching.missing : []) {
      const place = matching.hidingPlace(row);
      if (place === null) judge(row, 'gone');
      else hidden.push({ row, place: nodePath(place) });
    }
    return { remove, recreate, hidden };
  }

  /** Those whose place goes with a folder that the ERP no longer asks for are where they were moved to. */
  #movedErpFolders(
    { rematched, certain, isWanted }: Findings,
    remove: readonly EntryRow[],
  ): { readonly row: EntryRow; readonly from: RelPath }[] {
    if (!certain) return [];
    const { entries } = this.#store;
    const moved = new Set(rematched.matching.folders.flatMap((node) => (hasMoved(node) && node.row?.id) || []));
    const removed = new Set(remove.map(({ id }) => id));
    const losesPlace = ({ parent_id: above }: EntryRow): boolean => {
      if (above === null || moved.has(above)) return false;
      const row = removed.has(above) ? null : entries.get(above);
      return row === null || losesPlace(row);
    };
    return rematched.matching.folders.flatMap((node) =>
      node.row !== null && moved.has(node.row.id) && isWanted(node.row) && !losesPlace(node.row)
        ? [{ row: node.row, from: nodePath(node) }]
        : [],
    );
  }

  /** Where a file lies once the ERP's folders are back at their places. */
  #pathsAfter(movedBack: readonly { readonly row: EntryRow }[]): (node: DiskNode) => RelPath {
    if (movedBack.length === 0) return nodePath;
    return (node) => {
      const folder = this.#store.entries.pathOf(node.parent?.id ?? null);
      return (folder === '' ? node.name : `${folder}/${node.name}`) as RelPath;
    };
  }

  // ------------------------------------------------------------ bookkeeping

  #epoch(): number {
    return this.#store.sync.localEpoch();
  }

  #noteIgnored(paths: readonly RelPath[]): void {
    const note = this.#store.db.prepare('INSERT INTO ignored VALUES (?) ON CONFLICT DO NOTHING');
    for (const path of paths) {
      if (note.run(path).changes === 0) continue;
      this.#store.keepsakes.log({
        level: 'info',
        clientId: null,
        direction: null,
        kind: 'ignored',
        path,
        bytes: null,
        duration: null,
        result: 'note',
        reason: `"${path}" is a temporary or system file and is not synced.`,
      });
    }
  }

  /** Problems known from before in folders that this look did not list. */
  #standing(tree: DiskTree): LocalProblem[] {
    if (tree.whole) return [];
    return this.#problems.filter((problem) => {
      const folder = nodeAt(tree.root, parentPath(problem.path));
      if (folder?.listed !== true) return true;
      const node = nodeAt(tree.root, problem.path);
      return node?.kind === 'folder' && !node.listed && !node.unreadable;
    });
  }
}

function hiddenIn(place: RelPath, path: RelPath): LocalProblem {
  const message = `"${path}" is gone and may be in "${place}", which cannot be read: it is not deleted in Dropbox until that folder can be read or is removed.`;
  return { path, code: 'hidden', message };
}

/** The newest word on each path. */
function onePerPath(problems: readonly LocalProblem[]): LocalProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.code}:${problem.path}`, problem])).values()];
}

function nodeAt(root: DiskNode, path: RelPath): DiskNode | null {
  let node: DiskNode | undefined = root;
  for (const name of path === '' ? [] : path.split('/')) node = node?.children.get(name);
  return node ?? null;
}
