// Acting as a member of a team: the member's id for an e-mail, and the namespace of the team space. In: what Dropbox
// answered to team/members/get_info_v2 and users/get_current_account; out: ids for the headers `Select-User` and
// `Path-Root`. Source: the API specification (team, common.PathRoot). Called by the transport.

import { DropboxResponseError } from 'dropbox';
import { Fault } from '../../engine/ports.ts';
import { isRecord } from './errors.ts';

/** Fault no-permission where the team has no such member, or none who may work. */
export function memberIdOf(answer: unknown, email: string): string {
  const infos = isRecord(answer) ? answer['members_info'] : null;
  const info: unknown = Array.isArray(infos) ? infos[0] : null;
  const profile = isRecord(info) ? info['profile'] : null;
  if (!isRecord(profile) || typeof profile['team_member_id'] !== 'string') {
    throw new Fault(
      'no-permission',
      `Nobody in this Dropbox team has the e-mail "${email}". Correct the e-mail of the team user of this client.`,
    );
  }
  const status = isRecord(profile['status']) ? profile['status']['.tag'] : 'active';
  if (status !== 'active') {
    throw new Fault(
      'no-permission',
      `The team user "${email}" is not active in Dropbox (${String(status)}). Ask the team's administrator, or name another user.`,
    );
  }
  return profile['team_member_id'];
}

/** Where the login turns out to be that of one account, the sentence says so; anything else passes. */
export function notATeam(error: unknown, email: string): unknown {
  if (!(error instanceof DropboxResponseError) || error.status !== 400) return error;
  return new Fault(
    'no-permission',
    `This client works as "${email}" in a Dropbox team, but it is logged in to a single Dropbox account. ` +
      'Log in as an administrator of the team with an app that has team permissions, or add the client without the e-mail of a team user.',
    { cause: error },
  );
}

/** The namespace in which the account's paths begin when the whole team space is meant; null where none is told. */
export function rootNamespaceOf(account: unknown): string | null {
  const info = isRecord(account) ? account['root_info'] : null;
  const root = isRecord(info) ? info['root_namespace_id'] : null;
  return typeof root === 'string' ? root : null;
}
