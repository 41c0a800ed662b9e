// What the application does in the documents folder beside a pass: follow the catalogue with folders, take a new file
// up, prove that the folder is the right one.

import { ROOT } from '../../src-shared/domain.ts';
import { dryDisk } from '../store/disk/dry-disk.ts';
import { initDocuments } from '../store/disk/node-disk.ts';
import { createObserver } from '../store/observer.ts';
import { AppError } from './service.ts';
import type { RelPath } from '../../src-shared/domain.ts';
import type { LocalGate } from '../engine/local-gate.ts';
import type { Observer } from '../engine/ports.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import type { DocumentStore } from '../store/open-store.ts';

export interface LocalFolder {
  /** Puts the marker back where it is missing and the folder is surely the right one. Throws AppError, Fault. */
  claim(): Promise<void>;
  /** Makes and moves the folders that rules and records ask for. Faults: those of DocumentsDisk.check. */
  followCatalog(): Promise<void>;
  /** Brings the rows of these paths up to date. */
  takeUp(paths: readonly RelPath[]): Promise<void>;
  /** An observer that writes rows of a copied store only. */
  lookingOnly(copy: DocumentStore): { readonly observer: Observer; readonly disk: StoreDisk };
}

export function makeLocalFolder(parts: {
  readonly documents: string;
  readonly store: DocumentStore;
  readonly disk: StoreDisk;
  readonly observer: Observer;
  readonly gate: LocalGate;
}): LocalFolder {
  const { documents, store, disk, observer, gate } = parts;
  const takeUp = async (paths: readonly RelPath[]): Promise<void> => {
    await disk.check();
    await gate.scan(() => observer.observe(paths));
  };
  return {
    async claim() {
      const { files, folders } = store.listing.counts();
      const empty = (await disk.list(ROOT).catch(() => [])).length === 0;
      if (empty && files + folders > 0) {
        // Without the marker an empty folder is more likely a disk that is not mounted than the documents.
        await disk.check();
        return;
      }
      await initDocuments(documents, store.id);
    },
    followCatalog: () => takeUp([]),
    takeUp,
    lookingOnly(copy) {
      const dry = dryDisk(disk);
      return { disk: dry, observer: createObserver({ store: copy, disk: dry }) };
    },
  };
}

/** The path that a person wrote, relative to the documents folder; `/` alone is its top. Throws AppError 'bad-path'. */
export function relativePath(text: string): RelPath {
  if (text === '/') return ROOT;
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  if (text.startsWith('/') || names.includes('..') || names.some((name) => name.includes('\u0000'))) {
    throw new AppError(
      'bad-path',
      `"${text}" is not a path inside the documents folder. Write it as in Quotations/SO001, without a leading "/".`,
    );
  }
  return names.join('/') as RelPath;
}
