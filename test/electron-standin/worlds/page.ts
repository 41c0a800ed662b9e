// Injected into the page's own world before any of its scripts: rebuilds there what the preload script exposes through
// contextBridge. Values cross as JSON in DOM events; File objects cross in the event's DataTransfer, because only DOM
// objects are visible in both worlds. The function is injected as text and must not refer to anything outside itself.

import type { Codec } from '../wire.ts';

interface Reply {
  /** A function that the preload script answered. */
  shape?: Shape;
  promise?: boolean;
  error?: unknown;
  value?: unknown;
}

export type Shape = { fn: number } | { object: Record<string, Shape> } | { value: unknown };

export function pageWorld(token: string, createCodec: () => Codec): void {
  if (window.top !== window) return;
  const codec = createCodec();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  const callbacks = new Map<number, (...args: unknown[]) => unknown>();
  let sequence = 0;
  let reply: Reply = {};

  const fire = (name: string, detail: unknown, files: File[]): void => {
    const dataTransfer = new DataTransfer();
    for (const file of files) dataTransfer.items.add(file);
    dataTransfer.setData('text/plain', JSON.stringify(detail));
    document.dispatchEvent(new DragEvent(token + name, { dataTransfer }));
  };

  const pack = (args: unknown[], files: File[]): unknown[] => {
    const packed = (arg: unknown): unknown => {
      if (arg instanceof File) return { file: files.push(arg) - 1 };
      if (Array.isArray(arg) && arg.some((part) => part instanceof File)) return { list: arg.map(packed) };
      if (typeof arg !== 'function') return { value: codec.encode(arg) };
      callbacks.set(++sequence, arg as (...args: unknown[]) => unknown);
      return { callback: sequence };
    };
    return args.map(packed);
  };

  const callable =
    (fn: number) =>
    (...args: unknown[]): unknown => {
      const call = ++sequence;
      const files: File[] = [];
      const packed = pack(args, files);
      reply = {};
      fire('call', { call, fn, args: packed }, files);
      if (reply.promise) return new Promise((resolve, reject) => waiting.set(call, { resolve, reject }));
      if (reply.shape !== undefined) return build(reply.shape);
      if (reply.error !== undefined) throw codec.decode(reply.error);
      return codec.decode(reply.value);
    };

  const build = (shape: Shape): unknown => {
    if ('fn' in shape) return callable(shape.fn);
    if ('value' in shape) return codec.decode(shape.value);
    return Object.freeze(Object.fromEntries(Object.entries(shape.object).map(([key, part]) => [key, build(part)])));
  };

  const on = (name: string, listener: (detail: never) => void): void =>
    document.addEventListener(token + name, (event) =>
      listener(JSON.parse((event as CustomEvent<string>).detail) as never),
    );

  on('reply', (detail: Reply) => {
    reply = detail;
  });
  on('settled', (detail: { call: number; error?: unknown; value?: unknown }) => {
    const waiter = waiting.get(detail.call);
    waiting.delete(detail.call);
    if (detail.error !== undefined) waiter?.reject(codec.decode(detail.error));
    else waiter?.resolve(codec.decode(detail.value));
  });
  on('callback', (detail: { callback: number; args: unknown }) => {
    callbacks.get(detail.callback)?.(...(codec.decode(detail.args) as unknown[]));
  });
  on('expose', (detail: { key: string; shape: Shape }) => {
    Object.defineProperty(window, detail.key, { value: build(detail.shape), enumerable: true });
  });
}
