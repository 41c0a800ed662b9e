// The system's notifications: what people asked to be told of (`notify set`), once for each change, in the language of
// the window; a click opens the screen where it is looked at and solved.

import { Notification } from 'electron';
import type { Say } from '../../src-shared/said.ts';
import type { NoticeKind, NoticeView } from '../../src-shared/notify-views.ts';

/** Where each kind of notice leads. */
const SCREENS: Readonly<Record<NoticeKind, string>> = {
  disconnected: 'settings',
  connected: 'dashboard',
  paused: 'sync',
  resetting: 'sync',
  failed: 'sync',
  held: 'sync',
  conflict: 'conflicts',
  backup: 'backups',
};

/** `go` shows the window on a screen; `say` says a sentence of the program in the chosen language. */
export function createNotifications(
  go: (screen: string, params: Readonly<Record<string, string>>) => void,
  say: Say,
): (notice: NoticeView) => void {
  /** Kept until they are gone: a notification that is collected as garbage loses its click. */
  const open = new Set<Notification>();
  return (notice) => {
    if (!notice.subscribed || !Notification.isSupported()) return;
    const { client, kind, message } = notice;
    // The sentence names the account.
    const notification = new Notification({ title: 'Docktide', body: say(message) });
    open.add(notification);
    notification.on('click', () => go(SCREENS[kind], client === null ? {} : { client }));
    notification.on('close', () => void open.delete(notification));
    notification.show();
  };
}
