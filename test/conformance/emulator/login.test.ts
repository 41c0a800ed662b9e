import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Dropbox, DropboxAuth } from 'dropbox';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { connect, rawCall, refusal } from './client.ts';

const REDIRECT = 'http://localhost:53682/dropbox';

let emulator: TestEmulator;

beforeEach(async () => {
  emulator = await startTestEmulator({ token: 'the-token' });
});
afterEach(() => emulator.close());

/** Opens the consent page of an address as a browser does, without following where it leads. */
function open(address: string, init: RequestInit = {}): Promise<Response> {
  return emulator.fetch(address, { ...init, redirect: 'manual' });
}

function auth(): DropboxAuth {
  return new DropboxAuth({ clientId: 'app-key', fetch: emulator.fetch });
}

async function authorizationUrl(client: DropboxAuth, redirect: string | undefined, scope?: string[]): Promise<string> {
  const url = await client.getAuthenticationUrl(
    redirect as string,
    'the state',
    'code',
    'offline',
    scope,
    'none',
    true,
  );
  return String(url);
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly account_id: string;
}

/** The whole of the flow, as the npm client does it. */
async function connectByOAuth(scope?: string[]): Promise<{ client: DropboxAuth; tokens: Tokens }> {
  await emulator.control('faults', { autoApprove: true });
  const client = auth();
  const answer = await open(await authorizationUrl(client, REDIRECT, scope));
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const { result } = await client.getAccessTokenFromCode(REDIRECT, code);
  return { client, tokens: result as unknown as Tokens };
}

async function requestToken(
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${emulator.origin}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('access tokens', () => {
  test('only the given one is good', async () => {
    expect((await connect(emulator, { accessToken: 'the-token' }).usersGetCurrentAccount()).status).toBe(200);
    const refused = await refusal(connect(emulator, { accessToken: 'another' }).usersGetCurrentAccount());
    expect(refused).toMatchObject({
      status: 401,
      summary: 'invalid_access_token',
      error: { '.tag': 'invalid_access_token' },
    });
  });

  test('none, or a malformed one, is a bad request', async () => {
    const none = await rawCall(emulator, 'users/get_current_account', { headers: { authorization: '' } });
    expect(none).toMatchObject({
      status: 400,
      text: expect.stringContaining('Must provide HTTP header "Authorization"'),
    });
    const malformed = await rawCall(emulator, 'users/get_current_account', {
      headers: { authorization: 'Bearer a"b' },
    });
    expect(malformed.text).toBe(
      'Error in call to API function "users/get_current_account": The given OAuth 2 access token is malformed.',
    );
  });

  test('can be revoked by their holder and from outside', async () => {
    const client = connect(emulator, { accessToken: 'the-token' });
    await client.authTokenRevoke();
    expect((await refusal(client.usersGetCurrentAccount())).summary).toBe('invalid_access_token');
    const { tokens } = await connectByOAuth();
    const second = connect(emulator, { accessToken: tokens.access_token });
    await second.usersGetCurrentAccount();
    await emulator.control('revoke', { all: true });
    expect((await refusal(second.usersGetCurrentAccount())).summary).toBe('invalid_access_token');
    expect(
      await requestToken({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: 'app-key' }),
    ).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'refresh token is invalid or revoked' },
    });
  });

  test('that lack a permission say which', async () => {
    await emulator.control('scopes', { token: 'the-token', scopes: ['account_info.read'] });
    const client = connect(emulator, { accessToken: 'the-token' });
    await client.usersGetCurrentAccount();
    const refused = await refusal(client.filesListFolder({ path: '' }));
    expect(refused).toMatchObject({
      status: 401,
      summary: 'missing_scope',
      error: { '.tag': 'missing_scope', required_scope: 'files.metadata.read' },
    });
  });
});

