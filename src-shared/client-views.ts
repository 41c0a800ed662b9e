// What `docktide client status` prints as JSON and the window shows about one client.

import type { ClientView } from './views.ts';

export interface ClientAccountView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly kind: 'basic' | 'pro' | 'business';
  /** Name of the team; null for a personal account. */
  readonly team: string | null;
}

/** Bytes. */
export interface ClientSpaceView {
  readonly used: number;
  /** Null where Dropbox does not tell. */
  readonly allowed: number | null;
  readonly team: { readonly used: number; readonly allowed: number } | null;
  /** ISO 8601, UTC: when Dropbox told it. */
  readonly askedAt: string;
}

export interface ClientStatusView extends ClientView {
  /** What the state means and what to do, as a sentence; null where all is well. */
  readonly reasonText: string | null;
  /** Null before Dropbox has told it. */
  readonly account: ClientAccountView | null;
  readonly space: ClientSpaceView | null;
  /** What the login may do; null where Dropbox has not told it, as for ready tokens. */
  readonly scopes: readonly string[] | null;
  /** Permissions that Docktide needs and the login lacks. */
  readonly missingScopes: readonly string[];
  /** The team's user as whom everything is done. */
  readonly teamMemberEmail: string | null;
  /** Whether the root folder lies in the team space. */
  readonly teamSpace: boolean;
  readonly login: {
    readonly kind: 'app-key' | 'access-token' | 'token-env';
    /** No secret: it names the Dropbox app. */
    readonly appKey: string | null;
    /** Whether an app secret is kept; never the secret. */
    readonly appSecret: boolean;
  };
  readonly tokenKept: {
    readonly kind: 'owner-only-file' | 'keyring' | 'environment';
    /** Path of the file, or name of the variable. */
    readonly place: string;
  };
  /** To be registered with the Dropbox app, exactly. */
  readonly redirectAddresses: readonly string[];
  /** What came of asking Dropbox just now; null where it was not asked. */
  readonly checked:
    { readonly ok: true } | { readonly ok: false; readonly code: string; readonly message: string } | null;
}
