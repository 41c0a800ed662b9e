// Who hears of a notice: the listeners of the process that found it at once, those of other processes a little later.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppEvent } from '../../../src-shared/views.ts';
import { makeEvents } from '../../../src-main/app/events.ts';
import { makeNoticeFeed, tellClient, type NoticeFeed } from '../../../src-main/app/notices.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';

let folder = '';
let here: Side;
let there: Side;

interface Side {
  readonly store: DocumentStore;
  readonly feed: NoticeFeed;
  /** What its listeners heard: message, and whether another process found it. */
  readonly heard: [string, boolean][];
  readonly events: ReturnType<typeof makeEvents>;
}

function side(): Side {
  const store = createStore({ file: join(folder, 'docktide.sqlite'), now: () => Date.now() });
  const events = makeEvents((error) => {
    throw error;
  });
  const heard: [string, boolean][] = [];
  events.subscribe((event: AppEvent) => {
    if (event.kind === 'notice') heard.push([event.notice.message, event.elsewhere]);
  });
  return { store, events, heard, feed: makeNoticeFeed(store, events) };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docktide-notices-'));
  here = side();
  here.store.clients.add({ name: 'Office', root: 'R', state: 'connected', appKey: null, credentials: {} });
  here.store.notices.add({ client: null, kind: 'backup', level: 'info', detail: 'An old one.' });
  here.feed.flush();
  here.heard.length = 0;
  there = side();
});
afterEach(() => {
  here.store.close();
  there.store.close();
  rmSync(folder, { recursive: true, force: true });
});

const PAUSED = 'Office is paused.';
const AGAIN = 'Office is connected.';

test('each hears each notice once, what was told before it began never', () => {
  const { id } = here.store.clients.get('Office');
  here.store.sync.signalClient(id, 'paused');
  tellClient({ ...here, notices: here.feed }, 'Office');
  there.store.sync.signalClient(id, 'resumed');
  there.feed.lookElsewhere();
  for (const one of [here, there, here, there]) one.feed.lookElsewhere();
  expect(here.heard).toEqual([
    [PAUSED, false],
    [AGAIN, true],
  ]);
  expect(there.heard).toEqual([
    [AGAIN, false],
    [PAUSED, true],
  ]);
});

test('what was found while nobody looked is heard with the next look', () => {
  for (let index = 0; index < 300; index++) {
    there.store.notices.add({ client: 'Office', kind: 'backup', level: 'info', detail: `Backup ${index}.` });
  }
  here.feed.lookElsewhere();
  expect(here.heard).toHaveLength(300);
  expect(here.heard.at(-1)).toEqual(['Backup 299.', true]);
});

test('the notice says whether somebody wants to hear of it', () => {
  const wanted: boolean[] = [];
  here.events.subscribe((event) => {
    if (event.kind === 'notice') wanted.push(event.notice.subscribed);
  });
  const { id } = here.store.clients.get('Office');
  here.store.sync.signalClient(id, 'root-gone');
  here.feed.flush();
  here.store.notices.choose(id, ['held']);
  here.store.sync.signalClient(id, 'login-revoked');
  here.feed.flush();
  expect(wanted).toEqual([true, false]);
});
