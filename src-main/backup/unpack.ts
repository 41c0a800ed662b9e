// Restores a backup to a temporary place and finds out whether it can be relied on: every member is read and compared
// with the manifest, the database is opened, checked by SQLite and its rows are counted. In: an archive on disk; out: the
// restored database and what is wrong, as sentences. Optionally everything is unpacked for a person.
// Runs on the worker thread (run-job.ts).

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import Database from 'better-sqlite3';
import { decrypted } from './encryption.ts';
import { JobError, type ExamineJob, type Examined, type ReportProgress } from './jobs.ts';
import { DATABASE_MEMBER, MANIFEST_NAME, manifestSchema, type Manifest } from './manifest.ts';
import { asJobError, countRows, MemberDigest } from './pack.ts';
import { readTar, TarError, type TarMember } from './tar.ts';

/** A manifest is small; what is larger is none. */
const MANIFEST_LIMIT = 16 * 1024 * 1024;
const READ_CHUNK = 256 * 1024;

interface Found {
  manifest: Manifest | null;
  database: { readonly file: string; readonly sha256: string; readonly size: number } | null;
  members: Manifest['members'] | null;
}

export async function examine(job: ExamineJob, report: ReportProgress): Promise<Examined> {
  if (job.into !== null) await expectEmpty(job.into);
  const found: Found = { manifest: null, database: null, members: null };
  const problems: string[] = [];
  try {
    await readArchive(job, found, report);
  } catch (error) {
    const damage = damageOf(error);
    if (damage === null) throw asJobError(error);
    problems.push(damage);
  }
  const { manifest, database } = found;
  if (problems.length === 0 && manifest === null)
    problems.push('It holds no list of its contents, so nothing can be compared.');
  if (problems.length === 0 && database === null) problems.push('It holds no database.');
  if (manifest !== null && database !== null) problems.push(...compare(manifest, found, database));
  return { manifest, database: database?.file ?? null, problems };
}

async function readArchive(job: ExamineJob, found: Found, report: ReportProgress): Promise<void> {
  const sealed = Readable.from(fileBytes(job.file, report), { objectMode: false, highWaterMark: READ_CHUNK });
  const gunzip = createGunzip();
  const plain: Readable = job.encrypted ? await decrypted(sealed, job.passphrase) : sealed;
  const unpacking = pipeline(plain, gunzip);
  // Seen below, together with the error of whoever reads.
  unpacking.catch(() => undefined);
  const digest = new MemberDigest();
  try {
    for await (const member of readTar(gunzip)) {
      if (member.path === MANIFEST_NAME) {
        found.members = digest.result();
        found.manifest = await readManifest(job, member);
      } else await readMember(job, member, digest, found);
    }
    await unpacking;
  } catch (error) {
    gunzip.destroy();
    // What broke the stream says more than where it ended.
    const cause = await unpacking.then(
      () => null,
      (reason: unknown) => reason,
    );
    const early = (cause as { code?: unknown } | null)?.code === 'ERR_STREAM_PREMATURE_CLOSE';
    throw cause === null || early ? error : cause;
  }
}

async function* fileBytes(file: string, report: ReportProgress): AsyncGenerator<Buffer, void, undefined> {
  const { size } = await stat(file);
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: READ_CHUNK }) as AsyncIterable<Buffer>) {
    yield chunk;
    done += chunk.length;
    report({ step: 'checking', done, total: size });
  }
}

async function readMember(job: ExamineJob, member: TarMember, digest: MemberDigest, found: Found): Promise<void> {
  const { path, size } = member;
  if (member.kind === 'folder') {
    if (job.into !== null) await mkdir(join(job.into, path), { recursive: true });
    return;
  }
  const sha = createHash('sha256');
  const counted = async function* () {
    for await (const chunk of member.body) {
      sha.update(chunk);
      yield chunk;
    }
  };
  const isDatabase = path === DATABASE_MEMBER;
  const target = isDatabase ? join(job.folder, 'restored.sqlite') : job.into === null ? null : join(job.into, path);
  if (target === null) for await (const chunk of counted()) void chunk;
  else await writeMember(member, counted(), target);
  const sha256 = sha.digest('hex');
  digest.add(path, size, sha256);
  if (isDatabase && target !== null) found.database = { file: target, sha256, size };
}

