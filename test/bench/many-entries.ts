// Three trees of many entries that agree but for a share of changes, as the planner sees a large company.

import type { ContentHash, LocalId, RelPath, RemoteId, Rev, SyncedId } from '../../src-shared/domain.ts';
import type { LocalEntry, PlanInput, RemoteEntry, SyncedEntry } from '../../src-main/sync/model.ts';

const FILES_PER_FOLDER = 100;

/** `share` of the files is edited here, and another `share` in Dropbox. */
export function manyEntries(count: number, share: number): PlanInput {
  const local: LocalEntry[] = [];
  const remote: RemoteEntry[] = [];
  const synced: SyncedEntry[] = [];
  const every = Math.max(2, Math.round(1 / share));
  let folder = 0;
  for (let index = 1; index <= count; index++) {
    const isFolder = (index - 1) % (FILES_PER_FOLDER + 1) === 0;
    if (isFolder) folder = index;
    const name = isFolder ? `Folder ${index}` : `document ${index}.pdf`;
    const pathLower = (isFolder ? name : `Folder ${folder}/${name}`).toLowerCase() as RelPath;
    const parent = isFolder ? null : folder;
    const hash = isFolder ? null : hashOf(index, 'base');
    const rev = isFolder ? null : (`5${String(index).padStart(11, '0')}` as Rev);
    const size = isFolder ? 0 : 1000 + index;
    const kind = isFolder ? ('folder' as const) : ('file' as const);
    const editedHere = !isFolder && index % every === 1;
    const editedThere = !isFolder && index % every === 2;
    local.push({
      id: index as LocalId,
      parentId: parent as LocalId | null,
      kind,
      name,
      role: isFolder ? 'manual' : null,
      hash: editedHere ? hashOf(index, 'here') : hash,
      size,
      present: true,
      frozen: false,
      modified: 0,
    });
    remote.push({
      id: `id:${index}` as RemoteId,
      pathLower,
      kind,
      name,
      rev: editedThere ? (`6${String(index).padStart(11, '0')}` as Rev) : rev,
      hash: editedThere ? hashOf(index, 'there') : hash,
      size,
      downloadable: true,
      modified: 0,
    });
    synced.push({
      id: index as SyncedId,
      parentId: parent as SyncedId | null,
      kind,
      localId: index as LocalId,
      remoteId: `id:${index}` as RemoteId,
      localName: name,
      remoteName: name,
      rev,
      hash,
      size,
    });
  }
  return { local, remote, synced, policy: POLICY };
}

const POLICY: PlanInput['policy'] = {
  clientName: 'main',
  date: '2026-11-23',
  localCase: 'sensitive',
  localNames: 'posix',
  ignored: () => false,
  flow: () => 'both',
  fetch: () => true,
  bringBack: () => false,
  deletionsApproved: false,
};

function hashOf(index: number, side: string): ContentHash {
  return `${side}${index}`.padStart(64, '0') as ContentHash;
}
