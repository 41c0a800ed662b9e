// Shortcuts of the whole computer, in Electron's way of writing (`CommandOrControl+Shift+D`): which ones may be one, and
// from which keys they are made. Pure; used by the settings and by the shell.

export const QUICK_DROP_STANDARD = 'CommandOrControl+Shift+D';

const MODIFIERS: ReadonlySet<string> = new Set(
  'command cmd control ctrl commandorcontrol cmdorctrl alt option altgr shift super meta'.split(' '),
);
/** Shift alone would take a letter away from everybody who types. */
const STRONG: ReadonlySet<string> = new Set([...MODIFIERS].filter((one) => one !== 'shift'));
const KEY =
  /^([a-z0-9]|f([1-9]|1\d|2[0-4])|space|tab|backspace|delete|insert|return|enter|up|down|left|right|home|end|pageup|pagedown|plus|[!"#$%&'()*,\-./:;<=>?@[\\\]^_`{|}~])$/i;

/** True where a person can press it, and typing goes on as before. */
export function isAccelerator(text: string): boolean {
  const parts = text.split('+').map((part) => part.trim().toLowerCase());
  const key = parts.at(-1) ?? '';
  const modifiers = parts.slice(0, -1);
  if (!KEY.test(key) || !modifiers.every((one) => MODIFIERS.has(one))) return false;
  return modifiers.some((one) => STRONG.has(one)) || /^f\d/i.test(key);
}

/** As people write them: `Ctrl+Alt+J`, on macOS with Command. `platform`: as Node names it. */
export function writtenKeys(accelerator: string, platform: string): string {
  const command = platform === 'darwin' ? 'Command' : 'Ctrl';
  return accelerator
    .split('+')
    .map((part) => (/^(CommandOrControl|CmdOrCtrl)$/i.test(part) ? command : /^Control$/i.test(part) ? 'Ctrl' : part))
    .join('+');
}
