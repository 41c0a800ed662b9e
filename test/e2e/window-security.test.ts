// Electron's security checklist (https://www.electronjs.org/docs/latest/tutorial/security), point by point, on the built
// app and its configuration; then attempts of attack from the page. On the stand-in, chromium is real and Electron's own
// switches are shown by what the app asks of it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { CHANNELS } from '../../src-shared/ipc-contract.ts';
import { launchApp, NO_RUNTIME, RUNTIME, type RunningApp } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { seen } from '../support/window-checks.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);

const home = join(import.meta.dirname, '..', '..');
const entry = join(home, 'test', 'support', 'window-fake-main.ts');

/** What the app registers with Electron where only Electron could call it. */
const electron = vi.hoisted(() => {
  const invoked = new Map<string, (event: unknown, ...args: unknown[]) => Promise<unknown>>();
  const created = null as ((event: unknown, contents: unknown) => void) | null;
  return { invoked, opened: [] as string[], sandboxed: [] as boolean[], created };
});
vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, handler: never) => void electron.invoked.set(channel, handler),
  },
  shell: { openExternal: async (address: string) => void electron.opened.push(address) },
  app: {
    enableSandbox: () => void electron.sandboxed.push(true),
    on: (_event: string, listener: never) => void (electron.created = listener),
  },
  protocol: {},
}));

function sourcesOf(folder: string): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(join(home, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|html|css|js|cjs)$/.test(name))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(home, folder, name), 'utf8') }));
}

function holding(folder: string, pattern: RegExp): readonly string[] {
  return sourcesOf(folder)
    .filter(({ text }) => pattern.test(text))
    .map(({ name }) => name);
}

/** The contents of a page that nobody made: what is done with it is seen. */
function strangeContents() {
  const listeners = new Map<string, (event: { preventDefault(): void }, address?: string) => void>();
  const nothing = (): void => {};
  return {
    session: {
      setPermissionRequestHandler: nothing,
      setPermissionCheckHandler: nothing,
      setDevicePermissionHandler: nothing,
    },
    openHandler: null as ((details: { readonly url: string }) => { readonly action: string }) | null,
    setWindowOpenHandler(handler: never) {
      this.openHandler = handler;
    },
    on: (event: string, listener: never) => void listeners.set(event, listener),
    prevented(event: string, address?: string): boolean {
      let prevented = false;
      listeners.get(event)?.({ preventDefault: () => void (prevented = true) }, address);
      return prevented;
    },
  };
}

interface WebPreferences {
  readonly contextIsolation?: boolean;
  readonly sandbox?: boolean;
  readonly nodeIntegration?: boolean;
  readonly [name: string]: unknown;
}

