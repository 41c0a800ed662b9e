import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { rawCall, rawRpc } from './client.ts';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

const HASH = 'a'.repeat(64);

describe('malformed calls', () => {
  test.each<[route: string, argument: unknown, problem: string]>([
    ['files/list_folder', {}, "missing required field 'path'"],
    ['files/list_folder', { path: '', recursiv: true }, "unknown field 'recursiv'"],
    ['files/list_folder', { path: 5 }, 'path: expected string, got integer'],
    ['files/list_folder', { path: null }, 'path: expected string, got null'],
    ['files/list_folder', { path: 'x' }, "path: 'x' did not match pattern"],
    ['files/list_folder', { path: '', recursive: 'yes' }, 'recursive: expected boolean, got string'],
    ['files/list_folder', { path: '', limit: 0 }, 'limit: 0 is less than the minimum'],
    ['files/list_folder', { path: '', limit: 2001 }, 'limit: 2001 is greater than the maximum'],
    ['files/list_folder', { path: '', limit: 1.5 }, 'limit: expected integer, got float'],
    ['files/list_folder', [], 'expected object, got list'],
    ['files/list_folder/continue', { cursor: '' }, 'must be at least 1 characters'],
    ['files/get_metadata', { path: 'rev:short' }, 'did not match pattern'],
    ['files/delete_v2', { path: '/x', parent_rev: 'XYZ' }, 'parent_rev'],
    ['files/delete_v2', { path: '' }, 'did not match pattern'],
    ['files/move_v2', { from_path: '/a' }, "missing required field 'to_path'"],
    ['files/move_batch_v2', { entries: [] }, 'entries: list must have at least 1 items'],
    ['files/move_batch_v2', { entries: [{ from_path: '/a' }] }, "entries[0]: missing required field 'to_path'"],
    ['files/delete_batch', { entries: '/a' }, 'entries: expected list, got string'],
    ['files/create_folder_batch', { paths: ['x'] }, 'paths[0]'],
    ['files/upload_session/start_batch', { num_sessions: 1001 }, 'num_sessions: 1001 is greater'],
    ['files/upload_session/start_batch', { num_sessions: 1, session_type: 'both' }, "session_type: unknown tag 'both'"],
    [
      'files/upload_session/finish_batch_v2',
      { entries: [{ cursor: { session_id: 'a', offset: -1 }, commit: { path: '/x' } }] },
      'entries[0].cursor.offset: -1 is less',
    ],
    [
      'files/upload_session/finish_batch_v2',
      { entries: [{ cursor: { session_id: 'a', offset: 0 }, commit: { path: '/x', mode: {} } }] },
      "entries[0].commit.mode: missing '.tag' key",
    ],
    ['files/list_revisions', { path: '/x', limit: 101 }, 'limit: 101 is greater'],
    ['files/restore', { path: '/x', rev: '12' }, 'rev'],
    ['files/search_v2', { query: 'x'.repeat(1001) }, 'query: must be at most 1000'],
    ['files/get_thumbnail_batch', { entries: [{ path: '/x', size: 'huge' }] }, "entries[0].size: unknown tag 'huge'"],
    [
      'sharing/create_shared_link_with_settings',
      { path: '/x', settings: { expires: 'tomorrow' } },
      "settings.expires: time data 'tomorrow'",
    ],
    ['sharing/modify_shared_link_settings', { url: 'x' }, "missing required field 'settings'"],
    ['users/get_account', { account_id: 'short' }, 'must be at least 40'],
    ['users/get_current_account', { x: 1 }, 'expected null, got object'],
    ['check/user', { query: 'x'.repeat(501) }, 'query: must be at most 500'],
    ['team/members/get_info', { members: [{ '.tag': 'phone', phone: '1' }] }, "members[0]: unknown tag 'phone'"],
    ['files/create_folder_batch/check', { async_job_id: '' }, 'must be at least 1'],
  ])('%s %j', async (route, argument, problem) => {
    const { status, text, headers } = await rawRpc(emulator, route, argument);
    expect(text).toContain(`Error in call to API function "${route}": request body: `);
    expect(text).toContain(problem);
    expect([status, headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8']);
  });

  test.each<[route: string, argument: unknown, problem: string]>([
    ['files/upload', { path: '/x', mode: 'replace' }, "mode: unknown tag 'replace'"],
    ['files/upload', { path: '/x', mode: { '.tag': 'update' } }, "mode: missing required field 'update'"],
    ['files/upload', { path: '/x', mode: { '.tag': 'update', update: 'zz' } }, 'mode.update'],
    ['files/upload', { path: '/x', client_modified: '2020-01-01' }, 'client_modified: time data'],
    ['files/upload', { path: '/x', content_hash: 'abc' }, 'content_hash'],
    ['files/upload_session/append_v2', { cursor: { session_id: 'x' } }, "cursor: missing required field 'offset'"],
    [
      'files/upload_session/finish',
      { cursor: { session_id: 'x', offset: 0 }, content_hash: HASH },
      "missing required field 'commit'",
    ],
    ['files/download', { path: '' }, 'path'],
    ['files/export', { path: '/x', export_format: 3 }, 'export_format: expected string'],
  ])('%s %j in the header', async (route, argument, problem) => {
    const headers = { 'dropbox-api-arg': JSON.stringify(argument), 'content-type': 'application/octet-stream' };
    const { status, text } = await rawCall(emulator, route, { body: 'bytes', headers });
    expect(status).toBe(400);
    expect(text).toContain(`Error in call to API function "${route}": HTTP header "Dropbox-API-Arg": `);
    expect(text).toContain(problem);
  });

  test('what is no JSON, no argument, no function, the wrong type or the wrong method', async () => {
    expect((await rawCall(emulator, 'files/list_folder', { body: '{' })).text).toBe(
      'Error in call to API function "files/list_folder": request body: could not decode input as JSON',
    );
    expect((await rawCall(emulator, 'files/download', {})).text).toContain(
      'Must provide HTTP header "Dropbox-API-Arg"',
    );
    const header = { 'dropbox-api-arg': '{', 'content-type': 'application/octet-stream' };
    expect((await rawCall(emulator, 'files/upload', { headers: header })).text).toContain(
      'HTTP header "Dropbox-API-Arg": could not decode input as JSON',
    );
    expect(await rawCall(emulator, 'files/fold', { body: '{}' })).toMatchObject({
      status: 400,
      text: 'Unknown API function: "files/fold"',
    });
    const typed = await rawCall(emulator, 'files/list_folder', {
      body: '{"path":""}',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(typed).toMatchObject({ status: 400, text: expect.stringContaining('Bad HTTP "Content-Type" header') });
    const get = await fetch(`${emulator.origin}/2/files/list_folder`, { headers: { authorization: 'Bearer t' } });
    expect(get.status).toBe(400);
    const root = await rawCall(emulator, 'files/list_folder', {
      body: '{"path":""}',
      headers: { 'dropbox-api-path-root': 'x' },
    });
    expect(root).toMatchObject({ status: 400, text: expect.stringContaining('Dropbox-API-Path-Root') });
  });

  test('bare tags and tags in objects are the same', async () => {
    for (const mode of ['overwrite', { '.tag': 'overwrite' }]) {
      const headers = {
        'dropbox-api-arg': JSON.stringify({ path: '/same', mode }),
        'content-type': 'application/octet-stream',
      };
      expect((await rawCall(emulator, 'files/upload', { body: 'x', headers })).status).toBe(200);
    }
  });
});
