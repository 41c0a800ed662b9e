// Shared links: made, listed, changed, revoked, opened. What an account may do depends on its kind: basic accounts have
// public links without expiry or password; only a team can restrict links to itself, and its policy may.

import { choice, flag, nullable, optional, struct, text, timestamp, type Read } from '../arguments.ts';
import { EndpointError, nest, tag } from '../answers.ts';
import type { AccountSettings } from '../accounts.ts';
import type { View } from '../emulator.ts';
import type { Audience, SharedLink } from '../links.ts';
import { LookupProblem, requireNode, revisionOf } from '../lookup.ts';
import { entryMetadata, timeText } from '../metadata.ts';
import { splitPath } from '../paths.ts';
import { route, type Call, type Route } from '../route.ts';
import { descend, isBelow, type TreeNode } from '../tree.ts';
import { readPath } from './fields.ts';
import { downloadOf, lookingUp } from './reading.ts';

const PAGE = 100;

const settingsShape = struct({
  require_password: nullable(flag),
  link_password: nullable(text()),
  expires: nullable(timestamp),
  audience: nullable(choice('public', 'team', 'no_one', 'password', 'members')),
  access: nullable(choice('viewer', 'editor', 'max')),
  requested_visibility: nullable(choice('public', 'team_only', 'password')),
  allow_download: nullable(flag),
});
type Settings = Read<typeof settingsShape>;

const NO_SETTINGS: Settings = settingsShape.read({}, '');

function settingsError(reason: 'invalid_settings' | 'not_authorized'): EndpointError {
  return new EndpointError(tag('settings_error', reason));
}

/** The settings that a link shall have, held against what the account may do. */
function wantedLink(call: Call, settings: Settings, before: SharedLink): SharedLink {
  const { accounts } = call.view.emulator;
  const { kind } = accounts.settings;
  const audience = wantedAudience(settings) ?? before.audience;
  if (audience === 'team' && kind !== 'business') throw settingsError('not_authorized');
  if (settings.require_password === true && (settings.link_password ?? '') === '')
    throw settingsError('invalid_settings');
  const password =
    settings.require_password === false
      ? null
      : settings.link_password === null
        ? before.password
        : settings.link_password;
  const expires = settings.expires ?? before.expires;
  const secured = settings.expires !== null || (settings.link_password ?? null) !== null;
  if (kind === 'basic' && (secured || settings.allow_download === false)) throw settingsError('not_authorized');
  if (settings.expires !== null && settings.expires <= call.view.emulator.now())
    throw settingsError('invalid_settings');
  return { ...before, audience, password, expires, allowDownload: settings.allow_download ?? before.allowDownload };
}

function wantedAudience(settings: Settings): Audience | null {
  if (settings.audience === 'team' || settings.audience === 'no_one') return settings.audience;
  if (settings.audience === 'members') return 'team';
  if (settings.audience !== null) return 'public';
  if (settings.requested_visibility === null) return null;
  return settings.requested_visibility === 'team_only' ? 'team' : 'public';
}

/** Who can open a link in the end: the team's policy may narrow what was asked. */
function effectiveAudience(account: AccountSettings, link: SharedLink): Audience {
  return link.audience === 'public' && account.team !== null && account.linkPolicy === 'team' ? 'team' : link.audience;
}

function visibility(audience: Audience, hasPassword: boolean): string {
  if (audience === 'no_one') return 'no_one';
  if (audience === 'team') return hasPassword ? 'team_and_password' : 'team_only';
  return hasPassword ? 'password' : 'public';
}

function linkPermissions(account: AccountSettings, link: SharedLink): Readonly<Record<string, unknown>> {
  const audience = effectiveAudience(account, link);
  const hasPassword = link.password !== null;
  const paid = account.kind !== 'basic';
  const policy = (name: string, allowed: boolean): Readonly<Record<string, unknown>> => ({
    policy: { '.tag': name },
    resolved_policy: { '.tag': name },
    allowed,
    ...(allowed ? {} : { disallowed_reason: { '.tag': 'user_account_type' } }),
  });
  const option = (name: string, allowed: boolean): Readonly<Record<string, unknown>> => ({
    audience: { '.tag': name },
    allowed,
    ...(allowed ? {} : { disallowed_reason: { '.tag': 'user_not_on_team' } }),
  });
  return {
    resolved_visibility: { '.tag': visibility(audience, hasPassword) },
    requested_visibility: { '.tag': hasPassword ? 'password' : link.audience === 'team' ? 'team_only' : 'public' },
    can_revoke: true,
    effective_audience: { '.tag': audience },
    link_access_level: { '.tag': 'viewer' },
    visibility_policies: [policy('public', true), policy('team_only', account.team !== null), policy('password', paid)],
    can_set_expiry: paid,
    can_remove_expiry: paid,
    allow_download: link.allowDownload,
    can_allow_download: true,
    can_disallow_download: paid,
    allow_comments: true,
    team_restricts_comments: false,
    audience_options: [option('public', true), option('team', account.team !== null), option('no_one', true)],
    can_set_password: paid,
    can_remove_password: paid,
    require_password: hasPassword,
    can_use_extended_sharing_controls: false,
  };
}

/** SharedLinkMetadata of a link, or of an entry below a linked folder. */
function linkMetadata(view: View, link: SharedLink, node: TreeNode): Readonly<Record<string, unknown>> {
  const { settings } = view.emulator.accounts;
  const entry = entryMetadata(view, node);
  const common = {
    '.tag': node.kind,
    url: link.url,
    id: node.id,
    name: node.name,
    ...(link.expires === null ? {} : { expires: timeText(link.expires) }),
    path_lower: entry['path_lower'],
    link_permissions: linkPermissions(settings, link),
    ...(settings.team === null
      ? {}
      : { team_member_info: { team_info: settings.team, display_name: `${settings.givenName} ${settings.surname}` } }),
  };
  if (node.kind === 'folder') return common;
  const { client_modified, server_modified, rev, size } = entry;
  return { ...common, client_modified, server_modified, rev, size };
}

