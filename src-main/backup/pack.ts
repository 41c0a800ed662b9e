// Makes one backup: a consistent copy of the database while it is in use, then the archive (tar, gzip, age where there is
// a passphrase), streamed, so that memory does not grow with what is backed up. The manifest comes last, because only
// then all is known. Runs on the worker thread (run-job.ts).

import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import Database from 'better-sqlite3';
import { ContentHasher } from '../infra/content-hash.ts';
import { encrypted } from './encryption.ts';
import { JobError, type BackupSource, type PackJob, type Packed, type ReportProgress } from './jobs.ts';
import {
  DATABASE_MEMBER,
  MANIFEST_NAME,
  NAMED_PATHS,
  SOURCES_FOLDER,
  type Manifest,
  type SourceContent,
} from './manifest.ts';
import { kindOfSource, sourceEntries, type SourceEntry } from './source-files.ts';
import { padding, tarEnd, tarHeader } from './tar.ts';

/** Pages that are copied in one step: about a megabyte, so that a step takes some milliseconds. */
const PAGES_AT_ONCE = 256;
const READ_CHUNK = 256 * 1024;
/** How often a file that changes while it is read is read again. */
const READS = 3;
const PAUSE_BEFORE_READING_AGAIN = 300;

export async function pack(job: PackJob, report: ReportProgress): Promise<Packed> {
  try {
    const snapshot = join(job.folder, 'snapshot.sqlite');
    await copyDatabase(job.database, snapshot, report);
    const content = new ArchiveContent(job, snapshot, report);
    const hasher = new ContentHasher();
    let size = 0;
    const gzip = createGzip();
    const source = Readable.from(content.bytes(), { objectMode: false, highWaterMark: READ_CHUNK });
    const packing = pipeline(source, gzip);
    const sealed = job.passphrase === null ? gzip : await encrypted(gzip, job.passphrase);
    await allOf([
      packing,
      pipeline(
        sealed,
        async function* (chunks: AsyncIterable<Uint8Array>) {
          for await (const chunk of chunks) {
            hasher.update(chunk);
            size += chunk.length;
            yield chunk;
          }
        },
        createWriteStream(job.file, { flags: 'wx', mode: 0o600, flush: true }),
      ),
    ]);
    await rm(snapshot);
    return { size, hash: hasher.digest(), manifest: content.manifest() };
  } catch (error) {
    throw asJobError(error);
  }
}

/** Online backup of SQLite, of the state at one instant; whoever writes meanwhile is neither stopped nor waited for. */
async function copyDatabase(from: string, to: string, report: ReportProgress): Promise<void> {
  const source = new Database(from, { readonly: true, timeout: 10_000 });
  try {
    // Without a snapshot held, every write of another connection would start the copy again.
    source.exec('BEGIN');
    const pageSize = Number(source.pragma('page_size', { simple: true }));
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await source.backup(to, {
      progress({ totalPages, remainingPages }) {
        report({ step: 'copying', done: (totalPages - remainingPages) * pageSize, total: totalPages * pageSize });
        return PAGES_AT_ONCE;
      },
    });
  } finally {
    source.close();
  }
  const copy = new Database(to);
  // One file that needs nothing beside it.
  copy.pragma('journal_mode = DELETE');
  copy.close();
}

