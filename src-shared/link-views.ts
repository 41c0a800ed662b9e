// Links as the command line prints them as JSON and the window shows them, and the words for who can open one.

/**
 * `public`: anybody who has the address. `team`: members of the Dropbox team. `members`: people who may see the document
 * in Dropbox anyway. `nobody`: switched off in Dropbox.
 */
export type LinkAudience = 'public' | 'team' | 'members' | 'nobody' | 'other';

/**
 * `on`: every document gets a shared link. `on-request`: a person makes the links that are wanted.
 * `off`: "No links to Dropbox", only addresses on dropbox.com, and no link is ever made.
 */
export type LinksMode = 'on' | 'on-request' | 'off';

export interface LinkView {
  readonly url: string;
  /** Path of the document or folder here; null where it is not here. */
  readonly path: string | null;
  /** Path in Dropbox, in lower case; null where Dropbox does not tell. */
  readonly remotePath: string | null;
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly client: string;
  /** `TYPE/REF` of the record it belongs to. */
  readonly record: string | null;
  readonly audience: LinkAudience;
  /** Whether it asks for a password. */
  readonly password: boolean;
  /** ISO 8601, UTC. */
  readonly expires: string | null;
  readonly expired: boolean;
  /** When Docktide made it; null where somebody else did. */
  readonly madeAt: string | null;
  /** When Dropbox last told of it. */
  readonly seenAt: string;
}

export interface MadeLinkView {
  readonly url: string;
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly client: string;
  readonly audience: LinkAudience;
  readonly password: boolean;
  readonly expires: string | null;
  /**
   * `made`: a new link. `existing`: there was one already. `changed`: there was one already, and it was given what was
   * asked for. `address`: the client makes no links; this is the address on dropbox.com.
   */
  readonly result: 'made' | 'existing' | 'changed' | 'address';
  /** What a person should know about it: who can open it, and where it differs from what was asked for. */
  readonly notes: readonly string[];
}

export interface RevokedLinksView {
  readonly revoked: readonly { readonly url: string; readonly path: string | null; readonly client: string }[];
  readonly failed: readonly {
    readonly url: string;
    readonly path: string | null;
    readonly client: string;
    readonly message: string;
  }[];
}

export interface LinkListView {
  /** By path; those outside of the root folders last. */
  readonly links: readonly LinkView[];
  /** Clients whose links could not be asked for; theirs are as they were known last. */
  readonly unchecked: readonly { readonly client: string; readonly code: string; readonly message: string }[];
  /** Links of the accounts that lead elsewhere and were left out. */
  readonly elsewhere: number;
}

const AUDIENCES: Readonly<Record<LinkAudience, string>> = {
  public: 'Anybody who has this address can open it.',
  team: 'Members of the Dropbox team who have this address can open it.',
  members: 'Only people who are logged in to Dropbox and may see it there can open it.',
  nobody: 'It is switched off in Dropbox: nobody can open it.',
  other: 'Who can open it is decided in Dropbox.',
};

export function audienceSentence(audience: LinkAudience): string {
  return AUDIENCES[audience];
}
