// Shared links (S20). In: the id of an entry; out: its address and whom it serves. A link that exists is used again:
// the answer "already exists" may carry it or not, and then it is listed. Called by client.ts.

import type { sharing } from 'dropbox';
import type { RemoteId } from '../../../src-shared/domain.ts';
import { Fault } from '../../engine/ports.ts';
import type { Transport } from './transport.ts';

export interface SharedLink {
  readonly url: string;
  /** The resolved audience: the account's policy may have changed what was asked for. */
  readonly audience: 'public' | 'team' | 'other';
}

type LinkMetadata =
  sharing.FileLinkMetadataReference | sharing.FolderLinkMetadataReference | sharing.SharedLinkMetadataReference;

const WHAT = 'Making a link';

/** Public on personal accounts, for the team on business ones. Faults: not-found, no-permission, scope-missing … */
export async function sharedLink(transport: Transport, id: RemoteId, business: boolean): Promise<SharedLink> {
  const settings: sharing.SharedLinkSettings = { audience: { '.tag': business ? 'team' : 'public' } };
  try {
    const { result } = await transport.attempt(WHAT, () =>
      transport.api.sharingCreateSharedLinkWithSettings({ path: id, settings }),
    );
    return linkOf(result);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'conflict') throw error;
    const known = await existingLink(transport, id);
    if (known === null) throw error;
    return known;
  }
}

async function existingLink(transport: Transport, id: RemoteId): Promise<SharedLink | null> {
  const { result } = await transport.attempt(WHAT, () =>
    transport.api.sharingListSharedLinks({ path: id, direct_only: true }),
  );
  const [first] = result.links;
  return first === undefined ? null : linkOf(first);
}

function linkOf(metadata: LinkMetadata): SharedLink {
  const resolved = metadata.link_permissions.resolved_visibility?.['.tag'];
  const audience = resolved === 'public' ? 'public' : resolved === 'team_only' ? 'team' : 'other';
  return { url: metadata.url, audience };
}
