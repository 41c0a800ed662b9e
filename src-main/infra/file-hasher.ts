// Content hashes of files, read and hashed beside the main thread: a first look at a documents folder reads everything,
// and neither the window nor the transfers shall wait for that. Few files are read in place, many by worker threads that
// live as long as there is work. In: absolute paths; out: the hash with the file's status, or the error of the disk.
// Called by NodeDisk.

import type * as Crypto from 'node:crypto';
import type * as FileSystem from 'node:fs';
import { close, constants, fstat, lstat, open, read, type BigIntStats } from 'node:fs';
import { promisify } from 'node:util';
import type * as Threads from 'node:worker_threads';
import { Worker } from 'node:worker_threads';
import type { ContentHash } from '../../src-shared/domain.ts';
import { BLOCK_SIZE, ContentHasher } from './content-hash.ts';

/** The parts of a file's status by which a change is noticed. */
export type FileStatus = Pick<BigIntStats, 'dev' | 'ino' | 'birthtimeNs' | 'size' | 'mtimeNs' | 'ctimeNs'>;

export type Hashed =
  | { readonly kind: 'hashed'; readonly hash: ContentHash; readonly status: FileStatus }
  /** It is another file than when reading began. */
  | { readonly kind: 'changed' }
  /** No regular file (any more). */
  | { readonly kind: 'no-file' };

export interface FileHasher {
  /** Rejects with the error of the file system. */
  hash(absolute: string): Promise<Hashed>;
  /** Lets the threads go; what is asked for later is read in place. */
  close(): void;
}

/** Files asked for at once that are still read in place. */
const FEW = 12;
/** Files handed to a thread at once, and how much of that it may have before it has answered. */
const HANDED_AT_ONCE = 32;
const AHEAD = 2 * HANDED_AT_ONCE;
const THREADS = 2;
/** Milliseconds without work after which the threads end. */
const IDLE = 5_000;
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

const [openFile, readFile, closeFile] = [promisify(open), promisify(read), promisify(close)];
const statusOf = promisify<number, { bigint: true }, BigIntStats>(fstat);
const statusAt = promisify<string, { bigint: true }, BigIntStats>(lstat);

export function openFileHasher(): FileHasher {
  return new ThreadedHasher();
}

/** Reads with the main thread's own asynchronous calls. */
export async function hashInPlace(absolute: string): Promise<Hashed> {
  const file = await openFile(absolute, constants.O_RDONLY | NO_FOLLOW);
  try {
    const before = await statusOf(file, { bigint: true });
    if (!before.isFile()) return { kind: 'no-file' };
    const hasher = new ContentHasher();
    // One byte more than there should be: a short answer is the end of the file.
    const block = Buffer.allocUnsafe(Number(before.size < BLOCK_SIZE ? before.size + 1n : BLOCK_SIZE));
    for (let position = 0; ;) {
      const { bytesRead } = await readFile(file, block, 0, block.length, position);
      hasher.update(block.subarray(0, bytesRead));
      position += bytesRead;
      if (bytesRead < block.length) break;
    }
    const after = await statusAt(absolute, { bigint: true }).catch(() => null);
    const isSame = after !== null && after.isFile() && versionOf(after) === versionOf(before);
    return isSame ? { kind: 'hashed', hash: hasher.digest(), status: before } : { kind: 'changed' };
  } finally {
    await closeFile(file);
  }
}

function versionOf({ dev, ino, birthtimeNs, size, mtimeNs, ctimeNs }: FileStatus): string {
  return [dev, ino, birthtimeNs, size, mtimeNs, ctimeNs].join(':');
}

interface Job {
  readonly absolute: string;
  readonly resolve: (hashed: Hashed) => void;
  readonly reject: (error: unknown) => void;
}

/** What a thread answers: a result, or the code and message of an error. */
type Answer = Hashed | { readonly kind: 'error'; readonly code: string; readonly message: string };

interface Thread {
  readonly worker: Worker;
  /** In the order in which they were handed over. */
  readonly jobs: Job[];
}

class ThreadedHasher implements FileHasher {
  readonly #waiting: Job[] = [];
  readonly #threads: Thread[] = [];
  #inPlace = 0;
  #idle: NodeJS.Timeout | null = null;
  #closed = false;

  hash(absolute: string): Promise<Hashed> {
    if (this.#closed || (this.#threads.length === 0 && this.#inPlace < FEW)) return this.#readInPlace(absolute);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ absolute, resolve, reject });
      // What is asked for in the same turn goes together.
      if (this.#waiting.length === 1) queueMicrotask(() => this.#handOver());
    });
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  async #readInPlace(absolute: string): Promise<Hashed> {
    this.#inPlace++;
    try {
      return await hashInPlace(absolute);
    } finally {
      this.#inPlace--;
    }
  }

