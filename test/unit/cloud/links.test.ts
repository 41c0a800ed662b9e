// Shared links through the adapter: what exists is used again, what the account does not allow is a sentence.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RemoteId } from '../../../src-shared/domain.ts';
import type { LinkCloud } from '../../../src-main/links/ports.ts';
import { openEmulated, type EmulatedDropbox } from '../../conformance/cloud-emulator.ts';
import { faultCode } from '../../conformance/cloud-store.ts';

let cloud: EmulatedDropbox;
let links: LinkCloud;
let file: RemoteId;
let folder: RemoteId;
beforeEach(async () => {
  cloud = await openEmulated();
  links = cloud.open('Root').links;
  file = await write('/Root/Dir/Offer.pdf');
  folder = ((await cloud.control('mkdir', { path: '/Root/Dir' })) as { id: RemoteId }).id;
});
afterEach(() => cloud.close());

async function write(path: string): Promise<RemoteId> {
  return ((await cloud.control('write', { path, text: path })) as { id: RemoteId }).id;
}
const LATER = Date.UTC(2099, 0, 31, 12, 0, 0);

async function message(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
}

describe('a link', () => {
  test('tells what it leads to and whom it serves', async () => {
    expect(await links.create(file, { audience: 'public' })).toEqual({
      existing: false,
      link: {
        url: expect.stringMatching(/^https:\/\/www\.dropbox\.com\/scl\/fi\//) as string,
        remoteId: file,
        pathLower: '/root/dir/offer.pdf',
        name: 'Offer.pdf',
        kind: 'file',
        audience: 'public',
        password: false,
        expires: null,
      },
    });
    expect((await links.create(folder, {})).link).toMatchObject({ kind: 'folder', name: 'Dir' });
  });

  test('with an end and a password has both', async () => {
    const { link } = await links.create(file, { expires: LATER, password: 'secret' });
    expect(link).toMatchObject({ expires: LATER, password: true, audience: 'public' });
  });

  test.each([false, true])('that exists is used again, whether the refusal carries it or not (%s)', async (bare) => {
    const first = await links.create(file, {});
    await cloud.control('faults', { bareLinkConflict: bare });
    expect(await links.create(file, { audience: 'public' })).toEqual({ link: first.link, existing: true });
    expect(cloud.requests()['sharing/list_shared_links'] ?? 0).toBe(bare ? 1 : 0);
  });

  test('that has expired is replaced: it would open nothing', async () => {
    const first = await links.create(file, { expires: LATER });
    await cloud.clock.sleep(LATER - cloud.clock.now() + 1_000);
    const second = await links.create(file, {});
    expect(second).toMatchObject({ existing: false, link: { expires: null } });
    expect(second.link.url).not.toBe(first.link.url);
    expect(await links.to(file)).toHaveLength(1);
  });

  test('can be changed', async () => {
    const { link } = await links.create(file, {});
    expect(await links.change(link.url, { expires: LATER, password: 'x' })).toMatchObject({
      url: link.url,
      expires: LATER,
      password: true,
    });
  });

  test('of a team serves the team, by wish or by its policy', async () => {
    await cloud.control('account', { kind: 'business' });
    expect((await links.create(file, { audience: 'team' })).link.audience).toBe('team');
    await cloud.control('account', { linkPolicy: 'team' });
    expect((await links.create(folder, { audience: 'public' })).link.audience).toBe('team');
  });

  test('can be taken back, once', async () => {
    const { link } = await links.create(file, {});
    expect(await links.revoke(link.url)).toBe(true);
    expect(await links.revoke(link.url)).toBe(false);
    expect(await links.to(file)).toEqual([]);
  });

  test('to what is gone is refused', async () => {
    await cloud.control('delete', { path: '/Root/Dir' });
    expect(await faultCode(links.create(file, {}))).toBe('not-found');
  });
});

describe('what the account does not allow', () => {
  beforeEach(() => cloud.control('account', { kind: 'basic' }));

  test.each([
    [{ expires: LATER }, 'does not allow links with an expiry date'],
    [{ password: 'x' }, 'does not allow links with a password'],
    [{ expires: LATER, password: 'x' }, 'does not allow links with an expiry date or a password'],
    [{ audience: 'team' }, 'does not allow links for a team'],
  ] as const)('%j', async (wish, words) => {
    const said = await message(links.create(file, wish));
    expect(said).toContain(words);
    expect(said).not.toContain('settings_error');
    // A link that is there is not changed into it either.
    const { link } = await links.create(file, {});
    expect(await message(links.change(link.url, wish))).toContain(words);
  });
});

test('settings that make no sense are a sentence', async () => {
  expect(await message(links.create(file, { expires: Date.UTC(2001, 0, 1) }))).toContain('must lie in the future');
});

describe('all links', () => {
  test('of the whole account, page by page, each once', async () => {
    const urls: string[] = [];
    for (let index = 0; index < 101; index++) {
      urls.push((await links.create(await write(`/Elsewhere/${index}.txt`), {})).link.url);
    }
    cloud.forgetRequests();
    expect((await links.all()).map((link) => link.url).toSorted()).toEqual(urls.toSorted());
    expect(cloud.requests()).toEqual({ 'sharing/list_shared_links': 2 });
  });

  test('are listed anew where the cursor is no longer good, and not for ever', async () => {
    let calls = 0;
    const real = cloud.open('Root', {
      fetch: async (address, init) => {
        calls++;
        const answer = await fetch(address, init);
        const body = (await answer.json()) as { links: unknown[]; has_more: boolean; cursor?: string };
        if (calls === 1) return Response.json({ ...body, has_more: true, cursor: 'no longer good' });
        return Response.json(body, { status: answer.status });
      },
    });
    await links.create(file, {});
    expect(await real.links.all()).toHaveLength(1);
    expect(calls).toBe(3);
  });
});
