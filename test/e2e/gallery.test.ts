// Every scene of the gallery, light and dark: it is drawn without a complaint, nothing is wider than the window, no key
// stands in place of its words, and axe finds nothing. With DOCKTIDE_PICTURES=DIR a picture of each is written there.

import { createServer, type Server } from 'node:http';
import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../src-shared/words/words.ts';
import { PICTURES } from '../../scripts/manual-pictures.mjs';
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

/** Languages and sizes besides the usual ones, in which every screen's manual picture is looked at. */
const OTHER_WINDOWS = [
  ['ar', 1280, 800],
  ['de', 1280, 800],
  ['fr', 900, 600],
  ['de', 760, 480],
] as const;

interface Violations {
  readonly passes: readonly unknown[];
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
  const problems = await page.evaluate(
    ([id, sections]) => {
      const found: string[] = [];
      if (document.documentElement.scrollWidth > window.innerWidth) found.push('wider than the window');
      if (document.body.innerText.trim() === '' && document.querySelector('[aria-busy]') === null)
        found.push('nothing');
      // Scenes of what is on its way say so.
      const isBusy = document.querySelector('main [role="status"][aria-busy="true"]') !== null;
      if (isBusy && !/-(loading|waits|waiting|working)$/.test(id)) found.push('it has not come to rest');
      const keys = new RegExp(`^(${sections})(\\.[a-zA-Z][a-zA-Z-]*)+$`, 'gm');
      // Dropbox's names of permissions look like keys.
      const permission = /^(files|account_info|sharing)\.[a-z.]+\.?(read|write)$/;
      found.push(...(document.body.innerText.match(keys) ?? []).filter((key) => !permission.test(key)));
      return found;
    },
    [id, sections] as const,
  );
  // The frame is the same around every screen; scenes of its own show it.
  const exclude = id.startsWith('frame-') ? [] : ['header', 'nav', 'footer'];
  // What is not a colour is the same in both schemes.
  const runOnly = scheme === 'dark' ? { runOnly: ['color-contrast'] } : {};
  const axe = await page.evaluate(
    async ([context, options]) => {
      const engine = Reflect.get(window, 'axe') as { run(context: object, options: object): Promise<Violations> };
      const { passes, violations } = await engine.run(context, options);
      // What moves alone has no colours to compare.
      if (!('runOnly' in options) && passes.length + violations.length === 0) return ['axe has looked at nothing'];
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

/** The page has heard of the other colours, and none of them fades any more. */
async function inColours(scheme: 'light' | 'dark'): Promise<void> {
  await page.waitForFunction((wanted) => document.documentElement.dataset['mantineColorScheme'] === wanted, scheme);
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(fading.map(({ finished }) => finished));
  });
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

  test('no file of scenes and no screen is left out', async () => {
    await page.goto(address);
    const known = await page.evaluate(
      () => Reflect.get(window, 'sceneFiles') as Record<string, { readonly id: string; readonly screen?: string }[]>,
    );
    const written = globSync('src-renderer/**/scenes/*.tsx', { cwd: home }).map((file) =>
      file.replaceAll('\\', '/').replace('src-renderer/', '../'),
    );
    expect(Object.keys(known).toSorted()).toEqual(written.toSorted());
    expect(Object.entries(known).filter(([, scenes]) => scenes.length === 0)).toEqual([]);
    const ids = await page.evaluate(() => Reflect.get(window, 'sceneIds') as string[]);
    expect(Object.values(known).flatMap((scenes) => scenes.map(({ id }) => id))).toEqual(ids);
    const shown = new Set(Object.values(known).flatMap((scenes) => scenes.map(({ screen }) => screen)));
    const screens = [
      ...readFileSync(join(home, 'src-renderer', 'app', 'screens.ts'), 'utf8').matchAll(/^ {4}id: '([a-z-]+)'/gm),
    ].map((match) => match[1]);
    expect(screens.length).toBeGreaterThan(8);
    expect(screens.filter((screen) => !shown.has(screen))).toEqual([]);
    // The manual shows scenes that there are.
    expect(Object.values(PICTURES).filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('every scene, light and dark', async () => {
    await page.goto(address);
    await page.evaluate(axeSource);
    const ids = await page.evaluate(() => Reflect.get(window, 'sceneIds') as string[]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(30);
    const problems: string[] = [];
    const looked: string[] = [];
    const wanted = ids.filter((id) => only === undefined || id.startsWith(only));
    for (const id of wanted) {
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        if (scheme === 'light') await show(id);
        await inColours(scheme);
        for (const problem of await problemsOf(id, scheme)) problems.push(`${id}, ${scheme}: ${problem}`);
        looked.push(`${await page.locator('html').getAttribute('data-ready')}, ${scheme}`);
        await picture(`${id}-${scheme}`);
      }
      problems.push(...complaints.splice(0).map((complaint) => `${id}: ${complaint}`));
    }
    expect(problems).toEqual([]);
    expect(looked).toEqual(wanted.flatMap((id) => [`${id}, light`, `${id}, dark`]));
  }, 600_000);

  test('after a dialog that a menu opened the focus is where it was', async () => {
    await page.goto(address);
    await show('box-record');
    const more = page.getByRole('button', { name: 'More for SO001 Müller' });
    await more.press('Enter');
    await page.getByRole('menuitem', { name: 'Remove the record' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expect.poll(() => more.evaluate((one) => one === document.activeElement)).toBe(true);

    await show('documents-record');
    const grid = page.getByRole('grid', { name: 'Documents' });
    await grid.press('ArrowDown');
    await grid.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Share…' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expect.poll(() => grid.evaluate((one) => one === document.activeElement)).toBe(true);
  });

  test.each(OTHER_WINDOWS)(
    'the screens in %s at %i × %i: nothing wider than the window, no word cut off',
    async (...window) => {
      const [language, width, height] = window;
      const problems: string[] = [];
      await page.goto(address);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width, height });
      for (const id of Object.values(PICTURES)) {
        // It has a window of its own size.
        if (id.startsWith('quick-')) continue;
        await show(id, language);
        for (const problem of await page.evaluate(cutOff)) problems.push(`${id}: ${problem}`);
        expect(await page.locator('html').getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
        await picture(`${id}-${language}-${width}`);
      }
      expect([...problems, ...complaints.splice(0)]).toEqual([]);
    },
    180_000,
  );
});

/** In the page: what does not fit. Names of documents may be shortened; the words of buttons and headings may not. */
function cutOff(): string[] {
  const found: string[] = [];
  if (document.documentElement.scrollWidth > window.innerWidth) found.push('wider than the window');
  for (const part of document.querySelectorAll<HTMLElement>('main [role="region"]')) {
    if (getComputedStyle(part).overflowX === 'auto' && part.scrollWidth > part.clientWidth + 1) {
      found.push(`"${part.getAttribute('aria-label')}" must be scrolled to the side`);
    }
  }
  for (const element of document.querySelectorAll<HTMLElement>(
    'main button, main h2, main h3, main label, main th, dialog button',
  )) {
    const isShown = element.offsetParent !== null && getComputedStyle(element).overflow !== 'visible';
    const isName = element.closest('[role="grid"], [role="tree"], [role="listbox"], nav') !== null;
    if (isShown && !isName && element.scrollWidth > element.clientWidth + 1 && element.textContent.trim() !== '') {
      found.push(`"${element.textContent.trim()}" is cut off`);
    }
  }
  return found;
}
