// What belongs to the computer: starting with it, and the small window for dropping files with its shortcut.

import type { desktopCalls } from '../../src-shared/ipc/desktop.ts';
import { done, type CallParts, type HandlersOf } from './parts.ts';

export function desktopHandlers({ startup, quick }: CallParts): HandlersOf<typeof desktopCalls> {
  return {
    'startup.view': async () => startup.view(),
    'startup.set': async ({ on }) => startup.set(on),
    'quickDrop.view': async () => quick.view(),
    'quickDrop.setShortcut': async ({ shortcut }) => quick.setShortcut(shortcut),
    'quickDrop.open': async () => done(quick.open()),
    'quickDrop.close': async () => done(quick.close()),
    'quickDrop.showBox': async ({ type, ref }) => done(quick.showBox(type, ref)),
  };
}
