// Shared links (S20). In: ids, addresses and wishes; out: links with whom they really serve. A link that exists is used
// again: the answer "already exists" may carry it or not, and then it is listed. Settings that the account does not
// allow become sentences. Source: the API specification (sharing). Called by client.ts.

import { DropboxResponseError, type sharing } from 'dropbox';
import type { RemoteId } from '../../../src-shared/domain.ts';
import type { LinkAudience } from '../../../src-shared/link-views.ts';
import { Fault, type SharedLink } from '../../engine/ports.ts';
import type { LinkCloud, LinkWish } from '../../links/ports.ts';
import { isRecord, tagsOf } from './errors.ts';
import type { Transport } from './transport.ts';

type LinkMetadata =
  sharing.FileLinkMetadataReference | sharing.FolderLinkMetadataReference | sharing.SharedLinkMetadataReference;

const MAKING = 'Making a link';
const LISTING = 'Listing the links';
/** Listings that are begun anew because their cursor was reset, before it is given up. */
const RESTARTS = 3;

export function linkCloud(transport: Transport): LinkCloud {
  const listed = async (argument: sharing.ListSharedLinksArg) =>
    (await transport.attempt(LISTING, () => transport.api.sharingListSharedLinks(argument))).result;
  const to = async (id: RemoteId): Promise<SharedLink[]> =>
    (await listed({ path: id, direct_only: true })).links.map(foundLink);
  const make = async (id: RemoteId, wish: LinkWish): Promise<SharedLink> => {
    const { result } = await transport.attempt(MAKING, () =>
      refusals(wish, transport.api.sharingCreateSharedLinkWithSettings({ path: id, settings: settingsOf(wish) })),
    );
    return foundLink(result);
  };
  const revoke = async (url: string): Promise<boolean> => {
    try {
      await transport.attempt('Taking a link back', () => transport.api.sharingRevokeSharedLink({ url }));
      return true;
    } catch (error) {
      if (error instanceof Fault && error.code === 'not-found') return false;
      throw error;
    }
  };
  return {
    to,
    async create(id, wish) {
      try {
        return { link: await make(id, wish), existing: false };
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'conflict') throw error;
        const known = toldLink(error.cause) ?? (await to(id))[0];
        if (known === undefined) throw error;
        if (wish.expires !== undefined || known.expires === null || known.expires > transport.clock.now()) {
          return { link: known, existing: true };
        }
        // It opens nothing any more and would stay so.
        await revoke(known.url);
        return { link: await make(id, wish), existing: false };
      }
    },
    async change(url, wish) {
      const { result } = await transport.attempt('Changing a link', () =>
        refusals(wish, transport.api.sharingModifySharedLinkSettings({ url, settings: settingsOf(wish) })),
      );
      return foundLink(result);
    },
    async all() {
      for (let restarts = 0; ; restarts++) {
        try {
          return await everyPage(listed);
        } catch (error) {
          if (!(error instanceof Fault) || error.code !== 'cursor-reset' || restarts >= RESTARTS) throw error;
        }
      }
    },
    revoke,
  };
}

async function everyPage(
  listed: (argument: sharing.ListSharedLinksArg) => Promise<sharing.ListSharedLinksResult>,
): Promise<SharedLink[]> {
  const byUrl = new Map<string, SharedLink>();
  for (let page = await listed({}); ;) {
    for (const metadata of page.links) byUrl.set(metadata.url, foundLink(metadata));
    if (!page.has_more || page.cursor === undefined) return [...byUrl.values()];
    page = await listed({ cursor: page.cursor });
  }
}

function settingsOf({ audience, expires, password }: LinkWish): sharing.SharedLinkSettings {
  return {
    ...(audience === undefined ? {} : { audience: { '.tag': audience } }),
    // Dropbox takes whole seconds.
    ...(expires === undefined ? {} : { expires: `${new Date(expires).toISOString().slice(0, 19)}Z` }),
    ...(password === undefined ? {} : { require_password: true, link_password: password }),
  };
}

export function foundLink(metadata: LinkMetadata): SharedLink {
  const { link_permissions: permissions, url, id, name, path_lower: pathLower, expires } = metadata;
  const visibility = permissions.resolved_visibility?.['.tag'] ?? permissions.effective_audience?.['.tag'] ?? '';
  return {
    url,
    remoteId: (id as RemoteId | undefined) ?? null,
    pathLower: pathLower ?? null,
    name,
    kind: metadata['.tag'] === 'folder' ? 'folder' : 'file',
    audience: AUDIENCES[visibility] ?? 'other',
    password: permissions.require_password === true || /password/.test(visibility),
    expires: expires === undefined ? null : Date.parse(expires),
  };
}

/** Tags of ResolvedVisibility and of LinkAudience. */
const AUDIENCES: Readonly<Record<string, LinkAudience>> = {
  public: 'public',
  password: 'public',
  team: 'team',
  team_only: 'team',
  team_and_password: 'team',
  members: 'members',
  shared_folder_only: 'members',
  no_one: 'nobody',
  only_you: 'nobody',
};

/** Turns what Dropbox says about the settings into sentences; the link that exists travels as the Fault's cause. */
async function refusals<T>(wish: LinkWish, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof DropboxResponseError) || error.status !== 409) throw error;
    const body: unknown = error.error;
    const tags = tagsOf(isRecord(body) ? body['error'] : null);
    if (tags.includes('shared_link_already_exists')) {
      throw new Fault('conflict', 'There is a link to it already.', { cause: error });
    }
    if (tags.includes('not_authorized')) throw new Fault('no-permission', notAllowed(wish));
    if (tags.includes('invalid_settings')) {
      throw new Fault(
        'bad-request',
        'Dropbox does not take these settings for a link. The expiry date must lie in the future and the password must not be empty.',
      );
    }
    if (tags.includes('email_not_verified')) {
      throw new Fault(
        'no-permission',
        'Dropbox makes no links before the e-mail address of the account is confirmed. Confirm it on dropbox.com, then try again.',
      );
    }
    throw error;
  }
}

function notAllowed({ audience, expires, password }: LinkWish): string {
  const asked = [
    ...(expires === undefined ? [] : ['an expiry date']),
    ...(password === undefined ? [] : ['a password']),
  ].join(' or ');
  if (asked !== '') {
    return (
      `This Dropbox account does not allow links with ${asked}: that takes a Professional or team account, and the ` +
      "team's administrator may have switched it off. Make the link without, or use another account."
    );
  }
  if (audience === 'team') {
    return 'This Dropbox account does not allow links for a team: it belongs to none. Make the link public, or use a team account.';
  }
  return (
    "This Dropbox account does not allow such a link. Look at the sharing settings on dropbox.com, or ask the team's " +
    'administrator.'
  );
}

/** The link that `shared_link_already_exists` carries, where it does. */
function toldLink(cause: unknown): SharedLink | undefined {
  const body: unknown = cause instanceof DropboxResponseError ? cause.error : null;
  const error = isRecord(body) ? body['error'] : null;
  const inner = isRecord(error) ? error['shared_link_already_exists'] : null;
  const metadata = isRecord(inner) ? inner['metadata'] : null;
  // As the specification has it: SharedLinkMetadata.
  return isRecord(metadata) && 'link_permissions' in metadata
    ? foundLink(metadata as unknown as LinkMetadata)
    : undefined;
}