function create(call: Call, path: string, settings: Settings): unknown {
  const { view } = call;
  const { links, faults } = view.emulator;
  const node = lookingUp(() => {
    const found = requireNode(view, path);
    if (found === view.base || found.parent === null) throw new LookupProblem(tag('not_found'));
    return found;
  });
  const present = links.ofEntry(node.id);
  if (present !== null) {
    const known = faults.settings.bareLinkConflict
      ? tag('shared_link_already_exists')
      : nest('shared_link_already_exists', { '.tag': 'metadata', metadata: linkMetadata(view, present, node) });
    throw new EndpointError(known);
  }
  const link = wantedLink(call, settings, {
    url: links.newUrl(node.kind, node.name),
    entryId: node.id,
    audience: 'public',
    password: null,
    expires: null,
    allowDownload: true,
  });
  links.set(link);
  return linkMetadata(view, link, node);
}

function liveLinks(view: View): readonly { readonly link: SharedLink; readonly node: TreeNode }[] {
  return view.emulator.links.all.flatMap((link) => {
    const node = view.emulator.tree.byId(link.entryId);
    return node === null || !isBelow(node, view.base) ? [] : [{ link, node }];
  });
}

function listLinks(call: Call, path: string | null, cursor: string | null, directOnly: boolean): unknown {
  const { view } = call;
  const target = path === null ? null : lookingUp(() => requireNode(view, path));
  const all = liveLinks(view).filter(
    ({ node }) => target === null || node === target || (!directOnly && isBelow(target, node)),
  );
  const start = cursor === null ? 0 : Number(/^links-(\d+)$/.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw new EndpointError(tag('reset'));
  const page = all.slice(start, start + PAGE);
  const hasMore = start + PAGE < all.length;
  return {
    links: page.map(({ link, node }) => linkMetadata(view, link, node)),
    has_more: hasMore,
    ...(hasMore ? { cursor: `links-${start + PAGE}` } : {}),
  };
}

function requireLink(call: Call, url: string): { readonly link: SharedLink; readonly node: TreeNode } {
  const { links, tree } = call.view.emulator;
  const link = links.byUrl(url);
  const node = link === null ? null : tree.byId(link.entryId);
  if (link === null || node === null) throw new EndpointError(tag('shared_link_not_found'));
  return { link, node };
}

/** The entry that a link, or a path below its folder, leads the caller to. */
function opened(
  call: Call,
  argument: { readonly url: string; readonly path: string | null; readonly link_password: string | null },
): { readonly link: SharedLink; readonly node: TreeNode } {
  const { links, tree } = call.view.emulator;
  const link = links.open(argument.url, argument.link_password);
  if (link === 'denied') throw new EndpointError(tag('shared_link_access_denied'));
  const top = link === null ? null : tree.byId(link.entryId);
  if (link === null || top === null) throw new EndpointError(tag('shared_link_not_found'));
  const names = splitPath(argument.path ?? '/');
  const node = names === null ? null : top.kind === 'folder' ? descend(top, names) : names.length === 0 ? top : null;
  if (node === null) throw new EndpointError(tag('shared_link_not_found'));
  return { link, node };
}

const openArgument = struct({
  url: text(),
  path: nullable(text({ pattern: '/(.|[\\r\\n])*' })),
  link_password: nullable(text()),
});

export const sharingRoutes: readonly Route[] = [
  route(
    'sharing/create_shared_link_with_settings',
    'sharing.write',
    struct({ path: readPath, settings: nullable(settingsShape) }),
    (call, argument) => create(call, argument.path, argument.settings ?? NO_SETTINGS),
  ),
  route(
    'sharing/list_shared_links',
    'sharing.read',
    struct({ path: nullable(readPath), cursor: nullable(text()), direct_only: nullable(flag) }),
    (call, argument) => listLinks(call, argument.path, argument.cursor, argument.direct_only ?? false),
  ),
  route(
    'sharing/modify_shared_link_settings',
    'sharing.write',
    struct({ url: text(), settings: settingsShape, remove_expiration: optional(flag, false) }),
    (call, argument) => {
      const { link, node } = requireLink(call, argument.url);
      const changed = wantedLink(
        call,
        argument.settings,
        argument.remove_expiration ? { ...link, expires: null } : link,
      );
      call.view.emulator.links.set(changed);
      return linkMetadata(call.view, changed, node);
    },
  ),
  route('sharing/revoke_shared_link', 'sharing.write', struct({ url: text() }), (call, { url }) => {
    if (!url.startsWith('https://www.dropbox.com/')) throw new EndpointError(tag('shared_link_malformed'));
    call.view.emulator.links.revoke(requireLink(call, url).link.url);
    return null;
  }),
  route(
    'sharing/get_shared_link_metadata',
    'sharing.read',
    openArgument,
    (call, argument) => {
      const { link, node } = opened(call, argument);
      return linkMetadata(call.view, link, node);
    },
    { auth: 'app, user' },
  ),
  route(
    'sharing/get_shared_link_file',
    'sharing.read',
    openArgument,
    (call, argument) => {
      const { link, node } = opened(call, argument);
      if (node.kind === 'folder') throw new EndpointError(tag('shared_link_is_directory'));
      const download = downloadOf(call.view, revisionOf(node));
      return download.withResult(linkMetadata(call.view, link, node));
    },
    { style: 'download' },
  ),
];
