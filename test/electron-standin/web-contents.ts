// webContents: one page in chromium. Loads addresses, installs the two worlds, carries IPC, asks the app before a page
// navigates or opens a window, and finds the paths of files that were dropped or chosen.

import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { command, listenToSession, type Params } from './chromium.ts';
import { launch, record, windows, type OpenWindow } from './context.ts';
import { nativeImage, themeSeen, type Image } from './desktop.ts';
import { callHandler, ipcMain } from './ipc.ts';
import { answer, fromChromium, interceptionPatterns, toChromium, type PausedRequest } from './protocol.ts';
import { defaultSession } from './system.ts';
import { createCodec } from './wire.ts';
import { pageWorld } from './worlds/page.ts';
import { preloadWorld } from './worlds/preload.ts';

export interface Preferences {
  readonly preload?: string;
  readonly contextIsolation?: boolean;
  readonly sandbox?: boolean;
  readonly nodeIntegration?: boolean;
}

type FromPreload =
  | { type: 'invoke'; reply: number; channel: string; args: unknown }
  | { type: 'send'; channel: string; args: unknown }
  | { type: 'files'; reply: number; key: string; count: number }
  | { type: 'scheme'; dark: boolean };

type OpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

const codec = createCodec();

export class WebContents extends EventEmitter {
  readonly id: number;
  readonly session = defaultSession;
  readonly mainFrame: { readonly url: string; readonly parent: null };
  readonly navigationHistory = { clear(): void {}, canGoBack: (): boolean => false };
  readonly #window: OpenWindow;
  readonly #token = `s${randomBytes(8).toString('hex')}`;
  readonly #ready: Promise<void>;
  #sessionId = '';
  #context: number | null = null;
  #url = '';
  #expected = '';
  #loading = false;
  #loaded: () => void = () => {};
  #openHandler: OpenHandler | null = null;

  readonly #preferences: Preferences;

  constructor(window: OpenWindow, opened: Promise<string>, preferences: Preferences) {
    super();
    this.#preferences = preferences;
    this.id = window.id;
    this.#window = window;
    const address = (): string => this.#url;
    this.mainFrame = {
      get url() {
        return address();
      },
      parent: null,
    };
    this.#ready = opened.then((targetId) => this.#attach(targetId, preferences));
    this.#ready.catch((error: unknown) => console.error('The window could not be opened.', error));
  }

