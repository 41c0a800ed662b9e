// The program that is run for each event, as a real process.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventCommand, type EventCommandOptions } from '../../../src-main/notify/event-command.ts';
import type { NoticeView } from '../../../src-shared/notify-views.ts';

let folder = '';
let warnings: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docktide-event-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NOTICE: NoticeView = {
  id: 7,
  time: '2026-11-23T08:00:00.000Z',
  client: 'Office; $(touch injected)',
  kind: 'failed',
  level: 'error',
  state: null,
  reason: null,
  count: 1,
  paths: ['Papers/`touch injected`\n"x".txt'],
  message: 'Office: "x" could not be synchronised.',
  subscribed: true,
};

/** A program in the folder, and how it is started. */
function program(source: string): string[] {
  const file = join(folder, 'tell.mjs');
  writeFileSync(file, source);
  return [process.execPath, file];
}

function command(words: readonly string[], more: Partial<EventCommandOptions> = {}): ReturnType<typeof eventCommand> {
  return eventCommand({
    words,
    env: { PATH: process.env['PATH'] ?? '' },
    workingFolder: folder,
    timeoutSeconds: 20,
    warn: (message) => warnings.push(message),
    ...more,
  });
}

const lines = (): unknown[] =>
  readFileSync(join(folder, 'told'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

const TELL = `
import { appendFileSync, readFileSync } from 'node:fs';
const event = JSON.parse(readFileSync(0, 'utf8'));
const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('DOCKTIDE_')));
appendFileSync('told', JSON.stringify({ event, own, words: process.argv.slice(2) }) + '\\n');
`;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('it gets the event on standard input and in variables, one event after the other, and no shell sees it', async () => {
  const told = command([...program(TELL), '$HOME', '; touch injected']);
  told.push(NOTICE);
  told.push({ ...NOTICE, id: 8, client: null, kind: 'backup', paths: ['a\0b'] });
  await told.drain();
  expect(warnings).toEqual([]);
  expect(lines()).toMatchObject([
    {
      event: NOTICE,
      words: ['$HOME', '; touch injected'],
      own: {
        DOCKTIDE_EVENT_ID: '7',
        DOCKTIDE_EVENT_TIME: NOTICE.time,
        DOCKTIDE_EVENT_KIND: 'failed',
        DOCKTIDE_EVENT_LEVEL: 'error',
        DOCKTIDE_EVENT_CLIENT: NOTICE.client,
        DOCKTIDE_EVENT_STATE: '',
        DOCKTIDE_EVENT_REASON: '',
        DOCKTIDE_EVENT_COUNT: '1',
        DOCKTIDE_EVENT_PATH: NOTICE.paths[0],
        DOCKTIDE_EVENT_MESSAGE: NOTICE.message,
      },
    },
    { event: { id: 8 }, own: { DOCKTIDE_EVENT_CLIENT: '', DOCKTIDE_EVENT_PATH: 'a\ufffdb' } },
  ]);
  expect(existsSync(join(folder, 'injected'))).toBe(false);
});

test('one that hangs is ended with all it started, and the next event has its turn', async () => {
  const hang = program(`
    import { spawn } from 'node:child_process';
    import { existsSync, writeFileSync } from 'node:fs';
    if (existsSync('pid')) process.exit(0);
    process.on('SIGTERM', () => {});
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    writeFileSync('pid', String(child.pid));
    setInterval(() => {}, 1000);
  `);
  const told = command(hang, { timeoutSeconds: 1 });
  told.push(NOTICE);
  told.push(NOTICE);
  await told.drain();
  expect(warnings).toEqual([expect.stringContaining('did not end within 1 seconds') as string]);
  const grandchild = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  await expect.poll(() => isRunning(grandchild)).toBe(false);
});

test('one that fails, does not read, or is not there is told in a sentence', async () => {
  const failing = command(program('process.exit(3)'));
  failing.push(NOTICE);
  await failing.drain();
  const missing = command(['/nowhere/at all']);
  missing.push(NOTICE);
  await missing.drain();
  const impossible = command(['a\0b']);
  impossible.push(NOTICE);
  await impossible.drain();
  expect(warnings).toEqual([
    expect.stringContaining('ended with exit code 3') as string,
    expect.stringContaining('could not be started (ENOENT)') as string,
    expect.stringContaining('could not be started (ERR_INVALID_ARG_VALUE)') as string,
  ]);
});

test('when the program must end, what hangs is ended and the rest is left', async () => {
  const told = command(
    program(`import { appendFileSync } from 'node:fs'; appendFileSync('began', 'x'); setInterval(() => {}, 1000);`),
  );
  told.push(NOTICE);
  told.push(NOTICE);
  await told.drain(1);
  expect(readFileSync(join(folder, 'began'), 'utf8')).toBe('x');
});
