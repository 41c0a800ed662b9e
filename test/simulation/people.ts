// What people do on computers and in Dropbox (erp-people.ts: in the ERP): an Act of a scenario, applied to what is there at
// the moment.
// An act that is impossible is left out, as a file manager would refuse it. Every act is entered into the ledger.

import { baseName, joinPath, parentPath, type RelPath } from '../../src-shared/domain.ts';
import { localNameFor, unmarkedName, utf8Length } from '../../src-shared/names.ts';
import { asideOriginal } from '../../src-main/sync/aside.ts';
import { CLIENT_NAMES, OWN_FOLDERS, ROOTS, type Computer, type EngineWorld } from '../support/engine-world.ts';
import { choose, Choice, type Tree } from './choice.ts';
import { ErpPeople } from './erp-people.ts';
import type { Ledger } from './ledger.ts';
import { isWithin, keyOf, nameHere, nameThere, respelled } from './names.ts';
import type { Act, HereAct, Pick, Scenario, ThereAct } from './scenario.ts';
import { isLeftAlone, treeHere } from './trees.ts';

export class People {
  readonly erp: ErpPeople;
  readonly #world: EngineWorld;
  readonly #ledger: Ledger;
  readonly #say: (what: string) => void;
  readonly #choice: Choice;
  /** Paths at work on each computer since its last pass, as a watcher would tell. */
  readonly hints: Set<RelPath>[];
  /** Contents that were moved away by copying, by their former place. */
  readonly #left = new Map<string, string>();
  #outside = 0;

  constructor(world: EngineWorld, scenario: Scenario, ledger: Ledger, say: (what: string) => void) {
    this.#world = world;
    this.#ledger = ledger;
    this.#say = say;
    this.#choice = new Choice(world);
    this.hints = world.computers.map(() => new Set());
    this.erp = new ErpPeople(world, scenario, ledger, say);
  }

  perform(act: Extract<Act, { on: 'here' | 'there' | 'erp' }>): void {
    this.#ledger.deletions.during(() => this.#perform(act));
  }

