// What people do on computers, in Dropbox and in the ERP: an Act of a scenario, applied to what is there at the moment.
// An act that is impossible is left out, as a file manager would refuse it. Every act is entered into the ledger.

import { baseName, joinPath, parentPath, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import { isIgnoredName, localNameFor, unmarkedName, utf8Length } from '../../src-shared/names.ts';
import { ignoredBy } from '../../src-main/keeping/policy.ts';
import { asideOriginal } from '../../src-main/sync/aside.ts';
import { CLIENT_NAMES, OWN_FOLDERS, type Computer, type EngineWorld } from '../support/engine-world.ts';
import type { Ledger } from './ledger.ts';
import { isWithin, keyOf, nameHere, nameThere, respelled } from './names.ts';
import type { Act, ErpAct, HereAct, Pick, Scenario, ThereAct } from './scenario.ts';

type Tree = Readonly<Record<string, string | null>>;

/** The rules' folders, which the ERP may put where people have something else. */
const LABELS = ['Quote', 'Invoice'] as const;
const TYPES = ['sale.order', 'account.move'] as const;

export class People {
  readonly #world: EngineWorld;
  readonly #scenario: Scenario;
  readonly #ledger: Ledger;
  readonly #say: (what: string) => void;
  /** What was done in the ERP, in order; each computer's catalog follows at its own time. */
  readonly #erp: ((computer: Computer) => void)[] = [];
  readonly #followed: number[] = [];
  /** Paths at work on each computer since its last pass, as a watcher would tell. */
  readonly hints: Set<RelPath>[];
  /** Contents that were moved away by copying, by their former place. */
  readonly #left = new Map<string, string>();
  #records = 0;
  #outside = 0;
  /** Where somebody was last at work, and where the act under way is aimed at. */
  #lastPlace: string | null = null;
  #aim: string | null = null;

  constructor(world: EngineWorld, scenario: Scenario, ledger: Ledger, say: (what: string) => void) {
    this.#world = world;
    this.#scenario = scenario;
    this.#ledger = ledger;
    this.#say = say;
    this.hints = world.computers.map(() => new Set());
    if (scenario.erp > 0) this.#openErp();
  }

  perform(act: Extract<Act, { on: 'here' | 'there' | 'erp' }>): void {
    this.#ledger.deletions.during(() => this.#perform(act));
  }

  #perform(act: Extract<Act, { on: 'here' | 'there' | 'erp' }>): void {
    try {
      this.#aim = 'aimed' in act && act.aimed === true ? this.#lastPlace : null;
      if (act.on === 'here') this.#actHere(this.#world.computers[act.who]!, act.act, act.pick);
      else if (act.on === 'there') this.#actThere(act.who, act.act, act.pick);
      else this.#actErp(act.act, act.pick);
    } catch (error) {
      this.#say(`  (refused: ${error instanceof Error ? error.message : String(error)})`);
    }
  }

  // ---------------------------------------------------------------- on a computer

  #actHere(computer: Computer, act: HereAct, pick: Pick): void {
    const { disk, index } = computer;
    if (disk.state !== 'ready') return;
    const { person } = disk;
    const tree = this.treeHere(computer);
    const onDisk = disk.texts();
    const picked = this.#choose(onDisk, pick[0], act === 'edit' || act === 'save');
    const target = joinPath(this.#folder(onDisk, pick[1]), nameHere(pick[2], computer.platform));
    this.#ledger.given.add(keyOf(baseName(target)));
    const say = (what: string) => this.#say(`here ${index}: ${what}`);
    const isFile = picked !== undefined && onDisk[picked] !== null;
    const note = (path: string) => {
      this.#touchHere(computer, path);
      this.#lastPlace = placeOf(act, path);
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
        Object.keys(onDisk).filter((path) => !this.#isOwnFolder(path)),
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

  /** What a computer has: its disk, and documents whose bytes are in Dropbox only. */
  treeHere({ disk, store }: Computer): Tree {
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
      tree[path] ??= this.#ledger.textOf(store.entries.get(id)?.hash ?? null);
    }
    return tree;
  }

  /** The content at a path, in whatever spelling the disk takes for the same. */
  #at(computer: Computer, tree: Tree, path: string): string | null | undefined {
    return computer.disk.person.read(path) ?? tree[path];
  }

  #touchHere(computer: Computer, path: string): void {
    const { disk, index, store } = computer;
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
        if (isWithin(keyOf(store.entries.pathOf(localId)), key)) this.#ledger.touchId(remoteId);
      }
    }
    for (const other of Object.keys(disk.texts())) {
      if (!`${keyOf(other)}/`.startsWith(`${key}/`)) continue;
      const stamp = disk.stampAt(other);
      if (stamp !== null) this.#ledger.touchedFiles.add(`${index}:${stamp.fileId}`);
    }
  }

  #isLeftAlone(path: string): boolean {
    const ignored = ignoredBy(this.#world.computers[0]!.store.keeping.ignorePatterns().join('\n'));
    const names = path.split('/').map((name) => localNameFor(name, 'posix'));
    return names.some(
      (_, index) =>
        ignored(joinPath(...names.slice(0, index + 1)), 'folder') ||
        ignored(joinPath(...names.slice(0, index + 1)), 'file'),
    );
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

  /** Where there are two clients, the folder of each stays. */
  #isOwnFolder(path: string): boolean {
    return this.#world.clients > 1 && OWN_FOLDERS.some((name) => keyOf(name) === keyOf(path));
  }

  #choose(tree: Tree, draw: number, isFile: boolean): string | undefined {
    const aim = this.#aim;
    const paths = Object.keys(tree).filter((path) => !this.#isOwnFolder(path));
    const aimed = aim === null ? [] : paths.filter((path) => isWithin(path, aim) && (!isFile || tree[path] !== null));
    return choose(aimed.length > 0 ? aimed : paths, draw);
  }

  #folder(tree: Tree, draw: number): string {
    if (this.#aim !== null) {
      const folder = tree[this.#aim] === null ? this.#aim : parentPath(this.#aim as RelPath);
      if (tree[folder] === null) return folder;
    }
    const folders = Object.keys(tree).filter((path) => tree[path] === null);
    if (draw >= 50 && folders.length > 0) return folders[draw % folders.length]!;
    return this.#world.clients > 1 && draw >= 10 ? OWN_FOLDERS[draw % 2]! : '';
  }

  // ---------------------------------------------------------------- in Dropbox

  #actThere(client: number, act: ThereAct, pick: Pick): void {
    const { cloud } = this.#world;
    const full = (path: string) => this.#world.pathThere(client, path);
    if (!cloud.exists(full(''))) return;
    const tree = cloud.tree(full(''));
    const paths = Object.keys(tree).filter((path) => !this.#isOwnFolder(path));
    const picked = this.#choose(tree, pick[0], act === 'edit');
    // At the top both may have the same names.
    const folder =
      this.#world.clients > 1 && this.#aim === null && pick[1] < 50 && pick[1] >= 15
        ? OWN_FOLDERS[client]!
        : this.#folder(tree, pick[1]);
    const target = joinPath(folder, nameThere(pick[2]));
    this.#ledger.given.add(keyOf(baseName(target)));
    const say = (what: string) => this.#say(`there${client === 0 ? '' : ` ${client}`}: ${what}`);
    const note = (path: string) => {
      this.#touchThere(client, path);
      this.#lastPlace = placeOf(act, path);
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

  // ---------------------------------------------------------------- in the ERP

  #openErp(): void {
    this.#erp.push(({ store: { catalog } }) => {
      for (const [index, type] of TYPES.entries()) catalog.addType(type, LABELS[index]!);
      catalog.addRule({
        type: TYPES[0],
        client: 'main',
        pattern: '{name}',
        subfolders: this.#scenario.seed % 2 === 0 ? ['b'] : [],
      });
    });
  }

  #actErp(act: ErpAct, pick: Pick): void {
    const name = localNameFor(nameThere(pick[2] % 85), 'posix');
    const type = TYPES[pick[1] % 10 === 0 ? 1 : 0]!;
    const number = this.#records === 0 ? 0 : pick[0] % this.#records;
    const ref = `SO${number}`;
    for (const label of LABELS.flatMap((one) => [one, `${one} (main)`]))
      for (let client = 0; client < this.#world.clients; client++) this.#ledger.touchKey(client, label);
    this.#say(`ERP: ${act} ${type} ${act === 'add' ? `SO${this.#records}` : ref} ${name}`);
    if (act === 'add') {
      const fresh = `SO${this.#records++}`;
      this.#erp.push(({ store: { catalog } }) => catalog.addRecord({ type, ref: fresh, name, fields: {} }));
    } else if (act === 'rename') this.#erp.push(({ store: { catalog } }) => catalog.renameRecord(type, ref, name));
    else if (act === 'archive')
      this.#erp.push(({ store: { catalog } }) => catalog.archiveRecord(type, ref, pick[1] < 70));
    else if (act === 'remove') {
      this.#erp.push((computer) => {
        this.#recordGoes(computer, type, ref);
        computer.store.catalog.removeRecord(type, ref);
      });
    } else if (act === 'rule') {
      this.#erp.push(({ store: { catalog } }) =>
        catalog.addRule({
          type,
          client: 'main',
          pattern: pick[0] % 2 === 0 ? '{name}' : '{ref} {name}',
          subfolders: pick[0] % 3 === 0 ? ['b', 'c'] : [],
        }),
      );
    } else if (act === 'unrule') {
      this.#erp.push(({ store: { catalog } }) => {
        const rule = choose(catalog.rules(), pick[0]);
        if (rule !== undefined) catalog.removeRule(rule.id);
      });
    } else this.#erp.push(({ store: { catalog } }) => catalog.setRecordFields(type, ref, { note: String(pick[0]) }));
  }

  /** The record's folder goes to the trash with all it holds. */
  #recordGoes(computer: Computer, type: string, ref: string): void {
    const { store } = computer;
    const record = store.catalog.records(type).find((one) => one.ref === ref);
    if (record === undefined) return;
    const folders = store.db
      .prepare<[number], { id: LocalId }>(`SELECT id FROM entries WHERE role = 'record' AND record_id = ?`)
      .all(record.id);
    for (const { id } of folders) {
      const path = store.entries.pathOf(id);
      this.#ledger.wentWith(this.treeHere(computer), path);
      // A person may have moved it, or a folder above it, and no scan has seen that yet.
      const fileId = store.entries.get(id)?.file_id;
      const { disk } = computer;
      for (const moved of Object.keys(disk.texts())) {
        if (disk.stampAt(moved)?.fileId === fileId) this.#ledger.wentWith(disk.texts(), moved);
      }
      const there = this.#world.pathThere(0, path);
      if (this.#world.cloud.exists(there)) {
        for (const content of Object.values(this.#world.cloud.tree(there))) this.#ledger.gone(content);
      }
    }
  }

  /** Temporary files of other programs are not synced, and go with the folder in which they lie. */
  forgetIgnored(): void {
    const trees = [
      ...this.#world.computers.map(({ disk }) => disk.texts()),
      ...Array.from({ length: this.#world.clients }, (_, client) =>
        this.#world.cloud.tree(this.#world.pathThere(client, '')),
      ),
    ];
    for (const tree of trees) {
      for (const [path, content] of Object.entries(tree)) {
        if (path.split('/').some((name) => isIgnoredName(localNameFor(name, 'posix')))) this.#ledger.gone(content);
      }
    }
  }

  /** The catalog of a computer learns what was done in the ERP. */
  followErp(computer: Computer): void {
    if (computer.index >= this.#scenario.erp) return;
    for (let at = this.#followed[computer.index] ?? 0; at < this.#erp.length; at++) {
      try {
        this.#erp[at]!(computer);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'StoreError') throw error;
      }
    }
    this.#followed[computer.index] = this.#erp.length;
  }

  /** A new database knows nothing of the ERP: it is joined to it again. */
  forgetErp(computer: Computer, followed = 0): void {
    this.#followed[computer.index] = followed;
  }

  /** How much of what happened in the ERP the computer's database knows. */
  followed(computer: Computer): number {
    return this.#followed[computer.index] ?? 0;
  }
}

/** Who writes a document is at work in its folder. */
function placeOf(act: HereAct | ThereAct, path: string): string {
  return (act === 'write' || act === 'edit') && path.includes('/') ? parentPath(path as RelPath) : path;
}

function choose<T>(list: readonly T[], draw: number): T | undefined {
  return list.length === 0 ? undefined : list[draw % list.length];
}
