// The CloudStore of one client over an account in memory. Every call is announced to the account's `before` and `after`.

import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import {
  Fault,
  type Move,
  type AccountInfo,
  type ChangePage,
  type CloudStore,
  type Outcome,
  type SharedLink,
  type UploadHooks,
  type UploadRequest,
  type Version,
} from '../../src-main/engine/ports.ts';
import type { RemoteEntry } from '../../src-main/sync/model.ts';
import type { Cursor, RelPath, RemoteId, Rev } from '../../src-shared/domain.ts';
import { below, keyOf, segments, TOP_ID, type CloudCall, type MemoryAccount, type Node } from './memory-account.ts';

/** Uploads whose results come at once, as those of one commit do. */
const COMMITTED_TOGETHER = 3;

export class MemoryClient implements CloudStore {
  readonly #cloud: MemoryAccount;
  readonly #root: string;
  readonly #rootLower: string;
  /** Called instead of the account's own, for the calls of this client alone. */
  hooks: Pick<MemoryAccount, 'before' | 'after' | 'during'> | null = null;
  #requests = 0;
  #bytesUp = 0;
  #bytesDown = 0;

  constructor(cloud: MemoryAccount, root: string) {
    this.#cloud = cloud;
    this.#root = root;
    this.#rootLower = keyOf(root);
  }

  async ensureRoot(): Promise<{ readonly id: RemoteId; readonly created: boolean }> {
    return this.#call('ensureRoot', null, null, () => {
      const there = this.#cloud.find(this.#root);
      if (there?.kind === 'file') throw new Fault('conflict', `"${this.#root}" is a file in Dropbox, not a folder.`);
      return { id: (there ?? this.#cloud.makeFolders(this.#root)).id, created: there === null };
    });
  }

  async changes(cursor: Cursor | null): Promise<ChangePage> {
    return this.#call('changes', null, null, () => this.#cloud.page(this.#rootLower, cursor));
  }