/** Rows of each table but those that SQLite keeps for itself (full text, sequences). */
export function countRows(file: string): { readonly schema: number; readonly counts: Record<string, number> } {
  const db = new Database(file);
  try {
    const tables = db
      .prepare<[], { name: string }>(
        `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
      )
      .all();
    const counts: Record<string, number> = {};
    for (const { name } of tables) {
      const row = db.prepare<[], { rows: number }>(`SELECT count(*) AS rows FROM "${name}"`).get();
      counts[name] = row?.rows ?? 0;
    }
    return { schema: Number(db.pragma('user_version', { simple: true })), counts };
  } finally {
    db.close();
  }
}

/** One line for each member, in their order: what the archive holds, as one digest. */
export class MemberDigest {
  readonly #digest: Hash = createHash('sha256');
  #count = 0;
  #bytes = 0;

  add(path: string, size: number, sha256: string): void {
    this.#digest.update(`${sha256}  ${path}\n`);
    this.#count++;
    this.#bytes += size;
  }

  result(): Manifest['members'] {
    return { count: this.#count, bytes: this.#bytes, sha256: this.#digest.digest('hex') };
  }
}

class ArchiveContent {
  readonly #job: PackJob;
  readonly #snapshot: string;
  readonly #report: ReportProgress;
  readonly #members = new MemberDigest();
  #manifest: Manifest | null = null;
  #done = 0;
  #total = 0;

  constructor(job: PackJob, snapshot: string, report: ReportProgress) {
    this.#job = job;
    this.#snapshot = snapshot;
    this.#report = report;
  }

  manifest(): Manifest {
    if (this.#manifest === null) throw new JobError('failed', 'The backup was not finished. Make it again.');
    return this.#manifest;
  }

  async *bytes(): AsyncGenerator<Buffer, void, undefined> {
    const job = this.#job;
    const stats = await stat(this.#snapshot);
    this.#total = stats.size;
    const { schema, counts } = countRows(this.#snapshot);
    const file = { path: DATABASE_MEMBER, absolute: this.#snapshot, size: stats.size, mode: 0o600 };
    const read = yield* this.#file({ ...file, modified: Date.parse(job.about.madeAt) });
    const sources: SourceContent[] = [];
    for (const source of job.sources) sources.push(yield* this.#source(source));
    this.#manifest = {
      format: 1,
      program: 'docktide',
      ...job.about,
      database: { file: DATABASE_MEMBER, size: stats.size, sha256: read.sha256, schema, counts },
      sources,
      members: this.#members.result(),
    };
    const text = Buffer.from(`${JSON.stringify(this.#manifest, null, 2)}\n`);
    const modified = Date.parse(job.about.madeAt);
    yield tarHeader({ path: MANIFEST_NAME, kind: 'file', size: text.length, mode: 0o600, modified });
    yield text;
    yield padding(text.length);
    yield tarEnd();
  }

  async *#source(source: BackupSource): AsyncGenerator<Buffer, SourceContent, undefined> {
    const kind = await kindOfSource(source);
    const content = { name: source.name, path: source.path, kind: kind ?? ('missing' as const), files: 0, bytes: 0 };
    const changed = new PathList();
    const skipped = new PathList();
    // A source that holds the data folder must not hold the archive that is being written.
    const leaveOut = new Set([this.#job.folder, dirname(this.#job.file)]);
    const entries = kind === null ? [] : sourceEntries(source, leaveOut);
    for await (const entry of entries) {
      if (entry.kind === 'skipped') {
        skipped.add(entry.path);
        continue;
      }
      const path = `${SOURCES_FOLDER}/${source.name}/${entry.path}`;
      if (entry.kind === 'folder') {
        yield tarHeader({ path, kind: 'folder', size: 0, mode: entry.stats.mode, modified: entry.stats.mtimeMs });
        continue;
      }
      const outcome = yield* this.#sourceFile(entry, path);
      if (outcome === 'skipped') {
        skipped.add(entry.path);
        continue;
      }
      content.files++;
      content.bytes += outcome.size;
      if (outcome.changed) changed.add(entry.path);
    }
    return { ...content, changed: changed.result(), skipped: skipped.result() };
  }

  /** A file that changes while it is read is read again; whoever unpacks keeps what comes last under a name. */
  async *#sourceFile(
    { absolute, stats }: Extract<SourceEntry, { kind: 'file' | 'folder' }>,
    path: string,
  ): AsyncGenerator<Buffer, { readonly size: number; readonly changed: boolean } | 'skipped', undefined> {
    let size = stats.size;
    for (let read = 1; ; read++) {
      if (read > 1) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_BEFORE_READING_AGAIN * read));
        const now = await stat(absolute).catch(() => null);
        if (now === null) return { size, changed: true };
        ({ size } = now);
      }
      if (!(await isReadable(absolute))) return read === 1 ? 'skipped' : { size, changed: true };
      const { changed } = yield* this.#file({ path, absolute, size, mode: stats.mode, modified: stats.mtimeMs });
      if (!changed || read === READS) return { size, changed };
    }
  }

  /** Exactly `size` bytes: cut or filled up with zeros where the file has become another meanwhile. */
  async *#file(file: {
    readonly path: string;
    readonly absolute: string;
    readonly size: number;
    readonly mode: number;
    readonly modified: number;
  }): AsyncGenerator<Buffer, { readonly sha256: string; readonly changed: boolean }, undefined> {
    const { path, absolute, size } = file;
    yield tarHeader({ ...file, kind: 'file' });
    const before = await stat(absolute, { bigint: true }).catch(() => null);
    const digest = createHash('sha256');
    let left = size;
    const chunks = size === 0 ? [] : createReadStream(absolute, { end: size - 1, highWaterMark: READ_CHUNK });
    try {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        digest.update(chunk);
        left -= chunk.length;
        yield chunk;
        this.#progress(chunk.length);
      }
    } catch (error) {
      if (absolute === this.#snapshot) throw error;
    }
    const torn = left > 0;
    for (; left > 0; left -= Math.min(left, READ_CHUNK)) {
      const zeros = Buffer.alloc(Math.min(left, READ_CHUNK));
      digest.update(zeros);
      yield zeros;
    }
    yield padding(size);
    const after = await stat(absolute, { bigint: true }).catch(() => null);
    const same =
      before !== null &&
      after !== null &&
      before.ino === after.ino &&
      before.mtimeNs === after.mtimeNs &&
      Number(before.size) === size &&
      Number(after.size) === size;
    const sha256 = digest.digest('hex');
    this.#members.add(path, size, sha256);
    return { sha256, changed: torn || !same };
  }

  #progress(bytes: number): void {
    this.#done += bytes;
    this.#report({ step: 'packing', done: this.#done, total: Math.max(this.#done, this.#total) });
  }
}

/** As Promise.all, with the error that is the cause of the others: a stream that ends early only tells that one did. */
async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (errors.length === 0) return;
  throw errors.find((error) => (error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') ?? errors[0];
}

async function isReadable(absolute: string): Promise<boolean> {
  try {
    await (await open(absolute)).close();
    return true;
  } catch {
    return false;
  }
}

class PathList {
  #count = 0;
  readonly #paths: string[] = [];

  add(path: string): void {
    this.#count++;
    if (this.#paths.length < NAMED_PATHS) this.#paths.push(path);
  }

  result(): { count: number; paths: string[] } {
    return { count: this.#count, paths: this.#paths };
  }
}

export function asJobError(error: unknown): JobError {
  if (error instanceof JobError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'SQLITE_FULL' || code === 'EDQUOT') {
    return new JobError('disk-full', 'The disk is full: the backup needs more room. Free some space and try again.', {
      cause: error,
    });
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new JobError('failed', `The backup could not be made or read: ${detail}.`, { cause: error });
}
