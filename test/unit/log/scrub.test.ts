import { describe, expect, test } from 'vitest';
import { hiddenNames, makeScrub, secretTexts, secretVariables } from '../../../src-main/log/scrub.ts';

describe('secrets', () => {
  test('are found in every spelling', () => {
    const secret = 'pass/word "of" Müller+1';
    const scrub = makeScrub([secret, 'pass']);
    for (const spelling of [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      Buffer.from(secret).toString('base64'),
    ]) {
      const clean = scrub(`before ${spelling} after`);
      expect(clean).toMatch(/^before "?\[secret\](=*)"? after$/);
    }
  });

  test('all texts of a login that is kept as JSON are secret, and plain ones as they are', () => {
    expect(secretTexts(['{"refreshToken":"r","accessToken":"a","expiresAt":5}', 'plain'])).toEqual(['r', 'a', 'plain']);
  });

  test('variables that clients name, and those whose name tells', () => {
    const env = { MY_BOX: '1', APP_TOKEN: '2', DB_PASSWORD: '3', HOME: '4', EMPTY_TOKEN: undefined };
    expect(secretVariables(env, ['MY_BOX']).sort()).toEqual(['1', '2', '3']);
  });

  test.each([
    ['Authorization: Bearer abc.def', 'abc.def'],
    ['{"password":"hunter2"}', 'hunter2'],
    ['passphrase=correct-horse', 'correct-horse'],
    ['app_secret: xyz123', 'xyz123'],
    ['appSecret="xyz123"', 'xyz123'],
    ['see https://www.dropbox.com/scl/fi/abc/x.pdf?rlkey=zzz&dl=0 now', 'rlkey'],
    ['https://www.dropbox.com/s/abcdef/file', 'abcdef'],
    ['https://x.dl.dropboxusercontent.com/cd/0/get/QQ', '/QQ'],
    ['GET /oauth2/authorize?code=ABC123&state=S1 failed', 'ABC123'],
    ['kept sl.B0123456789abcdefXYZ', 'B0123456789'],
    ['was aBcD1234567890aBcD1234567890aBcD1234567890xyz9 there', 'aBcD1234567890aBcD'],
  ])('%s', (text, secret) => {
    expect(makeScrub([])(text)).not.toContain(secret);
  });

  test.each([
    'remote.upload done: new here',
    'Basic accounts have no expiry.',
    'https://www.dropbox.com/home/ERP/Quotations',
    'hash 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
    'id:AAAAAAAAAAAAAAAAAAAAAA',
  ])('%s is left as it is', (text) => {
    expect(makeScrub(['other secret'])(text)).toBe(text);
  });
});

describe('names', () => {
  const names = hiddenNames(Buffer.alloc(32, 1));

  test('the same name is the same sign, its ending stays', () => {
    expect(names.path('Quotations/SO1/Angebot Müller.pdf')).toMatch(
      /^~[0-9a-f]{10}\/~[0-9a-f]{10}\/~[0-9a-f]{10}\.pdf$/,
    );
    expect(names.path('a/b.pdf').split('/')[0]).toBe(names.name('a'));
    expect(names.name('b.pdf').replace('.pdf', '')).toBe(names.name('b'));
    expect(hiddenNames().name('a')).not.toBe(hiddenNames().name('a'));
    expect(names.name('no ending. at all, Müller')).not.toContain('ller');
  });

  test.each([
    ['"Quotations/Geheim.pdf" has changed here meanwhile.', []],
    ["ENOENT: no such file or directory, open '/home/anna/docs/Geheim.pdf'", []],
    ['open /home/anna/docs/Geheim failed', []],
    ['cannot read „Geheim“ today', []],
    ['C:\\Users\\anna\\Geheim.pdf is locked', []],
    ['Geheim.pdf was moved to Geheim', ['X/Geheim.pdf', 'Geheim']],
    ['mail to anna@geheim.example', []],
  ])('%s', (text, known) => {
    const clean = names.text(text, known);
    expect(clean).not.toMatch(/geheim|anna/i);
  });

  test('words and places in the program stay', () => {
    expect(names.text("it's Dropbox's own, isn't it")).toBe("it's Dropbox's own, isn't it");
    expect(names.text('at run (file:///opt/docktide/src-main/engine/pass.ts:12:3)')).toBe(
      'at run (src-main/engine/pass.ts:12:3)',
    );
  });
});
