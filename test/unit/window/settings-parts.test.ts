// Pure parts of the settings: keys as Electron writes them, and the licences of what the program is made of.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { acceleratorOf, shortcutOf } from '../../../src-renderer/features/settings/accelerator.ts';
import { writtenKeys } from '../../../src-shared/accelerator.ts';
import { OWN_LICENCE, PARTS } from '../../../src-renderer/features/settings/licences.ts';
import { wishOf } from '../../../src-renderer/features/backups/schedules.ts';

const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

describe('the keys of quick drop', () => {
  test('are taken by their place, with command, Alt and Shift', () => {
    expect(acceleratorOf({ ...none, key: 'D', code: 'KeyD', ctrlKey: true, shiftKey: true })).toBe(
      'CommandOrControl+Shift+D',
    );
    expect(acceleratorOf({ ...none, key: '∂', code: 'KeyD', metaKey: true, altKey: true })).toBe(
      'CommandOrControl+Alt+D',
    );
    expect(acceleratorOf({ ...none, key: ' ', code: 'Space', ctrlKey: true })).toBe('CommandOrControl+Space');
    expect(acceleratorOf({ ...none, key: 'F9', code: 'F9' })).toBe('F9');
  });

  test('a modifier alone, or a key that people type with, is none', () => {
    expect(acceleratorOf({ ...none, key: 'Control', code: 'ControlLeft', ctrlKey: true })).toBeNull();
    expect(acceleratorOf({ ...none, key: 'D', code: 'KeyD', shiftKey: true })).toBeNull();
    expect(acceleratorOf({ ...none, key: 'Enter', code: 'Enter', ctrlKey: true })).toBeNull();
  });

  test('are shown as the window shows its own', () => {
    expect(shortcutOf('CommandOrControl+Shift+D')).toBe('mod+shift+d');
    expect(shortcutOf('Alt+F9')).toBe('alt+F9');
  });
});

test('keys in a sentence are written as on the keyboard', () => {
  expect(writtenKeys('CommandOrControl+Alt+J', 'linux')).toBe('Ctrl+Alt+J');
  expect(writtenKeys('CommandOrControl+Shift+D', 'darwin')).toBe('Command+Shift+D');
  expect(writtenKeys('F9', 'win32')).toBe('F9');
});

test('the schedules of backups are known again, an own one is not', () => {
  expect([wishOf(null), wishOf('0 3 * * *'), wishOf('1 2 3 * *')]).toEqual(['off', 'daily', null]);
});

test('every package that the program needs at run time stands among the licences, as it says of itself', () => {
  const stated = (name: string): readonly string[] => {
    const file = join(import.meta.dirname, '..', '..', '..', 'node_modules', name, 'package.json');
    const { version, license } = JSON.parse(readFileSync(file, 'utf8')) as { version: string; license: string };
    return [name, version, license];
  };
  expect(PARTS).toEqual(PARTS.map(([name]) => stated(name)));
  const named = new Set(PARTS.map(([name]) => name));
  expect(Object.keys(manifest.dependencies).filter((name) => !named.has(name))).toEqual([]);
  expect(OWN_LICENCE).toBe(manifest.license);
});
