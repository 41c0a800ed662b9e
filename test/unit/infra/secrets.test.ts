import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultDataFolder } from '../../../src-main/infra/data-folder.ts';
import { lazyLogFile } from '../../../src-main/infra/log-file.ts';
import { withoutSecrets } from '../../../src-main/infra/redact.ts';
import { keyBox, openSecrets, plainBox, SecretsError } from '../../../src-main/infra/secrets.ts';
import { openSettings, SettingsError } from '../../../src-main/infra/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docktide-infra-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('secrets', () => {
  test('are kept, replaced and removed in a file that only its owner can read', () => {
    const secrets = openSecrets(folder);
    expect(secrets.get('a')).toBeNull();
    secrets.set('a', 'first');
    secrets.set('b', 'other');
    secrets.set('a', 'second');
    expect(openSecrets(folder).get('a')).toBe('second');
    secrets.remove('a');
    secrets.remove('never there');
    expect(openSecrets(folder).get('a')).toBeNull();
    expect(secrets.get('b')).toBe('other');
    expect(secrets.get('constructor')).toBeNull();
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['secrets.json']);
  });

  test('processes that keep theirs at the same moment lose none of each other', async () => {
    const module = new URL('../../../src-main/infra/secrets.ts', import.meta.url).href;
    const source = `import { openSecrets } from ${JSON.stringify(module)};
      const [, who] = process.argv;
      const secrets = openSecrets(${JSON.stringify(folder)});
      for (let index = 0; index < 25; index++) secrets.set(who + index, 'x');`;
    const run = (who: string) => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', source, who], { stdio: 'inherit' });
      return once(child, 'exit');
    };
    await Promise.all(['a', 'b', 'c'].map(run));
    const kept = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')) as Record<string, string>;
    expect(Object.keys(kept)).toHaveLength(75);
    expect(readdirSync(folder)).toEqual(['secrets.json']);
  });

  test('a lock that a killed process left behind is taken over', () => {
    const lock = join(folder, 'secrets.json.lock');
    writeFileSync(lock, '');
    utimesSync(lock, new Date(0), new Date(0));
    openSecrets(folder).set('a', '1');
    expect(readdirSync(folder)).toEqual(['secrets.json']);
  });

  test('a file that others can read is narrowed with the next write', () => {
    const secrets = openSecrets(folder);
    secrets.set('a', '1');
    chmodSync(join(folder, 'secrets.json'), 0o644);
    secrets.set('b', '2');
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  test('a damaged file is told and not overwritten', () => {
    writeFileSync(join(folder, 'secrets.json'), 'not json');
    const secrets = openSecrets(folder);
    expect(() => secrets.get('a')).toThrow(SecretsError);
    expect(() => secrets.set('a', 'x')).toThrow(SecretsError);
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).toBe('not json');
  });

  test('with a key they are encrypted, and readable with that key only', () => {
    const key = Buffer.alloc(32, 7);
    openSecrets(folder, plainBox).set('old', 'kept plain');
    const sealed = openSecrets(folder, keyBox(key));
    sealed.set('token', 'very secret');
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('very secret');
    expect(sealed.get('token')).toBe('very secret');
    expect(sealed.get('old')).toBe('kept plain');
    expect(() => openSecrets(folder, keyBox(Buffer.alloc(32, 8))).get('token')).toThrow(SecretsError);
    expect(() => openSecrets(folder, plainBox).get('token')).toThrow(/keyring/);
  });
});

describe('settings', () => {
  test('are merged, and seen by another reader at once', () => {
    const [one, other] = [openSettings(folder), openSettings(folder)];
    expect(one.values()).toEqual({});
    one.change({ documents: '/d' });
    other.change({ noticed: ['tokens'] });
    expect(one.values()).toEqual({ documents: '/d', noticed: ['tokens'] });
  });

  test.each(['{', '[]', '{"documents": 5}', '{"documents": ""}'])('%s is refused, not overwritten', (text) => {
    writeFileSync(join(folder, 'settings.json'), text);
    expect(() => openSettings(folder).values()).toThrow(SettingsError);
    expect(() => openSettings(folder).change({ documents: '/d' })).toThrow(SettingsError);
    expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toBe(text);
  });
});

describe('what is logged', () => {
  test.each([
    ['Authorization: Bearer sl.ABCDEFGHIJKLMNOPQRSTUV', 'Authorization: Bearer [secret]'],
    ['token=abc&x=1', 'token=[secret]&x=1'],
    ['{"refresh_token": "abc", "uid": 1}', '{"refresh_token": "[secret]", "uid": 1}'],
    ['found sl.u.AFabcdefghijklmnop in it', 'found [secret] in it'],
    ['Uploaded "token of love.pdf"', 'Uploaded "token of love.pdf"'],
  ])('%s', (text, clean) => {
    expect(withoutSecrets(text)).toBe(clean);
  });

  test('the log file is made with its first line, without tokens', () => {
    const log = lazyLogFile(folder);
    expect(readdirSync(folder)).toEqual([]);
    log.write('error', 'failed', { header: 'Bearer abc.def' });
    log.close();
    const line = JSON.parse(readFileSync(join(folder, 'logs', 'docktide.log'), 'utf8')) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'error', msg: 'failed', header: 'Bearer [secret]' });
  });
});

test('the data folder of each platform', () => {
  expect(defaultDataFolder('linux', {}, '/home/a')).toBe('/home/a/.local/share/docktide');
  expect(defaultDataFolder('linux', { XDG_DATA_HOME: '/x' }, '/home/a')).toBe('/x/docktide');
  expect(defaultDataFolder('linux', { XDG_DATA_HOME: 'relative' }, '/home/a')).toBe('/home/a/.local/share/docktide');
  expect(defaultDataFolder('darwin', {}, '/Users/a')).toBe('/Users/a/Library/Application Support/Docktide');
  expect(defaultDataFolder('win32', { APPDATA: 'C:\\R' }, 'C:\\a')).toContain('Docktide');
});
