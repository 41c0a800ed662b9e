// Every scene of the gallery, light and dark: it is drawn without a complaint, nothing is wider than the window, no key
// stands in place of its words, and axe finds nothing. With DOCKTIDE_PICTURES=DIR a picture of each is written there.

import { createServer, type Server } from 'node:http';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../src-shared/words/words.ts';
import { fileOf, typeOf } from '../../src-main/shell/page-files.ts';

const home = join(import.meta.dirname, '..', '..');
const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
const pictures = process.env['DOCKTIDE_PICTURES'];
const only = process.env['DOCKTIDE_SCENES'];
const sections = Object.values(features)
  .flatMap((feature) => Object.keys(feature.en))
  .join('|');
const folder = mkdtempSync(join(tmpdir(), 'docktide-gallery-'));

let server: Server;
let browser: Browser;
let page: Page;
let address = '';

interface Violations {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[] }[];
  }[];
}

/** The engine alone, put into the page once: its wrapper for Playwright costs three times what the rules do. */
const axeSource = readFileSync(
  createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** What is wrong with the page as it is. */
async function problemsOf(id: string, scheme: 'light' | 'dark'): Promise<readonly string[]> {
  const problems = await page.evaluate((sections) => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > window.innerWidth) found.push('wider than the window');
    if (document.body.innerText.trim() === '' && document.querySelector('[aria-busy]') === null) found.push('nothing');
    const keys = new RegExp(`^(${sections})(\\.[a-zA-Z][a-zA-Z-]*)+$`, 'gm');
    // Dropbox's names of permissions look like keys.
    const permission = /^(files|account_info|sharing)\.[a-z.]+\.?(read|write)$/;
    found.push(...(document.body.innerText.match(keys) ?? []).filter((key) => !permission.test(key)));
    return found;
  }, sections);
  // The frame is the same around every screen; scenes of its own show it.
  const exclude = id.startsWith('frame-') ? [] : ['header', 'nav', 'footer'];
  // What is not a colour is the same in both schemes.
  const runOnly = scheme === 'dark' ? { runOnly: ['color-contrast'] } : {};
  const axe = await page.evaluate(
    async ([context, options]) => {
      const engine = Reflect.get(window, 'axe') as { run(context: object, options: object): Promise<Violations> };
      const { violations } = await engine.run(context, options);
      return violations.flatMap(({ id: rule, nodes }) => nodes.map(({ target }) => `${rule}: ${target.join(' ')}`));
    },
    [{ exclude }, { resultTypes: ['violations'], ...runOnly }] as const,
  );
  return [...problems, ...axe];
}

/** One page shows scene after scene, each from a fresh start. */
async function show(scene: string, language = 'en'): Promise<void> {
  const showing = page.evaluate(
    ([id, spoken]) => (Reflect.get(window, 'showScene') as (id: string, spoken: string) => Promise<void>)(id, spoken),
    [scene, language] as const,
  );
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`The scene "${scene}" is not ready after 20 seconds.`)), 20_000).unref();
  });
  await Promise.race([showing, late]);
}

async function picture(name: string): Promise<void> {
  if (pictures === undefined) return;
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

describe.skipIf(executable === undefined)('the gallery', () => {
  const complaints: string[] = [];

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [join(home, 'scripts', 'gallery.mjs'), '--build', folder], {
      cwd: home,
    });
    server = createServer((request, response) => {
      const file = fileOf(folder, `docktide://app${request.url?.split('?')[0] ?? '/'}`);
      if (file === null || !existsSync(file)) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': typeOf(file) }).end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gallery/index.html?empty`;
    browser = await chromium.launch({ executablePath: executable ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('every scene, light and dark', async () => {
    await page.goto(address);
    await page.evaluate(axeSource);
    const ids = await page.evaluate(() => Reflect.get(window, 'sceneIds') as string[]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(30);
    const problems: string[] = [];
    for (const id of ids) {
      if (only !== undefined && !id.startsWith(only)) continue;
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        if (scheme === 'light') await show(id);
        for (const problem of await problemsOf(id, scheme)) problems.push(`${id}, ${scheme}: ${problem}`);
        await picture(`${id}-${scheme}`);
      }
      problems.push(...complaints.splice(0).map((complaint) => `${id}: ${complaint}`));
    }
    expect(problems).toEqual([]);
  }, 600_000);

  test('from right to left, in German and in a small window nothing is wider than the window', async () => {
    const problems: string[] = [];
    await page.goto(address);
    await page.emulateMedia({ colorScheme: 'light' });
    for (const [language, width, height] of [
      ['ar', 1280, 800],
      ['de', 1280, 800],
      ['de', 760, 480],
    ] as const) {
      await page.setViewportSize({ width, height });
      for (const id of ['documents-record', 'sync-working', 'trash-some', 'setup-start', 'frame-trouble']) {
        await show(id, language);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        if (wide) problems.push(`${id} in ${language} at ${width}`);
        expect(await page.locator('html').getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
        await picture(`${id}-${language}-${width}`);
      }
    }
    expect([...problems, ...complaints]).toEqual([]);
  }, 120_000);
});
