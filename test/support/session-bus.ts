// A session bus of its own with a notification server on it, for tests that look at what the desktop is told: the bus
// (dbus-run-session), the server (dunst, on a screen that nobody sees) and somebody who listens (dbus-monitor). All of it
// ends with the test.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const PROGRAMS = ['dbus-run-session', 'dbus-monitor', 'dunst', 'dunstctl', 'notify-send', 'Xvfb'];

/** Programs that are not installed. */
export function missingForBus(): readonly string[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return PROGRAMS.filter((program) => !folders.some((folder) => folder !== '' && existsSync(join(folder, program))));
}

export const NO_BUS = `Notifications are not tested on a session bus: ${missingForBus().join(', ')} are not installed (as root on Debian: apt-get install dbus dunst libnotify-bin xvfb).`;

export interface Told {
  readonly title: string;
  readonly body: string;
}

export interface SessionBus {
  /** For programs that shall speak to this bus. */
  readonly env: Readonly<Record<string, string>>;
  /** What programs asked the server to show, in order. */
  told(): readonly Told[];
  /** Clicks the notification that is on top. */
  click(): void;
  closeAll(): void;
  close(): Promise<void>;
}

export async function startSessionBus(): Promise<SessionBus> {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-bus-'));
  const children: ChildProcess[] = [];
  const start = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess => {
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    return child;
  };
  const close = async (): Promise<void> => {
    for (const child of children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.stdin?.end();
      child.kill();
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const screen = start('Xvfb', ['-displayfd', '1', '-screen', '0', '800x600x24', '-nolisten', 'tcp'], process.env);
    const display = `:${await firstLine(screen)}`;
    // The bus lives as long as what it runs: until its input ends.
    const bus = start(
      'dbus-run-session',
      ['--', 'sh', '-c', 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'],
      process.env,
    );
    const env = { ...process.env, DISPLAY: display, DBUS_SESSION_BUS_ADDRESS: await firstLine(bus) };
    const heard: string[] = [];
    const monitor = start('dbus-monitor', ['--session', "interface='org.freedesktop.Notifications'"], env);
    monitor.stdout?.setEncoding('utf8').on('data', (text: string) => heard.push(text));
    const rules = join(folder, 'dunstrc');
    writeFileSync(rules, '[global]\nhistory_length = 50\n[urgency_low]\ntimeout = 0\n[urgency_normal]\ntimeout = 0\n');
    start('dunst', ['-conf', rules], env);
    const control = (...words: string[]): boolean =>
      spawnSync('dunstctl', words, { env, timeout: 10_000 }).status === 0;
    for (let tries = 0; !control('is-paused'); tries++) {
      if (tries > 100) throw new Error('dunst does not answer on its bus.');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return {
      env: { DBUS_SESSION_BUS_ADDRESS: env.DBUS_SESSION_BUS_ADDRESS },
      told: () => toldIn(heard.join('')),
      click() {
        if (!control('action')) throw new Error('dunst did not take the click.');
      },
      closeAll: () => void control('close-all'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8');
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
  }
  throw new Error(`${child.spawnfile} ended without a word.`);
}

/** The strings of a Notify call are program, icon, title, body; actions and hints follow in arrays. */
function toldIn(log: string): readonly Told[] {
  return log
    .split(/^(?=method|signal)/m)
    .filter((message) => /^method call .*member=Notify$/m.test(message))
    .flatMap((message) => {
      const [head = ''] = message.split(/^ {3}array/m);
      const strings = [...head.matchAll(/^ {3}string "([\s\S]*?)"$/gm)].map((match) => match[1] ?? '');
      const [, , title, body] = strings;
      return title === undefined ? [] : [{ title, body: body ?? '' }];
    });
}
