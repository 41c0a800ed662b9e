// Tokens, permissions, team headers: what goes out, and what becomes of what comes back.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { DropboxOptions } from '../../../src-main/cloud/dropbox/client.ts';
import type { AccessToken, DropboxCredentials } from '../../../src-main/cloud/dropbox/tokens.ts';
import type { CloudStore } from '../../../src-main/engine/ports.ts';
import type { Cursor, RelPath } from '../../../src-shared/domain.ts';
import { addressOf, openEmulated, type EmulatedDropbox } from '../../conformance/cloud-emulator.ts';
import { faultCode } from '../../conformance/cloud-store.ts';

interface Sent {
  readonly path: string;
  readonly search: string;
  readonly headers: Headers;
  readonly body: string;
}

/** Answers the next request to a path in the place of the emulator; null lets it through. */
type Stub = (sent: Sent) => Response | null | Promise<Response | null>;

let cloud: EmulatedDropbox;
let sent: Sent[] = [];
let stub: Stub = () => null;

beforeAll(async () => {
  cloud = await openEmulated();
});
afterAll(() => cloud.close());
beforeEach(() => {
  sent = [];
  stub = () => null;
});

const LIST = '/2/files/list_folder';
const rel = (path: string): RelPath => path as RelPath;

function open(options: Partial<DropboxOptions> = {}): CloudStore {
  return cloud.open('Root', {
    ...options,
    fetch: async (address, init) => {
      const { pathname, search } = new URL(addressOf(address));
      const one = {
        path: pathname,
        search,
        headers: new Headers(init?.headers),
        body: typeof init?.body === 'string' ? init.body : '',
      };
      sent.push(one);
      return (await stub(one)) ?? fetch(address, init);
    },
  });
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

const tokenError = (tag: string, more: object = {}): Response =>
  json(401, { error_summary: `${tag}/..`, error: { '.tag': tag, ...more } });

const refresh = (more: Partial<Extract<DropboxCredentials, { kind: 'refresh' }>> = {}): DropboxCredentials => ({
  kind: 'refresh',
  appKey: 'key',
  refreshToken: 'the-refresh-token',
  ...more,
});

/** A token endpoint that hands out `t1`, `t2` …, good for `seconds`. */
function tokenEndpoint(seconds = 14_400): Stub {
  let count = 0;
  return ({ path }) =>
    path === '/oauth2/token'
      ? json(200, { access_token: `t${++count}`, expires_in: seconds, token_type: 'bearer' })
      : null;
}

const listTokens = (): readonly (string | null)[] =>
  sent.filter(({ path }) => path === LIST).map(({ headers }) => headers.get('authorization'));

describe('a refresh token', () => {
  it('gives an access token, once for all that ask at the same time', async () => {
    stub = tokenEndpoint();
    const kept: AccessToken[] = [];
    const store = open({ credentials: refresh({ onRefreshed: (access) => void kept.push(access) }) });
    await cloud.other.mkdir('Root');
    await Promise.all([store.list(rel('')), store.list(rel('')), store.list(rel(''))]);
    expect(sent.filter(({ path }) => path === '/oauth2/token')).toHaveLength(1);
    expect(listTokens()).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1']);
    expect(kept.map(({ accessToken }) => accessToken)).toEqual(['t1']);
  });

  it('travels in a form, never in an address', async () => {
    stub = tokenEndpoint();
    await open({ credentials: refresh({ appSecret: 'the-secret' }) }).list(rel(''));
    const request = sent.find(({ path }) => path === '/oauth2/token');
    expect(request?.search).toBe('');
    expect(request?.headers.get('content-type')).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'the-refresh-token',
      client_id: 'key',
      client_secret: 'the-secret',
    });
  });

  it('is used before the access token ends, and not before it has to be', async () => {
    stub = tokenEndpoint(3600);
    const store = open({
      credentials: refresh({ access: { accessToken: 'kept', expiresAt: cloud.clock.now() + 3_600_000 } }),
    });
    await store.list(rel(''));
    await cloud.clock.sleep(3_550_000);
    await store.list(rel(''));
    await store.list(rel(''));
    expect(listTokens()).toEqual(['Bearer kept', 'Bearer t1', 'Bearer t1']);
  });

  it('is used when the server says that the token has expired, once', async () => {
    const endpoint = tokenEndpoint();
    stub = (one) =>
      one.headers.get('authorization') === 'Bearer old' ? tokenError('expired_access_token') : endpoint(one);
    const access = { accessToken: 'old', expiresAt: Number.MAX_SAFE_INTEGER };
    await open({ credentials: refresh({ access }) }).list(rel(''));
    expect(listTokens()).toEqual(['Bearer old', 'Bearer t1']);
    stub = (one) => (one.path === LIST ? tokenError('expired_access_token') : endpoint(one));
    sent = [];
    expect(await faultCode(open({ credentials: refresh({ access }) }).list(rel('')))).toBe('login-lost');
    expect(listTokens()).toHaveLength(2);
  });

  it('that was revoked means that the login is lost', async () => {
    stub = ({ path }) => (path === '/oauth2/token' ? json(400, { error: 'invalid_grant' }) : null);
    const store = open({ credentials: refresh() });
    expect(await faultCode(store.list(rel('')))).toBe('login-lost');
    expect(sent).toHaveLength(1);
  });

  it('is tried again when the token endpoint is out of order', async () => {
    const endpoint = tokenEndpoint();
    let broken = 2;
    stub = (one) =>
      one.path === '/oauth2/token' && broken-- > 0 ? new Response('oops', { status: 503 }) : endpoint(one);
    await open({ credentials: refresh() }).list(rel(''));
    expect(listTokens()).toEqual(['Bearer t1']);
  });

  it('never appears in a message', async () => {
    stub = ({ path }) => (path === '/oauth2/token' ? json(400, { error: 'invalid_grant' }) : null);
    const error = await open({ credentials: refresh() }).list(rel('')).catch(String);
    expect(error).toContain('Connect again');
    expect(error).not.toContain('the-refresh-token');
  });
});

