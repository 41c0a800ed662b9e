// The tray's menu as lines with what each does: the state in words, what needs a person, the documents that changed last,
// and the few things that people want without opening the window. Pure; shell/tray.ts makes Electron's menu of it.

import type { i18n } from 'i18next';
import { createSay } from '../../src-shared/said.ts';
import type { AppView } from '../../src-shared/ipc/app.ts';
import { trayState } from './tray-state.ts';

export type TrayDeed =
  | { readonly kind: 'open' }
  | { readonly kind: 'screen'; readonly screen: string; readonly params: Readonly<Record<string, string>> }
  /** Opens a document, or shows where it is. */
  | { readonly kind: 'document'; readonly path: string }
  | { readonly kind: 'quick-drop' }
  | { readonly kind: 'sync' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'quit' };

export interface TrayLine {
  /** Null: a line that separates. */
  readonly label: string | null;
  readonly deed: TrayDeed | null;
  readonly enabled: boolean;
  readonly accelerator?: string;
}

export interface TrayFacts {
  readonly view: AppView;
  /** Paths of the documents that changed last, newest first. */
  readonly recent: readonly string[];
  readonly shortcut: string | null;
}

const SEPARATOR: TrayLine = { label: null, deed: null, enabled: false };
/** Longer names are cut in the middle: beginning and end tell documents apart. */
const LONGEST = 44;
const TROUBLES_SHOWN = 5;

export function trayMenu({ view, recent, shortcut }: TrayFacts, words: i18n): readonly TrayLine[] {
  const line = (key: string, deed: TrayDeed, enabled = true): TrayLine => ({ label: words.t(key), deed, enabled });
  const some = view.clients.some((client) => client.state !== 'draft');
  const paused = isPaused(view);
  const quickDrop = line('tray.quickDrop', { kind: 'quick-drop' }, view.phase === 'ready');
  return [
    { label: words.t(`tray.${trayState(view)}`), deed: null, enabled: false },
    ...troublesOf(view, words),
    SEPARATOR,
    ...documents(recent, words),
    line('tray.open', { kind: 'open' }),
    shortcut === null ? quickDrop : { ...quickDrop, accelerator: shortcut },
    line('tray.syncNow', { kind: 'sync' }, some && !paused),
    paused ? line('tray.resume', { kind: 'resume' }) : line('tray.pause', { kind: 'pause' }, some),
    SEPARATOR,
    line('tray.quit', { kind: 'quit' }),
  ];
}

export function isPaused({ clients }: Pick<AppView, 'clients'>): boolean {
  return clients.length > 0 && clients.every((client) => client.state === 'paused');
}

/** What needs a person, each with the screen where it is solved. */
function troublesOf({ clients, counts, problems }: AppView, words: i18n): readonly TrayLine[] {
  const to = (label: string, screen: string, params: Readonly<Record<string, string>> = {}): TrayLine => ({
    label,
    deed: { kind: 'screen', screen, params },
    enabled: true,
  });
  const counted = (key: string, count: number, screen: string): TrayLine[] =>
    count === 0 ? [] : [to(words.t(key, { count, number: count.toLocaleString(words.language) }), screen)];
  const lost = clients
    .filter((client) => client.state === 'disconnected')
    .map((client) =>
      to(words.t(`tray.lost.${client.reason ?? 'login-revoked'}`, { client: client.name }), 'settings', {
        part: 'accounts',
        client: client.name,
      }),
    );
  const others = problems
    .filter((problem) => !clients.some(({ name, state }) => name === problem.client && state === 'disconnected'))
    .map((problem) => to(shortened(createSay(words)(problem.message)), problem.client === '' ? 'documents' : 'sync'));
  return [
    ...lost,
    ...counted('tray.held', counts.held, 'sync'),
    ...counted('tray.conflicts', counts.conflicts, 'conflicts'),
    ...counted('tray.failed', counts.failed, 'sync'),
    ...others,
  ].slice(0, TROUBLES_SHOWN);
}

function documents(recent: readonly string[], words: i18n): readonly TrayLine[] {
  if (recent.length === 0) return [];
  return [
    { label: words.t('tray.recent'), deed: null, enabled: false },
    ...recent.map((path): TrayLine => ({
      label: shortened(nameOf(path)),
      deed: { kind: 'document', path },
      enabled: true,
    })),
    SEPARATOR,
  ];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function shortened(text: string): string {
  const characters = Array.from(text);
  if (characters.length <= LONGEST) return text;
  const end = Math.floor(LONGEST / 3);
  return `${characters.slice(0, LONGEST - end - 1).join('')}…${characters.slice(-end).join('')}`;
}

interface RecentTask {
  readonly kind: string;
  readonly path: string;
  readonly state: string;
}

/** The paths of the documents that a pass brought up or down last, each once. */
export function recentPaths(tasks: readonly RecentTask[], limit: number): readonly string[] {
  const moved = tasks.filter(
    ({ kind, state }) => state === 'done' && (kind === 'remote.upload' || kind === 'local.download'),
  );
  return [...new Set(moved.map(({ path }) => path))].slice(0, limit);
}
