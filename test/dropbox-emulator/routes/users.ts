// Who the account is and how much room it has; checks of a connection; the team's members.

import { list, nothing, optional, struct, text, union } from '../arguments.ts';
import { EndpointError, MalformedCall, tag } from '../answers.ts';
import { nameOf, rootInfo, TEAM_MEMBER_ID, type AccountSettings } from '../accounts.ts';
import { route, type Call, type Route } from '../route.ts';

const MEMBER_SHARE = { '.tag': 'off' };

const TEAM_SHARING_POLICIES = {
  shared_folder_member_policy: { '.tag': 'anyone' },
  shared_folder_join_policy: { '.tag': 'from_anyone' },
  shared_link_create_policy: { '.tag': 'default_public' },
};

function basics(account: AccountSettings): Readonly<Record<string, unknown>> {
  return {
    account_id: account.accountId,
    name: nameOf(account),
    email: account.email,
    email_verified: true,
    disabled: false,
  };
}

function currentAccount(call: Call): unknown {
  const { settings } = call.view.emulator.accounts;
  return {
    ...basics(settings),
    country: 'DE',
    locale: 'en',
    referral_link: 'https://www.dropbox.com/referrals/AAAExample',
    ...(settings.team === null
      ? {}
      : {
          team: {
            ...settings.team,
            sharing_policies: TEAM_SHARING_POLICIES,
            office_addin_policy: { '.tag': 'disabled' },
          },
          team_member_id: TEAM_MEMBER_ID,
        }),
    is_paired: false,
    account_type: { '.tag': settings.kind },
    root_info: rootInfo(settings),
  };
}

function spaceUsage(call: Call): unknown {
  const { accounts, tree } = call.view.emulator;
  const { allocated, team } = accounts.settings;
  const used = tree.usedBytes;
  const allocation =
    team === null
      ? { '.tag': 'individual', allocated }
      : {
          '.tag': 'team',
          used,
          allocated,
          user_within_team_space_allocated: 0,
          user_within_team_space_limit_type: MEMBER_SHARE,
          user_within_team_space_used_cached: used,
        };
  return { used, allocation };
}

function basicAccount(call: Call, accountId: string): unknown {
  const { settings } = call.view.emulator.accounts;
  if (accountId !== settings.accountId) throw new EndpointError(tag('no_account'));
  return {
    ...basics(settings),
    is_teammate: settings.team !== null,
    ...(settings.team === null ? {} : { team_member_id: TEAM_MEMBER_ID }),
  };
}

function requireTeam(call: Call): NonNullable<AccountSettings['team']> {
  const { team } = call.view.emulator.accounts.settings;
  if (team === null) throw new MalformedCall('The access token is not that of a team.');
  return team;
}

const selector = union({ team_member_id: text(), external_id: text({ max: 64 }), email: text({ max: 255 }) });
const membersArgument = struct({ members: list(selector) });

function memberProfile(account: AccountSettings): Readonly<Record<string, unknown>> {
  return {
    team_member_id: TEAM_MEMBER_ID,
    account_id: account.accountId,
    email: account.email,
    email_verified: true,
    secondary_emails: [],
    status: { '.tag': 'active' },
    name: nameOf(account),
    membership_type: { '.tag': 'full' },
    joined_on: '2020-01-01T00:00:00Z',
    groups: [],
    member_folder_id: account.homeNamespace,
  };
}

/** The member's entry where the selector means this account, else `id_not_found`. */
function memberInfo(
  call: Call,
  wanted: { readonly tag: string; readonly value: string },
  rest: Readonly<Record<string, unknown>>,
): unknown {
  const { settings } = call.view.emulator.accounts;
  const found =
    (wanted.tag === 'email' && wanted.value.toLowerCase() === settings.email.toLowerCase()) ||
    (wanted.tag === 'team_member_id' && wanted.value === TEAM_MEMBER_ID);
  return found
    ? { '.tag': 'member_info', profile: memberProfile(settings), ...rest }
    : { '.tag': 'id_not_found', id_not_found: wanted.value };
}

const feature = union({ paper_as_files: null, file_locking: null });

export const userRoutes: readonly Route[] = [
  route('users/get_current_account', 'account_info.read', nothing, currentAccount),
  route('users/get_space_usage', 'account_info.read', nothing, spaceUsage),
  route(
    'users/get_account',
    'sharing.read',
    struct({ account_id: text({ min: 40, max: 40 }) }),
    (call, { account_id }) => basicAccount(call, account_id),
  ),
  route(
    'users/get_account_batch',
    'sharing.read',
    struct({ account_ids: list(text({ min: 40, max: 40 }), { min: 1 }) }),
    (call, { account_ids }) => account_ids.map((id) => basicAccount(call, id)),
  ),
  route(
    'users/features/get_values',
    'account_info.read',
    struct({ features: list(feature) }),
    (_call, { features }) => {
      if (features.length === 0) throw new EndpointError(tag('empty_features_list'));
      return {
        values: features.map(({ tag: name }) => ({ '.tag': name, [name]: { '.tag': 'enabled', enabled: true } })),
      };
    },
  ),
  ...(['user', 'app'] as const).map((kind) =>
    route(
      `check/${kind}`,
      kind === 'user' ? 'account_info.read' : null,
      struct({ query: optional(text({ max: 500 }), '') }),
      (_call, { query }) => ({ result: query }),
      { auth: kind },
    ),
  ),
  route('auth/token/revoke', null, nothing, (call) => {
    call.view.emulator.login.revoke(call.token);
    return null;
  }),
  route(
    'team/members/get_info',
    'members.read',
    membersArgument,
    (call, { members }) => {
      requireTeam(call);
      return members.map((member) => memberInfo(call, member, { role: { '.tag': 'team_admin' } }));
    },
    { auth: 'team' },
  ),
  route(
    'team/members/get_info_v2',
    'members.read',
    membersArgument,
    (call, { members }) => {
      requireTeam(call);
      const roles = [{ role_id: 'pid_dbtmr:1', name: 'Team', description: 'Manages everything' }];
      return { members_info: members.map((member) => memberInfo(call, member, { roles })) };
    },
    { auth: 'team' },
  ),
  route(
    'team/get_info',
    'team_info.read',
    nothing,
    (call) => {
      const team = requireTeam(call);
      return {
        name: team.name,
        team_id: team.id,
        num_licensed_users: 5,
        num_provisioned_users: 1,
        policies: {
          sharing: TEAM_SHARING_POLICIES,
          emm_state: { '.tag': 'disabled' },
          office_addin: { '.tag': 'disabled' },
          suggest_members_policy: { '.tag': 'enabled' },
        },
      };
    },
    { auth: 'team' },
  ),
];
