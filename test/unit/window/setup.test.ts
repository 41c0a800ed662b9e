// The set-up without a window: how far it is, what is wrong with a field, and the folders that sets will make.

import { describe, expect, test } from 'vitest';
import {
  emailRemark,
  keyRemark,
  nameRemark,
  rootRemark,
  secretRemark,
  tokenRemark,
  type Remark,
} from '../../../src-renderer/features/setup/checks.ts';
import { namesIn, previewTree } from '../../../src-renderer/features/setup/preview-tree.ts';
import { isProgress, stepNow, type Progress } from '../../../src-renderer/features/setup/progress.ts';
import { LANGUAGES } from '../../../src-shared/languages.ts';
import { SET_IDS, TYPE_SETS, typesOf } from '../../../src-shared/type-sets.ts';
import { createWords } from '../../../src-shared/words/words.ts';

describe('how far the set-up is', () => {
  const at = (step: Progress['step'], documents = '/d'): Progress => ({ documents, step });
  const now = (phase: 'first-run' | 'ready', kept: Progress | null, demo = false) =>
    stepNow({ phase, demo, documents: '/d' }, kept);

  test.each<[Progress | null, string, string]>([
    [null, 'folder', 'done'],
    [at('folder'), 'folder', 'done'],
    [at('dropbox'), 'dropbox', 'done'],
    // A login that came to nothing leads back to the account; one that came about goes on to the types.
    [at('types'), 'dropbox', 'types'],
    [at('done'), 'dropbox', 'done'],
    [at('types', '/other'), 'folder', 'done'],
  ])('%j', (kept, before, connected) => {
    expect([now('first-run', kept), now('ready', kept), now('ready', kept, true)]).toEqual([before, connected, 'done']);
  });

  test('what an earlier version has kept is refused', () => {
    expect([null, at('types')].every(isProgress)).toBe(true);
    expect([undefined, 'types', {}, { documents: '/d', step: 'nowhere' }].some(isProgress)).toBe(false);
  });
});

const said = (remark: Remark | null) => (remark === null ? null : `${remark.tone} ${remark.words}`);

test.each([
  [nameRemark('Office', ['Berlin']), null],
  [nameRemark('  ', []), 'bad nameEmpty'],
  [nameRemark(' Office ', ['Office']), 'bad nameTaken'],
  [rootRemark('ERP Documents'), null],
  [rootRemark('/Company/ERP/'), null],
  [rootRemark(' / '), 'bad rootEmpty'],
  [rootRemark('a//b'), 'bad rootDots'],
  [rootRemark('a/../b'), 'bad rootDots'],
  [rootRemark('a\\b'), 'bad rootBackslash'],
  [rootRemark('ERP./x'), 'bad rootEnds'],
  [rootRemark('a / b'), 'bad rootEnds'],
  [rootRemark('x'.repeat(256)), 'bad rootLong'],
  [keyRemark(' a1b2c3d4e5f6g7h '), null],
  [keyRemark('short'), 'odd keyOdd'],
  [keyRemark('a key'), 'bad keySigns'],
  [keyRemark(''), 'bad keyEmpty'],
  [secretRemark('', 'key'), null],
  [secretRemark('s3cret', 'key'), null],
  [secretRemark('two words', 'key'), 'bad secretSigns'],
  [secretRemark('key ', ' key'), 'bad secretIsKey'],
  [tokenRemark('sl.abc-_1'), null],
  [tokenRemark('sl.abc def'), 'bad tokenSigns'],
  [tokenRemark(' '), 'bad tokenEmpty'],
  [emailRemark('anna@example.com'), null],
  [emailRemark('anna'), 'bad emailSigns'],
  [emailRemark(''), 'bad emailEmpty'],
])('a field: %j', (remark, expected) => {
  expect(said(remark)).toBe(expected);
});

test('the folders that the chosen types make, with one record each', () => {
  const types = [{ name: 'sale.order', label: 'Quotations', example: 'SO1', subfolders: ['Contracts', 'Plans'] }];
  expect(previewTree('ERP', types).map(({ depth, name }) => `${'-'.repeat(depth)}${name}`)).toEqual([
    'ERP',
    '-Quotations',
    '--SO1',
    '---Contracts',
    '---Plans',
  ]);
  expect(previewTree('ERP', [])).toHaveLength(1);
  expect(namesIn(' Contracts, Plans,,Contracts ، عقود ')).toEqual(['Contracts', 'Plans', 'عقود']);
});

test('ready-made sets have words in every language, and no two types share a name or a folder', () => {
  const all = SET_IDS.flatMap((id) => TYPE_SETS[id]);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const language of LANGUAGES) {
    const words = createWords(language);
    const types = SET_IDS.flatMap((id) => typesOf(id, (key) => (words.exists(key) ? words.t(key) : `missing ${key}`)));
    const names = types.flatMap(({ label, subfolders }) => [label, ...subfolders]);
    expect(names.filter((name) => name.startsWith('missing'))).toEqual([]);
    expect(new Set(types.map(({ label }) => label)).size).toBe(types.length);
    expect(all.filter(({ key }) => !words.exists(`sets.example.${key}`))).toEqual([]);
  }
});
