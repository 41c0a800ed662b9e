// Links through the command line: made, listed, copied, taken back; what the account allows; and "No links to Dropbox".

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, ROOT, TOKEN, type Ended } from '../support/cli.ts';
import type { LinkView, MadeLinkView, RevokedLinksView } from '../../src-shared/link-views.ts';
import type { EntryView } from '../../src-shared/views.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await ok('type', 'add', 'sale.order', '--label', 'Quotations');
  await ok('record', 'add', 'sale.order', 'SO001', '--name', 'SO001');
  await ok('rule', 'add', 'sale.order', '--client', 'Office');
  writeFileSync(join(bench.documents, 'Quotations/SO001/offer.pdf'), 'offer');
  writeFileSync(join(bench.documents, 'Quotations/SO001/plan.png'), 'plan');
});
afterEach(() => bench.close());

const OFFER = 'Quotations/SO001/offer.pdf';
const HOME = `https://www.dropbox.com/home/ERP%20Documents/${OFFER}`;

/** Inside this process, with further variables for this one call. */
async function inside(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const before = { ...bench.env };
  Object.assign(bench.env, env);
  try {
    return await bench.inside(...args);
  } finally {
    for (const name of Object.keys(env)) delete bench.env[name];
    Object.assign(bench.env, before);
  }
}
async function json<T>(...args: string[]): Promise<{ code: number | null; value: T }> {
  const { code, stdout } = await inside([...args, '--json']);
  return { code, value: JSON.parse(stdout) as T };
}
const ok = async (...args: string[]) => {
  const ended = await inside(args);
  expect(ended).toMatchObject({ code: 0 });
  return ended;
};
const sync = () => ok('sync');
const create = async (...args: string[]) => (await json<MadeLinkView>('link', 'create', ...args)).value;
const list = async (...args: string[]) => (await json<LinkView[]>('link', 'list', ...args)).value;
const urlOf = async (path: string) => (await json<EntryView[]>('ls', path)).value[0]?.url;
const AWAY = { DOCKTIDE_DROPBOX_ORIGIN: 'http://127.0.0.1:2' };
const refusal = async (...args: string[]) => {
  const { code, value } = await json<{ error: { code: string; message: string } }>(...args);
  expect(code).toBe(1);
  return value.error;
};
/** How a stranger's browser fares with a link. */
const open = async (url: string) => (await bench.emulator.fetch(url)).status;
/** Requests about links since the last reset. */
async function linkRequests(): Promise<Record<string, number>> {
  const { byEndpoint } = await bench.emulator.requests();
  return Object.fromEntries(Object.entries(byEndpoint).filter(([name]) => name.startsWith('sharing/')));
}
/** What somebody does on dropbox.com. */
async function onDropbox(route: string, argument: unknown): Promise<{ url: string }> {
  const response = await fetch(`${bench.emulator.origin}/2/sharing/${route}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(argument),
  });
  return (await response.json()) as { url: string };
}

test('a link is made, found again, shown by the document, and taken back', async () => {
  expect(await refusal('link', 'create', 'Quotations/SO001')).toMatchObject({ code: 'not-in-dropbox' });
  await bench.sync();
  expect(await urlOf(OFFER)).toBe(HOME);
  expect(await linkRequests()).toEqual({});

  const made = await create(OFFER);
  expect(made).toMatchObject({
    path: OFFER,
    kind: 'file',
    client: 'Office',
    audience: 'public',
    password: false,
    expires: null,
    result: 'made',
    notes: ['Anybody who has this address can open it.'],
  });
  expect(await open(made.url)).toBe(200);
  expect(await urlOf(OFFER)).toBe(made.url);
  expect(await create(OFFER)).toMatchObject({ url: made.url, result: 'existing' });
  expect((await bench.ok('link', 'copy', OFFER)).stdout).toBe(`${made.url}\n`);
  // The link outlives an edit and a move, and needs no new one.
  writeFileSync(join(bench.documents, OFFER), 'a better offer');
  await sync();
  expect(await urlOf(OFFER)).toBe(made.url);

  const folder = await create('Quotations/SO001');
  expect(folder).toMatchObject({ kind: 'folder', audience: 'public' });
  expect(folder.notes).toContain('It opens everything in the folder, also what comes later.');
  expect(await list()).toMatchObject([
    { path: 'Quotations/SO001', kind: 'folder', url: folder.url, record: 'sale.order/SO001' },
    { path: OFFER, kind: 'file', url: made.url, audience: 'public', expired: false, client: 'Office' },
  ]);
  expect(await list(OFFER)).toHaveLength(1);
  await bench.emulator.control('requests/reset');
  expect(await list('--offline')).toHaveLength(2);
  expect((await json<{ links: { count: number } }>('dashboard')).value.links.count).toBe(2);
  expect((await bench.emulator.requests()).total).toBe(0);
  const text = (await bench.ok('link', 'list')).stdout;
  expect(text).toContain(made.url);
  expect(text).toContain('anybody');

  const revoked = await bench.json<RevokedLinksView>('link', 'revoke', OFFER);
  expect(revoked).toMatchObject({ code: 0, value: { revoked: [{ url: made.url, path: OFFER }], failed: [] } });
  expect(await open(made.url)).toBe(404);
  expect(await urlOf(OFFER)).toBe(HOME);
  await sync();
  expect(await urlOf(OFFER)).toBe(HOME);
  expect(await refusal('link', 'revoke', OFFER)).toMatchObject({ code: 'no-link' });
  expect((await list()).map((link) => link.path)).toEqual(['Quotations/SO001']);
  const log = (await ok('log')).stdout;
  expect(log).toContain('Link made. Anybody who has this address can open it.');
  expect(log).toContain('Link taken back');
  expect(log).not.toContain('rlkey');

  expect(await refusal('link', 'create', 'Quotations/none.txt')).toMatchObject({ code: 'unknown-path' });
  expect(await refusal('link', 'create', '')).toMatchObject({ code: 'unknown-path' });
});

test('an end and a password, where the account allows them; a sentence where not', async () => {
  await sync();
  const secured = ['link', 'create', OFFER, '--expires', '2099-01-31', '--password-env', 'LINK_PASSWORD', '--json'];
  const { stdout, stderr } = await inside(secured, { LINK_PASSWORD: 'open sesame' });
  const made = JSON.parse(stdout) as MadeLinkView;
  expect(made).toMatchObject({
    password: true,
    result: 'made',
    expires: expect.stringMatching(/^2099-0[12]/) as string,
  });
  expect(stdout + stderr).not.toContain('sesame');
  expect(await open(made.url)).toBe(403);
  expect(await open(`${made.url}&password=open%20sesame`)).toBe(200);
  expect(await list()).toMatchObject([{ password: true, expires: made.expires }]);

  // A link that others have already is given what was asked for, and that is said.
  const plain = await create('Quotations/SO001/plan.png');
  const changed = await create('Quotations/SO001/plan.png', '--expires', '2099-06-30T12:00:00Z');
  expect(changed).toMatchObject({ url: plain.url, result: 'changed', expires: '2099-06-30T12:00:00.000Z' });
  expect(changed.notes.join(' ')).toContain('changed for everybody who has it');

  expect(await refusal('link', 'create', OFFER, '--expires', '2001-01-01')).toMatchObject({ code: 'bad-date' });
  expect((await inside(['link', 'create', OFFER, '--password-env', 'NOT_SET'])).code).toBe(2);
  expect((await inside(['link', 'create', OFFER, '--audience', 'friends'])).code).toBe(2);
  expect(await refusal('link', 'create', OFFER, '--audience', 'team')).toMatchObject({
    code: 'no-team',
    message: expect.stringContaining('personal Dropbox account') as string,
  });

  await bench.emulator.control('account', { kind: 'basic' });
  await ok('link', 'revoke', '--all');
  expect(await refusal('link', 'create', OFFER, '--expires', '2099-01-31')).toMatchObject({
    code: 'no-permission',
    message: expect.stringContaining('does not allow links with an expiry date') as string,
  });
  expect(await list()).toEqual([]);
});

test('links of a team are for the team, unless somebody asks for more and the team allows it', async () => {
  await bench.emulator.control('account', { kind: 'business', teamName: 'Example Ltd' });
  await sync();
  expect(await create(OFFER)).toMatchObject({
    audience: 'team',
    notes: ['Members of the Dropbox team who have this address can open it.'],
  });
  expect(await create(OFFER, '--audience', 'public')).toMatchObject({ audience: 'public', result: 'changed' });
  await bench.emulator.control('account', { linkPolicy: 'team' });
  const narrowed = await create('Quotations/SO001/plan.png', '--audience', 'public');
  expect(narrowed.audience).toBe('team');
  expect(narrowed.notes.join(' ')).toContain('do not allow that');
  expect((await ok('client', 'links', 'Office', 'on')).stderr).toContain('Members of the Dropbox team');
});

test('"No links to Dropbox" calls no function for links and gives addresses of dropbox.com', async () => {
  expect((await json('client', 'links', 'Office', 'off')).value).toEqual({
    client: 'Office',
    links: false,
    mode: 'off',
  });
  await sync();
  const made = await create(OFFER);
  expect(made).toMatchObject({ url: HOME, result: 'address', audience: 'members' });
  expect((await ok('link', 'copy', OFFER)).stdout).toBe(`${HOME}\n`);
  expect(await urlOf(OFFER)).toBe(HOME);
  expect(await list()).toEqual([]);
  expect(await list('--all')).toEqual([]);
  await sync();
  expect(await linkRequests()).toEqual({});
  expect(await refusal('link', 'create', OFFER, '--expires', '2099-01-31')).toMatchObject({ code: 'links-off' });
  expect(await refusal('link', 'revoke', OFFER)).toMatchObject({ code: 'no-link' });
  expect(await linkRequests()).toEqual({});
  expect((await inside(['client', 'links', 'Office', 'sometimes'])).code).toBe(2);

  // A link that was out before can still be taken back.
  await ok('client', 'links', 'Office', 'on-request');
  const { url } = await create(OFFER);
  await ok('client', 'links', 'Office', 'off');
  expect(await urlOf(OFFER)).toBe(HOME);
  expect(await list()).toMatchObject([{ url }]);
  await ok('link', 'revoke', OFFER);
  expect(await open(url)).toBe(404);
});

test('a client that links everything: one link each, none against the will of a person, all of them listed', async () => {
  await ok('client', 'links', 'Office', 'on');
  await sync();
  const offer = (await urlOf(OFFER)) ?? '';
  const plan = (await urlOf('Quotations/SO001/plan.png')) ?? '';
  expect([await open(offer), await open(plan)]).toEqual([200, 200]);
  // Known without a request.
  expect(await list('--offline')).toMatchObject([
    { path: OFFER, url: offer, audience: 'public', madeAt: expect.any(String) as string },
    { path: 'Quotations/SO001/plan.png', url: plan },
  ]);
  await ok('link', 'revoke', offer);
  // On dropbox.com somebody takes one back, makes one in the root folder, and has another one elsewhere.
  await onDropbox('revoke_shared_link', { url: plan });
  const root = (await onDropbox('create_shared_link_with_settings', { path: `/${ROOT}` })).url;
  await bench.emulator.control('write', { path: '/Private/diary.txt', text: 'x' });
  const diary = (await onDropbox('create_shared_link_with_settings', { path: '/Private/diary.txt' })).url;
  expect(await list()).toMatchObject([{ url: root, path: null, remotePath: '/erp documents', madeAt: null }]);
  expect((await ok('link', 'list')).stdout).toContain('1 more link of these accounts leads to something outside');
  expect((await list('--all')).map((link) => link.url)).toEqual([root, diary]);
  expect(await urlOf('Quotations/SO001/plan.png')).not.toBe(plan);
  await sync();
  expect((await list('--all')).map((link) => link.url)).toEqual([root, diary]);
  // Asked for again, it is made again.
  await create(OFFER);

  const { code, stdout, stderr } = await inside(['link', 'list', '--json'], AWAY);
  expect({ code, links: (JSON.parse(stdout) as LinkView[]).length }).toEqual({ code: 3, links: 2 });
  expect(stderr).toContain('shown as they were known last');
  const failing = await inside(['link', 'revoke', '--all', '--json'], AWAY);
  expect({ code: failing.code, ...(JSON.parse(failing.stdout) as RevokedLinksView) }).toMatchObject({
    code: 3,
    revoked: [],
    failed: [{}, {}],
  });

  expect((await json<RevokedLinksView>('link', 'revoke', '--all')).value.revoked).toHaveLength(2);
  // What lies outside of the root folder is none of Docktide's business.
  expect((await list('--all')).map((link) => link.url)).toEqual([diary]);
  expect((await inside(['link', 'revoke'])).code).toBe(2);
  expect((await ok('link', '--help')).stdout).toContain('revoke');
  for (const command of ['create', 'list', 'copy', 'revoke']) {
    expect((await ok('link', command, '--help')).stdout).toContain('Example:');
  }
});
