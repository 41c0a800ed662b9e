// Opens a Dropbox client: the CloudStore of the engine over the `dropbox` package. In: root folder and credentials;
// out: CloudStore. Constructed in compose.ts, one for each client. The work is done in the files beside this one.

import {
  Fault,
  type AccountInfo,
  type Clock,
  type CloudStore,
  type Random,
  type SpaceInfo,
} from '../../engine/ports.ts';
import type { LinkCloud } from '../../links/ports.ts';
import type { AccountFiles } from '../account-files.ts';
import { accountFiles } from './account-files.ts';
import { Bandwidth } from './bandwidth.ts';
import { changePage, listLevel, longPoll } from './changes.ts';
import { downloadInParts, isWorthParts } from './download-parts.ts';
import { downloadFolder, downloadRevision, exportDocument } from './download.ts';
import { linkCloud } from './links.ts';
import { rootFolder } from './metadata.ts';
import { Buffers, LineSpeed } from './line-speed.ts';
import { loopbackOrigin } from './origin.ts';
import { tokenSource, type DropboxCredentials } from './tokens.ts';
import { DEFAULT_RETRY, Transport, type RetryPolicy } from './transport.ts';
import {
  copyRevision,
  createFolders,
  ensureRoot,
  lookUp,
  moveEntries,
  moveEntry,
  removeEntries,
  restoreRevision,
  versions,
} from './tree-calls.ts';
import { uploadAll } from './upload.ts';
import { sessionMemory, type SessionMemory, type UploadContext } from './upload-context.ts';

/** Pieces of large files in memory at once, each way. */
const LARGE_BUFFERS = 6;

export interface DropboxOptions {
  /** Root folder in Dropbox, without `/` at either end; may hold inner `/`. */
  readonly root: string;
  readonly credentials: DropboxCredentials;
  readonly clock: Clock;
  readonly random: Random;
  /** A loopback origin that stands for all of Dropbox; anything else is refused ('bad-request'). */
  readonly origin?: string;
  /** Team member id, with a team's token. */
  readonly selectUser?: string;
  /** E-mail of the team member, where the id is not known yet; it is told by `onMemberKnown` once it is. */
  readonly memberEmail?: string;
  readonly onMemberKnown?: (memberId: string) => void;
  /** The whole team space rather than the member's own folder; its namespace is told by `onPathRootChanged`. */
  readonly teamSpace?: boolean;
  /** Namespace id of the team space; paths are then those of the team space. */
  readonly pathRoot?: string;
  readonly onPathRootChanged?: (namespace: string) => void;
  /** Remembers upload sessions over a restart; in memory only where none is given. */
  readonly sessions?: SessionMemory;
  readonly retry?: Partial<RetryPolicy>;
  readonly fetch?: typeof fetch;
  /** As fast as the line unless given. */
  readonly bandwidth?: Bandwidth;
}

/** What Dropbox can do beyond what the engine needs. */
export interface DropboxClient extends CloudStore {
  /** Room in the account and in its team. */
  space(): Promise<SpaceInfo>;
  readonly links: LinkCloud;
  /** The whole account that the client belongs to. */
  readonly files: AccountFiles;
}

