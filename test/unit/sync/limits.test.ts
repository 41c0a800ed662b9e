import { describe, expect, test } from 'vitest';
import type { LocalId, RelPath } from '../../../src-shared/domain.ts';
import { asideOriginal, isAside } from '../../../src-main/sync/aside.ts';
import type { Operation, PlanPolicy } from '../../../src-main/sync/model.ts';
import { plan } from '../../../src-main/sync/plan.ts';
import { PlanWorld, POLICY } from '../../support/plan-world.ts';

// What a plan may not do, or must do otherwise: one-way folders, patterns, names that belong to another client. The
// simulation found each of these.

function world(files: Readonly<Record<string, string>>): PlanWorld {
  const made = new PlanWorld();
  for (const [path, content] of Object.entries(files)) {
    if (path.endsWith('/')) made.here.makeFolder(path.slice(0, -1));
    else made.here.write(path, content);
  }
  made.sync();
  return made;
}

const kinds = (operations: readonly Operation[]) => operations.map(({ kind, path }) => `${kind} ${path}`);

function flowing(flows: Readonly<Record<string, 'up' | 'down' | 'off'>>): PlanPolicy {
  const flow = (path: string) =>
    Object.entries(flows).find(([folder]) => path === folder || path.startsWith(`${folder}/`))?.[1] ?? 'both';
  return { ...POLICY, oneWay: true, flow };
}

const leaving = (pattern: RegExp): PlanPolicy => ({ ...POLICY, ignored: (path) => pattern.test(path) });

describe('one-way folders', () => {
  test('a conflict in one that goes up keeps the version from Dropbox there, and fetches nothing', () => {
    const w = world({ 'd/f': 'base' });
    w.policy = flowing({ d: 'up' });
    w.here.write('d/f', 'mine');
    w.there.write('d/f', 'theirs');
    expect(kinds(w.plan().operations)).toEqual([
      'remote.copy d/f (conflicted copy from Dropbox, 2026-11-23)',
      'remote.upload d/f',
    ]);
  });

  test('in one that goes down nothing becomes of a conflict', () => {
    const w = world({ 'd/f': 'base' });
    w.policy = flowing({ d: 'down' });
    w.here.write('d/f', 'mine');
    w.there.write('d/f', 'theirs');
    expect(w.plan().operations).toEqual([]);
  });

  test('one that Dropbox calls otherwise stays one', () => {
    const w = world({ 'd/f': 'base' });
    w.policy = flowing({ d: 'up' });
    w.there.move(w.there.get('d'), 'e');
    w.there.write('e/f', 'theirs');
    w.there.write('e/n', 'new');
    expect(w.plan().operations).toEqual([]);
  });

  test('a document that Dropbox moved into one that goes up is neither moved nor agreed upon at that place', () => {
    const w = world({ f: 'x', 'd/': '' });
    w.policy = flowing({ d: 'up' });
    w.there.move(w.there.get('f'), 'd/f');
    expect(w.plan().operations).toEqual([]);
  });

  test('what may not be touched makes no room, and nothing is sent where it would be', () => {
    const w = world({ f: 'x', 'd/g': 'y' });
    w.policy = flowing({ f: 'off' });
    w.here.move(w.here.get('f'), 'between');
    w.here.move(w.here.get('d'), 'f');
    w.here.move(w.here.get('between'), 'd');
    w.here.write('f/h', 'new');
    expect(w.plan().operations).toEqual([]);
  });

  test('what is new in Dropbox under a name that may not be touched is not renamed', () => {
    const w = world({});
    w.policy = flowing({ d: 'off' });
    w.here.makeFolder('d');
    w.there.write('d', 'theirs');
    expect(w.plan().operations).toEqual([]);
  });
});

