// Shortcuts: whether a key event is one, and how it is written for a person. Pure.

export interface KeyPress {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const MAC: Readonly<Record<string, string>> = { mod: '⌘', shift: '⇧', alt: '⌥', ctrl: '⌃' };
const OTHERS: Readonly<Record<string, string>> = { mod: 'Ctrl', shift: 'Shift', alt: 'Alt', ctrl: 'Ctrl' };
const SIGNS: Readonly<Record<string, string>> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  backspace: '⌫',
  enter: '↵',
  escape: 'Esc',
  delete: 'Del',
  space: 'Space',
};

/** `mod+shift+n` is pressed; `?` and other signs are compared without regard to Shift, which some keyboards need. */
export function isPressed(shortcut: string, event: KeyPress, mac: boolean): boolean {
  const parts = shortcut.toLowerCase().split('+');
  const key = parts.at(-1) ?? '';
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  const command = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  const sign = key.length === 1 && !/[a-z0-9]/.test(key);
  if (wants('mod') !== command || (wants('ctrl') && mac) !== (mac && other) || (!mac && other)) return false;
  if (wants('alt') !== event.altKey || (!sign && wants('shift') !== event.shiftKey)) return false;
  const pressed = event.key === ' ' ? 'space' : event.key.toLowerCase();
  // On a keyboard with other letters the place of the key counts.
  return pressed === key || event.code?.toLowerCase() === `key${key}` || event.code?.toLowerCase() === `digit${key}`;
}

/** The keys of a shortcut, one after the other, as they stand on the keyboard. */
export function keysOf(shortcut: string, mac: boolean): readonly string[] {
  return shortcut.split('+').map((part) => {
    const name = part.toLowerCase();
    return (mac ? MAC : OTHERS)[name] ?? SIGNS[name] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}

export function isMac(): boolean {
  return navigator.platform.startsWith('Mac');
}
