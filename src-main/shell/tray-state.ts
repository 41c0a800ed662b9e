// What the tray says about everything at once.

import type { AppView } from '../../src-shared/ipc/app.ts';

export const TRAY_STATES = ['synced', 'syncing', 'paused', 'attention', 'idle'] as const;
export type TrayState = (typeof TRAY_STATES)[number];

/** Without its folder. Beside each lies one of twice the size, `…@2x.png`, which Electron takes by itself. */
export function trayIcon(state: TrayState, platform: string): string {
  return platform === 'darwin' ? `tray-${state}Template.png` : `tray-${state}.png`;
}

/** The worst comes first. */
export function trayState(view: AppView): TrayState {
  const { clients, counts } = view;
  if (clients.length === 0) return 'idle';
  const broken = clients.some((client) => client.state === 'disconnected') || view.problems.length > 0;
  if (broken || counts.held > 0 || counts.failed > 0 || counts.conflicts > 0) return 'attention';
  if (clients.every((client) => client.state === 'paused')) return 'paused';
  return view.passing.length > 0 || counts.pending > 0 ? 'syncing' : 'synced';
}
