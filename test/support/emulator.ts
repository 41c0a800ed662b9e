// Starts and stops a Dropbox emulator for tests, talks to its control endpoint, and gives the npm client a fetch that
// sends Dropbox's own addresses to it.

import { startEmulator, type EmulatorOptions, type RunningEmulator } from '../dropbox-emulator/server.ts';
import type { TreeRow } from '../dropbox-emulator/control.ts';
import type { CountsView } from '../dropbox-emulator/request-counts.ts';

export interface TestEmulator extends RunningEmulator {
  /** POSTs to /_control/<name>; throws with the emulator's sentence where it refuses. */
  control(name: string, body?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Entries below `path`, by path. */
  tree(path?: string): Promise<readonly TreeRow[]>;
  /** Bytes of a file. */
  content(path: string): Promise<Buffer>;
  requests(): Promise<CountsView>;
  /** For `new Dropbox({ fetch })`. */
  readonly fetch: typeof fetch;
}

export async function startTestEmulator(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const emulator = await startEmulator(options);
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(`${emulator.origin}/_control/${path}`);
    if (!response.ok) throw new Error(await refusal(response));
    return response;
  };
  return {
    ...emulator,
    async control(name, body = {}) {
      const response = await fetch(`${emulator.origin}/_control/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(await refusal(response));
      return response.json();
    },
    async tree(path = '') {
      const answer = (await (await get(`tree?path=${encodeURIComponent(path)}`)).json()) as { entries: TreeRow[] };
      return answer.entries;
    },
    async content(path) {
      return Buffer.from(await (await get(`content?path=${encodeURIComponent(path)}`)).arrayBuffer());
    },
    async requests() {
      return (await (await get('requests')).json()) as CountsView;
    },
    fetch: rewritingFetch(emulator.origin),
  };
}

async function refusal(response: Response): Promise<string> {
  return ((await response.json()) as { error: string }).error;
}

/** A fetch that sends every address of Dropbox to `origin` and everything else where it says. */
export function rewritingFetch(origin: string): typeof fetch {
  return (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    const url = new URL(address);
    const isDropbox = /(^|\.)(dropboxapi|dropbox)\.com$/.test(url.hostname);
    const target = isDropbox ? `${origin}${url.pathname}${url.search}` : address;
    return fetch(input instanceof Request ? new Request(target, input) : target, init);
  };
}
