// The screens of the window, in the order of the sidebar. Each one is a folder in features/, loaded when it is first shown
// or, so that it is there at once, when the window has nothing else to do.

import {
  Archive,
  FileStack,
  FolderClosed,
  Inbox,
  LayoutDashboard,
  Link,
  ListChecks,
  ScrollText,
  Settings,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { createElement, lazy, useState, type ComponentType, type ReactElement } from 'react';
import type { AppView } from '../../src-shared/ipc/app.ts';

interface ScreenComponent {
  (): ReactElement;
  readonly preload: () => Promise<unknown>;
}

/** A component that waits for its code only where that has not been loaded yet. */
function screen(load: () => Promise<ComponentType>): ScreenComponent {
  let loaded: ComponentType | null = null;
  const preload = async (): Promise<ComponentType> => (loaded ??= await load());
  const Later = lazy(async () => ({ default: await preload() }));
  const Screen = (): ReactElement => {
    // The same as long as it is shown: another one would begin anew.
    const [shown] = useState(() => loaded ?? Later);
    return createElement(shown);
  };
  return Object.assign(Screen, { preload });
}

export interface Screen {
  readonly id: string;
  readonly icon: LucideIcon;
  /** Key of its name. */
  readonly words: string;
  readonly shortcut: string;
  readonly component: ScreenComponent;
  /** The number beside the name; nothing for 0. */
  readonly badge?: (app: AppView) => number;
  /** A number that asks for the person. */
  readonly urgent?: boolean;
  /** Stands at the end of the sidebar. */
  readonly last?: boolean;
}

export const screens: readonly Screen[] = [
  {
    id: 'documents',
    icon: FolderClosed,
    words: 'nav.documents',
    shortcut: 'mod+1',
    component: screen(async () => (await import('../features/documents/Documents.tsx')).Documents),
  },
  {
    id: 'attachment-box',
    icon: Inbox,
    words: 'nav.attachmentBox',
    shortcut: 'mod+2',
    component: screen(async () => (await import('../features/attachment-box/AttachmentBox.tsx')).AttachmentBox),
  },
  {
    id: 'sync',
    icon: ListChecks,
    words: 'nav.sync',
    shortcut: 'mod+3',
    component: screen(async () => (await import('../features/sync/Sync.tsx')).Sync),
    badge: ({ counts }) => counts.pending + counts.held,
  },
  {
    id: 'conflicts',
    icon: FileStack,
    words: 'nav.conflicts',
    shortcut: 'mod+4',
    component: screen(async () => (await import('../features/conflicts/Conflicts.tsx')).Conflicts),
    badge: ({ counts }) => counts.conflicts,
    urgent: true,
  },
  {
    id: 'trash',
    icon: Trash2,
    words: 'nav.trash',
    shortcut: 'mod+5',
    component: screen(async () => (await import('../features/trash/Trash.tsx')).Trash),
  },
  {
    id: 'dashboard',
    icon: LayoutDashboard,
    words: 'nav.dashboard',
    shortcut: 'mod+6',
    component: screen(async () => (await import('../features/dashboard/Dashboard.tsx')).Dashboard),
  },
  {
    id: 'log',
    icon: ScrollText,
    words: 'nav.log',
    shortcut: 'mod+7',
    component: screen(async () => (await import('../features/log/Log.tsx')).Log),
  },
  {
    id: 'links',
    icon: Link,
    words: 'nav.links',
    shortcut: 'mod+8',
    component: screen(async () => (await import('../features/links/Links.tsx')).Links),
  },
  {
    id: 'backups',
    icon: Archive,
    words: 'nav.backups',
    shortcut: 'mod+9',
    component: screen(async () => (await import('../features/backups/Backups.tsx')).Backups),
  },
  {
    id: 'settings',
    icon: Settings,
    words: 'nav.settings',
    shortcut: 'mod+,',
    component: screen(async () => (await import('../features/settings/Settings.tsx')).Settings),
    last: true,
  },
];

/** Loads the code of all screens. */
export async function preloadScreens(): Promise<void> {
  await Promise.all(screens.map(({ component }) => component.preload()));
}

export function screenOf(id: string): Screen | undefined {
  return screens.find((one) => one.id === id);
}
