// Keys as Electron writes them (`CommandOrControl+Shift+D`), from a key that was pressed and for showing. Pure.

interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Null where it is no shortcut yet: only a modifier, or a key that people type with. */
export function acceleratorOf(event: Pressed): string | null {
  const key = keyOf(event);
  if (key === null) return null;
  const command = event.ctrlKey || event.metaKey;
  // A function key may stand alone; letters would be taken from every program.
  if (!command && !event.altKey && !/^F\d+$/.test(key)) return null;
  return [
    ...(command ? ['CommandOrControl'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey ? ['Shift'] : []),
    key,
  ].join('+');
}

/** The key's place counts, so that Shift and other keyboards make no difference. */
function keyOf({ key, code }: Pressed): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1] ?? /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (letter !== undefined) return letter;
  if (/^F([1-9]|1\d|2[0-4])$/.test(key)) return key;
  return code === 'Space' ? 'Space' : null;
}

/** As the window writes shortcuts: `mod+shift+d`. */
export function shortcutOf(accelerator: string): string {
  return accelerator
    .split('+')
    .map((part) => (/^(CommandOrControl|CmdOrCtrl|Control|Ctrl|Command|Cmd)$/.test(part) ? 'mod' : part))
    .map((part) => (part === 'mod' || /^F\d+$/.test(part) ? part : part.toLowerCase()))
    .join('+');
}