describe.skipIf(RUNTIME === null)('Electron’s security checklist', () => {
  let run: RunningApp;
  let page: Page;
  let stranger: Server;
  let asked: string[] = [];
  let elsewhere = '';

  beforeAll(async () => {
    await ensureBuilt();
    stranger = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end('alert(1)');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    run = await launchApp({ entry, args: ['--scene=company'] });
    page = run.page;
    await page.getByRole('tree').waitFor();
  });
  afterAll(async () => {
    await run?.close();
    stranger?.close();
  });

  const preferences = (): Promise<WebPreferences> =>
    run.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      // Public in Electron, missing in its types.
      const { webContents } = window as unknown as { webContents: { getLastWebPreferences(): WebPreferences } };
      return webContents.getLastWebPreferences();
    });
  const call = (name: unknown, args: unknown): Promise<unknown> =>
    page.evaluate(
      async ([asked, given]) => {
        const bridge = Reflect.get(window, 'docktide') as { call(name: unknown, args: unknown): Promise<unknown> };
        return bridge.call(asked, given);
      },
      [name, args] as const,
    );

  test('1. only load secure content: nothing comes from anywhere but the app', async () => {
    const origins = await page.evaluate(() => [
      ...new Set(performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)),
    ]);
    expect(origins).toEqual([await page.evaluate(() => location.origin)]);
    asked = [];
    const reached = await page.evaluate(async (address) => {
      const loaded = (element: HTMLElement, attributes: Record<string, string>): Promise<boolean> =>
        new Promise((resolve) => {
          element.addEventListener('load', () => resolve(true));
          element.addEventListener('error', () => resolve(false));
          for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
          document.body.append(element);
        });
      return {
        fetch: await fetch(address).then(
          () => true,
          () => false,
        ),
        script: await loaded(document.createElement('script'), { src: `${address}/a.js` }),
        style: await loaded(document.createElement('link'), { rel: 'stylesheet', href: `${address}/a.css` }),
        picture: await loaded(document.createElement('img'), { src: `${address}/a.png` }),
      };
    }, elsewhere);
    expect(reached).toEqual({ fetch: false, script: false, style: false, picture: false });
    expect(asked).toEqual([]);
    expect(holding('out/renderer', /<(script|link|img)[^>]+https?:/)).toEqual([]);
  });

  test('2. no Node.js integration', async () => {
    expect((await preferences()).nodeIntegration).toBe(false);
    const node = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', '__dirname', 'global'].filter((name) => Reflect.has(window, name)),
    );
    expect(node).toEqual([]);
    expect(holding('src-main', /nodeIntegration(InWorker|InSubFrames)?: true/)).toEqual([]);
  });

  test('3. context isolation', async () => {
    expect((await preferences()).contextIsolation).toBe(true);
    const changed = await page.evaluate(() => {
      const bridge = Reflect.get(window, 'docktide') as unknown as Record<string, unknown>;
      const before = bridge['call'];
      try {
        bridge['call'] = () => 'mine';
      } catch {
        // Frozen.
      }
      return [Object.keys(bridge), bridge['call'] === before, Reflect.has(window, 'ipcRenderer')];
    });
    expect(changed).toEqual([['call', 'dropFiles', 'onPush'], true, false]);
  });

  test('4. process sandboxing, for every page whoever opens it', async () => {
    expect((await preferences()).sandbox).toBe(true);
    expect(holding('src-main', /\.enableSandbox\(\)/)).toEqual(['src-main/shell/security.ts']);
    expect(holding('src-main', /sandbox: false|no-sandbox/)).toEqual([]);
    // A sandboxed preload script can require nothing but electron's own few parts.
    const required = readFileSync(join(home, 'out', 'preload', 'index.cjs'), 'utf8').matchAll(/require\(([^)]*)\)/g);
    expect([...required].map(([, name]) => name?.replaceAll(/["'`]/g, ''))).toEqual(['electron']);
  });

  test('5. requests for permissions are refused', async () => {
    const answers = await page.evaluate(async () => {
      const refused = (work: Promise<unknown>): Promise<boolean> =>
        work.then(
          () => false,
          () => true,
        );
      const place = new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject));
      return {
        notification: await Notification.requestPermission(),
        camera: await refused(
          Promise.resolve(navigator.mediaDevices?.getUserMedia({ video: true }) ?? Promise.reject()),
        ),
        place: await refused(place),
      };
    });
    expect(answers).toEqual({ notification: 'denied', camera: true, place: true });
    if (RUNTIME !== 'stand-in') return;
    const handlers = await run.app.evaluate(({ session }) => {
      const { handlers } = session.defaultSession as unknown as {
        handlers: {
          permissionRequest(contents: null, permission: string, decide: (granted: boolean) => void): void;
          permissionCheck(): boolean;
          devicePermission(): boolean;
        };
      };
      const decided: boolean[] = [];
      handlers.permissionRequest(null, 'media', (granted) => decided.push(granted));
      return [...decided, handlers.permissionCheck(), handlers.devicePermission()];
    });
    expect(handlers).toEqual([false, false, false]);
  });

  test('6. web security is on', async () => {
    expect((await preferences())['webSecurity'] ?? true).toBe(true);
    expect(holding('src-main', /webSecurity|disable-web-security/)).toEqual([]);
  });

  test('7. a content security policy without inline code, in a header that the page cannot change', async () => {
    const policy = await page.evaluate(async () => (await fetch('/index.html')).headers.get('content-security-policy'));
    const rules = new Map((policy ?? '').split('; ').map((rule) => [rule.slice(0, rule.indexOf(' ')), rule]));
    expect(rules.get('default-src')).toBe("default-src 'none'");
    expect(rules.get('script-src')).toBe("script-src 'self'");
    expect(rules.get('style-src')).toBe("style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(rules.get('frame-ancestors')).toBe("frame-ancestors 'none'");
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.inlined = true';
      document.body.append(script);
      const button = document.createElement('button');
      button.setAttribute('onclick', 'window.clicked = true');
      document.body.append(button);
      button.click();
      // Later, because what a test runs directly is free of the policy.
      const evaluated = await new Promise((resolve) => {
        setTimeout(() => {
          try {
            // oxlint-disable-next-line typescript/no-implied-eval -- this is the attempt
            resolve(new Function('return true')());
          } catch {
            resolve(false);
          }
        });
      });
      return [Reflect.has(window, 'inlined'), Reflect.has(window, 'clicked'), evaluated];
    });
    expect(ran).toEqual([false, false, false]);
    const html = sourcesOf('out/renderer').filter(({ name }) => name.endsWith('.html'));
    expect(html).toHaveLength(1);
    expect(html[0]?.text).not.toMatch(/<script(?![^>]* src=)[^>]*>|\son[a-z]+="|<style/);
  });

  test('8. no insecure content beside secure', async () => {
    expect((await preferences())['allowRunningInsecureContent'] ?? false).toBe(false);
    expect(holding('src-main', /allowRunningInsecureContent|allow-running-insecure-content/)).toEqual([]);
  });

  test('9. no experimental features', async () => {
    expect((await preferences())['experimentalFeatures'] ?? false).toBe(false);
    expect(holding('src-main', /experimentalFeatures|enable-experimental/)).toEqual([]);
  });

  test('10. no further features of Blink', async () => {
    expect((await preferences())['enableBlinkFeatures']).toBeUndefined();
    expect(holding('src-main', /enableBlinkFeatures|enable-blink-features/)).toEqual([]);
  });

  test('11. and 12. no web views: not allowed, not in use, and refused where one is attached', async () => {
    expect((await preferences())['webviewTag'] ?? false).toBe(false);
    expect(holding('src-main', /webviewTag/)).toEqual([]);
    expect(holding('src-renderer', /<webview|createElement\(['"]webview/)).toEqual([]);
    const prevented = await run.app.evaluate(({ BrowserWindow }) => {
      let refused = 0;
      const [window] = BrowserWindow.getAllWindows();
      const event = { preventDefault: () => void refused++ };
      window?.webContents.emit('will-attach-webview', event as never, {} as never, {} as never);
      return refused;
    });
    expect(prevented).toBe(1);
  });

  test('13. navigation is refused', async () => {
    const before = page.url();
    asked = [];
    for (const address of [`${elsewhere}/away`, 'file:///etc/passwd', 'data:text/html,away']) {
      await page.evaluate((to) => void (location.href = to), address).catch(() => {});
      await page.evaluate((to) => {
        const link = document.createElement('a');
        link.href = to;
        document.body.append(link);
        link.click();
        link.remove();
      }, address);
    }
    // A page that had gone away would not be there to answer.
    expect(await page.evaluate(() => Reflect.has(window, 'docktide'))).toBe(true);
    expect(page.url()).toBe(before);
    expect(asked).toEqual([]);
    await page.getByRole('tree').waitFor();
  });

  test('14. new windows are refused', async () => {
    const { lockDownAll } = await import('../../src-main/shell/security.ts');
    lockDownAll();
    expect(electron.sandboxed).toEqual([true]);
    const contents = strangeContents();
    electron.created?.({}, contents);
    for (const url of [elsewhere, 'file:///etc/passwd', 'about:blank', 'docktide://app/index.html']) {
      expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' });
    }
    expect(electron.opened).toEqual([]);
    expect(contents.prevented('will-navigate', elsewhere)).toBe(true);
    expect(contents.prevented('will-navigate', 'docktide://app/index.html')).toBe(false);
    expect(contents.prevented('will-attach-webview')).toBe(true);
    await page.evaluate(() => void window.open('file:///etc/passwd'));
    const windows = await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    const opened = RUNTIME === 'stand-in' ? await seen.opened(run.app) : [];
    expect([windows, opened]).toEqual([1, []]);
  });

  test('15. only https and mailto go to the system’s programs', async () => {
    const { openExternal } = await import('../../src-main/shell/security.ts');
    const refused = ['http://a.b', 'file:///etc/passwd', 'javascript:alert(1)', 'smb://a/b', 'ms-msdt:/id', 'x', ''];
    for (const address of refused) await expect(openExternal(address)).rejects.toThrow('only https and mailto');
    await openExternal('https://www.dropbox.com/home');
    await openExternal('mailto:office@example.com');
    expect(electron.opened).toEqual(['https://www.dropbox.com/home', 'mailto:office@example.com']);
    // The same door for the page, and no other.
    expect(await call('app.openExternal', { address: 'file:///etc/passwd' })).toMatchObject({ ok: false });
    expect(holding('src-main', /shell\.openExternal/)).toEqual(['src-main/shell/security.ts']);
  });

  test('16. a current version of Electron, named exactly', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const { electronVersion } = parse(readFileSync(join(home, 'electron-builder.yml'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(electronVersion).toBe(devDependencies['electron']);
    expect(Number(devDependencies['electron']?.split('.')[0])).toBeGreaterThanOrEqual(45);
  });

  test('17. the sender of every message is checked', async () => {
    const { serveCalls } = await import('../../src-main/ipc/router.ts');
    const drops: unknown[] = [];
    serveCalls({
      handlers: { 'app.view': async () => ({ reached: true }) } as never,
      drop: async (drop) => {
        drops.push(drop);
        return { added: [], problems: [], undo: null };
      },
      isOwn: (id) => id === 1,
      onUnexpected: () => {},
    });
    // Two channels are heard, and nothing else listens.
    expect([...electron.invoked.keys()].toSorted()).toEqual([CHANNELS.call, CHANNELS.drop].toSorted());
    expect(holding('src-main', /ipcMain\.(on|once|handle|handleOnce)\(/)).toEqual(['src-main/ipc/router.ts']);
    const strangers = [
      { sender: { id: 2 }, senderFrame: { parent: null, url: 'docktide://app/index.html' } },
      { sender: { id: 1 }, senderFrame: { parent: {}, url: 'docktide://app/index.html' } },
      { sender: { id: 1 }, senderFrame: { parent: null, url: 'https://docktide.example/' } },
      { sender: { id: 1 }, senderFrame: { parent: null, url: 'docktide://application/index.html' } },
      { sender: { id: 1 }, senderFrame: null },
    ];
    for (const channel of [CHANNELS.call, CHANNELS.drop]) {
      for (const event of strangers) {
        const answer = await electron.invoked.get(channel)?.(event, 'app.view', {});
        expect(answer).toMatchObject({ ok: false, error: { code: 'untrusted-sender' } });
      }
    }
    expect(drops).toEqual([]);
  });

  test('18. a protocol of its own instead of file://', async () => {
    const address = await run.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
    );
    expect(address).toBe('docktide://app/index.html');
    expect(holding('src-main', /loadFile\(|file:\/\//)).toEqual(['src-main/shell/page-protocol.ts']);
    const read = await page.evaluate(() =>
      fetch('file:///etc/passwd').then(
        () => true,
        () => false,
      ),
    );
    expect(read).toBe(false);
  });

  test('19. fuses: the packaged program runs nothing but its own archive', () => {
    const { electronFuses, asar } = parse(readFileSync(join(home, 'electron-builder.yml'), 'utf8')) as {
      electronFuses: Record<string, boolean>;
      asar: boolean;
    };
    expect(asar).toBe(true);
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('20. no API of Electron reaches the page', async () => {
    const preload = readFileSync(join(home, 'src-main', 'preload', 'index.ts'), 'utf8');
    expect(preload.match(/exposeInMainWorld/g)).toHaveLength(1);
    // What listeners get is the batch alone, not Electron's event with its sender.
    const given = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const bridge = Reflect.get(window, 'docktide') as {
            onPush(listener: (...args: unknown[]) => void): () => void;
          };
          const stop = bridge.onPush((...args) => {
            stop();
            resolve(args.length);
          });
        }),
    );
    await page.keyboard.press('Control+r');
    expect(await given).toBe(1);
    expect(existsSync(join(home, 'node_modules', '@electron', 'remote'))).toBe(false);
  });

  // ------------------------------------------------------------------ attempts
  test('messages of a wrong shape are refused with a sentence, and nothing happens', async () => {
    const attempts: readonly (readonly [unknown, unknown])[] = [
      ['nothing.there', {}],
      ['constructor', {}],
      ['__proto__', {}],
      [{ toString: 'files.delete' }, {}],
      [null, null],
      ['files.delete', { ids: [] }],
      ['files.delete', { ids: ['1; DROP TABLE entries'] }],
      ['files.delete', { ids: [-1] }],
      ['files.rename', { id: 4, name: 'x'.repeat(300) }],
      ['files.open', { id: 1.5 }],
      ['files.open', { id: '../../etc/passwd' }],
      ['folder.watch', { folderId: 1, scope: 'everything' }],
      ['list.watch', { list: 'constructor', args: {} }],
    ];
    for (const [name, args] of attempts) {
      const answer = (await call(name, args).catch((error: unknown) => ({
        ok: false,
        error: { message: String(error) },
      }))) as {
        ok: boolean;
        error: { message: string };
      };
      expect([name, answer.ok]).toEqual([name, false]);
      expect(answer.error.message).not.toMatch(/\bat .*:\d+:\d+/);
    }
    await page.getByRole('treeitem', { name: 'General' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(4);
  });

  test('what is not a document of the store cannot be asked for', async () => {
    expect(await call('files.open', { id: 999_999 })).toMatchObject({ ok: false, error: { code: 'gone' } });
    expect(await call('entry.locate', { path: '../../etc/passwd' })).toMatchObject({ ok: false });
    const answers = await page.evaluate(async () => {
      const bridge = Reflect.get(window, 'docktide') as {
        call(name: string, args: unknown): Promise<{ value: string }>;
      };
      const { value: key } = await bridge.call('files.previewKey', {});
      const status = async (path: string, options?: RequestInit): Promise<number> =>
        (await fetch(path, options)).status;
      const good = await fetch(`/preview/${key}/4`);
      return {
        good: [good.status, good.headers.get('x-content-type-options'), good.headers.get('content-security-policy')],
        thumbnail: await status(`/thumbnail/${key}/4`),
        wrongKey: await status(`/preview/${'0'.repeat(32)}/4`),
        noKey: await status('/preview/4'),
        unknown: await status(`/preview/${key}/999999`),
        up: await status(`/preview/${key}/..%2f..%2fetc%2fpasswd`),
        upInVersion: await status(`/version/${key}/4/..%2f..%2fetc%2fpasswd`),
        upFromPage: await status('/..%2f..%2fmain%2findex.js'),
        posted: await status(`/preview/${key}/4`, { method: 'POST', body: 'x' }),
      };
    });
    expect(answers).toEqual({
      good: [200, 'nosniff', expect.stringContaining('sandbox')],
      thumbnail: 200,
      wrongKey: 404,
      noKey: 404,
      unknown: 204,
      up: 404,
      upInVersion: 404,
      upFromPage: 404,
      posted: 404,
    });
  });

  test.skipIf(RUNTIME !== 'stand-in')('a document that is a script is neither opened nor shown as a page', async () => {
    const before = await seen.opened(run.app);
    await call('files.rename', { id: 3, name: 'Logo.png.sh' });
    expect(await call('files.open', { id: 3 })).toEqual({ ok: true, value: { opened: 'program' } });
    expect(await seen.opened(run.app)).toEqual(before);
    await call('files.rename', { id: 3, name: 'Logo.html' });
    const type = await page.evaluate(async () => {
      const bridge = Reflect.get(window, 'docktide') as {
        call(name: string, args: unknown): Promise<{ value: string }>;
      };
      const { value: key } = await bridge.call('files.previewKey', {});
      return (await fetch(`/preview/${key}/3`)).headers.get('content-type');
    });
    expect(type).toBe('text/plain');
  });
});
