// Both versions of a conflict, for a person who has to choose: what lies where, from when, of whom. Called by the
// application service (keeping-service.ts).

import type { LocalId } from '../../src-shared/domain.ts';
import type { EntryView, LogView } from '../../src-shared/views.ts';
import type { Workplace } from './docktide.ts';
import { accountOf } from './roots.ts';
import { AppError } from './service.ts';

/** Lines of the log in which the last change by a person is looked for. */
const LINES = 50;

/** Both versions of a document that was changed on both sides. */
export interface ConflictVersionsView {
  readonly id: number;
  readonly client: string;
  readonly foundAt: string;
  /** The version from here keeps the name; null where it is gone. */
  readonly here: EntryView | null;
  /** The version from Dropbox, which lies beside it. */
  readonly dropbox: EntryView | null;
  /** Both have the same content: whichever is kept, nothing is lost. */
  readonly same: boolean;
  /** Who changed it here, as the log knows; null where nobody did it through Docktide. */
  readonly changedBy: string | null;
  /** Whose Dropbox it is, as last asked. */
  readonly account: { readonly name: string; readonly email: string } | null;
}

/** Throws AppError 'unknown-conflict'. */
export function conflictVersions({ store }: Workplace, id: number): ConflictVersionsView {
  const conflict = store.keepsakes.openConflicts().find((one) => one.id === id);
  if (conflict === undefined) {
    throw new AppError('unknown-conflict', `There is no open conflict ${id}. See "docktide conflicts" for the list.`);
  }
  const view = (entry: LocalId | null) => (entry === null ? null : store.listing.view(entry));
  const [here, dropbox] = [view(conflict.entryId), view(conflict.copyId)];
  const account = accountOf(store.clients.get(conflict.client));
  return {
    id,
    client: conflict.client,
    foundAt: conflict.foundAt,
    here,
    dropbox,
    same: here !== null && here.contentHash !== null && here.contentHash === dropbox?.contentHash,
    changedBy: store.log.newest({ path: conflict.path, limit: LINES }).findLast(byPerson(conflict.path))?.actor ?? null,
    account: account === null ? null : { name: account.name, email: account.email },
  };
}

function byPerson(path: string) {
  return (line: LogView): boolean => line.actor !== null && line.path === path && line.kind.startsWith('file.');
}