/** Under another name until it is whole. */
async function writeMember(member: TarMember, bytes: AsyncIterable<Buffer>, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const part = `${target}.docktide-part`;
  try {
    await pipeline(bytes, createWriteStream(part, { mode: member.mode & 0o700, flush: true }));
    await utimes(part, new Date(), new Date(member.modified));
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function readManifest(job: ExamineJob, member: TarMember): Promise<Manifest> {
  if (member.size > MANIFEST_LIMIT) throw new TarError('The list of its contents cannot be read.');
  const parts: Buffer[] = [];
  for await (const part of member.body) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts);
  let json: unknown = null;
  try {
    json = JSON.parse(text.toString('utf8'));
  } catch {
    throw new TarError('The list of its contents cannot be read.');
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success)
    throw new TarError('The list of its contents cannot be read, or was written by a newer Docktide.');
  if (job.into !== null) {
    const body = (async function* () {
      yield text;
    })();
    await writeMember(member, body, join(job.into, MANIFEST_NAME));
  }
  return parsed.data;
}

/** What is wrong with a restored backup, by the manifest and by SQLite itself. */
function compare(manifest: Manifest, found: Found, database: NonNullable<Found['database']>): string[] {
  const problems: string[] = [];
  const { members } = found;
  if (database.size !== manifest.database.size || database.sha256 !== manifest.database.sha256) {
    problems.push('The database in it is not the one that was backed up: it was changed or damaged.');
  }
  if (members?.sha256 !== manifest.members.sha256 || members.count !== manifest.members.count) {
    problems.push('The files in it are not those that were backed up: some were changed or damaged.');
  }
  problems.push(...checkDatabase(database.file, manifest));
  return problems;
}

function checkDatabase(file: string, manifest: Manifest): string[] {
  try {
    const db = new Database(file);
    let verdict: unknown;
    try {
      verdict = db.pragma('integrity_check(1)', { simple: true });
    } finally {
      db.close();
    }
    if (verdict !== 'ok') return [`SQLite finds the database damaged: ${String(verdict)}.`];
    const { schema, counts } = countRows(file);
    const told = manifest.database;
    if (schema !== told.schema)
      return [`The database in it has the version ${schema}, but one of the version ${told.schema} was backed up.`];
    const tables = new Set([...Object.keys(counts), ...Object.keys(told.counts)]);
    const differing = [...tables].filter((table) => counts[table] !== told.counts[table]);
    return differing.map(
      (table) =>
        `The table "${table}" has ${counts[table] ?? 'no'} rows, but ${told.counts[table] ?? 'none'} were backed up.`,
    );
  } catch (error) {
    return [`The database cannot be opened: ${error instanceof Error ? error.message : String(error)}.`];
  }
}

/** A sentence for a damaged archive; null for an error that says nothing about the archive. */
function damageOf(error: unknown): string | null {
  if (error instanceof JobError) return null;
  if (error instanceof TarError) return error.message;
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? String(error.code) : '';
  if (/^Z_|^ERR__ZLIB/.test(code)) return 'The archive is damaged: it cannot be decompressed.';
  if (code !== '' && code !== 'ERR_STREAM_PREMATURE_CLOSE') return null;
  // What the age format's own checks throw carries no code.
  return 'The archive is damaged: it cannot be decrypted or ends in the middle.';
}

async function expectEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new JobError('unreadable', `The folder ${folder} cannot be used: ${error.message}.`);
  });
  if (names.length > 0) {
    throw new JobError('not-empty', `The folder ${folder} is not empty. Choose one that is, or a new one.`);
  }
  await mkdir(folder, { recursive: true });
}