  async waitForChange(
    cursor: Cursor,
    _timeoutSeconds: number,
    signal: AbortSignal,
  ): Promise<{ changed: boolean; backoff: number }> {
    await this.#announce('waitForChange', null, null);
    while (!this.#cloud.hasChanges(this.#rootLower, cursor)) await this.#cloud.nextChange(signal);
    return { changed: true, backoff: 0 };
  }

  async lookup(target: { id: RemoteId } | { path: RelPath }): Promise<{ entry: RemoteEntry; inside: boolean } | null> {
    const id = 'id' in target ? target.id : null;
    const path = 'path' in target ? target.path : null;
    return this.#call('lookup', path, id, () => {
      const node = path === null ? this.#cloud.byId(id ?? TOP_ID) : this.#cloud.find(this.#full(path));
      return node === null ? null : this.#seen(node);
    });
  }

  async list(path: RelPath): Promise<readonly RemoteEntry[]> {
    return this.#call('list', path, null, () => {
      const node = this.#cloud.find(this.#full(path));
      if (node?.kind !== 'folder') throw new Fault('not-found', `There is no folder "${path}" in Dropbox.`);
      return [...node.children.values()].map((child) => this.#seen(child).entry);
    });
  }

  async createFolders(paths: readonly RelPath[]): Promise<readonly Outcome<RemoteEntry>[]> {
    const outcomes = new Map<RelPath, Outcome<RemoteEntry>>();
    for (const path of paths.toSorted((a, b) => segments(a).length - segments(b).length)) {
      const outcome = await this.#outcome('createFolders', path, null, () => {
        if (this.#cloud.find(this.#full(path)) !== null) {
          throw new Fault('conflict', `There is something at "${path}" already.`);
        }
        return this.#seen(this.#cloud.makeFolders(this.#full(path))).entry;
      });
      outcomes.set(path, outcome);
    }
    return paths.flatMap((path) => outcomes.get(path) ?? []);
  }

  async upload(requests: readonly UploadRequest[], hooks: UploadHooks): Promise<void> {
    let together: (readonly [number, Outcome<RemoteEntry>])[] = [];
    for (const [index, request] of requests.entries()) {
      let outcome: Outcome<RemoteEntry>;
      try {
        if (hooks.signal?.aborted === true) throw new Fault('aborted', 'The upload was ended.');
        hooks.started?.(index);
        const bytes = await collect(request.read(0));
        hooks.sent?.(index, bytes.length);
        this.#bytesUp += bytes.length;
        outcome = await this.#outcome('upload', request.path, null, () => this.#commit(request, bytes));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        outcome = { ok: false, fault: error };
      }
      if (hooks.settledTogether === undefined) await hooks.settled(index, outcome);
      else together.push([index, outcome]);
      if (together.length < COMMITTED_TOGETHER && index < requests.length - 1) continue;
      if (together.length > 0) await hooks.settledTogether?.(together);
      together = [];
    }
  }

  async *download(
    request: { readonly rev: Rev },
    start: number,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const bytes = await this.#call('download', null, null, () => {
      const revision = this.#cloud.revision(request.rev);
      if (revision === null) throw new Fault('not-found', 'Dropbox no longer has this version of the file.');
      if (revision.bytes === null) throw new Fault('not-downloadable', 'This document exists only in the cloud.');
      return revision.bytes.subarray(start);
    });
    const half = bytes.length >> 1;
    for (const part of [bytes.subarray(0, half), bytes.subarray(half)]) {
      if (signal?.aborted === true) throw new Fault('aborted', 'The download was ended.');
      if (part.length === 0) continue;
      await (this.hooks ?? this.#cloud).during?.({ root: this.#root, method: 'download', path: null, id: null });
      this.#bytesDown += part.length;
      yield part;
    }
  }

  async move(id: RemoteId, to: RelPath): Promise<RemoteEntry> {
    return this.#call('move', to, id, () => this.#seen(this.#cloud.relocate(this.#known(id), this.#full(to))).entry);
  }

  async moveAll(moves: readonly Move[]): Promise<readonly Outcome<RemoteEntry>[]> {
    const outcomes: Outcome<RemoteEntry>[] = [];
    for (const { id, to } of moves) {
      outcomes.push(
        await this.#outcome(
          'move',
          to,
          id,
          () => this.#seen(this.#cloud.relocate(this.#known(id), this.#full(to))).entry,
        ),
      );
    }
    return outcomes;
  }

  async copy(rev: Rev, to: RelPath): Promise<RemoteEntry> {
    return this.#call('copy', to, null, () => {
      const revision = this.#cloud.revision(rev);
      const node = revision === null ? null : this.#cloud.byId(revision.id);
      if (revision === null || node === null) throw new Fault('not-found', 'The file to copy is no longer in Dropbox.');
      if (node.kind === 'folder' || node.rev !== rev) throw new Fault('conflict', 'The file to copy has changed.');
      if (this.#cloud.find(this.#full(to)) !== null) throw new Fault('conflict', `There is something at "${to}".`);
      const { bytes, hash, modified } = revision;
      return this.#seen(this.#cloud.put(this.#full(to), null, bytes, hash, modified)).entry;
    });
  }

  async remove(
    targets: readonly { readonly id: RemoteId; readonly rev: Rev | null }[],
  ): Promise<readonly Outcome<null>[]> {
    const outcomes: Outcome<null>[] = [];
    for (const { id, rev } of targets) {
      outcomes.push(
        await this.#outcome('remove', null, id, () => {
          const node = this.#known(id);
          if (rev !== null && (node.kind === 'folder' || node.rev !== rev)) {
            throw new Fault('conflict', `"${node.name}" has changed in Dropbox.`);
          }
          this.#cloud.erase(node);
          return null;
        }),
      );
    }
    return outcomes;
  }

  async restore(path: RelPath, rev: Rev): Promise<RemoteEntry> {
    return this.#call('restore', path, null, () => {
      const revision = this.#cloud.revision(rev);
      if (revision === null || revision.path !== keyOf(this.#full(path))) {
        throw new Fault('not-found', `Dropbox has no such version of "${path}".`);
      }
      const there = this.#cloud.find(this.#full(path));
      if (there?.kind === 'folder') throw new Fault('conflict', `There is a folder at "${path}".`);
      const { bytes, hash, modified, id } = revision;
      const sameId = this.#cloud.byId(id) === null ? id : undefined;
      return this.#seen(this.#cloud.put(this.#full(path), there, bytes, hash, modified, sameId)).entry;
    });
  }

  async versions(id: RemoteId): Promise<readonly Version[]> {
    return this.#call('versions', null, id, () => this.#cloud.versionsOf(id));
  }

  async link(id: RemoteId): Promise<SharedLink> {
    return this.#call('link', null, id, () => {
      const { name, kind } = this.#known(id);
      return {
        url: `https://www.dropbox.com/scl/fi/${id.slice(3)}`,
        remoteId: id,
        pathLower: null,
        name,
        kind,
        audience: 'public' as const,
        password: false,
        expires: null,
      };
    });
  }

  async exportDocument(id: RemoteId): Promise<{ readonly name: string; readonly bytes: AsyncIterable<Uint8Array> }> {
    return this.#call('exportDocument', null, id, () => {
      const node = this.#known(id);
      if (node.kind === 'folder' || this.#cloud.revision(node.rev)?.bytes !== null) {
        throw new Fault('not-downloadable', `"${node.name}" has nothing to export.`);
      }
      const bytes = new TextEncoder().encode(`exported ${node.name}`);
      return {
        name: `${node.name}.md`,
        bytes: (async function* () {
          yield bytes;
        })(),
      };
    });
  }

  async account(): Promise<AccountInfo> {
    return this.#call('account', null, null, () => this.#cloud.account());
  }

  traffic(): { readonly requests: number; readonly bytesUp: number; readonly bytesDown: number } {
    return { requests: this.#requests, bytesUp: this.#bytesUp, bytesDown: this.#bytesDown };
  }

  #full(path: RelPath): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }

  #known(id: RemoteId): Node {
    const node = this.#cloud.byId(id);
    if (node === null) throw new Fault('not-found', 'It is no longer in Dropbox.');
    return node;
  }

  #seen(node: Node): { entry: RemoteEntry; inside: boolean } {
    const entry = this.#cloud.describe(node);
    const inside = `${entry.pathLower}/`.startsWith(this.#rootLower === '' ? '' : `${this.#rootLower}/`);
    return { entry: inside ? below(this.#rootLower, entry) : entry, inside };
  }

  #commit(request: UploadRequest, bytes: Uint8Array): RemoteEntry {
    if (bytes.length !== request.size || hashOfBytes(bytes) !== request.hash) {
      throw new Fault('changed', `"${request.path}" changed while it was read.`);
    }
    const path = this.#full(request.path);
    const there = this.#cloud.find(path);
    if (request.replaces === null) {
      const same = there?.kind === 'file' && this.#cloud.revision(there.rev)?.hash === request.hash;
      if (there !== null && !same) throw new Fault('conflict', `There is something at "${request.path}" already.`);
    } else if (there?.kind !== 'file' || there.rev !== request.replaces) {
      throw new Fault('conflict', `"${request.path}" has changed in Dropbox.`);
    }
    const file = there?.kind === 'file' ? there : null;
    return this.#seen(this.#cloud.put(path, file, bytes, request.hash, request.modified)).entry;
  }

  async #announce(method: CloudCall['method'], path: RelPath | null, id: RemoteId | null): Promise<CloudCall> {
    const call: CloudCall = { root: this.#root, method, path, id };
    this.#requests++;
    this.#cloud.calls.set(method, (this.#cloud.calls.get(method) ?? 0) + 1);
    await (this.hooks ?? this.#cloud).before?.(call);
    return call;
  }

  async #call<T>(method: CloudCall['method'], path: RelPath | null, id: RemoteId | null, effect: () => T): Promise<T> {
    const call = await this.#announce(method, path, id);
    const value = effect();
    await (this.hooks ?? this.#cloud).after?.(call);
    return value;
  }

  async #outcome<T>(
    method: CloudCall['method'],
    path: RelPath | null,
    id: RemoteId | null,
    effect: () => T,
  ): Promise<Outcome<T>> {
    try {
      return { ok: true, value: await this.#call(method, path, id, effect) };
    } catch (error) {
      if (error instanceof Fault) return { ok: false, fault: error };
      throw error;
    }
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  // A chunk is valid until the next is asked for.
  for await (const chunk of chunks) parts.push(chunk.slice());
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : new Uint8Array(Buffer.concat(parts));
}
