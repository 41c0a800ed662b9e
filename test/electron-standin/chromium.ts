// Starts chromium and speaks the DevTools protocol with it: one connection, one session a window.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { switches } from './context.ts';

export type Params = Readonly<Record<string, unknown>>;
type SessionListener = (method: string, params: Params) => void;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly method: string;
}

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Switches that the stand-in sets itself or that mean something else to chromium. */
const OWN_SWITCHES = new Set([
  'inspect',
  'user-data-dir',
  'remote-debugging-port',
  'no-sandbox',
  'disable-features',
  'data',
]);

const profile = mkdtempSync(join(tmpdir(), 'standin-chromium-'));
const pending = new Map<number, Pending>();
const sessions = new Map<string, SessionListener>();
const browserListeners = new Set<SessionListener>();
let process_: ChildProcess | null = null;
let socket: WebSocket | null = null;
let sequence = 0;
let onLost: () => void = () => {};

/** True where chromium has a display; else it runs headless. */
export function hasDisplay(): boolean {
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** Sends one DevTools command; rejects with the protocol's message. */
export function command<Result = Params>(method: string, params: Params = {}, sessionId?: string): Promise<Result> {
  const connection = socket;
  if (connection === null) return Promise.reject(new Error(`${method}: chromium is not running.`));
  return new Promise<Result>((resolve, reject) => {
    const id = ++sequence;
    pending.set(id, { resolve: resolve as (value: unknown) => void, reject, method });
    connection.send(JSON.stringify({ id, method, params, sessionId }));
  });
}

export function listenToSession(sessionId: string, listener: SessionListener): void {
  sessions.set(sessionId, listener);
}

export function listenToBrowser(listener: SessionListener): void {
  browserListeners.add(listener);
}

function executable(): string {
  const found = [process.env['STANDIN_CHROMIUM'], ...CANDIDATES].find((path) => path && existsSync(path));
  if (found === undefined) throw new Error('No chromium was found. Install it with "apt-get install chromium".');
  return found;
}

function chromiumArguments(): string[] {
  const list = [
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--no-startup-window',
    '--keep-alive-for-test',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
    '--disable-features=Translate,MediaRouter,OptimizationHints,AimEnabled,PreconnectToSearch',
    '--password-store=basic',
    '--allow-file-access-from-files',
    '--force-color-profile=srgb',
  ];
  if (process.getuid?.() === 0 || switches.has('no-sandbox')) list.push('--no-sandbox', '--test-type');
  if (!hasDisplay()) list.push('--headless=new', '--disable-gpu');
  for (const [key, value] of switches) {
    if (!OWN_SWITCHES.has(key)) list.push(value === '' ? `--${key}` : `--${key}=${value}`);
  }
  return list;
}

function endpointOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (process.env['STANDIN_DEBUG']) process.stderr.write(chunk);
      const endpoint = /DevTools listening on (ws:\/\/\S+)/.exec(output)?.[1];
      if (endpoint !== undefined) resolve(endpoint);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`chromium ended with code ${code}.\n${output}`)));
  });
}

function receive(text: string): void {
  const message = JSON.parse(text) as Message;
  if (message.id !== undefined) {
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`));
    else waiting?.resolve(message.result);
    return;
  }
  const { method = '', params = {} } = message;
  if (message.sessionId !== undefined) sessions.get(message.sessionId)?.(method, params);
  else for (const listener of browserListeners) listener(method, params);
}

/** Resolves when chromium is ready; `lost` is called when it goes away by itself. */
export async function startChromium(lost: () => void): Promise<void> {
  onLost = lost;
  const child = spawn(executable(), chromiumArguments(), { stdio: ['ignore', 'ignore', 'pipe'] });
  process_ = child;
  const endpoint = await endpointOf(child);
  child.on('exit', () => onLost());
  const connection = new WebSocket(endpoint);
  await new Promise<void>((resolve, reject) => {
    connection.addEventListener('open', () => resolve());
    connection.addEventListener('error', () => reject(new Error(`chromium cannot be reached at ${endpoint}.`)));
  });
  connection.addEventListener('message', (event) => receive(String(event.data)));
  connection.addEventListener('close', () => onLost());
  socket = connection;
  await command('Target.setDiscoverTargets', { discover: true });
  // Playwright, which asks for the port, reads this line to connect to the windows.
  if (switches.has('remote-debugging-port')) console.error(`DevTools listening on ${endpoint}`);
}

/**
 * Opens an empty window and answers its target id. On a display it is an app window (no tabs, no address bar), which only
 * chromium's command line can ask for; headless there is no difference to see.
 */
export async function openTarget(bounds: { x: number; y: number; width: number; height: number }): Promise<string> {
  if (!hasDisplay()) {
    const answer = await command<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      left: bounds.x,
      top: bounds.y,
      width: bounds.width,
      height: bounds.height,
    });
    return answer.targetId;
  }
  const marker = `data:text/html,standin-${++sequence}`;
  const created = new Promise<string>((resolve) => {
    const listener: SessionListener = (method, params) => {
      const info = params['targetInfo'] as { targetId: string; url: string } | undefined;
      if (!method.startsWith('Target.target') || info?.url !== marker) return;
      browserListeners.delete(listener);
      resolve(info.targetId);
    };
    browserListeners.add(listener);
  });
  // The second call finds the running chromium by its profile and only asks it for the window.
  const others = new Set(['--remote-debugging-port=0', '--no-startup-window', '--keep-alive-for-test']);
  const args = chromiumArguments().filter((argument) => !others.has(argument));
  spawn(executable(), [...args, `--app=${marker}`], { stdio: 'ignore' });
  const targetId = await created;
  await moveWindow(targetId, { left: bounds.x, top: bounds.y, width: bounds.width, height: bounds.height });
  return targetId;
}

/** `bounds` as the protocol's Browser.Bounds. */
export async function moveWindow(targetId: string, bounds: object): Promise<void> {
  const { windowId } = await command<{ windowId: number }>('Browser.getWindowForTarget', { targetId });
  await command('Browser.setWindowBounds', { windowId, bounds });
}

export function stopChromium(): void {
  onLost = () => {};
  process_?.kill();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
