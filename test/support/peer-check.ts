// After each end-to-end test of the engine: what rclone sees in Dropbox, what the emulator holds and what the engine has
// recorded of it are the same, by path and hash. Registered by the test files; cheap: one rclone process each.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { openDocktide } from '../../src-main/compose.ts';
import { DATABASE_NAME, openStore } from '../../src-main/store/open-store.ts';
import { hasRclone, rcloneTree } from './rclone.ts';
import type { TestEmulator } from './emulator.ts';

/** What the check needs of a bench: one account and the data folder of one computer on it. */
export interface Computer {
  readonly emulator: TestEmulator;
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
}

/** To be called after the hook that closes the benches is registered: hooks run in reverse order. */
export function agreeWithPeerAfterEach(computers: () => readonly Computer[]): void {
  afterEach(async () => {
    for (const computer of computers()) await expectEngineKnows(computer);
    const emulators = new Set(computers().map((computer) => computer.emulator));
    for (const emulator of emulators) await expectPeerSees(emulator);
  });
}

/** rclone sees what the emulator holds. */
export async function expectPeerSees(emulator: TestEmulator): Promise<void> {
  if (!hasRclone) return;
  await emulator.control('faults', { clear: true });
  const rows = await emulator.tree();
  // Documents that exist only in the cloud are no files to rclone.
  const held = rows
    .filter((row) => !isCloudOnly(emulator, row.id))
    .map((row) => [asRcloneShows(row.path.slice(1)), row.contentHash] as const);
  expect(await rcloneTree(emulator, ''), 'what rclone sees in Dropbox').toEqual(Object.fromEntries(held));
}

/**
 * What the engine has recorded of Dropbox is what Dropbox holds, for every client that can be looked at: the engine
 * observes once more, and writes nothing.
 */
export async function expectEngineKnows(computer: Computer): Promise<void> {
  if (!existsSync(join(computer.data, DATABASE_NAME))) return;
  await computer.emulator.control('faults', { clear: true });
  const service = await openDocktide({ dataFolder: computer.data, env: { ...process.env, ...computer.env } });
  const unreachable = new Set<string>();
  try {
    for (const client of service.clients()) {
      if (client.state === 'paused') unreachable.add(client.name);
      else await service.sync({ client: client.name, prepareOnly: true }).catch(() => unreachable.add(client.name));
    }
  } finally {
    await service.close();
  }
  const store = openStore({ dataFolder: computer.data, now: Date.now });
  try {
    for (const client of store.clients.all().filter(({ name }) => !unreachable.has(name))) {
      const recorded = store.db
        .prepare<[number], RecordedRow>(
          'SELECT id, path_lower, hash FROM remote WHERE client_id = ? ORDER BY path_lower',
        )
        .all(client.id);
      const root = `/${client.root}/`.toLowerCase();
      const held = (await computer.emulator.tree(`/${client.root}`)).map((row) => ({
        id: row.id,
        path_lower: row.pathLower.slice(root.length),
        // Documents that exist only in the cloud have no content that could be compared.
        hash: isCloudOnly(computer.emulator, row.id) ? null : row.contentHash,
      }));
      expect(recorded.toSorted(byPath), `what is recorded of the client "${client.name}"`).toEqual(
        held.toSorted(byPath),
      );
    }
  } finally {
    store.close();
  }
}

/** rclone shows control characters by their symbols. */
function asRcloneShows(path: string): string {
  // oxlint-disable-next-line no-control-regex
  const symbols = path.replaceAll(/[\u0000-\u001f]/g, (found) => String.fromCodePoint(0x2400 + found.charCodeAt(0)));
  return symbols.replaceAll('\u007f', '\u2421');
}

function isCloudOnly(emulator: TestEmulator, id: string): boolean {
  const node = emulator.state.tree.byId(id);
  return node?.kind === 'file' && node.version.paper !== null;
}

interface RecordedRow {
  readonly id: string;
  readonly path_lower: string;
  readonly hash: string | null;
}

function byPath(a: RecordedRow, b: RecordedRow): number {
  return a.path_lower < b.path_lower ? -1 : 1;
}
