// Many small documents of one folder come in one answer: the time for them is that of their requests, not of their bytes.
// In: the downloads of a plan. Out: folders whose contents are nearly all wanted, each with what is wanted from it; and
// their contents, told apart by their hash, whatever names the service gave them. What a bundle does not bring, or no
// longer has, is fetched by itself. Called by runner.ts.

import { parentPath, ROOT, type ContentHash, type RelPath, type RemoteId } from '../../src-shared/domain.ts';
import type { Operation } from '../sync/model.ts';
import type { Lane } from './lane.ts';
import type { HashedContent, SyncStore } from './ports.ts';

type Download = Extract<Operation, { kind: 'local.download' }>;

/** Fewer documents than this come as fast by themselves. */
const LEAST = 12;
/** Documents and folders, and bytes, of one bundle at most: it is taken as a whole, and lost as a whole. */
const MOST = 5_000;
const MOST_BYTES = 12 * 1024 * 1024;
/** Bytes of a document that may travel with others. */
const SMALL = 1024 * 1024;
/** Share of a bundle's bytes that may be of no use. */
const WASTE = 0.2;
/** Bundles under way at once. */
const AT_ONCE = 2;

export interface Bundle {
  readonly folder: RemoteId;
  /** Bytes of all its documents. */
  readonly bytes: number;
  readonly wanted: readonly Download[];
}

export interface Arrived {
  readonly operation: Download;
  readonly content: Uint8Array;
}

/** Folders as high up as their contents are nearly all wanted; every download is in one bundle at most. */
export function bundlesOf(store: SyncStore, lane: Pick<Lane, 'client'>, downloads: readonly Download[]): Bundle[] {
  const { id } = lane.client;
  const places = new Map<Download, RelPath>();
  const wantedIds = new Set<RemoteId>();
  for (const operation of downloads) {
    if (operation.remoteId === null || operation.size === 0 || operation.size > SMALL) continue;
    const entry = store.remoteEntry(id, operation.remoteId);
    if (entry === null || entry.hash !== operation.hash) continue;
    places.set(operation, entry.pathLower);
    wantedIds.add(operation.remoteId);
  }
  if (places.size < LEAST) return [];
  const reserved = store.reservedFolders(id).map(({ pathLower }) => pathLower);
  const weighed = new Map<RelPath, Omit<Bundle, 'wanted'> | null>();
  const weigh = (folder: RelPath): Omit<Bundle, 'wanted'> | null => {
    const before = weighed.get(folder);
    if (before !== undefined) return before;
    const found = weighFolder(store, lane, folder, wantedIds, reserved);
    weighed.set(folder, found);
    return found;
  };
  const wanted = new Map<RelPath, Download[]>();
  for (const [operation, place] of places) {
    const folder = known(place, wanted) ?? highest(place, weigh);
    if (folder === null) continue;
    const together = wanted.get(folder);
    if (together === undefined) wanted.set(folder, [operation]);
    else together.push(operation);
  }
  return [...wanted].flatMap(([folder, operations]) => {
    const found = weigh(folder);
    return found === null || operations.length < LEAST ? [] : [{ ...found, wanted: operations }];
  });
}

/** The bundle that a place belongs to already. */
function known(place: RelPath, bundles: ReadonlyMap<RelPath, unknown>): RelPath | null {
  for (let folder = parentPath(place); folder !== ROOT; folder = parentPath(folder)) {
    if (bundles.has(folder)) return folder;
  }
  return null;
}

function highest(place: RelPath, weigh: (folder: RelPath) => unknown): RelPath | null {
  let best: RelPath | null = null;
  // The root itself holds what is no document: backups, other clients' folders.
  for (let folder = parentPath(place); folder !== ROOT; folder = parentPath(folder)) {
    if (weigh(folder) === null) break;
    best = folder;
  }
  return best;
}

function weighFolder(
  store: SyncStore,
  { client }: Pick<Lane, 'client'>,
  folder: RelPath,
  wanted: ReadonlySet<RemoteId>,
  reserved: readonly RelPath[],
): Omit<Bundle, 'wanted'> | null {
  if (reserved.some((path) => path === folder || path.startsWith(`${folder}/`))) return null;
  const entry = store.remoteAt(client.id, folder);
  const below = store.remoteBelow(client.id, folder, MOST + 1);
  if (entry?.kind !== 'folder' || below.length > MOST) return null;
  let bytes = 0;
  let useless = 0;
  for (const { id, size } of below) {
    bytes += size;
    if (!wanted.has(id)) useless += size;
  }
  if (bytes > MOST_BYTES || useless > bytes * WASTE) return null;
  return { folder: entry.id, bytes };
}

/**
 * Fetches the bundles and hands over what is wanted of them, a few documents at a time. `goesOn` ends it between two.
 * Never throws: what did not come is fetched by itself, and fails by itself if it must.
 */
export async function fetchBundles(
  lane: Lane,
  bundles: readonly Bundle[],
  arrived: (some: readonly Arrived[]) => Promise<void>,
  goesOn: () => boolean,
): Promise<void> {
  const waiting = [...bundles];
  const one = async (): Promise<void> => {
    for (let bundle = waiting.shift(); bundle !== undefined && goesOn(); bundle = waiting.shift()) {
      let contents: readonly HashedContent[];
      try {
        contents = (await lane.cloud.contentsOf?.(bundle.folder, bundle.bytes, lane.options.signal)) ?? [];
      } catch {
        // A service that does not give folders, or not now, is not asked for more of them in this pass.
        waiting.length = 0;
        return;
      }
      await handOver(bundle, contents, arrived, goesOn);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** Documents handed over together: their bytes are flushed and their rows written side by side. */
const TOGETHER = 64;

async function handOver(
  { wanted }: Bundle,
  contents: readonly HashedContent[],
  arrived: (some: readonly Arrived[]) => Promise<void>,
  goesOn: () => boolean,
): Promise<void> {
  const byHash = new Map<ContentHash, Download[]>();
  for (const operation of wanted) byHash.set(operation.hash, [...(byHash.get(operation.hash) ?? []), operation]);
  const found = contents.flatMap(({ hash, bytes: content }) => {
    const operations = byHash.get(hash) ?? [];
    byHash.delete(hash);
    return operations.map((operation) => ({ operation, content }));
  });
  for (let start = 0; start < found.length && goesOn(); start += TOGETHER) {
    await arrived(found.slice(start, start + TOGETHER));
  }
}
