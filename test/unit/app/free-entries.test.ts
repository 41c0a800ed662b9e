// Freeing what a person has chosen: these documents and no others, whatever the policy of their folder says, and never a
// byte that Dropbox does not have.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';

let world: ServiceWorld;

beforeEach(async () => {
  world = await serviceWorld({ company: false });
  for (const path of ['P/a.txt', 'P/b.txt', 'P/Dir/c.txt', 'P/Dir/d.txt']) world.write(path, `bytes of ${path}`);
  await world.sync();
});
afterEach(() => world.close());

const chosen = (...paths: string[]): number[] => paths.map((path) => world.entry(path).id);

test('what was chosen goes, also below a folder that keeps everything; the rest stays, and Dropbox keeps all of it', async () => {
  const there = await world.remote();
  world.service.setFolderKeep('P', 'always');
  const freed = await world.service.freeEntries(chosen('P/a.txt', 'P/Dir'));
  expect(freed.map(({ path, result }) => [path, result])).toEqual([
    ['P/Dir/c.txt', 'freed'],
    ['P/Dir/d.txt', 'freed'],
    ['P/a.txt', 'freed'],
  ]);
  expect(['P/a.txt', 'P/b.txt', 'P/Dir/c.txt'].map((path) => world.exists(path))).toEqual([false, true, false]);
  expect([world.entry('P/a.txt').state, world.entry('P/b.txt').state]).toEqual(['freed', 'synced']);
  const after = await world.sync();
  expect([after.deletedRemote, after.deletedLocal]).toEqual([0, 0]);
  expect(await world.remote()).toEqual(there);
  await world.service.open('P/a.txt');
  expect(world.read('P/a.txt')).toBe('bytes of P/a.txt');
});

test('bytes that Dropbox does not have stay: changed here, or changed there since', async () => {
  world.write('P/a.txt', 'changed here and not synced yet');
  await world.emulator.control('write', {
    path: '/ERP/P/b.txt',
    base64: Buffer.from('changed there').toString('base64'),
  });
  const answers = await world.service.freeEntries(chosen('P/a.txt', 'P/b.txt'));
  expect(answers.filter(({ result }) => result === 'freed')).toEqual([]);
  expect(answers.every(({ reason }) => reason !== null)).toBe(true);
  expect([world.read('P/a.txt'), world.read('P/b.txt')]).toEqual([
    'changed here and not synced yet',
    'bytes of P/b.txt',
  ]);
});

test('nothing is freed that is not in Dropbox yet', async () => {
  const source = join(world.folder, 'new.txt');
  writeFileSync(source, 'only here');
  await world.service.upload([source], { kind: 'folder', path: 'P' });
  expect(world.entry('P/new.txt').state).toBe('pending');
  expect(await world.service.freeEntries(chosen('P/new.txt'))).toEqual([]);
  expect(world.read('P/new.txt')).toBe('only here');
});