/** Fault 'bad-request' for an empty root or an origin that is not loopback. */
export function openDropbox(options: DropboxOptions): DropboxClient {
  const root = rootFolder(options.root);
  if (root.depth === 0) throw new Fault('bad-request', 'The root folder in Dropbox needs a name. Give one.');
  const transport = openTransport(options);
  const uploads: UploadContext = {
    transport,
    root,
    sessions: options.sessions ?? sessionMemory(),
    features: { sharedAppends: true },
    speed: new LineSpeed(),
    buffers: new Buffers(LARGE_BUFFERS),
    hashed: new Map(),
  };
  const downloads = { transport, speed: new LineSpeed(), buffers: new Buffers(LARGE_BUFFERS) };
  const links = linkCloud(transport);
  let business: Promise<boolean> | null = null;
  return {
    files: accountFiles(transport),
    ensureRoot: () => ensureRoot(transport, root),
    changes: (cursor) => changePage(transport, root, cursor),
    waitForChange: (cursor, timeoutSeconds, signal) => longPoll(transport, cursor, timeoutSeconds, signal),
    lookup: (target) => lookUp(transport, root, target),
    list: (path) => listLevel(transport, root, path),
    createFolders: (paths) => createFolders(transport, root, paths),
    upload: (requests, hooks) => uploadAll(uploads, requests, hooks),
    download: (request, start, signal) =>
      request.inPassing === true && isWorthParts(request, start)
        ? downloadInParts(downloads, request, start, signal)
        : downloadRevision(transport, request, start, signal),
    contentsOf: (folder, bytes, signal) => downloadFolder(transport, folder, bytes, signal),
    move: (id, to) => moveEntry(transport, root, id, to),
    moveAll: (moves) => moveEntries(transport, root, moves),
    copy: (rev, to) => copyRevision(transport, root, rev, to),
    remove: (targets) => removeEntries(transport, targets),
    restore: (path, rev) => restoreRevision(transport, root, path, rev),
    link: async (id) => {
      business ??= accountOf(transport).then(
        (account) => account.kind === 'business',
        (error: unknown) => {
          // Asked again the next time.
          business = null;
          throw error;
        },
      );
      return (await links.create(id, { audience: (await business) ? 'team' : 'public' })).link;
    },
    links,
    versions: (id) => versions(transport, id),
    exportDocument: (id) => exportDocument(transport, id),
    account: () => accountOf(transport),
    space: () => spaceOf(transport),
    traffic: () => transport.traffic(),
  };
}

function openTransport(options: DropboxOptions): Transport {
  const origin = options.origin === undefined ? null : loopbackOrigin(options.origin);
  const fetchNow = options.fetch ?? fetch;
  return new Transport({
    tokens: tokenSource(options.credentials, { origin, fetch: fetchNow, clock: options.clock }),
    clock: options.clock,
    random: options.random,
    retry: { ...DEFAULT_RETRY, ...options.retry },
    origin,
    selectUser: options.selectUser ?? null,
    memberEmail: options.memberEmail ?? null,
    onMemberKnown: options.onMemberKnown ?? null,
    teamSpace: options.teamSpace ?? false,
    pathRoot: options.pathRoot ?? null,
    onPathRootChanged: options.onPathRootChanged ?? null,
    fetch: fetchNow,
    bandwidth: options.bandwidth ?? new Bandwidth(options.clock, () => ({ up: null, down: null })),
  });
}

async function accountOf(transport: Transport): Promise<AccountInfo> {
  const { result } = await transport.attempt('Reading the account', () => transport.api.usersGetCurrentAccount());
  return {
    accountId: result.account_id,
    name: result.name.display_name,
    email: result.email,
    kind: result.account_type['.tag'],
    photoUrl: result.profile_photo_url ?? null,
    rootNamespace: result.root_info.root_namespace_id,
    homeNamespace: result.root_info.home_namespace_id,
    homePath: 'home_path' in result.root_info ? result.root_info.home_path : null,
    team: result.team === undefined ? null : { id: result.team.id, name: result.team.name },
  };
}

async function spaceOf(transport: Transport): Promise<SpaceInfo> {
  const { result } = await transport.attempt('Asking for the space used', () => transport.api.usersGetSpaceUsage());
  const { used, allocation } = result;
  if (allocation['.tag'] === 'individual') return { used, allowed: allocation.allocated, team: null };
  if (allocation['.tag'] !== 'team') return { used, allowed: null, team: null };
  const own = allocation.user_within_team_space_allocated;
  return {
    used,
    // 0 stands for no limit of the member's own.
    allowed: own > 0 ? own : allocation.allocated,
    team: { used: allocation.used, allowed: allocation.allocated },
  };
}