  #perform(act: Extract<Act, { on: 'here' | 'there' | 'erp' }>): void {
    try {
      this.#choice.aim('aimed' in act && act.aimed === true);
      if (act.on === 'here') this.#actHere(this.#world.computers[act.who]!, act.act, act.pick);
      else if (act.on === 'there') this.#actThere(act.who, act.act, act.pick);
      else this.erp.act(act.act, act.pick);
    } catch (error) {
      this.#say(`  (refused: ${error instanceof Error ? error.message : String(error)})`);
    }
  }

  // ---------------------------------------------------------------- on a computer

  #actHere(computer: Computer, act: HereAct, pick: Pick): void {
    const { disk, index } = computer;
    if (disk.state !== 'ready') return;
    const { person } = disk;
    const tree = treeHere(computer, this.#ledger);
    const onDisk = disk.texts();
    const picked = this.#choice.entry(onDisk, pick[0], act === 'edit' || act === 'save');
    const target = joinPath(this.#choice.folder(onDisk, pick[1]), nameHere(pick[2], computer.platform));
    this.#ledger.given.add(keyOf(baseName(target)));
    const say = (what: string) => this.#say(`here ${index}: ${what}`);
    const isFile = picked !== undefined && onDisk[picked] !== null;
    const note = (path: string) => {
      this.#touchHere(computer, path);
      this.#choice.workedAt(act, path);
    };
    /** What takes the place of a document that is a link only replaces it. */
    const take = (path: string) => this.#ledger.gone(tree[path]);
    const put = (path: string, how: (content: string) => void) => {
      const content = this.#ledger.write(pick[0]);
      note(path);
      this.#ledger.gone(this.#at(computer, tree, path));
      // What was copied from here and removed is, with another file in its place, a copy and an edit.
      const left = this.#left.get(`${computer.index}/${keyOf(path)}`);
      if (left !== undefined) this.#ledger.unrecorded.add(left);
      how(content);
      this.#ledger.lives(content);
      return content;
    };
    if (act === 'write' || picked === undefined) {
      if (person.exists(target)) return;
      say(`write ${target} = ${put(target, (content) => person.write(target, content))}`);
    } else if (act === 'mkdir') {
      note(target);
      say(`mkdir ${target}`);
      take(target);
      person.mkdir(target);
    } else if (act === 'edit' || act === 'save') {
      if (!isFile) return;
      // In the middle of a move a file has two names for an instant; where the program died there, both are edited.
      const fileId = disk.stampAt(picked)?.fileId;
      const names = Object.keys(onDisk).filter((path) => disk.stampAt(path)?.fileId === fileId);
      const how = (content: string) => {
        if (act === 'edit' && names.length > 1) this.#ledger.unrecorded.add(content);
        if (act === 'edit') person.write(picked, content);
        else person.safeSave(picked, content);
      };
      say(`${act} ${picked} = ${put(picked, how)}`);
    } else if (act === 'move' || act === 'respell') {
      const to =
        act === 'move' ? target : joinPath(parentPath(picked as RelPath), respelled(baseName(picked as RelPath)));
      if (utf8Length(baseName(to as RelPath)) > 255) return;
      if (to === picked || to.startsWith(`${picked}/`) || (person.isFolder(to) && act === 'move')) return;
      if (act === 'move' && person.exists(to) && disk.stampAt(to)?.fileId === disk.stampAt(picked)?.fileId) return;
      say(`${act} ${picked} → ${to}`);
      note(picked);
      note(to);
      const replaced = disk.stampAt(to)?.fileId === disk.stampAt(picked)?.fileId ? null : this.#at(computer, tree, to);
      person.rename(picked, to);
      this.#ledger.gone(replaced);
      if (!(to in onDisk)) take(to);
      this.#movedBelow(tree, picked, to);
    } else if (act === 'remove') {
      say(`remove ${picked}`);
      note(picked);
      person.remove(picked);
      this.#ledger.wentWith(tree, picked);
      this.#ledger.deletions.removed();
    } else if (act === 'retype') {
      note(picked);
      person.remove(picked);
      this.#ledger.wentWith(tree, picked);
      if (isFile) {
        say(`${picked} becomes a folder`);
        person.mkdir(picked);
      } else say(`${picked} becomes a file = ${put(picked, (content) => person.write(picked, content))}`);
    } else if (act === 'swap') {
      const other = choose(
        Object.keys(onDisk).filter((path) => !this.#choice.isOwnFolder(path)),
        pick[1],
      );
      if (
        other === undefined ||
        other === picked ||
        `${other}/`.startsWith(`${picked}/`) ||
        `${picked}/`.startsWith(`${other}/`)
      )
        return;
      say(`swap ${picked} and ${other}`);
      note(picked);
      note(other);
      person.rename(picked, '.docktide-swap');
      person.rename(other, picked);
      person.rename('.docktide-swap', other);
      this.#movedBelow(tree, picked, other);
      this.#movedBelow(tree, other, picked);
    } else if (act === 'copy' || act === 'copy-remove') {
      if (!isFile || person.exists(target)) return;
      say(`${act} ${picked} → ${target}`);
      note(picked);
      note(target);
      const content = onDisk[picked]!;
      take(target);
      person.copy(picked, target);
      if (act === 'copy') this.#ledger.ambiguous.add(content);
      else {
        person.remove(picked);
        this.#left.set(`${index}/${keyOf(picked)}`, content);
      }
      this.#ledger.movedByPerson(content);
      if (this.#isLeftAlone(target)) this.#ledger.unrecorded.add(content);
    } else if (act === 'symlink') {
      if (person.exists(target)) return;
      say(`symlink ${target}`);
      note(target);
      take(target);
      person.unusable(target);
    }
  }

  /** The content at a path, in whatever spelling the disk takes for the same. */
  #at(computer: Computer, tree: Tree, path: string): string | null | undefined {
    return computer.disk.person.read(path) ?? tree[path];
  }

  #touchHere(computer: Computer, path: string): void {
    const { disk, index, store } = computer;
    const { cloud } = this.#world;
    this.hints[index]!.add(path as RelPath);
    for (let client = 0; client < this.#world.clients; client++) {
      // A name of the program's own, or one set aside, is another name in Dropbox.
      const unmarked = path.split('/').map((name) => unmarkedName(name, CLIENT_NAMES[client]!) ?? name);
      for (const name of [
        path,
        unmarked.join('/'),
        path.replaceAll(/(^|\/)_\./g, '$1.'),
        path.split('/').map(asideOriginal).join('/'),
      ]) {
        this.#ledger.touchKey(client, name);
      }
    }
    const key = keyOf(path);
    for (const id of computer.clients) {
      for (const { localId, remoteId } of store.sync.syncedTree(id)) {
        if (!isWithin(keyOf(store.entries.pathOf(localId)), key)) continue;
        this.#ledger.touchId(remoteId);
        // Where it is called otherwise in Dropbox, what is never synced lies in it under that name.
        const there = cloud.byId(remoteId);
        if (there?.kind === 'folder') this.#touchBelow(cloud.lowerPath(there));
      }
    }
    for (const other of Object.keys(disk.texts())) {
      if (!`${keyOf(other)}/`.startsWith(`${key}/`)) continue;
      const stamp = disk.stampAt(other);
      if (stamp !== null) this.#ledger.touchedFiles.add(`${index}:${stamp.fileId}`);
    }
  }

  /** Lower-case path of the account. */
  #touchBelow(folder: string): void {
    for (const [client, root] of ROOTS.entries()) {
      if (isWithin(folder, keyOf(root))) this.#ledger.touchKey(client, folder.slice(root.length + 1));
    }
  }

  #isLeftAlone(path: string): boolean {
    return isLeftAlone(this.#world, path);
  }

  /** What gets a name that is never synced leaves, and is another document when it comes back. */
  #movedBelow(tree: Tree, path: string, to: string): void {
    const leaves = this.#isLeftAlone(to);
    for (const [other, content] of Object.entries(tree)) {
      if (other !== path && !other.startsWith(`${path}/`)) continue;
      this.#ledger.movedByPerson(content);
      if (leaves && content !== null) this.#ledger.unrecorded.add(content);
    }
  }

  // ---------------------------------------------------------------- in Dropbox

  #actThere(client: number, act: ThereAct, pick: Pick): void {
    const { cloud } = this.#world;
    const full = (path: string) => this.#world.pathThere(client, path);
    if (!cloud.exists(full(''))) return;
    const tree = cloud.tree(full(''));
    const paths = Object.keys(tree).filter((path) => !this.#choice.isOwnFolder(path));
    const picked = this.#choice.entry(tree, pick[0], act === 'edit');
    // At the top both may have the same names.
    const folder =
      this.#world.clients > 1 && !this.#choice.isAimed && pick[1] < 50 && pick[1] >= 15
        ? OWN_FOLDERS[client]!
        : this.#choice.folder(tree, pick[1]);
    const target = joinPath(folder, nameThere(pick[2]));
    this.#ledger.given.add(keyOf(baseName(target)));
    const say = (what: string) => this.#say(`there${client === 0 ? '' : ` ${client}`}: ${what}`);
    const note = (path: string) => {
      this.#touchThere(client, path);
      this.#choice.workedAt(act, path);
    };
    const put = (path: string) => {
      const content = this.#ledger.write(pick[0]);
      note(path);
      this.#ledger.gone(this.#textThere(full(path)));
      cloud.write(full(path), content);
      this.#ledger.lives(content);
      return content;
    };
    if (act === 'back') {
      const out = choose(
        Object.keys(cloud.tree('Outside')).filter((path) => !path.includes('/')),
        pick[0],
      );
      if (out === undefined || cloud.exists(full(target))) return;
      say(`move back ${out} → ${target}`);
      note(target);
      cloud.move(`Outside/${out}`, full(target));
      this.#ledger.returnedAt = this.#ledger.tick;
    } else if (act === 'write' || picked === undefined) {
      if (!cloud.exists(full(target))) say(`write ${target} = ${put(target)}`);
    } else if (act === 'edit') {
      if (typeof tree[picked] === 'string') say(`edit ${picked} = ${put(picked)}`);
    } else if (act === 'mkdir') {
      note(target);
      say(`mkdir ${target}`);
      cloud.mkdir(full(target));
    } else if (act === 'move' || act === 'respell') {
      const to =
        act === 'move' ? target : joinPath(parentPath(picked as RelPath), respelled(baseName(picked as RelPath)));
      if (act === 'move' && cloud.exists(full(to))) return;
      say(`${act} ${picked} → ${to}`);
      note(picked);
      note(to);
      this.#movedUntold(full(picked));
      cloud.move(full(picked), full(to));
      // What had a name that is never synced comes back into what is.
      if (this.#isLeftAlone(picked)) this.#ledger.returnedAt = this.#ledger.tick;
      this.#movedBelow(tree, picked, to);
    } else if (act === 'remove') {
      say(`remove ${picked}`);
      note(picked);
      cloud.remove(full(picked));
      this.#ledger.wentWith(tree, picked);
      this.#ledger.deletions.removed();
    } else if (act === 'retype') {
      note(picked);
      cloud.remove(full(picked));
      this.#ledger.wentWith(tree, picked);
      if (tree[picked] === null) say(`${picked} becomes a file = ${put(picked)}`);
      else {
        say(`${picked} becomes a folder`);
        cloud.mkdir(full(picked));
      }
    } else if (act === 'swap') {
      const other = choose(paths, pick[1]);
      if (
        other === undefined ||
        other === picked ||
        `${other}/`.startsWith(`${picked}/`) ||
        `${picked}/`.startsWith(`${other}/`)
      )
        return;
      say(`swap ${picked} and ${other}`);
      note(picked);
      note(other);
      for (const path of [picked, other]) this.#movedUntold(full(path));
      cloud.move(full(picked), full('swapping'));
      cloud.move(full(other), full(picked));
      cloud.move(full('swapping'), full(other));
      this.#movedBelow(tree, picked, other);
      this.#movedBelow(tree, other, picked);
    } else if (act === 'paper') {
      if (cloud.exists(full(target))) return;
      say(`paper ${target}`);
      note(target);
      cloud.writeCloudOnly(full(target));
    } else if (act === 'out') {
      say(`move ${picked} out of the root`);
      note(picked);
      cloud.move(full(picked), `Outside/${this.#outside++}`);
      this.#ledger.wentWith(tree, picked);
    } else if (act === 'rumour' && tree[picked] === null) {
      say(`the feed tells that ${picked} is gone`);
      cloud.rumourDeletion(full(picked));
    }
  }

  /**
   * An upload that no computer knows to have arrived, moved before a feed that is late has told of it: nothing in Dropbox
   * finds it again, so that it may be sent once more to the place that is free now.
   */
  #movedUntold(path: string): void {
    const { cloud, computers } = this.#world;
    if (cloud.lag === 0) return;
    const file = { path: '', ...cloud.entry(path) };
    const moved = file.kind === 'file' ? [file] : cloud.entries(path);
    for (const { path: below, kind, id } of moved) {
      const full = joinPath(path, below);
      if (kind === 'folder' || !cloud.isNews(full, cloud.told)) continue;
      const isKnown = computers.some(({ store, clients }) =>
        clients.some((client) => store.sync.syncedThere(client, id) !== null),
      );
      const content = isKnown ? null : this.#textThere(full);
      if (content !== null) this.#ledger.unrecorded.add(content);
    }
  }

  #textThere(path: string): string | null {
    const { cloud } = this.#world;
    if (!cloud.exists(path)) return null;
    const entry = cloud.entry(path);
    if (entry.kind === 'folder' || !entry.downloadable) return null;
    return new TextDecoder().decode(cloud.bytesAt(path));
  }

  #touchThere(client: number, path: string): void {
    const { cloud } = this.#world;
    // A folder carries along what another client has in it.
    for (let other = 0; other < this.#world.clients; other++) this.#ledger.touchKey(other, path);
    this.#ledger.touchKey(client, path.split('/').map(asideOriginal).join('/'));
    // On a disk the name may be another, which somebody else has already.
    for (const disk of ['posix', 'windows'] as const) {
      const names = path.split('/').map((name) => localNameFor(name, disk));
      this.#ledger.touchKey(client, names.join('/'));
    }
    const full = this.#world.pathThere(client, path);
    if (!cloud.exists(full)) return;
    this.#ledger.touchId(cloud.entry(full).id);
    for (const { id } of cloud.entries(full)) this.#ledger.touchId(id);
  }
}
