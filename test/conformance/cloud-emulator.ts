// The Dropbox adapter on an emulator of its own, for the conformance suite and the adapter's tests: opens both, and turns
// the emulator's control endpoint into "the other side".

import { openDropbox, type DropboxClient, type DropboxOptions } from '../../src-main/cloud/dropbox/client.ts';
import type { Clock } from '../../src-main/engine/ports.ts';
import { startEmulator } from '../dropbox-emulator/server.ts';
import type { CloudUnderTest, OtherSide } from './cloud-store.ts';

/** Time in which waiting takes none; remembers how long it was asked to wait. */
export interface QuickClock extends Clock {
  readonly sleeps: number[];
}

export function quickClock(): QuickClock {
  let waited = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => Date.now() + waited,
    sleep: async (milliseconds, signal) => {
      if (signal?.aborted === true) throw signal.reason;
      sleeps.push(milliseconds);
      waited += milliseconds;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** The address that a `fetch` was called with. */
export function addressOf(input: string | URL | Request): string {
  if (typeof input === 'string') return input;
  return input instanceof URL ? input.href : input.url;
}

export interface EmulatedDropbox extends CloudUnderTest {
  readonly origin: string;
  readonly clock: QuickClock;
  /** Opens a client with other options than the usual ones. */
  open(root: string, options?: Partial<DropboxOptions>): DropboxClient;
  control(action: string, body?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Requests by endpoint since the last `forgetRequests`. */
  requests(): Readonly<Record<string, number>>;
  forgetRequests(): void;
}

export async function openEmulated(): Promise<EmulatedDropbox> {
  const emulator = await startEmulator();
  const clock = quickClock();
  const control = async (action: string, body: Readonly<Record<string, unknown>> = {}): Promise<unknown> => {
    const response = await fetch(`${emulator.origin}/_control/${action}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${action}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const open = (root: string, options: Partial<DropboxOptions> = {}): DropboxClient =>
    openDropbox({
      root,
      credentials: { kind: 'access-token', token: 'a-token' },
      origin: emulator.origin,
      clock,
      random: () => 0.5,
      ...options,
    });
  return {
    origin: emulator.origin,
    clock,
    client: (root) => open(root),
    open,
    control,
    requests: () => emulator.counts.view.byEndpoint,
    forgetRequests: () => emulator.counts.reset(),
    close: () => emulator.close(),
    other: otherSide(emulator.origin, control),
  };
}

interface TreeAnswer {
  readonly entries: readonly { readonly path: string; readonly kind: string }[];
}

function otherSide(origin: string, control: EmulatedDropbox['control']): OtherSide {
  const treeOf = async (root: string): Promise<TreeAnswer> => {
    const response = await fetch(`${origin}/_control/tree?path=${encodeURIComponent(`/${root}`)}`);
    return (await response.json()) as TreeAnswer;
  };
  return {
    write: async (path, content) => void (await control('write', { path: `/${path}`, text: content })),
    mkdir: async (path) => void (await control('mkdir', { path: `/${path}` })),
    move: async (from, to) => void (await control('move', { from: `/${from}`, to: `/${to}` })),
    recase: async (path, name) => {
      const to = `/${path.slice(0, path.lastIndexOf('/'))}/${name}`;
      await control('move', { from: `/${path}`, to });
    },
    remove: async (path) => void (await control('delete', { path: `/${path}` })),
    tree: async (root) => {
      const rows: [string, string | null][] = [];
      for (const { path, kind } of (await treeOf(root)).entries) {
        const content = kind === 'folder' ? null : await contentAt(origin, path);
        rows.push([path.slice(root.length + 2), content]);
      }
      return Object.fromEntries(rows);
    },
    resetCursors: async () => void (await control('faults', { cursorReset: true })),
    pageSize: async (pageSize) => void (await control('faults', { pageSize })),
    leaveFree: async (bytes) => {
      const { used } = (await control('quota', { allocated: 2 ** 40 })) as { readonly used: number };
      if (bytes !== null) await control('quota', { allocated: used + bytes });
    },
  };
}

async function contentAt(origin: string, path: string): Promise<string> {
  const response = await fetch(`${origin}/_control/content?path=${encodeURIComponent(path)}`);
  return response.text();
}