describe('OAuth', () => {
  test('gives tokens for a code with PKCE; the client refreshes them', async () => {
    const { client, tokens } = await connectByOAuth();
    expect(tokens).toMatchObject({
      token_type: 'bearer',
      expires_in: 14_400,
      scope: expect.stringContaining('files.content.write'),
    });
    expect(tokens.account_id).toHaveLength(40);
    client.setRefreshToken(tokens.refresh_token);
    client.setAccessToken(tokens.access_token);
    client.setAccessTokenExpiresAt(new Date(0));
    const dropbox = new Dropbox({ auth: client, fetch: emulator.fetch });
    await dropbox.usersGetCurrentAccount();
    expect(client.getAccessToken()).not.toBe(tokens.access_token);
  });

  test('an expired token is told as expired', async () => {
    const { tokens } = await connectByOAuth();
    const dropbox = connect(emulator, { accessToken: tokens.access_token });
    await dropbox.usersGetCurrentAccount();
    await emulator.control('expire', {});
    expect(await refusal(dropbox.usersGetCurrentAccount())).toMatchObject({
      status: 401,
      summary: 'expired_access_token',
    });
  });

  test('tokens have the permissions that were asked for', async () => {
    const { tokens } = await connectByOAuth(['account_info.read', 'files.metadata.read']);
    const dropbox = connect(emulator, { accessToken: tokens.access_token });
    await dropbox.filesListFolder({ path: '' });
    expect((await refusal(dropbox.filesCreateFolderV2({ path: '/x' }))).summary).toBe('missing_scope');
  });

  test('the page asks; Allow and Deny lead back with the state', async () => {
    const address = await authorizationUrl(auth(), REDIRECT);
    const page = await (await open(address)).text();
    expect(page).toContain('value="allow"');
    expect(page).toContain('value="deny"');
    const decide = async (decision: string): Promise<URL> => {
      const answer = await open(address, { method: 'POST', body: new URLSearchParams({ decision }) });
      expect(answer.status).toBe(302);
      return new URL(answer.headers.get('location') ?? '');
    };
    const allowed = await decide('allow');
    expect(`${allowed.origin}${allowed.pathname}`).toBe(REDIRECT);
    expect(allowed.searchParams.get('state')).toBe('the state');
    expect(allowed.searchParams.get('code')).toMatch(/^[\w-]{20,}$/);
    const denied = await decide('deny');
    expect(denied.searchParams.get('error')).toBe('access_denied');
    expect(denied.searchParams.get('state')).toBe('the state');
    expect(denied.searchParams.get('code')).toBeNull();
  });

  test('without a redirect the page shows the code', async () => {
    await emulator.control('faults', { autoApprove: true });
    const client = auth();
    const page = await (await open(await authorizationUrl(client, undefined))).text();
    const code = /id="code" readonly value="([^"]+)"/.exec(page)?.[1] ?? '';
    const { result } = await client.getAccessTokenFromCode('', code);
    expect(result).toMatchObject({ refresh_token: expect.any(String) });
  });

  test.each(['http://example.com/back', 'ftp://localhost/x', 'not an address'])(
    'the redirect %s is refused',
    async (address) => {
      const answer = await open(await authorizationUrl(auth(), encodeURIComponent(address)));
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('Invalid redirect_uri');
    },
  );

  test('a registered redirect must be met exactly', async () => {
    await emulator.control('oauth', { redirectUris: [REDIRECT] });
    expect((await open(await authorizationUrl(auth(), REDIRECT))).status).toBe(200);
    expect((await open(await authorizationUrl(auth(), `${REDIRECT}/`))).status).toBe(400);
    expect((await open(await authorizationUrl(auth(), 'http://localhost:53683/dropbox'))).status).toBe(400);
  });

  test('a code is good once, for its own client, redirect and verifier', async () => {
    await emulator.control('faults', { autoApprove: true });
    const verifier = 'v'.repeat(43);
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    const newCode = async (): Promise<string> => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: 'app-key',
        redirect_uri: REDIRECT,
        code_challenge,
        code_challenge_method: 'S256',
      });
      const answer = await open(`https://www.dropbox.com/oauth2/authorize?${query}`);
      return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    };
    const good = {
      grant_type: 'authorization_code',
      client_id: 'app-key',
      redirect_uri: REDIRECT,
      code_verifier: verifier,
    };
    for (const wrong of [
      { client_id: 'other' },
      { redirect_uri: 'http://localhost:1/' },
      { code_verifier: 'w'.repeat(43) },
      { code_verifier: '' },
    ]) {
      const { status, body } = await requestToken({ ...good, ...wrong, code: await newCode() });
      expect([status, body['error']]).toEqual([400, 'invalid_grant']);
    }
    const code = await newCode();
    const answer = await requestToken({ ...good, code });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect((await requestToken({ ...good, code })).body['error']).toBe('invalid_grant');
    expect((await requestToken({ ...good, grant_type: 'password' })).body['error']).toBe('unsupported_grant_type');
    expect((await requestToken({ grant_type: 'refresh_token', client_id: 'app-key' })).body['error']).toBe(
      'invalid_request',
    );
  });
});

