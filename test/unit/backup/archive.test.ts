import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashOfBytes } from '../../../src-main/infra/content-hash.ts';
import type { ExamineJob, PackJob, Packed } from '../../../src-main/backup/jobs.ts';
import { warningsOf } from '../../../src-main/backup/manifest.ts';
import { pack } from '../../../src-main/backup/pack.ts';
import { runJob } from '../../../src-main/backup/run-job.ts';
import { examine } from '../../../src-main/backup/unpack.ts';

let folder: string;
let number = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docktide-archive-'));
  const db = new Database(join(folder, 'used.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('user_version = 3');
  db.exec(`CREATE TABLE papers (id INTEGER PRIMARY KEY, text TEXT); CREATE VIRTUAL TABLE words USING fts5 (text)`);
  const insert = db.prepare('INSERT INTO papers (text) VALUES (?)');
  db.transaction(() => {
    for (let i = 0; i < 500; i++) insert.run(`paper ${i} ${'x'.repeat(i)}`);
  })();
  db.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const silent = () => undefined;

function work(): string {
  const path = join(folder, `work ${number++}`);
  mkdirSync(path);
  return path;
}

function packJob(more: Partial<PackJob> = {}): PackJob {
  const about = { version: '1', id: 'an id', madeAt: '2026-11-23T14:00:00.000Z', computer: 'here', store: 'store' };
  const place = { database: join(folder, 'used.sqlite'), folder: work(), file: join(folder, `archive ${number}`) };
  return { kind: 'pack', ...place, passphrase: null, sources: [], about, ...more };
}

const examineJob = (file: string, more: Partial<ExamineJob> = {}): ExamineJob => ({
  kind: 'examine',
  file,
  encrypted: false,
  passphrase: null,
  folder: work(),
  into: null,
  ...more,
});

async function packed(more: Partial<PackJob> = {}): Promise<Packed & { readonly file: string }> {
  const job = packJob(more);
  return { ...(await pack(job, silent)), file: job.file };
}

describe('what is packed', () => {
  test('is a tar.gz that the tools of the system open, with a database that stands alone', async () => {
    const { file, size, hash, manifest } = await packed();
    expect(readFileSync(file).length).toBe(size);
    expect(hashOfBytes(readFileSync(file))).toBe(hash);
    const into = work();
    execFileSync('tar', ['xzf', file, '-C', into]);
    expect(await readdir(into)).toEqual(['docktide.sqlite', 'manifest.json']);
    expect(JSON.parse(readFileSync(join(into, 'manifest.json'), 'utf8'))).toEqual(manifest);
    const sum = execFileSync('sha256sum', [join(into, 'docktide.sqlite')], { encoding: 'utf8' });
    expect(manifest.database).toMatchObject({ sha256: sum.slice(0, 64), schema: 3, counts: { papers: 500 } });
    const db = new Database(join(into, 'docktide.sqlite'), { readonly: true });
    expect(db.prepare('SELECT count(*) AS n FROM papers').get()).toEqual({ n: 500 });
    db.close();
  });

  test('is the database of one instant, whoever writes meanwhile', async () => {
    const db = new Database(join(folder, 'used.sqlite'));
    const insert = db.prepare('INSERT INTO papers (text) VALUES (?)');
    const writing = setInterval(() => insert.run('late'), 1);
    try {
      const { file } = await packed();
      expect(await examine(examineJob(file), silent)).toMatchObject({ problems: [] });
    } finally {
      clearInterval(writing);
      db.close();
    }
  });

  test('leaves nothing in its own folder', async () => {
    const job = packJob();
    await pack(job, silent);
    expect(await readdir(job.folder)).toEqual([]);
  });
});

describe('sources', () => {
  test('files and folders, as they are, links left out and told', async () => {
    const erp = join(folder, 'erp');
    mkdirSync(join(erp, 'empty'), { recursive: true });
    mkdirSync(join(erp, 'Ünter'));
    writeFileSync(join(erp, 'Ünter', 'a.txt'), 'a');
    writeFileSync(join(erp, 'zero'), '');
    symlinkSync('/etc/passwd', join(erp, 'link'));
    writeFileSync(join(folder, 'dump.sql'), 'CREATE TABLE');
    const { file, manifest } = await packed({
      sources: [
        { name: 'erp', path: erp },
        { name: 'dump', path: join(folder, 'dump.sql') },
        { name: 'gone', path: join(folder, 'nowhere') },
      ],
    });
    expect(manifest.sources).toMatchObject([
      { name: 'erp', kind: 'folder', files: 2, bytes: 1, skipped: { count: 1, paths: ['link'] } },
      { name: 'dump', kind: 'file', files: 1, bytes: 12 },
      { name: 'gone', kind: 'missing', files: 0 },
    ]);
    expect(warningsOf(manifest)).toEqual([
      expect.stringContaining('"link" of the source "erp" could not be read'),
      expect.stringContaining('The source "gone" is not in this backup'),
    ]);
    const into = work();
    const { problems } = await examine(examineJob(file, { into }), silent);
    expect(problems).toEqual([]);
    expect(await readFile(join(into, 'sources/erp/Ünter/a.txt'), 'utf8')).toBe('a');
    expect(await readFile(join(into, 'sources/dump/dump.sql'), 'utf8')).toBe('CREATE TABLE');
    expect(await readdir(join(into, 'sources/erp'))).toEqual(['empty', 'zero', 'Ünter']);
  });

  test('a file that changes while it is read is read again, and what comes last counts', async () => {
    const dump = join(folder, 'dump.sql');
    writeFileSync(dump, 'x'.repeat(3_000_000));
    let changes = 0;
    const { file, manifest } = await packed1(dump, () => {
      if (changes++ === 0) appendFileSync(dump, 'the end');
    });
    expect(manifest.sources[0]).toMatchObject({ files: 1, bytes: 3_000_007, changed: { count: 0 } });
    const into = work();
    expect((await examine(examineJob(file, { into }), silent)).problems).toEqual([]);
    expect((await readFile(join(into, 'sources/dump/dump.sql'), 'utf8')).endsWith('the end')).toBe(true);
  });

  test('a file that never rests is in the backup, and the backup says so', async () => {
    const dump = join(folder, 'dump.sql');
    writeFileSync(dump, 'x'.repeat(3_000_000));
    const { file, manifest } = await packed1(dump, () => appendFileSync(dump, '.'));
    expect(manifest.sources[0]).toMatchObject({ changed: { count: 1, paths: ['dump.sql'] } });
    expect(warningsOf(manifest)).toEqual([expect.stringContaining('changed while being read')]);
    expect((await examine(examineJob(file), silent)).problems).toEqual([]);
  });

  test('a file that shrinks while it is read does not break the archive', async () => {
    const dump = join(folder, 'dump.sql');
    writeFileSync(dump, 'x'.repeat(3_000_000));
    const { file, manifest } = await packed1(dump, () => writeFileSync(dump, 'short'));
    expect(manifest.sources[0]?.changed.count).toBe(1);
    expect((await examine(examineJob(file), silent)).problems).toEqual([]);
  });

  /** Calls back whenever a part of the source has been read. */
  async function packed1(path: string, onRead: () => void): Promise<Packed & { readonly file: string }> {
    const job = packJob({ sources: [{ name: 'dump', path }] });
    const result = await pack(job, ({ step, done, total }) => {
      if (step === 'packing' && done === total) onRead();
    });
    return { ...result, file: job.file };
  }
});

describe('with a passphrase', () => {
  test('the archive is an age file, and the passphrase opens it again', async () => {
    const { file } = await packed({ passphrase: 'correct horse battery staple' });
    expect(readFileSync(file).subarray(0, 32).toString('ascii')).toBe('age-encryption.org/v1\n-> scrypt ');
    const sealed = { encrypted: true, passphrase: 'correct horse battery staple' };
    expect(await examine(examineJob(file, sealed), silent)).toMatchObject({ problems: [], manifest: { id: 'an id' } });
    const wrong = examine(examineJob(file, { encrypted: true, passphrase: 'wrong' }), silent);
    await expect(wrong).rejects.toMatchObject({ code: 'passphrase-wrong' });
    await expect(examine(examineJob(file, { encrypted: true }), silent)).rejects.toMatchObject({
      code: 'passphrase-missing',
    });
    const damaged = readFileSync(file);
    damaged[damaged.length - 100] = (damaged[damaged.length - 100] ?? 0) ^ 1;
    writeFileSync(file, damaged);
    const { problems } = await examine(examineJob(file, sealed), silent);
    expect(problems).toEqual([expect.stringContaining('damaged')]);
  });
});

describe('what is wrong is found', () => {
  test('a byte that differs, an end that is missing, another file under the name', async () => {
    const { file } = await packed();
    const bytes = readFileSync(file);
    const problemsOf = async (changed: Buffer) => {
      writeFileSync(join(folder, 'changed'), changed);
      return (await examine(examineJob(join(folder, 'changed')), silent)).problems;
    };
    for (const at of [0, 40, bytes.length >> 1, bytes.length - 6]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      expect((await problemsOf(changed)).length, `byte ${at}`).toBeGreaterThan(0);
    }
    for (const length of [0, 10, bytes.length >> 1, bytes.length - 1]) {
      expect((await problemsOf(bytes.subarray(0, length))).length, `${length} bytes`).toBeGreaterThan(0);
    }
    expect(await problemsOf(Buffer.from('no backup at all'))).toHaveLength(1);
  });

  test('an archive that was put together anew with another database', async () => {
    const { file } = await packed();
    const into = work();
    execFileSync('tar', ['xzf', file, '-C', into]);
    const db = new Database(join(into, 'docktide.sqlite'));
    db.exec('DELETE FROM papers WHERE id = 7');
    db.close();
    execFileSync('tar', ['czf', file, '-C', into, 'docktide.sqlite', 'manifest.json']);
    const { problems } = await examine(examineJob(file), silent);
    expect(problems.join(' ')).toContain('it was changed or damaged');
    expect(problems.join(' ')).toContain('The table "papers" has 499 rows, but 500 were backed up');
  });
});

describe('on the worker thread', () => {
  test('a job tells its progress and its result', async () => {
    const job = packJob();
    const steps = new Set<string>();
    const { manifest } = await runJob(job, { report: ({ step }) => steps.add(step) });
    expect(manifest.database.counts['papers']).toBe(500);
    expect([...steps]).toEqual(['copying', 'packing']);
    expect(await runJob(examineJob(job.file))).toMatchObject({ problems: [] });
  });

  test('errors come back as they are, and a job that is stopped leaves no finished archive', async () => {
    await expect(runJob(packJob({ database: join(folder, 'nowhere.sqlite') }))).rejects.toMatchObject({
      code: 'failed',
    });
    const stop = new AbortController();
    const job = packJob();
    const running = runJob(job, { signal: stop.signal, report: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
  });
});