describe('patterns', () => {
  test('a folder deleted here that holds in Dropbox what is left alone comes back', () => {
    const w = world({ 'd/f': 'x' });
    w.policy = leaving(/\.bak$/);
    w.there.write('d/n.bak', 'kept');
    w.here.remove(w.here.get('d'));
    expect(kinds(w.plan().operations)).toEqual(['local.folder d', 'remote.delete d/f']);
  });

  test('temporary and system files go with their folder', () => {
    const w = world({ 'd/f': 'x' });
    w.policy = leaving(/~\$/);
    w.there.write('d/~$n', 'temporary');
    w.here.remove(w.here.get('d'));
    expect(kinds(w.plan().operations)).toContain('remote.delete d');
  });

  test('what was left alone moves here where Dropbox moves it to a name that is not', () => {
    const w = world({ 'n.bak': 'x' });
    w.policy = leaving(/\.bak$/);
    w.there.move(w.there.get('n.bak'), 'n');
    const { operations, unsettled } = w.plan();
    expect(kinds(operations)).toEqual(['local.move n']);
    // What it holds was no part of this plan.
    expect(unsettled.local).toContain(0 as LocalId);
  });

  test('what gets such a name in Dropbox leaves; moved here too it does not', () => {
    const w = world({ f: 'x' });
    w.policy = leaving(/\.bak$/);
    w.there.move(w.there.get('f'), 'f.bak');
    expect(kinds(w.plan().operations)).toEqual(['local.trash f']);
    w.here.move(w.here.get('f'), 'g');
    expect(kinds(w.plan().operations)).toEqual(['remote.move g']);
  });
});

describe('names that another client has here', () => {
  const taken = (w: PlanWorld, ...names: string[]) => ({
    ...w.input(),
    policy: { ...POLICY, clientName: 'Berlin' },
    neighbours: names.map((name) => ({ parentId: null, name })),
  });

  test('stay that client’s; this one’s get its mark here and keep theirs in Dropbox', () => {
    const w = new PlanWorld();
    w.there.write('Offers/f', 'x');
    w.there.write('n.txt', 'y');
    w.there.write('free', 'z');
    const made = plan(taken(w, 'offers', 'n.txt', 'n (Berlin).txt')).operations;
    expect(made.map(({ path, remotePath }) => [path, remotePath])).toEqual([
      ['Offers (Berlin)', 'Offers'],
      ['free', 'free'],
      ['n (Berlin 2).txt', 'n.txt'],
      ['Offers (Berlin)/f', 'Offers/f'],
    ]);
  });

  test('are found again without a merge base', () => {
    const w = new PlanWorld();
    w.there.write('Offers/f', 'x');
    w.here.write('Offers (Berlin)/f', 'x');
    expect(kinds(plan(taken(w, 'Offers')).operations)).toEqual(['adopt Offers (Berlin)', 'adopt Offers (Berlin)/f']);
    // A name that merely looks so is another one.
    expect(kinds(plan(taken(w)).operations)).toContain('remote.folder Offers (Berlin)');
  });
});

test('what is made again here at the place to which Dropbox moved its former self is that document', () => {
  const w = world({ a: 'x' });
  w.there.move(w.there.get('a'), 'b');
  w.here.remove(w.here.get('a'));
  w.here.write('b', 'y');
  const { operations } = w.plan();
  expect(operations).toMatchObject([{ kind: 'remote.upload', path: 'b', replaces: { id: expect.any(String) } }]);
});

test('what the feed has named before its folder is in nobody’s way', () => {
  const w = world({ a: 'x', 'd/A': 'y' });
  const { remote, ...rest } = w.input();
  // Somebody moved it into a folder that is yet to be told.
  const told = remote.map((entry) => (entry.name === 'A' ? { ...entry, pathLower: 'new/a' as RelPath } : entry));
  expect(plan({ ...rest, remote: told }).operations).toEqual([]);
});

test.each(['.dt-aside-9-a', '.DT-ASIDE-X1-a', '.dt-aside-9-.dt-aside-8-a'])('%s is a name set aside', (name) => {
  expect([isAside(name), asideOriginal(name)]).toEqual([true, 'a']);
});
