// What belongs to the computer, without Electron: the tray's menu, the task bar, shortcuts, starting with the computer.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { autostartEntry, autostartFile, openAutostart } from '../../../src-main/infra/autostart.ts';
import { argumentsToKeep, dataFolderFrom } from '../../../src-main/shell/arguments.ts';
import { createRecent } from '../../../src-main/shell/recent.ts';
import { createTaskBar } from '../../../src-main/shell/task-bar.ts';
import { recentPaths, trayMenu, type TrayFacts } from '../../../src-main/shell/tray-menu.ts';
import { TRAY_STATES, trayIcon } from '../../../src-main/shell/tray-state.ts';
import { isAccelerator, QUICK_DROP_STANDARD } from '../../../src-shared/accelerator.ts';
import type { AppView } from '../../../src-shared/ipc/app.ts';
import type { TaskView } from '../../../src-shared/views.ts';
import { createWords } from '../../../src-shared/words/words.ts';

const folder = mkdtempSync(join(tmpdir(), 'docktide-desktop-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const counts = { types: 0, records: 0, folders: 0, files: 0, bytes: 0, pending: 0, held: 0, failed: 0, conflicts: 0 };
const office: AppView['clients'][number] = {
  name: 'Office',
  state: 'connected',
  reason: null,
  root: 'ERP',
  lastSync: null,
  pending: 0,
  held: 0,
  failed: 0,
  conflicts: 0,
};
const quiet: AppView = {
  phase: 'ready',
  demo: false,
  version: '1',
  platform: 'linux',
  documents: '/d',
  clients: [office],
  counts,
  passing: [],
  problems: [],
  tokensKept: 'keyring',
  redirectAddresses: [],
  loginWaits: false,
};

describe('the menu of the tray', () => {
  const words = createWords('en');
  const menu = (view: Partial<AppView> = {}, more: Partial<TrayFacts> = {}) =>
    trayMenu({ view: { ...quiet, ...view }, recent: [], shortcut: null, ...more }, words);
  const labels = (lines: ReturnType<typeof menu>) => lines.map(({ label }) => label);

  test('all is well: the state in words, and what people want', () => {
    const lines = menu();
    expect(labels(lines)).toEqual([
      'Everything is in sync',
      null,
      'Open Docktide',
      'Quick drop…',
      'Sync now',
      'Pause',
      null,
      'Quit',
    ]);
    expect(lines[0]?.enabled).toBe(false);
    expect(menu({}, { shortcut: 'Ctrl+D' }).find(({ deed }) => deed?.kind === 'quick-drop')?.accelerator).toBe(
      'Ctrl+D',
    );
  });

  test('what needs a person stands on top and leads to the screen where it is solved', () => {
    const clients = [
      { ...office, state: 'disconnected' as const, reason: 'login-revoked' as const },
      { ...office, name: 'Berlin', state: 'disconnected' as const, reason: 'no-network' as const },
    ];
    const problems = [
      { client: 'Office', code: 'login-lost', message: 'said already' },
      { client: '', code: 'disk-full', message: 'The disk is full.' },
    ];
    const lines = menu({ clients, problems, counts: { ...counts, held: 1_200, conflicts: 1, failed: 2 } });
    const leading = lines.flatMap(({ label, deed }) => (deed?.kind === 'screen' ? [[label, deed.screen]] : []));
    expect(leading).toEqual([
      ['Office: connect again…', 'settings'],
      ['Berlin: Dropbox cannot be reached', 'settings'],
      ['1,200 deletions wait for your decision', 'sync'],
      ['One conflict', 'conflicts'],
      ['2 tasks have failed', 'sync'],
    ]);
    expect(lines.find(({ label }) => label?.startsWith('Office'))?.deed).toMatchObject({
      params: { part: 'accounts', client: 'Office' },
    });
    expect(labels(menu({ problems: problems.slice(1) }))).toContain('The disk is full.');
  });

  test('the documents that changed last open; long names keep beginning and end', () => {
    const long = `Quotations/SO001/${'Ground floor '.repeat(8)}final.dwg`;
    const lines = menu({}, { recent: ['Quotations/SO001/Offer & plan.pdf', long] });
    const documents = lines.filter(({ deed }) => deed?.kind === 'document');
    expect(documents[0]).toMatchObject({
      label: 'Offer & plan.pdf',
      deed: { path: 'Quotations/SO001/Offer & plan.pdf' },
    });
    const shown = documents[1]?.label ?? '';
    expect([shown.length, shown.startsWith('Ground floor'), shown.endsWith('final.dwg')]).toEqual([44, true, true]);
  });

  test('paused, and nothing connected yet', () => {
    const paused = menu({ clients: [{ ...office, state: 'paused' }] });
    expect(paused.find(({ deed }) => deed?.kind === 'resume')?.enabled).toBe(true);
    expect(paused.find(({ deed }) => deed?.kind === 'sync')?.enabled).toBe(false);
    const none = menu({ phase: 'first-run', clients: [] });
    expect(none.filter(({ enabled }) => enabled).map(({ label }) => label)).toEqual(['Open Docktide', 'Quit']);
  });
});

describe('the documents that changed last', () => {
  const task = (path: string, more: Partial<TaskView> = {}) =>
    ({ kind: 'remote.upload', path, state: 'done', ...more }) as TaskView;

  test('uploads and downloads that are done, each once, the newest first', () => {
    const tasks = [
      task('b'),
      task('x', { kind: 'remote.delete' }),
      task('a', { kind: 'local.download' }),
      task('b'),
      task('y', { state: 'running' }),
      task('c'),
    ];
    expect(recentPaths(tasks, 2)).toEqual(['b', 'a']);
    expect(recentPaths(tasks, 9)).toEqual(['b', 'a', 'c']);
  });

  test('follow the tasks, and are read anew for another store', () => {
    let stored = [task('a'), task('b')];
    const recent = createRecent(() => stored);
    expect(recent.paths()).toEqual(['a', 'b']);
    expect(recent.task(task('b'))).toBe(true);
    expect(recent.task(task('b'))).toBe(false);
    expect(recent.task(task('c', { state: 'running' }))).toBe(false);
    expect(recent.paths()).toEqual(['b', 'a']);
    stored = [task('z')];
    recent.forget();
    expect(recent.paths()).toEqual(['z']);
    const closed = createRecent(() => {
      throw new Error('There is no store.');
    });
    expect(closed.paths()).toEqual([]);
  });
});

test('the task bar shows long passes and jobs in whole percents, and nothing when they are over', () => {
  const shown: (number | null)[] = [];
  const bar = createTaskBar((progress) => shown.push(progress));
  bar.pass('Office', 3, 5);
  expect(shown).toEqual([]);
  bar.pass('Office', 0, 200);
  bar.pass('Office', 1, 200);
  bar.pass('Office', 100, 200);
  bar.job(1);
  expect(shown).toEqual([0, 0.5, 0.75]);
  bar.passEnded('Office');
  bar.job(null);
  bar.job(null);
  expect(shown).toEqual([0, 0.5, 0.75, 1, null]);
});

test.each([
  [QUICK_DROP_STANDARD, true],
  ['Alt+Super+F', true],
  ['F9', true],
  ['Shift+D', false],
  ['D', false],
  ['Control', false],
  ['Control+', false],
  ['Hyper+D', false],
  ['Control+Ctrl+F25', false],
])('%s can be a shortcut of the whole computer: %s', (keys, can) => {
  expect(isAccelerator(keys)).toBe(can);
});

describe('starting with the computer', () => {
  const file = join(folder, 'config', 'autostart', 'docktide.desktop');

  test('an entry of the desktop that starts the program hidden, and goes away again', () => {
    const command = ['/opt/Dock tide/docktide', '--hidden'];
    const entry = openAutostart(command, file);
    expect(entry.on()).toBe(false);
    entry.set(true);
    expect(entry.on()).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('\nExec="/opt/Dock tide/docktide" "--hidden"\n');
    writeFileSync(file, readFileSync(file, 'utf8').replace('enabled=true', 'enabled=false'));
    expect(entry.on()).toBe(false);
    entry.refresh();
    expect(entry.on()).toBe(false);
    entry.set(true);
    openAutostart(['/opt/new/docktide'], file).refresh();
    expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/new/docktide"\n');
    entry.set(false);
    expect([entry.on(), existsSync(file)]).toEqual([false, false]);
    entry.refresh();
    expect(existsSync(file)).toBe(false);
  });

  test('signs that mean something in an entry are escaped', () => {
    const exec = (argument: string) => /^Exec=(.*)$/m.exec(autostartEntry([argument]))?.[1];
    expect(exec('a"b')).toBe('"a\\\\"b"');
    expect(exec('$HOME 100%')).toBe('"\\\\$HOME 100%%"');
    expect(exec('back\\slash')).toBe('"back\\\\\\\\slash"');
  });

  test('where the entry lies, and what the next start is told', () => {
    expect(autostartFile({}, '/home/ada')).toBe('/home/ada/.config/autostart/docktide.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: '/x' }, '/home/ada')).toBe('/x/autostart/docktide.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: 'x' }, '/home/ada')).toBe('/home/ada/.config/autostart/docktide.desktop');
    expect(argumentsToKeep(['app', '--data', '/srv/docs', '--hidden'])).toEqual(['--data=/srv/docs']);
    expect(argumentsToKeep(['app'])).toEqual([]);
    expect(dataFolderFrom(['app', '--data='])).toBeNull();
  });
});

describe("the tray's icons", () => {
  const build = join(import.meta.dirname, '../../../build');
  /** Width and height stand at fixed places of a PNG's first chunk. */
  const sizeOf = (name: string) => {
    const file = readFileSync(join(build, name));
    return [file.readUInt32BE(16), file.readUInt32BE(20)];
  };

  test.each(['linux', 'win32', 'darwin'])('each state has one of its own on %s, in two sizes', (platform) => {
    const pictures = new Set<string>();
    for (const state of TRAY_STATES) {
      const name = trayIcon(state, platform);
      const twice = name.replace('.png', '@2x.png');
      expect(sizeOf(twice)).toEqual(sizeOf(name).map((length) => 2 * length));
      pictures.add(readFileSync(join(build, name)).toString('base64'));
    }
    expect(pictures.size).toBe(TRAY_STATES.length);
  });
});
