// Working as a member of a team: who that is and where its paths begin is asked once, told, and followed when it changes.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DropboxOptions } from '../../../src-main/cloud/dropbox/client.ts';
import type { CloudStore } from '../../../src-main/engine/ports.ts';
import { openEmulated, type EmulatedDropbox } from '../../conformance/cloud-emulator.ts';
import { faultCode } from '../../conformance/cloud-store.ts';

let cloud: EmulatedDropbox;
let learnt: string[];
beforeEach(async () => {
  cloud = await openEmulated();
  learnt = [];
  await cloud.control('account', { kind: 'business', teamName: 'Example Ltd', teamSpace: true });
  await cloud.control('token', { token: 'a-token', team: true });
});
afterEach(() => cloud.close());

const asMember = (more: Partial<DropboxOptions> = {}): CloudStore =>
  cloud.open('Root', {
    memberEmail: 'Anna@example.com',
    teamSpace: true,
    onMemberKnown: (id) => void learnt.push(id),
    onPathRootChanged: (root) => void learnt.push(root),
    ...more,
  });
const MEMBER = expect.stringMatching(/^dbmid:/) as string;

async function message(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a member of a team', () => {
  test('is found by e-mail and works in the team space, asked once for all that start together', async () => {
    const store = asMember();
    const [account] = await Promise.all([store.account(), store.ensureRoot()]);
    expect(account).toMatchObject({ team: { name: 'Example Ltd' }, kind: 'business', rootNamespace: '9001' });
    expect(learnt).toEqual([MEMBER, '9001']);
    expect(cloud.requests()).toMatchObject({ 'team/members/get_info_v2': 1, 'users/get_current_account': 2 });
    // Beside the members' own folders, not in one of them.
    expect(Object.keys(await cloud.other.tree('Root'))).toEqual([]);
  });

  test('that is known already costs no request', async () => {
    await asMember().account();
    const [selectUser = '', pathRoot = ''] = learnt;
    cloud.forgetRequests();
    await asMember({ selectUser, pathRoot }).ensureRoot();
    expect(cloud.requests()).not.toHaveProperty(['team/members/get_info_v2']);
    expect(cloud.requests()).not.toHaveProperty(['users/get_current_account']);
  });

  test('may work in the own folder instead', async () => {
    const store = asMember({ teamSpace: false });
    await store.ensureRoot();
    expect(learnt).toEqual([MEMBER]);
    expect(await cloud.other.tree('Anna Example/Root')).toEqual({});
  });

  test('that is not there is named, with what to do', async () => {
    const said = await message(asMember({ memberEmail: 'nobody@example.com' }).ensureRoot());
    expect(said).toMatch(/Nobody in this Dropbox team has the e-mail "nobody@example.com"\. Correct/);
    // Asked anew the next time: an administrator may have added it.
    expect(await faultCode(asMember({ memberEmail: 'nobody@example.com' }).ensureRoot())).toBe('no-permission');
  });

  test('needs the login of a team', async () => {
    await cloud.control('token', { token: 'a-token', team: false });
    expect(await message(asMember().ensureRoot())).toContain('logged in to a single Dropbox account');
  });

  test('follows a changed root and tells it', async () => {
    const store = asMember();
    await store.ensureRoot();
    await cloud.control('account', { rootNamespace: '9002' });
    expect((await store.ensureRoot()).created).toBe(false);
    expect(learnt).toEqual([MEMBER, '9001', '9002']);
  });

  test('whom the team has put out is a clear sentence', async () => {
    expect(await message(asMember({ selectUser: 'dbmid:gone', pathRoot: '9001' }).ensureRoot())).toContain(
      'is not in the Dropbox team',
    );
  });
});

describe('space', () => {
  test('of a team: the own, and the team as a whole', async () => {
    await cloud.control('quota', { allocated: 5_000 });
    const open = cloud.open('Root', { memberEmail: 'anna@example.com' });
    expect(await open.space()).toEqual({ used: 0, allowed: 5_000, team: { used: 0, allowed: 5_000 } });
  });

  test('of a person', async () => {
    await cloud.control('token', { token: 'a-token', team: false });
    await cloud.control('account', { kind: 'basic', teamSpace: false });
    await cloud.control('quota', { allocated: 2_000 });
    await cloud.control('write', { path: '/f', text: '12345' });
    const open = cloud.open('Root');
    expect(await open.space()).toEqual({ used: 5, allowed: 2_000, team: null });
  });
});
