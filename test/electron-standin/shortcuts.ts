// globalShortcut: nothing listens to the keyboard of the computer here; a test presses what is registered.

import { isReady } from './app.ts';

const MODIFIERS: Readonly<Record<string, string>> = {
  command: 'meta',
  cmd: 'meta',
  meta: 'meta',
  super: 'meta',
  control: 'ctrl',
  ctrl: 'ctrl',
  // On macOS this one is Command; the stand-in runs elsewhere.
  commandorcontrol: 'ctrl',
  cmdorctrl: 'ctrl',
  alt: 'alt',
  option: 'alt',
  altgr: 'altgr',
  shift: 'shift',
};
const KEYS =
  /^([a-z0-9]|f([1-9]|1\d|2[0-4])|space|tab|capslock|numlock|scrolllock|backspace|delete|insert|return|enter|up|down|left|right|home|end|pageup|pagedown|escape|esc|volumeup|volumedown|volumemute|media(nexttrack|previoustrack|stop|playpause)|printscreen|num(\d|dec|add|sub|mult|div)|plus|[!"#$%&'()*,\-./:;<=>?@[\\\]^_`{|}~])$/;

/** The same for every way of writing the same keys; throws as Electron's conversion does. */
function keysOf(accelerator: unknown): string {
  const text = String(accelerator);
  const parts = text.split('+').map((part) => part.trim().toLowerCase());
  const key = parts.at(-1) ?? '';
  const modifiers = parts.slice(0, -1).map((part) => MODIFIERS[part]);
  if (typeof accelerator !== 'string' || !KEYS.test(key) || modifiers.includes(undefined)) {
    throw new TypeError(`Error processing argument at index 0, conversion failure from ${text}`);
  }
  const sorted = [...new Set(modifiers)].map(String).toSorted();
  return [...sorted, key].join('+');
}

const registered = new Map<string, () => void>();
/** What other programs of the computer have: from the start those that STANDIN_TAKEN_SHORTCUTS names. */
const elsewhere = new Set((process.env['STANDIN_TAKEN_SHORTCUTS'] ?? '').split(' ').filter(Boolean).map(keysOf));

function whenReady(): void {
  if (!isReady()) throw new Error('globalShortcut cannot be used before the app is ready');
}

export const globalShortcut = {
  register(accelerator: string, callback: () => void): boolean {
    whenReady();
    const keys = keysOf(accelerator);
    if (registered.has(keys) || elsewhere.has(keys)) return false;
    registered.set(keys, callback);
    return true;
  },
  registerAll(accelerators: readonly string[], callback: () => void): void {
    for (const accelerator of accelerators) globalShortcut.register(accelerator, callback);
  },
  unregister(accelerator: string): void {
    whenReady();
    registered.delete(keysOf(accelerator));
  },
  unregisterAll(): void {
    whenReady();
    registered.clear();
  },
  isRegistered(accelerator: string): boolean {
    whenReady();
    return registered.has(keysOf(accelerator));
  },
  setSuspended(): void {},
  isSuspended: (): boolean => false,
};

/** For tests: the keys are pressed, in whatever program; false where the app does not have them. */
export function pressShortcut(accelerator: string): boolean {
  const callback = registered.get(keysOf(accelerator));
  callback?.();
  return callback !== undefined;
}

/** For tests: another program has these keys. */
export function takeShortcut(accelerator: string): void {
  elsewhere.add(keysOf(accelerator));
}
