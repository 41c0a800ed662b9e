// Runs a command of the person's for each notice (`--on-event`): one at a time, in order, without a shell. The notice is
// given as JSON on standard input and in variables DOCKTIDE_EVENT_…; what the command prints goes to standard error, so
// that standard output stays Docktide's. A command that hangs is ended together with all that it started.
// Called by the command line.

import { spawn, type ChildProcess } from 'node:child_process';
import type { NoticeView } from '../../src-shared/notify-views.ts';

export interface EventCommandOptions {
  /** Program and arguments. */
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly workingFolder: string;
  /** Seconds after which it is ended. */
  readonly timeoutSeconds: number;
  /** Tells what went wrong, in a sentence. */
  readonly warn: (message: string) => void;
}

export interface EventCommand {
  push(notice: NoticeView): void;
  /** Resolves when all are done; with a limit (seconds) what is not done by then is ended. */
  drain(limitSeconds?: number): Promise<void>;
}

/** Milliseconds between the polite and the impolite end. */
const GRACE = 2_000;

export function eventCommand(options: EventCommandOptions): EventCommand {
  let last: Promise<void> = Promise.resolve();
  const over = new AbortController();
  return {
    push(notice) {
      last = last.then(() => (over.signal.aborted ? undefined : run(options, notice, over.signal)));
    },
    async drain(limitSeconds) {
      const timer = limitSeconds === undefined ? null : setTimeout(() => over.abort(), limitSeconds * 1000);
      await last;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Never rejects: a failing command is told and forgotten. */
async function run(options: EventCommandOptions, notice: NoticeView, over: AbortSignal): Promise<void> {
  const { words, timeoutSeconds, warn } = options;
  const named = `The command for events ("${words[0] ?? ''}")`;
  let child: ChildProcess;
  try {
    child = start(options, notice);
  } catch (error) {
    warn(`${named} could not be started (${String((error as NodeJS.ErrnoException).code)}). Check how it is written.`);
    return;
  }
  await new Promise<void>((resolve) => {
    const limit = setTimeout(() => {
      warn(`${named} did not end within ${timeoutSeconds} seconds and was stopped.`);
      end(child);
    }, timeoutSeconds * 1000);
    const stop = () => end(child);
    over.addEventListener('abort', stop, { once: true });
    const finish = (): void => {
      clearTimeout(limit);
      over.removeEventListener('abort', stop);
      resolve();
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      warn(`${named} could not be started (${error.code ?? error.message}). Check that the program is there.`);
      finish();
    });
    child.once('exit', (code, signal) => {
      if (code !== 0 && signal === null) warn(`${named} ended with exit code ${code ?? '?'}.`);
      finish();
    });
    // A command that does not read its input has closed it; that is no fault.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(`${JSON.stringify(notice)}\n`);
  });
}

function start({ words, env, workingFolder }: EventCommandOptions, notice: NoticeView): ChildProcess {
  const [program = '', ...rest] = words;
  return spawn(program, rest, {
    shell: false,
    cwd: workingFolder,
    env: { ...env, ...variablesOf(notice) },
    // Both of its outputs go to standard error.
    stdio: ['pipe', 2, 2],
    // A group of its own, so that its children can be ended with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

function end(child: ChildProcess): void {
  kill(child, 'SIGTERM');
  const later = setTimeout(() => kill(child, 'SIGKILL'), GRACE);
  child.once('exit', () => {
    clearTimeout(later);
    // Whoever of its group outlived it.
    kill(child, 'SIGKILL');
  });
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** For commands that read no JSON. */
export function variablesOf(notice: NoticeView): Record<string, string> {
  const values: Readonly<Record<string, string>> = {
    ID: String(notice.id),
    TIME: notice.time,
    KIND: notice.kind,
    LEVEL: notice.level,
    CLIENT: notice.client ?? '',
    STATE: notice.state ?? '',
    REASON: notice.reason ?? '',
    COUNT: String(notice.count),
    PATH: notice.paths[0] ?? '',
    MESSAGE: notice.message,
  };
  // No variable can hold the sign that ends one.
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`DOCKTIDE_EVENT_${name}`, value.replaceAll('\0', '\ufffd')]),
  );
}
