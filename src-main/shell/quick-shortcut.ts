// The shortcut of the whole computer that opens the small window for dropping files: kept by electron-store, taken from
// the system while the app runs, given back where a person chooses another one or none.

import { app, globalShortcut } from 'electron';
import Store from 'electron-store';
import { isAccelerator, QUICK_DROP_STANDARD, writtenKeys } from '../../src-shared/accelerator.ts';
import type { QuickDropView } from '../../src-shared/ipc/desktop.ts';
import { AppError } from '../app/service.ts';

export interface QuickShortcut {
  view(): QuickDropView;
  /** Throws AppError 'bad-shortcut' and 'shortcut-taken'; the one before holds then. */
  set(shortcut: string | null): QuickDropView;
}

/** Call it when the app is ready; `pressed` is called for each press, in whatever program. */
export function openQuickShortcut(pressed: () => void, changed: () => void): QuickShortcut {
  const store = new Store<{ shortcut?: string | null }>({ name: 'quick-drop' });
  let shortcut = store.get('shortcut', QUICK_DROP_STANDARD);
  let problem = take(shortcut, pressed);
  app.on('will-quit', () => globalShortcut.unregisterAll());

  const view = (): QuickDropView => ({ shortcut, standard: QUICK_DROP_STANDARD, problem });
  const release = (): void => {
    if (shortcut !== null && problem === null) globalShortcut.unregister(shortcut);
  };
  return {
    view,
    set(next) {
      if (next !== null && !isAccelerator(next)) {
        throw new AppError(
          'bad-shortcut',
          `"${next}" cannot be the shortcut. Press a key together with Ctrl, Alt or Command.`,
        );
      }
      if (next === shortcut && problem === null) return view();
      release();
      const trouble = take(next, pressed);
      if (trouble !== null) {
        problem = take(shortcut, pressed);
        const keys = writtenKeys(next ?? '', process.platform);
        throw new AppError('shortcut-taken', `Another program uses ${keys} already. Choose other keys.`);
      }
      [shortcut, problem] = [next, null];
      store.set('shortcut', next);
      changed();
      return view();
    },
  };
}

/** What keeps the system from giving it, or null. */
function take(shortcut: string | null, pressed: () => void): QuickDropView['problem'] {
  if (shortcut === null) return null;
  if (!isAccelerator(shortcut)) return 'invalid';
  try {
    return globalShortcut.register(shortcut, pressed) ? null : 'taken';
  } catch {
    return 'invalid';
  }
}
