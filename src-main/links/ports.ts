// What the links service needs of Dropbox. Implemented by cloud/dropbox/links.ts.

import type { RemoteId } from '../../src-shared/domain.ts';
import type { SharedLink } from '../engine/ports.ts';

/** What is asked for; what is left out is as the link is already, or Dropbox's default. */
export interface LinkWish {
  readonly audience?: 'public' | 'team';
  /** Milliseconds since the epoch, in the future. */
  readonly expires?: number;
  readonly password?: string;
}

export interface LinkCloud {
  /** A new link; `existing` where there is one already. Faults: not-found, no-permission with a sentence, scope-missing … */
  create(id: RemoteId, wish: LinkWish): Promise<{ readonly link: SharedLink; readonly existing: boolean }>;
  /** Faults as `create`. */
  change(url: string, wish: LinkWish): Promise<SharedLink>;
  /** Links to this very entry. */
  to(id: RemoteId): Promise<readonly SharedLink[]>;
  /** All links of the account. */
  all(): Promise<readonly SharedLink[]>;
  /** False where it was gone already. */
  revoke(url: string): Promise<boolean>;
}
