// Reads one file of the documents folder for its hash: what it holds, or why that could not be told. Called by
// moved-content.ts and apply.ts.

import type { ContentHash, RelPath } from '../../../src-shared/domain.ts';
import { Fault, type DiskStamp } from '../../engine/ports.ts';
import type { StoreDisk } from '../disk/store-disk.ts';

export interface Hashed {
  readonly hash: ContentHash;
  readonly stamp: DiskStamp;
}

export type Unread = { readonly code: 'changing' | 'unreadable' | 'gone'; readonly message: string };

export function isRead(result: Hashed | Unread): result is Hashed {
  return !('code' in result);
}

/** Throws what is no Fault. */
export async function readFile(disk: StoreDisk, path: RelPath): Promise<Hashed | Unread> {
  try {
    const result = await disk.hash(path);
    if (result !== null) return result;
    const message = `"${path}" was being changed while it was read; it is synced as soon as the other program has finished.`;
    return { code: 'changing', message };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { code: error.code === 'gone' ? 'gone' : 'unreadable', message: error.message };
  }
}
