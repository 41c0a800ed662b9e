// The planner's reasons and the names of operations in words for a person.

import type { Reason } from '../sync/model.ts';

const REASONS: Readonly<Record<Reason, string>> = {
  'new-here': 'new here',
  'new-there': 'new in Dropbox',
  'edited-here': 'changed here',
  'edited-there': 'changed in Dropbox',
  'moved-here': 'moved or renamed here',
  'moved-there': 'moved or renamed in Dropbox',
  'deleted-here': 'deleted here',
  'deleted-there': 'deleted in Dropbox',
  'same-content': 'the same on both sides',
  'edit-survives-deletion': 'changed on one side and deleted on the other: the change survives',
  'both-changed': 'changed on both sides: the version here keeps the name, the other is kept beside it',
  'place-taken': 'its name is taken on the other side',
  'folder-of-survivor': 'a folder of something that survives',
  'erp-folder-returns': 'a folder of the company tree comes back',
  'erp-folder-moved-back': 'a folder of the company tree goes back to its place',
  'cycle-undone': 'folders were moved into each other: the move made here wins',
  'make-room': 'makes room for another',
  'bytes-freed-restored': 'its content is only in Dropbox and is restored there',
  'brought-back': 'its bytes come back from Dropbox',
  'link-wanted': 'a link for people is made',
  'both-deleted': 'deleted on both sides',
  'unproven-deletion': 'missing on one side since the database was restored from a backup: it is kept',
  'both-moved': 'moved on both sides: the move made here wins',
};

/** Rows keep the planner's code; text that is none passes as it is. */
export function reasonText(reason: string): string {
  return Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason] : reason;
}
