// Injected into an isolated world of each page: Electron's preload surface (as with `sandbox: true`), and the preload
// script inside it. It reaches the main process through one binding, `<token>send`, and is called back through
// `<token>receive`. The function is injected as text and must not refer to anything outside itself.

import type { Codec } from '../wire.ts';
import type { Shape } from './page.ts';

interface Incoming {
  reply?: number;
  error?: string;
  value?: unknown;
  channel?: string;
  args?: unknown;
  paths?: string[];
}

type Listener = ((event: unknown, ...args: unknown[]) => void) & { original?: unknown };
type Body = (require: (name: string) => unknown, process: unknown, module: object, exports: object) => void;

export function preloadWorld(token: string, createCodec: () => Codec, info: object, preload: Body): void {
  if (window.top !== window) return;
  const codec = createCodec();
  const world = globalThis as unknown as Record<string, unknown>;
  const send = (message: object): void => (world[`${token}send`] as (text: string) => void)(JSON.stringify(message));
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let sequence = 0;

  // ------------------------------------------------------------------ ipcRenderer
  const listeners = new Map<string, Listener[]>();
  const off = (channel: string, listener: unknown): object => {
    const list = listeners.get(channel) ?? [];
    const index = list.findIndex((one) => one === listener || one.original === listener);
    if (index >= 0) list.splice(index, 1);
    return ipcRenderer;
  };
  const on = (channel: string, listener: Listener): object => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    return ipcRenderer;
  };
  const ipcRenderer = {
    invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const encoded = codec.encode(args);
      return new Promise((resolve, reject) => {
        waiting.set(++sequence, { resolve, reject });
        send({ type: 'invoke', reply: sequence, channel, args: encoded });
      });
    },
    send: (channel: string, ...args: unknown[]): void => send({ type: 'send', channel, args: codec.encode(args) }),
    sendSync(): never {
      throw new Error('ipcRenderer.sendSync is not carried by the stand-in.');
    },
    on,
    addListener: on,
    once(channel: string, listener: Listener) {
      const once: Listener = (...args) => {
        off(channel, once);
        listener(...args);
      };
      once.original = listener;
      return on(channel, once);
    },
    off,
    removeListener: off,
    removeAllListeners(channel?: string) {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel: string): number => (listeners.get(channel) ?? []).length,
  };

  // ------------------------------------------------------------------ files: paths known before the page hears of them
  const identity = (file: File): string => `${file.name}|${file.size}|${file.lastModified}`;
  const paths = new Map<string, string>();
  const redispatched = new WeakSet<Event>();
  const again = (event: Event, files: File[]): Event => {
    if (!(event instanceof DragEvent)) return new Event(event.type, { bubbles: true });
    const dataTransfer = new DataTransfer();
    for (const file of files) dataTransfer.items.add(file);
    const { clientX, clientY, ctrlKey, shiftKey, altKey, metaKey } = event;
    const init = { clientX, clientY, ctrlKey, shiftKey, altKey, metaKey };
    return new DragEvent('drop', { ...init, dataTransfer, bubbles: true, cancelable: true, composed: true });
  };
  const holdBack = (event: Event): void => {
    if (redispatched.has(event)) return;
    const list =
      event instanceof DragEvent ? event.dataTransfer?.files : (event.target as Partial<HTMLInputElement>).files;
    const files = [...(list ?? [])];
    const target = event.target;
    if (files.length === 0 || target === null) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    const key = `${token}files${++sequence}`;
    world[key] = files;
    const known = (found: unknown): void => {
      (found as string[]).forEach((path, index) => {
        const file = files[index];
        if (file && path !== '') paths.set(identity(file), path);
      });
      delete world[key];
      const next = again(event, files);
      redispatched.add(next);
      target.dispatchEvent(next);
    };
    waiting.set(sequence, { resolve: known, reject: () => known([]) });
    send({ type: 'files', reply: sequence, key, count: files.length });
  };
  window.addEventListener('drop', holdBack, true);
  window.addEventListener('change', holdBack, true);

  // ------------------------------------------------------------------ contextBridge
  const functions: ((...args: unknown[]) => unknown)[] = [];
  const fire = (name: string, detail: unknown): void => {
    document.dispatchEvent(new CustomEvent(token + name, { detail: JSON.stringify(detail) }));
  };
  const shapeOf = (value: unknown): Shape => {
    if (typeof value === 'function') return { fn: functions.push(value as () => unknown) - 1 };
    const plain = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    if (!plain) return { value: codec.encode(value) };
    return { object: Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shapeOf(part)])) };
  };
  type Packed = { value: unknown } | { callback: number } | { file: number } | { list: Packed[] };
  const unpack = (packed: Packed, files: FileList | undefined): unknown => {
    if ('value' in packed) return codec.decode(packed.value);
    if ('file' in packed) return files?.[packed.file];
    if ('list' in packed) return packed.list.map((part) => unpack(part, files));
    return (...args: unknown[]) => fire('callback', { callback: packed.callback, args: codec.encode(args) });
  };
  const asError = (error: unknown): unknown => codec.encode(error instanceof Error ? error : new Error(String(error)));
  document.addEventListener(`${token}call`, (event) => {
    const carried = (event as DragEvent).dataTransfer;
    const message = JSON.parse(carried?.getData('text/plain') ?? '') as { call: number; fn: number; args: Packed[] };
    const files = carried?.files;
    try {
      const result = functions[message.fn]?.(...message.args.map((arg) => unpack(arg, files)));
      if (typeof result === 'function') return fire('reply', { shape: shapeOf(result) });
      if (!(result instanceof Promise)) return fire('reply', { value: codec.encode(result) });
      fire('reply', { promise: true });
      result.then(
        (value) => fire('settled', { call: message.call, value: codec.encode(value) }),
        (error: unknown) => fire('settled', { call: message.call, error: asError(error) }),
      );
    } catch (error) {
      fire('reply', { error: asError(error) });
    }
  });
  const exposed = new Set<string>();
  const contextBridge = {
    exposeInMainWorld(key: string, api: unknown): void {
      if (exposed.has(key)) throw new Error('Cannot bind an API on top of an existing property on the window object');
      exposed.add(key);
      fire('expose', { key, shape: shapeOf(api) });
    },
  };

  // ------------------------------------------------------------------ main process → this world
  world[`${token}receive`] = (text: string) => {
    const message = JSON.parse(text) as Incoming;
    if (message.reply === undefined) {
      const args = codec.decode(message.args) as unknown[];
      for (const listener of listeners.get(message.channel ?? '') ?? [])
        listener({ sender: ipcRenderer, ports: [] }, ...args);
      return;
    }
    const waiter = waiting.get(message.reply);
    waiting.delete(message.reply);
    if (message.error !== undefined) waiter?.reject(new Error(message.error));
    else waiter?.resolve(message.paths ?? codec.decode(message.value));
  };

  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const tellScheme = (): void => send({ type: 'scheme', dark: scheme.matches });
  scheme.addEventListener('change', tellScheme);
  tellScheme();

  const webUtils = { getPathForFile: (file: File): string => paths.get(identity(file)) ?? '' };
  const webFrame = { setZoomFactor(): void {}, getZoomFactor: (): number => 1 };
  const electron = { contextBridge, ipcRenderer, webUtils, webFrame };
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  };
  try {
    preload.call({}, require, info, { exports: {} }, {});
  } catch (error) {
    console.error('Unable to load preload script', error);
  }
}