  #handOver(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    while (this.#threads.length < THREADS && this.#threads.length * AHEAD < this.#waiting.length) this.#start();
    for (const thread of this.#threads) {
      while (this.#waiting.length > 0 && thread.jobs.length < AHEAD) {
        const jobs = this.#waiting.splice(0, HANDED_AT_ONCE);
        thread.jobs.push(...jobs);
        thread.worker.ref();
        thread.worker.postMessage(jobs.map(({ absolute }) => absolute));
      }
    }
  }

  #start(): void {
    const worker = new Worker(`(${hashForParent.toString()})(require, ${BLOCK_SIZE}, ${NO_FOLLOW})`, { eval: true });
    const thread: Thread = { worker, jobs: [] };
    worker.on('message', (answers: readonly Answer[]) => this.#take(thread, answers));
    worker.on('error', () => this.#lose(thread));
    worker.on('exit', () => this.#lose(thread));
    worker.unref();
    this.#threads.push(thread);
  }

  #take(thread: Thread, answers: readonly Answer[]): void {
    for (const answer of answers) {
      const job = thread.jobs.shift();
      if (answer.kind === 'error') job?.reject(Object.assign(new Error(answer.message), { code: answer.code }));
      else job?.resolve(answer);
    }
    this.#handOver();
    if (thread.jobs.length > 0) return;
    thread.worker.unref();
    if (this.#threads.every(({ jobs }) => jobs.length === 0)) {
      this.#idle ??= setTimeout(() => this.#end(), IDLE).unref();
    }
  }

  /** A thread that died: its files are read here. */
  #lose(thread: Thread): void {
    const at = this.#threads.indexOf(thread);
    if (at >= 0) this.#threads.splice(at, 1);
    for (const job of thread.jobs.splice(0)) this.#readInPlace(job.absolute).then(job.resolve, job.reject);
    if (this.#threads.length > 0) return this.#handOver();
    for (const job of this.#waiting.splice(0)) this.#readInPlace(job.absolute).then(job.resolve, job.reject);
  }

  #end(): void {
    for (const { worker } of this.#threads) void worker.terminate();
  }
}

/**
 * The thread's program. It is sent as text, so that it needs no file of its own in whatever the application is packed
 * into: nothing outside of this function can be used in it.
 */
function hashForParent(load: NodeJS.Require, blockSize: number, noFollow: number): void {
  const fs = load('node:fs') as typeof FileSystem;
  const { createHash } = load('node:crypto') as typeof Crypto;
  const { parentPort } = load('node:worker_threads') as typeof Threads;
  const block = Buffer.allocUnsafe(blockSize);
  const bigint = { bigint: true } as const;
  const version = (at: BigIntStats): string =>
    [at.dev, at.ino, at.birthtimeNs, at.size, at.mtimeNs, at.ctimeNs].join(':');

  const hashOf = (file: number): string => {
    const overall = createHash('sha256');
    for (let position = 0; ;) {
      let filled = 0;
      for (let bytes = -1; bytes !== 0 && filled < blockSize; filled += bytes) {
        bytes = fs.readSync(file, block, filled, blockSize - filled, position + filled);
      }
      if (filled > 0) overall.update(createHash('sha256').update(block.subarray(0, filled)).digest());
      position += filled;
      if (filled < blockSize) return overall.digest('hex');
    }
  };
  const answerFor = (absolute: string): Answer => {
    let file: number | null = null;
    try {
      file = fs.openSync(absolute, fs.constants.O_RDONLY | noFollow);
      const before = fs.fstatSync(file, bigint);
      if (!before.isFile()) return { kind: 'no-file' };
      const hash = hashOf(file) as ContentHash;
      const after = fs.lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
      if (after?.isFile() !== true || version(after) !== version(before)) return { kind: 'changed' };
      const { dev, ino, birthtimeNs, size, mtimeNs, ctimeNs } = before;
      return { kind: 'hashed', hash, status: { dev, ino, birthtimeNs, size, mtimeNs, ctimeNs } };
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      return { kind: 'error', code, message };
    } finally {
      if (file !== null) fs.closeSync(file);
    }
  };
  parentPort?.on('message', (paths: readonly string[]) => {
    let answers: Answer[] = [];
    let since = performance.now();
    for (const path of paths) {
      answers.push(answerFor(path));
      if (performance.now() - since < 20) continue;
      parentPort.postMessage(answers);
      answers = [];
      since = performance.now();
    }
    if (answers.length > 0) parentPort.postMessage(answers);
  });
}
