// The window case: from the click on a folder of 30,000 documents, from the last letter typed into the search among
// 200,000, and from that typed into the attachment box among 20,000 records, to the first painted row; measured in the
// page, over a real store, IPC and rendering included.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { createStore, type DocumentStore } from '../../src-main/store/open-store.ts';
import { launchApp, NO_RUNTIME, RUNTIME } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { atMost, type CaseOptions, type CaseResult } from './case.ts';
import { measured } from './measure.ts';
import { fill } from './search-bench.ts';

const ROUNDS = 12;
const RECORDS = 20_000;
const LIMIT_MS = 100;
/** What a person types, letter by letter; each letter asks anew. */
const TYPED = ['contract mu', 'strasse 12', 'so-25', 'plan novak'];
const TYPED_RECORDS = ['muller', 'deal-12', 'zurich par'];

export async function runWindow({ files }: CaseOptions, inOneFolder: number): Promise<CaseResult> {
  if (RUNTIME === null) throw new Error(NO_RUNTIME);
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'docktide-bench-'));
  const file = join(folder, 'bench.sqlite');
  try {
    const store = createStore({ file, now: () => Date.now() });
    fill(store, files, inOneFolder);
    addRecords(store);
    store.close();
    const run = await launchApp({ entry: join(import.meta.dirname, 'window-main.ts'), args: [`--store=${file}`] });
    try {
      const times = await paintTimes(run.page);
      const { open, search, record } = times;
      const figures = await measured(null, async () => textOf(times));
      return {
        ...figures,
        seconds: open.median / 1000,
        promises: [
          atMost('folder', Math.round(open.median), LIMIT_MS, ' ms'),
          atMost('search', Math.round(search.median), LIMIT_MS, ' ms'),
          atMost('record', Math.round(record.median), LIMIT_MS, ' ms'),
        ],
      };
    } finally {
      await run.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function addRecords(store: DocumentStore): void {
  const [type] = store.catalog.types();
  const missing = RECORDS - store.catalog.types().reduce((sum, { records }) => sum + records, 0);
  store.catalog.putRecords(
    Array.from({ length: missing }, (_, index) => ({
      type: type?.name ?? '',
      ref: `DEAL-${index}`,
      name: `Müller & Söhne ${index}`,
      fields: { city: 'Zürich', partner: `Partner ${index % 400}`, state: 'sent' },
    })),
  );
}

interface Times {
  readonly fastest: number;
  readonly median: number;
  readonly slowest: number;
}

interface PaintTimes {
  readonly open: Times;
  readonly search: Times;
  readonly record: Times;
}

function textOf({ open, search, record }: PaintTimes): string {
  const words = ({ fastest, median, slowest }: Times): string =>
    `${median.toFixed(0)} ms (${fastest.toFixed(0)} to ${slowest.toFixed(0)} ms)`;
  return `folder ${words(open)}, search ${words(search)}, record ${words(record)}, on ${RUNTIME === 'Electron' ? 'Electron' : 'the stand-in for Electron'}`;
}

async function paintTimes(page: Page): Promise<PaintTimes> {
  await page.getByRole('treeitem', { name: 'Scans' }).waitFor();
  await page.evaluate(installClock);
  const opened: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.getByRole('treeitem', { name: 'All folders' }).click();
    await page.locator('[data-key^="folder:"]').first().waitFor();
    opened.push(await page.evaluate(() => clock().open('Scans')));
  }
  const searched: number[] = [];
  for (const text of TYPED) {
    for (let end = 3; end <= text.length; end++) {
      // A space at the end asks for nothing else.
      if (text[end - 1] === ' ') continue;
      searched.push(await page.evaluate((typed) => clock().search(typed), text.slice(0, end)));
    }
    await page.evaluate(() => clock().search(''));
  }
  await page.getByRole('navigation').getByRole('button', { name: 'Attachment box' }).click();
  await page.locator('main [role="option"]').first().waitFor();
  const found: number[] = [];
  for (const text of TYPED_RECORDS) {
    for (let end = 1; end <= text.length; end++) {
      if (text[end - 1] === ' ') continue;
      found.push(await page.evaluate((typed) => clock().record(typed), text.slice(0, end)));
    }
  }
  return { open: timesOf(opened), search: timesOf(searched), record: timesOf(found) };
}

function timesOf(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b);
  return { fastest: sorted[0] ?? 0, median: sorted[Math.floor(sorted.length / 2)] ?? 0, slowest: sorted.at(-1) ?? 0 };
}

// ------------------------------------------------------------------ in the page
interface Clock {
  open(name: string): Promise<number>;
  search(text: string): Promise<number>;
  record(text: string): Promise<number>;
}

declare function clock(): Clock;

function installClock(): void {
  /** Milliseconds from `start` until what makes `isThere` true has been painted. */
  const painted = async (start: () => void, isThere: () => boolean): Promise<number> => {
    const started = performance.now();
    start();
    do await new Promise((resolve) => requestAnimationFrame(resolve));
    while (!isThere());
    // The next task runs after the paint of this frame.
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', resolve);
      port1.start();
      port2.postMessage(null);
    });
    return performance.now() - started;
  };
  const open = (name: string): Promise<number> => {
    const line = document.querySelector<HTMLElement>(`[role="treeitem"][aria-label="${name}"]`);
    return painted(
      () => line?.click(),
      () => document.querySelector('[role="row"][data-key^="file:"]') !== null,
    );
  };
  const typed = (where: string, text: string): Promise<number> => {
    const box = document.querySelector<HTMLInputElement>(`${where} [role="combobox"]`);
    const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    // The answer to this text and no other: the last one stays until then.
    const isThere = (): boolean =>
      text === '' || document.querySelector(`${where} [data-answered="${CSS.escape(text)}"] [role="option"]`) !== null;
    return painted(() => {
      value?.set?.call(box, text);
      box?.dispatchEvent(new Event('input', { bubbles: true }));
    }, isThere);
  };
  const search = (text: string): Promise<number> => typed('header', text);
  const record = (text: string): Promise<number> => typed('main', text);
  Object.assign(window, { clock: () => ({ open, search, record }) });
}