describe('accounts', () => {
  function client(rest: { pathRoot?: string; selectUser?: string } = {}): Dropbox {
    return connect(emulator, { accessToken: 'the-token', ...rest });
  }

  test('a personal one', async () => {
    const account = (await client().usersGetCurrentAccount()).result;
    expect(account).toMatchObject({
      account_type: { '.tag': 'pro' },
      root_info: { '.tag': 'user' },
      email: 'anna@example.com',
    });
    expect((await client().usersGetAccount({ account_id: account.account_id })).result).toMatchObject({
      is_teammate: false,
    });
    expect((await refusal(client().usersGetAccount({ account_id: `dbid:${'x'.repeat(35)}` }))).summary).toBe(
      'no_account',
    );
  });

  test('space: used and allocated, alone or as a team', async () => {
    await emulator.control('write', { path: '/f', text: '12345' });
    await emulator.control('quota', { allocated: 100 });
    expect((await client().usersGetSpaceUsage()).result).toEqual({
      used: 5,
      allocation: { '.tag': 'individual', allocated: 100 },
    });
    await emulator.control('account', { kind: 'business' });
    expect((await client().usersGetSpaceUsage()).result).toMatchObject({
      used: 5,
      allocation: { '.tag': 'team', used: 5, allocated: 100, user_within_team_space_limit_type: { '.tag': 'off' } },
    });
  });

  test('checks and features', async () => {
    expect((await client().checkUser({ query: 'echo' })).result).toEqual({ result: 'echo' });
    const app = new Dropbox({ clientId: 'key', clientSecret: 'secret', fetch: emulator.fetch });
    expect((await app.checkApp({ query: 'echo' })).result).toEqual({ result: 'echo' });
    const features = [{ '.tag': 'paper_as_files' }, { '.tag': 'file_locking' }] as const;
    const { values } = (await client().usersFeaturesGetValues({ features: [...features] })).result;
    expect(values).toEqual([
      { '.tag': 'paper_as_files', paper_as_files: { '.tag': 'enabled', enabled: true } },
      { '.tag': 'file_locking', file_locking: { '.tag': 'enabled', enabled: true } },
    ]);
    expect((await refusal(client().usersFeaturesGetValues({ features: [] }))).summary).toBe('empty_features_list');
  });

  test('a team: members by e-mail, acting as one of them', async () => {
    expect((await refusal(client().teamGetInfo())).status).toBe(400);
    expect((await refusal(client({ selectUser: 'dbmid:x' }).usersGetCurrentAccount())).status).toBe(400);
    await emulator.control('account', { kind: 'business', teamName: 'Example Ltd' });
    expect((await client().teamGetInfo()).result).toMatchObject({ name: 'Example Ltd' });
    const members = [
      { '.tag': 'email', email: 'Anna@example.com' },
      { '.tag': 'email', email: 'nobody@example.com' },
    ] as const;
    const found = (await client().teamMembersGetInfo({ members: [...members] })).result;
    expect(found).toMatchObject([
      { '.tag': 'member_info', profile: { email: 'anna@example.com' } },
      { '.tag': 'id_not_found' },
    ]);
    const second = (await client().teamMembersGetInfoV2({ members: [...members] })).result;
    expect(second.members_info.map((member) => member['.tag'])).toEqual(['member_info', 'id_not_found']);
    const member = found[0]?.['.tag'] === 'member_info' ? found[0].profile.team_member_id : '';
    expect((await client({ selectUser: member }).usersGetCurrentAccount()).result.team).toMatchObject({
      name: 'Example Ltd',
    });
  });

  test('a team space is reached by its namespace; home is a folder in it', async () => {
    await emulator.control('account', { kind: 'business', teamSpace: true });
    const { root_info } = (await client().usersGetCurrentAccount()).result;
    expect(root_info).toMatchObject({ '.tag': 'team', home_path: '/Anna Example' });
    expect(root_info.root_namespace_id).not.toBe(root_info.home_namespace_id);
    const root = client({ pathRoot: JSON.stringify({ '.tag': 'root', root: root_info.root_namespace_id }) });
    await root.filesUpload({ path: '/Shared/a.txt', contents: 'a' });
    await client().filesUpload({ path: '/mine.txt', contents: 'm' });
    expect((await emulator.tree()).map((row) => row.path)).toEqual([
      '/Anna Example',
      '/Anna Example/mine.txt',
      '/Shared',
      '/Shared/a.txt',
    ]);
    const mine = (await client().filesListFolder({ path: '', recursive: true })).result.entries;
    expect(mine.map((entry) => entry.path_display)).toEqual(['/mine.txt']);
    const byId = client({
      pathRoot: JSON.stringify({ '.tag': 'namespace_id', namespace_id: root_info.home_namespace_id }),
    });
    expect((await byId.filesGetMetadata({ path: '/mine.txt' })).result.path_display).toBe('/mine.txt');
    expect(
      (await root.filesGetMetadata({ path: `ns:${root_info.home_namespace_id}/mine.txt` })).result.path_display,
    ).toBe('/Anna Example/mine.txt');
    expect((await refusal(client().filesGetMetadata({ path: '/Shared' }))).summary).toBe('path/not_found');
  });

  test('a changed root is told with the new one', async () => {
    const root = client({ pathRoot: JSON.stringify({ '.tag': 'root', root: '7001' }) });
    await root.filesListFolder({ path: '' });
    await emulator.control('account', { rootNamespace: '8002' });
    expect(await refusal(root.filesListFolder({ path: '' }))).toMatchObject({
      status: 422,
      summary: 'invalid_root',
      error: { '.tag': 'invalid_root', invalid_root: { '.tag': 'user', root_namespace_id: '8002' } },
    });
    const other = client({ pathRoot: JSON.stringify({ '.tag': 'namespace_id', namespace_id: '1' }) });
    expect(await refusal(other.filesListFolder({ path: '' }))).toMatchObject({ status: 422, summary: 'no_permission' });
  });
});
