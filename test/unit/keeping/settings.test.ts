// What is set for the document store through the whole service: rules that are changed and removed, how often is looked
// everywhere, and whether a path would be synced.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { whyIgnored } from '../../../src-main/keeping/policy.ts';
import { isLookDue } from '../../../src-main/store/schedule.ts';
import type { RelPath } from '../../../src-shared/domain.ts';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';

const code = (work: Promise<unknown>) => work.catch((error: unknown) => (error as { code: string }).code);

describe('folder rules', () => {
  let world: ServiceWorld;
  beforeEach(async () => {
    world = await serviceWorld();
    world.write('Quotations/SO001/a.txt', 'a');
    await world.sync();
  });
  afterEach(() => world.close());
  const rule = () => world.service.rules()[0]?.id ?? 0;
  const agree = async () => {
    await world.sync();
    expect(await world.remote()).toEqual(await world.local());
    return Object.keys(await world.local());
  };

  test('another pattern: folders are renamed on both sides, documents go along; further subfolders are for new records', async () => {
    await world.service.updateRule(rule(), { pattern: '{ref} {name}', subfolders: ['Drawings', 'Letters'] });
    await world.service.addRecord('sale.order', 'SO003', 'New', {});
    const paths = await agree();
    expect(paths).toContain('Quotations/SO001 SO001/a.txt');
    expect(paths).toContain('Quotations/SO003 New/Letters');
    expect(paths.some((path) => path.startsWith('Quotations/SO001/'))).toBe(false);
    expect(world.service.rules()).toMatchObject([{ pattern: '{ref} {name}', filter: null }]);
  });

  test('a narrower filter takes nothing away from anybody', async () => {
    const before = await agree();
    await world.service.updateRule(rule(), { filter: 'ref=SO002' });
    expect(await agree()).toEqual(before);
    await world.service.updateRule(rule(), { pattern: '{name}' });
    expect(world.service.rules()).toMatchObject([{ filter: 'ref=SO002', subfolders: ['Drawings'] }]);
    await world.service.updateRule(rule(), { filter: '' });
    expect(world.service.rules()).toMatchObject([{ filter: null }]);
  });

  test('a rule that is removed leaves its folders and documents on both sides, and synced', async () => {
    const before = await agree();
    await world.service.removeRule(rule());
    expect(await agree()).toEqual(before);
    world.write('Quotations/SO001/b.txt', 'b');
    expect(await agree()).toContain('Quotations/SO001/b.txt');
    expect(world.service.rules()).toEqual([]);
  });

  test('what cannot be read or is not there is refused and changes nothing', async () => {
    expect(await code(world.service.updateRule(rule(), { filter: 'state=' }))).toBe('bad-filter');
    expect(await code(world.service.updateRule(rule(), { pattern: '{' }))).toBe('bad-pattern');
    expect(await code(world.service.updateRule(99, {}))).toBe('unknown-rule');
    expect(await code(world.service.removeRule(99))).toBe('unknown-rule');
    expect(world.service.rules()).toMatchObject([{ pattern: '{name}', filter: null, subfolders: ['Drawings'] }]);
  });

  test('the schedule is kept over a restart, and nonsense is refused', async () => {
    expect(world.service.schedule()).toEqual({ minutes: 15 });
    world.service.setSchedule(60);
    await world.reopen();
    expect(world.service.schedule()).toEqual({ minutes: 60 });
    for (const minutes of [0, 1_441, 1.5]) expect(() => world.service.setSchedule(minutes)).toThrow('no schedule');
  });

  test('the ignore file of the documents folder counts beside the patterns of the settings', () => {
    world.write('.docktideignore', 'Secret/\n');
    world.service.setIgnorePatterns(['*.bak']);
    expect(world.service.checkIgnored('P/a.bak')).toEqual({
      path: 'P/a.bak',
      why: { kind: 'pattern', pattern: '*.bak' },
    });
    expect(world.service.checkIgnored('P/Secret/x.txt').why).toEqual({ kind: 'file' });
    expect(world.service.checkIgnored('P/a.txt').why).toBeNull();
    expect(world.service.checkIgnored('P/a.txt', ['a.*']).why).toEqual({ kind: 'pattern', pattern: 'a.*' });
  });
});

describe('why something is ignored', () => {
  const why = (path: string, patterns: readonly string[], file = '') => {
    const isFolder = path.endsWith('/');
    return whyIgnored(path.replace(/\/$/, '') as RelPath, isFolder ? 'folder' : 'file', patterns, file);
  };

  test('by its name, by a pattern, by a folder above, or not at all', () => {
    expect(why('A/~$letter.docx', [])).toEqual({ kind: 'name' });
    expect(why('A/x.tmp', ['*.log', '*.tmp', '*.tmp2'])).toEqual({ kind: 'pattern', pattern: '*.tmp' });
    expect(why('A/Drafts/x.pdf', ['Drafts/'])).toEqual({ kind: 'pattern', pattern: 'Drafts/' });
    expect(why('A/Drafts', ['Drafts/'])).toBeNull();
    expect(why('A/Drafts/', ['Drafts/'])).toEqual({ kind: 'pattern', pattern: 'Drafts/' });
    expect(why('A/x.pdf', ['*.pdf', '!x.pdf'])).toBeNull();
    expect(why('A/x.pdf', ['*.pdf', '!x.pdf', 'x.*'])).toEqual({ kind: 'pattern', pattern: 'x.*' });
  });
});

test('a look is due after its minutes, also where the clock was set back', () => {
  expect(isLookDue(0, 14 * 60_000, 15)).toBe(false);
  expect(isLookDue(0, 15 * 60_000, 15)).toBe(true);
  expect(isLookDue(10_000_000, 0, 15)).toBe(true);
});