  async #attach(targetId: string, preferences: Preferences): Promise<void> {
    const attached = await command<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    this.#sessionId = attached.sessionId;
    listenToSession(attached.sessionId, (method, params) => this.#event(method, params));
    const run = (method: string, params: Params = {}): Promise<unknown> => command(method, params, attached.sessionId);
    await run('Runtime.runIfWaitingForDebugger');
    await run('Page.enable');
    await run('Runtime.enable');
    await run('DOM.enable');
    await run('Fetch.enable', { patterns: interceptionPatterns() });
    await run('Runtime.addBinding', { name: `${this.#token}send`, executionContextName: 'preload' });
    const token = JSON.stringify(this.#token);
    await run('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${pageWorld.toString()})(${token}, ${createCodec.toString()})`,
    });
    const source = preferences.preload === undefined ? '' : readFileSync(preferences.preload, 'utf8');
    const info = { type: 'renderer', platform: process.platform, arch: process.arch, versions: process.versions };
    const facts = JSON.stringify({ ...info, env: {}, argv: [], contextIsolated: true, sandboxed: true });
    const body = `function (require, process, module, exports) {${source}\n}`;
    await run('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${preloadWorld.toString()})(${token}, ${createCodec.toString()}, ${facts}, ${body})`,
      worldName: 'preload',
    });
  }

  async #run<Result = Params>(method: string, params: Params = {}): Promise<Result> {
    await this.#ready;
    return command<Result>(method, params, this.#sessionId);
  }

  // ------------------------------------------------------------------ what Electron offers
  getURL(): string {
    return this.#url;
  }
  getTitle(): string {
    return '';
  }
  getType(): string {
    return 'window';
  }
  getLastWebPreferences(): Preferences {
    return this.#preferences;
  }
  isDestroyed(): boolean {
    return !windows.has(this.#window.id);
  }
  isLoading(): boolean {
    return this.#loading;
  }
  isDevToolsOpened(): boolean {
    return false;
  }
  openDevTools(): void {}
  closeDevTools(): void {}
  focus(): void {
    this.#run('Page.bringToFront').catch(() => {});
  }
  /** Nothing carries the files here: that they were handed over is recorded. As in Electron an icon is needed. */
  startDrag({ file, files, icon }: { file: string; files?: readonly string[]; icon: Image }): void {
    if (icon.isEmpty()) throw new Error('startDrag needs an icon.');
    record.drags.push(files ?? [file]);
  }
  setZoomFactor(): void {}
  setUserAgent(): void {}
  setBackgroundThrottling(): void {}
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }
  reload(): void {
    this.#expected = toChromium(this.#url);
    this.#run('Page.reload').catch(() => {});
  }
  close(): void {
    void this.#window.tryClose();
  }

  async loadURL(address: string): Promise<void> {
    this.#url = address;
    this.#expected = toChromium(address);
    this.#loading = true;
    await this.#ready;
    const done = new Promise<void>((settle) => {
      this.#loaded = settle;
    });
    const { errorText } = await this.#run<{ errorText?: string }>('Page.navigate', { url: this.#expected });
    if (errorText !== undefined) {
      this.emit('did-fail-load', {}, -2, errorText, address, true);
      throw new Error(`${errorText} loading '${address}'`);
    }
    await done;
  }

  loadFile(file: string, options: { hash?: string; search?: string } = {}): Promise<void> {
    const url = pathToFileURL(resolve(launch().appPath, file));
    if (options.hash !== undefined) url.hash = options.hash;
    if (options.search !== undefined) url.search = options.search;
    return this.loadURL(url.href);
  }

  send(channel: string, ...args: unknown[]): void {
    this.#deliver({ channel, args: codec.encode(args) });
  }

  async executeJavaScript(code: string): Promise<unknown> {
    const answered = await this.#run<{
      result: { value: unknown };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    }>('Runtime.evaluate', { expression: code, awaitPromise: true, returnByValue: true, userGesture: true });
    const failure = answered.exceptionDetails;
    if (failure) throw new Error(failure.exception?.description ?? failure.text);
    return answered.result.value;
  }

  async capturePage(): Promise<Image> {
    const shot = await this.#run<{ data: string }>('Page.captureScreenshot', { format: 'png' });
    return nativeImage.createFromBuffer(Buffer.from(shot.data, 'base64'));
  }

  async printToPDF(): Promise<Buffer> {
    const printed = await this.#run<{ data: string }>('Page.printToPDF');
    return Buffer.from(printed.data, 'base64');
  }

  async setColourScheme(dark: boolean | null): Promise<void> {
    const value = dark === null ? '' : dark ? 'dark' : 'light';
    await this.#run('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
  }

  // ------------------------------------------------------------------ from chromium
  #event(method: string, params: Params): void {
    if (method === 'Runtime.executionContextCreated') this.#contextCreated(params['context'] as never);
    else if (method === 'Runtime.bindingCalled') this.#fromPreload(params as never);
    else if (method === 'Fetch.requestPaused') this.#request(params as unknown as PausedRequest);
    else if (method === 'Page.windowOpen') this.#openHandler?.({ url: fromChromium(params['url'] as string) });
    else if (method === 'Page.domContentEventFired') this.emit('dom-ready', {});
    else if (method === 'Page.frameNavigated') this.#navigated(params['frame'] as never);
    else if (method === 'Page.loadEventFired') this.#finished();
    else if (method === 'Runtime.consoleAPICalled') this.#console(params as never);
    else if (method === 'Inspector.targetCrashed')
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
  }

  #contextCreated(context: { id: number; name: string; auxData: { frameId: string } }): void {
    if (context.name === 'preload' && context.auxData.frameId === this.#window.targetId) this.#context = context.id;
  }

  #navigated(frame: { url: string; urlFragment?: string; parentId?: string }): void {
    if (frame.parentId !== undefined) return;
    this.#url = fromChromium(frame.url + (frame.urlFragment ?? ''));
    this.emit('did-navigate', {}, this.#url);
  }

  #finished(): void {
    this.#loading = false;
    this.emit('did-finish-load', {});
    this.#loaded();
    this.#window.emit('standin-first-load');
  }

  #console(call: { type: string; args: { value?: string | number | boolean; description?: string }[] }): void {
    const message = call.args.map((arg) => String(arg.value ?? arg.description)).join(' ');
    this.emit('console-message', { message, level: call.type });
    if (process.env['ELECTRON_ENABLE_LOGGING']) console.error(`[renderer] ${message}`);
  }

  /** The app's own loading goes through; what the page asks for is put to `will-navigate` first. */
  #request(paused: PausedRequest): void {
    const sessionId = this.#sessionId;
    const top = paused.resourceType === 'Document' && paused.frameId === this.#window.targetId;
    const url = paused.request.url;
    const own = url === this.#expected || url === this.#expected.split('#')[0];
    let allowed = true;
    if (top && !own) {
      const event = { preventDefault: () => void (allowed = false), url: fromChromium(url) };
      this.emit('will-navigate', event, event.url);
    }
    const done = allowed
      ? answer(paused, sessionId)
      : command('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Aborted' }, sessionId);
    done.catch(() => {});
  }

  // ------------------------------------------------------------------ IPC
  #deliver(message: object): void {
    const context = this.#context;
    if (context === null) return;
    const expression = `globalThis.${this.#token}receive(${JSON.stringify(JSON.stringify(message))})`;
    this.#run('Runtime.evaluate', { expression, contextId: context }).catch(() => {});
  }

  #fromPreload(call: { name: string; payload: string }): void {
    if (call.name !== `${this.#token}send`) return;
    const message = JSON.parse(call.payload) as FromPreload;
    if (message.type === 'scheme') themeSeen(message.dark);
    else if (message.type === 'files') void this.#files(message);
    else this.#ipc(message);
  }

  async #files(message: { reply: number; key: string; count: number }): Promise<void> {
    const paths: string[] = [];
    for (let index = 0; index < message.count; index++) {
      const expression = `globalThis.${message.key}[${index}]`;
      const found = await this.#run<{ result: { objectId?: string } }>('Runtime.evaluate', {
        expression,
        contextId: this.#context,
      });
      const info = await this.#run<{ path: string }>('DOM.getFileInfo', { objectId: found.result.objectId }).catch(
        () => ({ path: '' }),
      );
      paths.push(info.path);
    }
    this.#deliver({ reply: message.reply, paths });
  }

  #ipc(message: Extract<FromPreload, { type: 'invoke' | 'send' }>): void {
    const args = codec.decode(message.args) as unknown[];
    const event = {
      sender: this,
      senderFrame: this.mainFrame,
      processId: 1,
      frameId: 1,
      type: 'frame',
      reply: (channel: string, ...more: unknown[]) => this.send(channel, ...more),
    };
    if (message.type === 'send') {
      ipcMain.emit(message.channel, event, ...args);
      return;
    }
    callHandler(message.channel, event, args)
      .then((value) => this.#deliver({ reply: message.reply, value: codec.encode(value) }))
      .catch((error: unknown) => {
        const text = `Error invoking remote method '${message.channel}': ${String(error)}`;
        this.#deliver({ reply: message.reply, error: text });
      });
  }
}
