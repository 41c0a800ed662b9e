// Contents: uploads, downloads, links, copies for conflicts, what is brought back or restored.
// In: a living file with its target, and the plan being laid out; out: operations that wait for the structural ones.
// Called by operations.ts, after folders and moves.

import type { RelPath } from '../../src-shared/domain.ts';
import type { Operation, PlanPolicy, Reason } from './model.ts';
import type { Node } from './node.ts';
import { isContentConflict } from './places.ts';
import type { Side, WorkingSide } from './working-side.ts';

/** An operation without what the layout knows of its node. */
export type Draft = Operation extends infer O
  ? O extends Operation
    ? Omit<O, 'path' | 'remotePath' | 'held'>
    : never
  : never;

/** The plan while it is being laid out. */
export interface PlanLayout {
  readonly root: Node;
  readonly policy: PlanPolicy;
  readonly here: WorkingSide;
  readonly there: WorkingSide;
  /** Answers the operation's key. */
  readonly add: (node: Node, draft: Draft) => string;
  readonly isBlocked: (node: Node, side: Side) => boolean;
  /** Where a node lies when the plan is done. */
  readonly localPath: (node: Node) => RelPath;
}

export class Transfers {
  readonly #layout: PlanLayout;
  /** The copy that keeps the version from Dropbox, by the document that is uploaded over it. */
  readonly #copyOperations = new Map<Node, string>();

  constructor(layout: PlanLayout) {
    this.#layout = layout;
  }

  /** Brings the content of a living file to where it is wanted. */
  transfer(node: Node): void {
    if (node.frozen || !node.alive) return;
    if (node.copyOf) this.#copyAndFetch(node, node.copyOf);
    else if (node.local && node.remote) this.#transferPair(node);
    else if (node.local) this.#send(node);
    else if (node.remote) this.#fetch(node);
  }

  #transferPair(node: Node): void {
    const local = node.local!;
    const remote = node.remote!;
    if (isContentConflict(node)) return this.#upload(node, 'both-changed');
    if (local.hash === remote.hash && remote.hash !== null) return this.#bringBack(node);
    if (node.synced ? node.editedHere && !node.editedThere : local.present && !remote.downloadable) {
      return this.#upload(node, 'edited-here');
    }
    if (node.synced && !node.editedThere) return;
    if (this.#layout.isBlocked(node, 'here')) return;
    if (!local.present || !remote.downloadable) this.#link(node, 'edited-there');
    else this.#download(node, 'edited-there');
  }

  /** Known content whose bytes are not here and shall be: reverse goes before all else. */
  #bringBack(node: Node): void {
    if (
      node.local!.present ||
      !node.remote!.downloadable ||
      !this.#layout.policy.bringBack(this.#layout.localPath(node))
    )
      return;
    if (!this.#layout.isBlocked(node, 'here')) this.#download(node, 'brought-back');
  }

  /** Here only: uploaded, or brought back in Dropbox where its bytes are not here. */
  #send(node: Node): void {
    const local = node.local!;
    if (local.present) return this.#upload(node, node.reason ?? (node.synced ? 'edit-survives-deletion' : 'new-here'));
    if (!node.synced?.rev || this.#layout.isBlocked(node, 'there')) return;
    this.#layout.add(node, {
      kind: 'remote.restore',
      key: `remote.restore:${local.id}`,
      direction: 'direct',
      priority: 2,
      reason: 'bytes-freed-restored',
      dependsOn: this.#layout.there.dependencies(node),
      localId: local.id,
      remoteId: node.synced.remoteId,
      rev: node.synced.rev,
      fromPath: this.#agreedRemotePath(node),
    });
  }

  /** Where Dropbox had it when both sides last agreed. */
  #agreedRemotePath(node: Node): RelPath {
    const names: string[] = [];
    for (let at: Node | null = node; at && at !== this.#layout.root; at = at.syncedParent) {
      names.unshift(at.synced?.remoteName ?? '');
    }
    return names.join('/') as RelPath;
  }

  #upload(node: Node, reason: Reason): void {
    const local = node.local!;
    if (this.#layout.isBlocked(node, 'there') || local.hash === null || !local.present) return;
    const waits = [...this.#layout.there.dependencies(node), ...this.#localMove(node)];
    const copy = this.#copyOperations.get(node);
    this.#layout.add(node, {
      kind: 'remote.upload',
      key: `remote.upload:${local.id}`,
      direction: 'direct',
      priority: 2,
      reason,
      dependsOn: copy ? [...waits, copy] : waits,
      localId: local.id,
      replaces: node.remote?.rev ? { id: node.remote.id, rev: node.remote.rev } : null,
      hash: local.hash,
      size: local.size,
    });
  }

  /** A transfer reads or writes here at the final place: it waits for the moves that bring the entry there. */
  #localMove(node: Node): string[] {
    return this.#layout.here.dependencies(node);
  }

  #copyAndFetch(copy: Node, source: Node): void {
    const remote = source.remote!;
    if (!remote.rev || !remote.hash || this.#layout.isBlocked(source, 'there')) return;
    const copied = this.#layout.add(copy, {
      kind: 'remote.copy',
      key: `remote.copy:${remote.id}`,
      direction: 'direct',
      priority: 2,
      reason: 'both-changed',
      dependsOn: this.#layout.there.dependencies(copy),
      from: { id: remote.id, rev: remote.rev },
      fromPath: remote.pathLower,
      hash: remote.hash,
    });
    this.#copyOperations.set(source, copied);
    // Where nothing comes down it is kept in Dropbox alone.
    if (this.#layout.isBlocked(source, 'here')) return;
    this.#layout.add(copy, {
      kind: 'local.download',
      key: `local.copy:${remote.id}`,
      direction: 'backward',
      priority: 3,
      reason: 'both-changed',
      dependsOn: [...this.#layout.here.dependencies(copy), copied],
      remoteId: null,
      rev: remote.rev,
      hash: remote.hash,
      size: remote.size,
      modified: remote.modified,
      localId: null,
      replacesHash: null,
    });
  }

  #fetch(node: Node): void {
    if (this.#layout.isBlocked(node, 'here')) return;
    const reason = node.reason ?? 'new-there';
    if (node.remote!.downloadable && this.#layout.policy.fetch(this.#layout.localPath(node)))
      this.#download(node, reason);
    else this.#link(node, reason);
  }

  #download(node: Node, reason: Reason): void {
    const remote = node.remote!;
    if (!remote.rev || !remote.hash) return this.#link(node, reason);
    this.#layout.add(node, {
      kind: 'local.download',
      key: `local.download:${remote.id}`,
      direction: reason === 'brought-back' ? 'reverse' : 'backward',
      priority: reason === 'brought-back' ? 0 : 3,
      reason,
      dependsOn: [...this.#layout.here.dependencies(node), ...this.#layout.there.dependencies(node)],
      remoteId: remote.id,
      rev: remote.rev,
      hash: remote.hash,
      size: remote.size,
      modified: remote.modified,
      localId: node.local?.id ?? null,
      replacesHash: node.local?.hash ?? null,
    });
  }

  #link(node: Node, reason: Reason): void {
    const remote = node.remote!;
    this.#layout.add(node, {
      kind: 'local.link',
      key: `local.link:${remote.id}`,
      direction: 'backward',
      priority: 3,
      reason,
      dependsOn: [...this.#layout.here.dependencies(node), ...this.#layout.there.dependencies(node)],
      remoteId: remote.id,
      localId: node.local?.id ?? null,
      replacesHash: node.local?.present ? node.local.hash : null,
    });
  }
}
