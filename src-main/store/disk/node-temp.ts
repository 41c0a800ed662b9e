// A file being written beside its place: opened (with what an interrupted write left), appended to, flushed, hashed.

import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { ContentHash, RelPath } from '../../../src-shared/domain.ts';
import type { TempFile } from '../../engine/ports.ts';
import { BLOCK_SIZE, ContentHasher } from '../../infra/content-hash.ts';
import { asFault } from './node-stamp.ts';

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

export async function openNodeTemp(absolute: string, path: RelPath): Promise<NodeTempFile> {
  try {
    const handle = await open(absolute, constants.O_RDWR | constants.O_CREAT | NO_FOLLOW, 0o666);
    const { size } = await handle.stat();
    return new NodeTempFile(handle, absolute, path, size);
  } catch (error) {
    throw asFault(error, path, 'write');
  }
}

export class NodeTempFile implements TempFile {
  readonly path: RelPath;
  readonly absolute: string;
  #handle: FileHandle | null;
  #size: number;
  /** Hash of what was written from byte 0 on; null where an earlier run wrote the beginning. */
  readonly #running: ContentHasher | null;
  #digest: ContentHash | null = null;

  constructor(handle: FileHandle, absolute: string, path: RelPath, size: number) {
    this.#handle = handle;
    this.absolute = absolute;
    this.path = path;
    this.#size = size;
    this.#running = size === 0 ? new ContentHasher() : null;
  }

  get size(): number {
    return this.#size;
  }

  get isOpen(): boolean {
    return this.#handle !== null;
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#handle === null) throw new Error('The temporary file is closed.');
    try {
      let offset = 0;
      while (offset < chunk.length) {
        const { bytesWritten } = await this.#handle.write(chunk, offset, chunk.length - offset, this.#size + offset);
        offset += bytesWritten;
      }
    } catch (error) {
      throw asFault(error, this.path, 'write');
    }
    this.#size += chunk.length;
    this.#running?.update(chunk);
  }

  async finish(): Promise<void> {
    const handle = this.#handle;
    if (handle === null) return;
    try {
      await handle.sync();
    } catch (error) {
      throw asFault(error, this.path, 'write');
    } finally {
      this.#handle = null;
      await handle.close();
    }
  }

  async discard(): Promise<void> {
    await this.#handle?.close();
    this.#handle = null;
    await rm(this.absolute, { force: true });
  }

  async hash(): Promise<ContentHash> {
    this.#digest ??= this.#running?.digest() ?? (await this.#hashFromDisk());
    return this.#digest;
  }

  async #hashFromDisk(): Promise<ContentHash> {
    const hasher = new ContentHasher();
    try {
      const handle = this.#handle ?? (await open(this.absolute, constants.O_RDONLY | NO_FOLLOW));
      try {
        const block = Buffer.allocUnsafe(Math.min(BLOCK_SIZE, Math.max(1, this.#size)));
        for (let position = 0; ;) {
          const { bytesRead } = await handle.read(block, 0, block.length, position);
          if (bytesRead === 0) return hasher.digest();
          hasher.update(block.subarray(0, bytesRead));
          position += bytesRead;
        }
      } finally {
        if (handle !== this.#handle) await handle.close();
      }
    } catch (error) {
      throw asFault(error, this.path, 'read');
    }
  }
}
