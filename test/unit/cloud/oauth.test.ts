// The login in the browser: what the browser is sent to, who may answer, and what comes of it.

import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  ACCOUNT_SCOPES,
  loginByBrowser,
  loginByCode,
  redirectAddresses,
  TEAM_SCOPES,
  type BrowserLoginOptions,
  type Login,
} from '../../../src-main/cloud/dropbox/oauth.ts';
import { LOOPBACK_PORTS } from '../../../src-main/cloud/dropbox/redirect-listener.ts';
import type { Clock } from '../../../src-main/engine/ports.ts';
import { createSay, type Speech } from '../../../src-shared/said.ts';
import { createWords, directionOf } from '../../../src-shared/words/words.ts';
import { addressOf, openEmulated, type EmulatedDropbox } from '../../conformance/cloud-emulator.ts';
import { faultCode } from '../../conformance/cloud-store.ts';

/** Two ports that are free now. */
let ports: readonly number[] = [];

beforeAll(async () => {
  const servers = [createServer(), createServer()];
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
});

/** Sleeps until the signal ends it: nothing here may depend on time. */
const clock: Clock = {
  now: () => 1_000_000,
  sleep: (_milliseconds, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
};

let posted: URLSearchParams[] = [];
let answer: () => Response;
let others: Server[] = [];

const granted = (scopes: readonly string[]): Response =>
  Response.json({
    access_token: 'access',
    refresh_token: 'refresh',
    expires_in: 14_400,
    account_id: 'dbid:ada',
    scope: scopes.join(' '),
    token_type: 'bearer',
  });

beforeEach(() => {
  posted = [];
  answer = () => granted(ACCOUNT_SCOPES);
});
afterEach(() => {
  for (const server of others) server.close();
  others = [];
});

function options(
  visit: (address: URL) => void | Promise<void>,
  more: Partial<BrowserLoginOptions> = {},
): BrowserLoginOptions {
  return {
    appKey: 'the-key',
    clock,
    ports,
    openBrowser: (address) => visit(new URL(address)),
    fetch: async (address, init) => {
      expect(addressOf(address)).toBe('https://api.dropboxapi.com/oauth2/token');
      posted.push(new URLSearchParams(typeof init?.body === 'string' ? init.body : ''));
      return answer();
    },
    ...more,
  };
}

async function occupy(port: number): Promise<void> {
  const server = createServer();
  others.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Returns from Dropbox as a browser does. */
function back(address: URL, query: Readonly<Record<string, string>>): Promise<Response> {
  const target = new URL(address.searchParams.get('redirect_uri') ?? '');
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return fetch(target);
}

const stateOf = (address: URL): string => address.searchParams.get('state') ?? '';

describe('a login in the browser', () => {
  it('proves who asked, and answers a lasting login', async () => {
    const pages: string[] = [];
    let policy = '';
    let challenge = '';
    const login = await loginByBrowser(
      options(async (address) => {
        expect(address.origin + address.pathname).toBe('https://www.dropbox.com/oauth2/authorize');
        expect(Object.fromEntries(address.searchParams)).toMatchObject({
          client_id: 'the-key',
          response_type: 'code',
          token_access_type: 'offline',
          code_challenge_method: 'S256',
          redirect_uri: `http://localhost:${ports[0]}/dropbox`,
        });
        challenge = address.searchParams.get('code_challenge') ?? '';
        const response = await back(address, { code: 'the-code', state: stateOf(address) });
        policy = response.headers.get('content-security-policy') ?? '';
        pages.push(await response.text());
      }),
    );
    expect(login).toEqual({
      refreshToken: 'refresh',
      accessToken: 'access',
      expiresAt: 1_000_000 + 14_400_000,
      accountId: 'dbid:ada',
      teamId: null,
      scopes: ACCOUNT_SCOPES,
      missingScopes: [],
    });
    expect(pages[0]).toContain('You can close this window');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    const form = Object.fromEntries(posted[0] ?? []);
    expect(form).toMatchObject({
      grant_type: 'authorization_code',
      code: 'the-code',
      client_id: 'the-key',
      redirect_uri: `http://localhost:${ports[0]}/dropbox`,
    });
    expect(
      createHash('sha256')
        .update(form['code_verifier'] ?? '')
        .digest('base64url'),
    ).toBe(challenge);
    expect(form['code_verifier']?.length).toBeGreaterThanOrEqual(43);
  });

  it('is not impressed by visits of strangers, and takes a code once', async () => {
    const statuses: number[] = [];
    const login = await loginByBrowser(
      options(async (address) => {
        const port = new URL(address.searchParams.get('redirect_uri') ?? '').port;
        const visit = async (response: Promise<Response>): Promise<void> => void statuses.push((await response).status);
        await visit(back(address, { code: 'evil', state: 'guessed' }));
        await visit(back(address, { code: 'evil' }));
        await visit(fetch(`http://localhost:${port}/elsewhere?code=evil&state=${stateOf(address)}`));
        await visit(fetch(`http://localhost:${port}/dropbox?code=evil&state=${stateOf(address)}`, { method: 'POST' }));
        await visit(back(address, { code: 'good', state: stateOf(address) }));
        await visit(back(address, { code: 'again', state: stateOf(address) }));
      }),
    );
    expect(statuses).toEqual([400, 400, 404, 404, 200, 400]);
    expect(login.accessToken).toBe('access');
    expect(posted.map((form) => form.get('code'))).toEqual(['good']);
  });

  it('shows what it is told as text, never as HTML', async () => {
    let page = '';
    const work = loginByBrowser(
      options(async (address) => {
        const error = {
          error: 'server_error',
          error_description: '<script>alert(1)</script>',
          state: stateOf(address),
        };
        page = await (await back(address, error)).text();
      }),
    );
    expect(await faultCode(work)).toBe('bad-request');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>');
  });

  it('can be declined', async () => {
    let page = '';
    const work = loginByBrowser(
      options(async (address) => {
        page = await (await back(address, { error: 'access_denied', state: stateOf(address) })).text();
      }),
    );
    expect(await faultCode(work)).toBe('no-permission');
    expect(page).toContain('was declined in the browser');
    expect(posted).toEqual([]);
  });

  it('says in both places that the exchange was refused', async () => {
    answer = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    let page = '';
    const work = loginByBrowser(
      options(async (address) => {
        page = await (await back(address, { code: 'old', state: stateOf(address) })).text();
      }),
    );
    expect(await faultCode(work)).toBe('login-lost');
    expect(page).toContain('Dropbox is not connected');
  });

  it('speaks the language of the window in the browser, also from right to left, and follows when that changes', async () => {
    const pages: string[] = [];
    let language = 'de';
    const speech = (): Speech => ({
      say: createSay(createWords(language)),
      language,
      direction: directionOf(language),
    });
    const login = (query: Record<string, string>): Promise<Login> =>
      loginByBrowser(
        options(
          async (address) => {
            const { port } = new URL(address.searchParams.get('redirect_uri') ?? '');
            pages.push(await (await fetch(`http://localhost:${port}/elsewhere`)).text());
            pages.push(await (await back(address, { state: 'guessed' })).text());
            language = 'ar';
            pages.push(await (await back(address, { ...query, state: stateOf(address) })).text());
          },
          { speech },
        ),
      );
    await login({ code: 'good' });
    language = 'fr';
    expect(await faultCode(login({ error: 'access_denied' }))).toBe('no-permission');
    expect(pages.map((page) => /<html ([^>]*)>/.exec(page)?.[1])).toEqual([
      'lang="de" dir="ltr"',
      'lang="de" dir="ltr"',
      'lang="ar" dir="rtl"',
      'lang="fr" dir="ltr"',
      'lang="fr" dir="ltr"',
      'lang="ar" dir="rtl"',
    ]);
    const said = pages.map((page) => [...page.matchAll(/<(?:h1|p)>([^<]*)</g)].map((found) => found[1]));
    expect(said.slice(0, 2)).toEqual([
      ['Hier ist nichts', 'Diese Adresse dient nur der Anmeldung bei Dropbox.'],
      [
        'Diese Anmeldung ist nicht bekannt',
        'Docktide hat sie nicht begonnen, oder sie wurde schon benutzt. Beginnen Sie die Verbindung in Docktide von vorn. Sie können dieses Fenster schließen.',
      ],
    ]);
    for (const page of said.filter((_, index) => index % 3 === 2)) {
      expect(page.join(' ').replaceAll(/Dropbox|Docktide/g, '')).toMatch(/^[^A-Za-z]{20,}$/);
    }
  });

  it('reports the permissions that are missing', async () => {
    const some = ACCOUNT_SCOPES.filter((scope) => scope !== 'files.content.write');
    answer = () => granted(some);
    const visit = async (address: URL): Promise<void> =>
      void (await back(address, { code: 'c', state: stateOf(address) }));
    expect((await loginByBrowser(options(visit))).missingScopes).toEqual(['files.content.write']);
    const team = await loginByBrowser(options(visit, { team: true }));
    expect(team.missingScopes).toEqual(TEAM_SCOPES.filter((scope) => !some.includes(scope)));
  });

  it('ends when it is told to, and when nobody comes', async () => {
    const ending = new AbortController();
    expect(await faultCode(loginByBrowser(options(() => ending.abort(), { signal: ending.signal })))).toBe('aborted');
    const expired: Clock = { now: () => 0, sleep: async () => undefined };
    expect(await faultCode(loginByBrowser(options(() => undefined, { clock: expired })))).toBe('aborted');
  });

  it('leaves no port open', async () => {
    const visit = async (address: URL): Promise<void> =>
      void (await back(address, { code: 'c', state: stateOf(address) }));
    await loginByBrowser(options(visit, { ports: [ports[0] ?? 0] }));
    await loginByBrowser(options(visit, { ports: [ports[0] ?? 0] }));
    expect(posted).toHaveLength(2);
  });

  it('takes the next port where one is in use, and says so where all are', async () => {
    let used = '';
    const work = (): Promise<unknown> =>
      loginByBrowser(
        options(async (address) => {
          used = address.searchParams.get('redirect_uri') ?? '';
          await back(address, { code: 'c', state: stateOf(address) });
        }),
      );
    await occupy(ports[0] ?? 0);
    await work();
    expect(used).toBe(`http://localhost:${ports[1]}/dropbox`);
    await occupy(ports[1] ?? 0);
    expect(await faultCode(work())).toBe('busy');
  });

  it('is reached at 127.0.0.1 alone, and leaves a port that another program has on ::1', async () => {
    const reached: string[] = [];
    const elsewhere = Object.values(networkInterfaces())
      .flat()
      .flatMap((one) => (one === undefined || one.address === '127.0.0.1' || one.scopeid ? [] : [one.address]));
    await loginByBrowser(
      options(async (address) => {
        const port = Number(new URL(address.searchParams.get('redirect_uri') ?? '').port);
        for (const host of ['127.0.0.1', '::1', ...elsewhere]) if (await accepts(host, port)) reached.push(host);
        await back(address, { code: 'c', state: stateOf(address) });
      }),
    );
    expect(reached).toEqual(['127.0.0.1']);

    const other = createServer();
    others.push(other);
    const heard = await new Promise<boolean>((resolve) => {
      other.once('error', () => resolve(false));
      other.listen(ports[0], '::1', () => resolve(true));
    });
    let used = '';
    await loginByBrowser(
      options(async (address) => {
        used = new URL(address.searchParams.get('redirect_uri') ?? '').port;
        await back(address, { code: 'c', state: stateOf(address) });
      }),
    );
    // Where the machine has no ::1 nobody can have the port there.
    expect(used).toBe(String(heard ? ports[1] : ports[0]));
  });

  it('tells the browser what became of the login when it was looked at', async () => {
    const pages: string[] = [];
    const work = loginByBrowser(
      options(
        async (address) => void pages.push(await (await back(address, { code: 'c', state: stateOf(address) })).text()),
        {
          accept: async (login) => {
            throw new Error(`This is not the account of ${login.accountId}.`);
          },
        },
      ),
    );
    expect(await faultCode(work)).toBe('Error: This is not the account of dbid:ada.');
    expect(pages[0]).toContain('This is not the account of dbid:ada. You can close this window.');
    // Nothing is fetched from anywhere to show the page.
    expect(pages[0]).not.toMatch(/src=|href=|url\(|@import|<script/);
  });

  it('can be sent to a loopback origin alone', async () => {
    const visit = (address: URL): never => {
      throw new Error(address.origin);
    };
    expect(await faultCode(loginByBrowser(options(visit, { origin: 'http://127.0.0.1:9' })))).toBe(
      'Error: http://127.0.0.1:9',
    );
    expect(await faultCode(loginByBrowser(options(visit, { origin: 'http://example.com' })))).toBe('bad-request');
  });
});

describe('a login by a code that is copied', () => {
  it('has no redirect address', async () => {
    const login = loginByCode(options(() => undefined, { appSecret: 'secret' }));
    const address = new URL(login.address);
    expect(address.searchParams.has('redirect_uri')).toBe(false);
    expect((await login.finish('  pasted \n')).refreshToken).toBe('refresh');
    const form = Object.fromEntries(posted[0] ?? []);
    expect(form).toMatchObject({ code: 'pasted', client_secret: 'secret' });
    expect(form).not.toHaveProperty('redirect_uri');
    expect(
      createHash('sha256')
        .update(form['code_verifier'] ?? '')
        .digest('base64url'),
    ).toBe(address.searchParams.get('code_challenge'));
  });

  it('needs the code', async () => {
    expect(await faultCode(loginByCode(options(() => undefined)).finish(' '))).toBe('bad-request');
    expect(posted).toEqual([]);
  });
});

describe('against the emulator', () => {
  let cloud: EmulatedDropbox;
  beforeAll(async () => {
    cloud = await openEmulated();
  });
  afterAll(() => cloud.close());

  it('a login lasts over expired access tokens, until it is revoked', async () => {
    await cloud.control('faults', { autoApprove: true });
    const login = await loginByBrowser({
      appKey: 'the-key',
      clock,
      ports,
      origin: cloud.origin,
      openBrowser: async (address) => {
        expect((await fetch(address)).url).toContain(`http://localhost:${ports[0]}/dropbox`);
      },
    });
    expect(login.missingScopes).toEqual([]);
    const store = cloud.open('Root', {
      credentials: {
        kind: 'refresh',
        appKey: 'the-key',
        refreshToken: login.refreshToken,
        access: { accessToken: login.accessToken, expiresAt: Date.now() + 1e9 },
      },
    });
    expect((await store.ensureRoot()).created).toBe(true);
    await cloud.control('expire');
    expect((await store.ensureRoot()).created).toBe(false);
    expect(cloud.requests()['oauth2/token']).toBe(2);
    await cloud.control('revoke', { all: true });
    expect(await faultCode(store.ensureRoot())).toBe('login-lost');
  });

  it('a declined login is declined', async () => {
    await cloud.control('faults', { autoApprove: false, autoDeny: true });
    const work = loginByBrowser({
      appKey: 'the-key',
      clock,
      ports,
      origin: cloud.origin,
      openBrowser: async (address) => void (await fetch(address)),
    });
    expect(await faultCode(work)).toBe('no-permission');
  });
});

it('names the addresses to register', () => {
  expect(redirectAddresses()).toEqual(LOOPBACK_PORTS.map((port) => `http://localhost:${port}/dropbox`));
});