describe('an access token', () => {
  it('that is wrong means that the login is lost, at once', async () => {
    stub = () => tokenError('invalid_access_token');
    expect(await faultCode(open().list(rel('')))).toBe('login-lost');
    expect(sent).toHaveLength(1);
  });

  it.each(['', 'two words', 'line\nbreak', 'ümlaut'])(
    'that cannot be one (%j) is refused before it is sent',
    async (token) => {
      const store = open({ credentials: { kind: 'access-token', token } });
      expect(await faultCode(store.list(rel('')))).toBe('login-lost');
      expect(sent).toEqual([]);
    },
  );

  it('is read again for each request where it comes from elsewhere', async () => {
    let token = 'one';
    stub = (one) => (one.headers.get('authorization') === 'Bearer one' ? null : null);
    const store = open({ credentials: { kind: 'token', read: () => token } });
    await store.list(rel(''));
    token = 'two';
    await store.list(rel(''));
    expect(listTokens()).toEqual(['Bearer one', 'Bearer two']);
  });

  it('does not go to the notify host', async () => {
    stub = ({ path }) => (path.endsWith('/longpoll') ? json(200, { changes: true, backoff: 17 }) : null);
    const answer = await open().waitForChange('AAcursor' as Cursor, 5, new AbortController().signal);
    expect(answer).toEqual({ changed: true, backoff: 17 });
    expect(sent[0]?.headers.has('authorization')).toBe(false);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ cursor: 'AAcursor', timeout: 30 });
  });

  it('without a permission names the box to tick', async () => {
    stub = () => tokenError('missing_scope', { required_scope: 'files.content.write' });
    const error = await open().list(rel('')).catch(String);
    expect(error).toContain('Tick "files.content.write" under Permissions');
    expect(await faultCode(open().list(rel('')))).toBe('scope-missing');
  });
});

describe('a team', () => {
  it('is acted for by the chosen member, in the chosen root', async () => {
    stub = ({ path }) => (path === LIST ? json(200, { entries: [], cursor: 'c', has_more: false }) : null);
    await open({ selectUser: 'dbmid:1', pathRoot: '77' }).list(rel(''));
    expect(sent[0]?.headers.get('dropbox-api-select-user')).toBe('dbmid:1');
    expect(JSON.parse(sent[0]?.headers.get('dropbox-api-path-root') ?? '')).toEqual({ '.tag': 'root', root: '77' });
  });

  it('whose root has changed is followed', async () => {
    stub = ({ headers }) =>
      headers.get('dropbox-api-path-root')?.includes('"77"') === true
        ? json(422, {
            error_summary: 'invalid_root/..',
            error: {
              '.tag': 'invalid_root',
              invalid_root: { '.tag': 'team', root_namespace_id: '88', home_namespace_id: '1' },
            },
          })
        : json(200, { entries: [], cursor: 'c', has_more: false });
    const roots: string[] = [];
    const store = open({ pathRoot: '77', onPathRootChanged: (root) => void roots.push(root) });
    await store.list(rel(''));
    await store.list(rel(''));
    expect(roots).toEqual(['88']);
    expect(sent.map(({ headers }) => headers.get('dropbox-api-path-root')?.includes('"88"'))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('whose root may not be entered is no permission', async () => {
    stub = () => json(422, { error_summary: 'no_permission/..', error: { '.tag': 'no_permission' } });
    expect(await faultCode(open({ pathRoot: '77' }).list(rel('')))).toBe('no-permission');
  });

  it('whose member is unknown is no permission', async () => {
    stub = () => tokenError('invalid_select_user');
    expect(await faultCode(open({ selectUser: 'dbmid:1' }).list(rel('')))).toBe('no-permission');
  });
});

it('never follows a redirect with its token', async () => {
  stub = () => null;
  const store = cloud.open('Root', {
    retry: { attempts: 1 },
    fetch: async (_address, init) => {
      expect(init?.redirect).toBe('error');
      throw new TypeError('fetch failed');
    },
  });
  expect(await faultCode(store.list(rel('')))).toBe('network');
});
