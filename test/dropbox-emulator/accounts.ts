// The account behind the emulator: its person, its kind, its quota, its team and where its home is in the team space.
// Read by the users and team routes and by the write rules (quota, names of conflicted copies); set by the control endpoint.

import { ROOT_ID } from './tree.ts';

export type AccountKind = 'basic' | 'pro' | 'business';

export interface AccountSettings {
  readonly accountId: string;
  readonly kind: AccountKind;
  readonly givenName: string;
  readonly surname: string;
  readonly email: string;
  /** Bytes. */
  readonly allocated: number;
  readonly team: { readonly id: string; readonly name: string } | null;
  /** What the team's policy makes of public links: leaves them, or restricts them to the team. */
  readonly linkPolicy: 'public' | 'team';
  /** Whether the team has a shared space with the member's home folder in it. */
  readonly teamSpace: boolean;
  readonly rootNamespace: string;
  readonly homeNamespace: string;
  /** Folder that is the member's home; the tree's root where there is no team space. */
  readonly homeFolderId: string;
}

const ACCOUNT_ID = 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc';
export const TEAM_MEMBER_ID = 'dbmid:AAFdgehTzw7WlXhZJsbGCLePe8RvQGYDr-I';

export const INITIAL_ACCOUNT: AccountSettings = {
  accountId: ACCOUNT_ID,
  kind: 'pro',
  givenName: 'Anna',
  surname: 'Example',
  email: 'anna@example.com',
  allocated: 2 * 1024 ** 4,
  team: null,
  linkPolicy: 'public',
  teamSpace: false,
  rootNamespace: '7001',
  homeNamespace: '7001',
  homeFolderId: ROOT_ID,
};

export class Accounts {
  #settings: AccountSettings = INITIAL_ACCOUNT;
  /** Called after each change. */
  changed: (settings: AccountSettings) => void = () => {};

  get settings(): AccountSettings {
    return this.#settings;
  }

  set(change: Partial<AccountSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    this.changed(this.#settings);
  }
}

export function displayName(account: AccountSettings): string {
  return `${account.givenName} ${account.surname}`;
}

export function nameOf(account: AccountSettings): Readonly<Record<string, string>> {
  return {
    given_name: account.givenName,
    surname: account.surname,
    familiar_name: account.givenName,
    display_name: displayName(account),
    abbreviated_name: `${account.givenName.slice(0, 1)}${account.surname.slice(0, 1)}`,
  };
}

/** `root_info` of an account; also what a 422 carries. */
export function rootInfo(account: AccountSettings): Readonly<Record<string, string>> & { readonly '.tag': string } {
  const namespaces = {
    root_namespace_id: account.rootNamespace,
    home_namespace_id: account.homeNamespace,
  };
  return account.teamSpace
    ? { '.tag': 'team', ...namespaces, home_path: `/${displayName(account)}` }
    : { '.tag': 'user', ...namespaces };
}
