// The stand-in origin for Dropbox, as DOCKTIDE_DROPBOX_ORIGIN names it. It gets all traffic, tokens included, so only this
// machine is taken.

import { loopbackOrigin } from '../cloud/dropbox/origin.ts';
import { AppError } from './service.ts';

/** Null where none is named. Throws AppError 'origin-refused'. */
export function checkedOrigin(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  try {
    return loopbackOrigin(text);
  } catch (error) {
    throw new AppError('origin-refused', (error as Error).message, { cause: error });
  }
}
