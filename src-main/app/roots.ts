// Two clients must not keep the same folder of one Dropbox account, nor one inside the other: what one brings here the
// other would send back. Compared as Dropbox compares names.

import { nameKey } from '../../src-shared/names.ts';
import { AppError } from './service.ts';

export interface RootInUse {
  readonly client: string;
  readonly root: string;
}

/** Throws AppError 'root-in-use'. `others` are the clients of the same account. */
export function refuseSharedRoot(name: string, root: string, others: readonly RootInUse[]): void {
  for (const other of others) {
    if (other.client === name) continue;
    const [mine, theirs] = [rootKey(root), rootKey(other.root)];
    if (mine === theirs) {
      throw new AppError(
        'root-in-use',
        `The client "${other.client}" keeps the folder "/${other.root}" of the same Dropbox account already. Choose another root folder.`,
      );
    }
    if (mine.startsWith(`${theirs}/`) || theirs.startsWith(`${mine}/`)) {
      throw new AppError(
        'root-in-use',
        `The folders "/${root}" and "/${other.root}" of the client "${other.client}" lie inside each other in the same Dropbox account. Choose another root folder.`,
      );
    }
  }
}

function rootKey(root: string): string {
  return root
    .split('/')
    .filter((name) => name !== '')
    .map(nameKey)
    .join('/');
}
