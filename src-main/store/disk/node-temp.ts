// A file being written beside its place: opened (with what an interrupted write left), appended to, flushed, hashed.

import { close, constants, fstat, fsync, open, read, write } from 'node:fs';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ContentHash, RelPath } from '../../../src-shared/domain.ts';
import type { TempFile } from '../../engine/ports.ts';
import { BLOCK_SIZE, ContentHasher } from '../../infra/content-hash.ts';
import { asFault, codeOf } from './node-stamp.ts';

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

const [openFile, readBlock, writeBytes] = [promisify(open), promisify(read), promisify(write)];
const [statusOf, syncFile, closeFile] = [promisify(fstat), promisify(fsync), promisify(close)];

export async function openNodeTemp(absolute: string, path: RelPath): Promise<NodeTempFile> {
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | NO_FOLLOW;
    // Nearly always nothing was left behind: a file that is new is empty.
    const fresh = await openFile(absolute, flags | constants.O_EXCL, 0o666).catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') return null;
      throw error;
    });
    if (fresh !== null) return new NodeTempFile(fresh, absolute, path, 0);
    const file = await openFile(absolute, flags, 0o666);
    return new NodeTempFile(file, absolute, path, (await statusOf(file)).size);
  } catch (error) {
    throw asFault(error, path, 'write');
  }
}

export class NodeTempFile implements TempFile {
  readonly path: RelPath;
  readonly absolute: string;
  /** Descriptor of the open file. */
  #file: number | null;
  #size: number;
  /** Hash of what was written from byte 0 on; null where an earlier run wrote the beginning. */
  readonly #running: ContentHasher | null;
  #digest: ContentHash | null = null;

  constructor(file: number, absolute: string, path: RelPath, size: number) {
    this.#file = file;
    this.absolute = absolute;
    this.path = path;
    this.#size = size;
    this.#running = size === 0 ? new ContentHasher() : null;
  }

  get size(): number {
    return this.#size;
  }

  get isOpen(): boolean {
    return this.#file !== null;
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#file === null) throw new Error('The temporary file is closed.');
    // Beside the disk, which has a thread of its own.
    const hashed = this.#running?.updateAside(chunk);
    try {
      let offset = 0;
      while (offset < chunk.length) {
        const { bytesWritten } = await writeBytes(
          this.#file,
          chunk,
          offset,
          chunk.length - offset,
          this.#size + offset,
        );
        offset += bytesWritten;
      }
    } catch (error) {
      throw asFault(error, this.path, 'write');
    } finally {
      await hashed;
    }
    this.#size += chunk.length;
  }

  async finish(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    try {
      await syncFile(file);
    } catch (error) {
      throw asFault(error, this.path, 'write');
    } finally {
      this.#file = null;
      await closeFile(file);
    }
  }

  async discard(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    if (file !== null) await closeFile(file);
    await rm(this.absolute, { force: true });
  }

  async hash(): Promise<ContentHash> {
    this.#digest ??= this.#running?.digest() ?? (await this.#hashFromDisk());
    return this.#digest;
  }

  async #hashFromDisk(): Promise<ContentHash> {
    const hasher = new ContentHasher();
    try {
      const file = this.#file ?? (await openFile(this.absolute, constants.O_RDONLY | NO_FOLLOW));
      try {
        const block = Buffer.allocUnsafe(Math.min(BLOCK_SIZE, Math.max(1, this.#size)));
        for (let position = 0; ;) {
          const { bytesRead } = await readBlock(file, block, 0, block.length, position);
          if (bytesRead === 0) return hasher.digest();
          hasher.update(block.subarray(0, bytesRead));
          position += bytesRead;
        }
      } finally {
        if (file !== this.#file) await closeFile(file);
      }
    } catch (error) {
      throw asFault(error, this.path, 'read');
    }
  }
}
