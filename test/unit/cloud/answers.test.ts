// What a server might answer that no good server would: the adapter neither breaks nor believes it.

import { describe, expect, it } from 'vitest';

import { openDropbox } from '../../../src-main/cloud/dropbox/client.ts';
import { faultOfTags, tagsOf } from '../../../src-main/cloud/dropbox/errors.ts';
import type { CloudStore, RemoteChange } from '../../../src-main/engine/ports.ts';
import type { Cursor } from '../../../src-shared/domain.ts';
import { quickClock } from '../../conformance/cloud-emulator.ts';
import { faultCode } from '../../conformance/cloud-store.ts';

function answering(body: unknown, status = 200): CloudStore {
  return openDropbox({
    root: 'Über/Root',
    credentials: { kind: 'access-token', token: 't' },
    clock: quickClock(),
    random: () => 0,
    fetch: async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
  });
}

const file = (path_lower: string | undefined, more: object = {}): object => ({
  '.tag': 'file',
  id: 'id:1',
  name: path_lower?.split('/').at(-1) ?? '',
  path_lower,
  path_display: path_lower,
  rev: '0123456789',
  size: 1,
  client_modified: '2026-11-23T11:00:00Z',
  server_modified: '2026-11-23T11:00:00Z',
  content_hash: 'ab',
  ...more,
});

async function changesOf(...entries: object[]): Promise<readonly RemoteChange[]> {
  return (await answering({ entries, cursor: 'c', has_more: false }).changes('b' as Cursor)).changes;
}

describe('entries of a listing', () => {
  it.each([
    ['without a path', undefined],
    ['with an empty name', '/über/root//a'],
    ['ending with a slash', '/über/root/a/'],
    ['above the root', '/über'],
    ['with no names at all', ''],
  ])('%s are left out', async (_how, path) => {
    expect(await changesOf(file(path), { '.tag': 'deleted', name: 'x', path_lower: path })).toEqual([]);
  });

  it.each(['..', '.', 'a\\b', 'c:d', 'x\u0000y', ' ', '\u202e'])(
    'with the name %j come through as they are',
    async (name) => {
      const [change] = await changesOf(file(`/über/root/${name}`, { name }));
      expect(change).toMatchObject({ kind: 'put', entry: { name, pathLower: name } });
    },
  );

  it('whose name has a slash keep their key', async () => {
    const [change] = await changesOf(file('/über/root/a', { name: '../../etc/passwd' }));
    expect(change).toMatchObject({ entry: { name: '../../etc/passwd', pathLower: 'a' } });
  });

  it('whose name is missing take it from the path', async () => {
    const [change] = await changesOf(file('/über/root/a', { name: '', path_display: '/Über/Root/A' }));
    expect(change).toMatchObject({ entry: { name: 'A' } });
  });

  it('with times that are none count as old', async () => {
    expect(await changesOf(file('/über/root/a', { client_modified: 'soon' }))).toMatchObject([
      { entry: { modified: 0 } },
    ]);
  });

  it('of a kind that is not known are left out only where they are no file', async () => {
    expect(await changesOf(file('/über/root/a', { '.tag': 'symlink' }))).toMatchObject([{ kind: 'deleted' }]);
  });

  it('that say that the root was deleted and made again ask for a new listing', async () => {
    const work = changesOf({ '.tag': 'deleted', name: 'Root', path_lower: '/über/root' });
    expect(await faultCode(work)).toBe('cursor-reset');
  });
});

describe('answers that are no answers', () => {
  it.each([
    [200, '<html>a captive portal</html>', 'server'],
    [200, '', 'server'],
    [200, '{"entries": 5}', 'server'],
    [200, 'null', 'server'],
    [404, 'not here', 'cursor-reset'],
    [409, 'plain text', 'server'],
    [409, '{"error_summary":"other/...","error":{".tag":"other"}}', 'server'],
    [400, 'Error in call to API function "x": The given OAuth 2 access token is malformed.', 'login-lost'],
    [403, '{"error":{".tag":"invalid_account_type"}}', 'no-permission'],
  ])('%i %s', async (status, body, code) => {
    expect(await faultCode(answering(body, status).changes('b' as Cursor))).toBe(code);
  });
});

it('a client without a root or with a foreign origin is not opened', () => {
  const options = {
    credentials: { kind: 'access-token', token: 't' },
    clock: quickClock(),
    random: () => 0,
  } as const;
  expect(() => openDropbox({ ...options, root: '/' })).toThrow(/needs a name/);
  expect(() => openDropbox({ ...options, root: 'Root', origin: 'http://example.com' })).toThrow(/is refused/);
});

describe('error unions', () => {
  it.each([
    [{ '.tag': 'path', path: { '.tag': 'conflict', conflict: { '.tag': 'file' } } }, 'conflict'],
    [{ '.tag': 'path', reason: { '.tag': 'insufficient_space' }, upload_session_id: 'x' }, 'no-space'],
    [{ '.tag': 'from_lookup', from_lookup: { '.tag': 'not_found' } }, 'not-found'],
    [{ '.tag': 'to', to: { '.tag': 'conflict', conflict: { '.tag': 'folder' } } }, 'conflict'],
    [{ '.tag': 'to', to: { '.tag': 'disallowed_name' } }, 'name-refused'],
    [{ '.tag': 'to', to: { '.tag': 'malformed_path', malformed_path: 'why' } }, 'name-refused'],
    [{ '.tag': 'path_write', path_write: { '.tag': 'no_write_permission' } }, 'no-permission'],
    [{ '.tag': 'cant_move_folder_into_itself' }, 'conflict'],
    [{ '.tag': 'too_many_files' }, 'too-many-files'],
    [{ '.tag': 'too_many_write_operations' }, 'busy'],
    [{ '.tag': 'unsupported_file' }, 'not-downloadable'],
    [{ '.tag': 'reset' }, 'cursor-reset'],
    [{ '.tag': 'internal_error' }, 'server'],
    [{ '.tag': 'something_new' }, 'server'],
    [null, 'server'],
    [{ '.tag': 'a', a: { '.tag': 'b', b: {} } }, 'server'],
  ])('%j', (error, code) => {
    expect(faultOfTags(tagsOf(error), 'The test').code).toBe(code);
  });

  it('that turn in circles end', () => {
    const circle: Record<string, unknown> = { '.tag': 'x' };
    circle['x'] = circle;
    expect(tagsOf(circle).length).toBeLessThan(20);
  });
});
