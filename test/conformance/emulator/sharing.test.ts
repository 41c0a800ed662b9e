import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dropbox, sharing } from 'dropbox';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { bytesOf, connect, refusal } from './client.ts';

let emulator: TestEmulator;
let dropbox: Dropbox;

beforeEach(async () => {
  emulator = await startTestEmulator();
  dropbox = connect(emulator);
  await emulator.control('write', { path: '/Folder/sub/file.txt', text: 'shared' });
});
afterEach(() => emulator.close());

type Link =
  sharing.FileLinkMetadataReference | sharing.FolderLinkMetadataReference | sharing.SharedLinkMetadataReference;

async function create(path: string, settings?: sharing.SharedLinkSettings): Promise<Link> {
  return (await dropbox.sharingCreateSharedLinkWithSettings(settings === undefined ? { path } : { path, settings }))
    .result;
}

function resolved(link: Link): string | undefined {
  return link.link_permissions.resolved_visibility?.['.tag'];
}

describe('shared links', () => {
  test('are public by default and told with their entry', async () => {
    const link = await create('/Folder/sub/file.txt');
    expect(link).toMatchObject({ '.tag': 'file', name: 'file.txt', path_lower: '/folder/sub/file.txt', size: 6 });
    expect(link.url).toMatch(/^https:\/\/www\.dropbox\.com\/scl\/fi\//);
    expect(resolved(link)).toBe('public');
    expect(await create('/Folder')).toMatchObject({ '.tag': 'folder', name: 'Folder' });
  });

  test('exist once for each entry; the refusal carries the link, or not', async () => {
    const link = await create('/Folder');
    const refused = await refusal(create('/Folder'));
    expect(refused).toMatchObject({ status: 409, summary: 'shared_link_already_exists/metadata' });
    expect(refused.error).toMatchObject({
      shared_link_already_exists: { '.tag': 'metadata', metadata: { url: link.url } },
    });
    await emulator.control('faults', { bareLinkConflict: true });
    expect((await refusal(create('/Folder'))).error).toEqual({ '.tag': 'shared_link_already_exists' });
  });

  test('of what is not there are refused', async () => {
    expect((await refusal(create('/none'))).summary).toBe('path/not_found');
  });

  test('are listed for an entry, with those of the folders above or without', async () => {
    const folder = await create('/Folder');
    const file = await create('/Folder/sub/file.txt');
    const list = async (arg: sharing.ListSharedLinksArg): Promise<string[]> =>
      (await dropbox.sharingListSharedLinks(arg)).result.links.map((link) => link.url);
    expect(await list({})).toEqual([folder.url, file.url]);
    expect(await list({ path: '/Folder/sub/file.txt' })).toEqual([folder.url, file.url]);
    expect(await list({ path: '/Folder/sub/file.txt', direct_only: true })).toEqual([file.url]);
    expect(await list({ path: '/Folder/sub', direct_only: true })).toEqual([]);
    await emulator.control('delete', { path: '/Folder/sub' });
    expect(await list({})).toEqual([folder.url]);
  });

  test('are listed in pages', async () => {
    for (let number = 0; number < 101; number++) {
      await emulator.control('write', { path: `/many/${number}`, text: '' });
      await create(`/many/${number}`);
    }
    const first = (await dropbox.sharingListSharedLinks({})).result;
    expect(first).toMatchObject({ has_more: true });
    const second = (await dropbox.sharingListSharedLinks({ cursor: first.cursor ?? '' })).result;
    expect(first.links.length + second.links.length).toBe(101);
    expect((await refusal(dropbox.sharingListSharedLinks({ cursor: 'nonsense' }))).summary).toBe('reset');
  });

  test('can be revoked once', async () => {
    const { url } = await create('/Folder');
    await dropbox.sharingRevokeSharedLink({ url });
    expect((await refusal(dropbox.sharingRevokeSharedLink({ url }))).summary).toBe('shared_link_not_found');
    expect((await refusal(dropbox.sharingRevokeSharedLink({ url: 'elsewhere' }))).summary).toBe(
      'shared_link_malformed',
    );
    expect((await refusal(dropbox.sharingGetSharedLinkMetadata({ url }))).summary).toBe('shared_link_not_found');
  });

  test('have a password that opens them', async () => {
    const settings = { require_password: true, link_password: 'secret' };
    const { url } = await create('/Folder', settings);
    expect((await refusal(dropbox.sharingGetSharedLinkMetadata({ url }))).summary).toBe('shared_link_access_denied');
    const found = (await dropbox.sharingGetSharedLinkMetadata({ url, link_password: 'secret', path: '/sub/file.txt' }))
      .result;
    expect(found).toMatchObject({ '.tag': 'file', name: 'file.txt' });
    expect(resolved(found)).toBe('password');
    const file = (await dropbox.sharingGetSharedLinkFile({ url, link_password: 'secret', path: '/sub/file.txt' }))
      .result;
    expect((await bytesOf(file)).toString()).toBe('shared');
    const directory = dropbox.sharingGetSharedLinkFile({ url, link_password: 'secret' });
    expect((await refusal(directory)).summary).toBe('shared_link_is_directory');
  });

  test('list their folder', async () => {
    const { url } = await create('/Folder');
    const { entries } = (await dropbox.filesListFolder({ path: '/sub', shared_link: { url } })).result;
    expect(entries.map((entry) => entry.name)).toEqual(['file.txt']);
  });

  test('change: expiry set and removed, password set and removed', async () => {
    const { url } = await create('/Folder', { expires: '2099-01-01T00:00:00Z' });
    const modify = async (rest: Partial<sharing.ModifySharedLinkSettingsArgs>): Promise<Link> =>
      (await dropbox.sharingModifySharedLinkSettings({ url, settings: {}, ...rest })).result;
    expect(await modify({ settings: { require_password: true, link_password: 'x' } })).toMatchObject({
      expires: '2099-01-01T00:00:00Z',
    });
    expect(resolved(await modify({}))).toBe('password');
    const plain = await modify({ remove_expiration: true, settings: { require_password: false } });
    expect(plain.expires).toBeUndefined();
    expect(resolved(plain)).toBe('public');
    const unknown = dropbox.sharingModifySharedLinkSettings({ url: `${url}x`, settings: {} });
    expect((await refusal(unknown)).summary).toBe('shared_link_not_found');
  });

  test('expire', async () => {
    let now = Date.UTC(2026, 0, 1);
    const timed = await startTestEmulator({ now: () => now });
    await timed.control('write', { path: '/f', text: 'x' });
    const client = connect(timed);
    const settings = { expires: '2026-01-02T00:00:00Z' };
    const { url } = (await client.sharingCreateSharedLinkWithSettings({ path: '/f', settings })).result;
    expect((await client.sharingGetSharedLinkMetadata({ url })).result.expires).toBe('2026-01-02T00:00:00Z');
    now = Date.UTC(2026, 0, 3);
    expect((await refusal(client.sharingGetSharedLinkMetadata({ url }))).summary).toBe('shared_link_not_found');
    await timed.close();
  });

  test('of a basic account are public, without expiry and password', async () => {
    await emulator.control('account', { kind: 'basic' });
    for (const settings of [
      { expires: '2099-01-01T00:00:00Z' },
      { require_password: true, link_password: 'x' },
      { audience: { '.tag': 'team' } },
    ] as const) {
      expect((await refusal(create('/Folder', settings))).summary).toBe('settings_error/not_authorized');
    }
    const link = await create('/Folder', { audience: { '.tag': 'public' } });
    expect(link.link_permissions).toMatchObject({ can_set_expiry: false, can_set_password: false });
  });

  test('with settings that make no sense are refused', async () => {
    for (const settings of [{ require_password: true }, { expires: '2001-01-01T00:00:00Z' }]) {
      expect((await refusal(create('/Folder', settings))).summary).toBe('settings_error/invalid_settings');
    }
  });

  test('of a team can be for the team alone, by wish or by policy', async () => {
    await emulator.control('account', { kind: 'business' });
    expect(resolved(await create('/Folder', { audience: { '.tag': 'team' } }))).toBe('team_only');
    await emulator.control('account', { linkPolicy: 'team' });
    const narrowed = await create('/Folder/sub/file.txt', { audience: { '.tag': 'public' } });
    expect(resolved(narrowed)).toBe('team_only');
    expect(narrowed.link_permissions.effective_audience).toEqual({ '.tag': 'team' });
  });

  test('serve their file to a browser', async () => {
    const { url } = await create('/Folder/sub/file.txt');
    const page = (address: string): Promise<Response> => emulator.fetch(address);
    expect(await (await page(url.replace('dl=0', 'dl=1'))).text()).toBe('shared');
    await dropbox.sharingRevokeSharedLink({ url });
    expect((await page(url)).status).toBe(404);
  });
});
