// What can be done from everywhere: going to a screen, searching, syncing, undoing.

import { ArrowLeft, ArrowRight, CommandIcon, Keyboard, Redo2, RefreshCw, Search, Undo2 } from 'lucide-react';
import { navigate, useNavigation } from '../stores/navigation-store.ts';
import { useActions, type Action } from '../stores/actions-store.ts';
import { useUndo } from '../stores/undo-store.ts';
import { openPalette } from './Palette.tsx';
import { screens } from './screens.ts';
import { SEARCH_ID } from './shortcuts.ts';
import { openShortcuts } from './ShortcutSheet.tsx';
import { syncNow } from './sync-now.ts';

export function FrameActions() {
  const go = screens.map(({ id, icon, words, shortcut }): Action => ({
    id: `go.${id}`,
    words,
    group: 'actions.go',
    icon,
    shortcut,
    whileTyping: true,
    run: () => navigate(id),
  }));
  const general: readonly Action[] = [
    {
      id: 'search',
      words: 'search.label',
      group: 'actions.general',
      icon: Search,
      shortcut: 'mod+f',
      whileTyping: true,
      run: () => document.getElementById(SEARCH_ID)?.focus(),
    },
    {
      id: 'palette',
      words: 'actions.palette',
      group: 'actions.general',
      icon: CommandIcon,
      shortcut: 'mod+k',
      whileTyping: true,
      hidden: true,
      run: openPalette,
    },
    {
      id: 'sync',
      words: 'header.syncNow',
      group: 'actions.general',
      icon: RefreshCw,
      shortcut: 'mod+r',
      whileTyping: true,
      run: () => void syncNow(),
    },
    {
      id: 'undo',
      words: 'undo.button',
      group: 'actions.general',
      icon: Undo2,
      shortcut: 'mod+z',
      run: () => void useUndo.getState().undo(),
    },
    {
      id: 'redo',
      words: 'undo.again',
      group: 'actions.general',
      icon: Redo2,
      shortcut: 'mod+shift+z',
      run: () => void useUndo.getState().redo(),
    },
    {
      id: 'back',
      words: 'actions.back',
      group: 'actions.general',
      icon: ArrowLeft,
      shortcut: 'alt+ArrowLeft',
      run: () => useNavigation.getState().back(),
    },
    {
      id: 'forward',
      words: 'actions.forward',
      group: 'actions.general',
      icon: ArrowRight,
      shortcut: 'alt+ArrowRight',
      run: () => useNavigation.getState().forward(),
    },
    {
      id: 'shortcuts',
      words: 'actions.shortcuts',
      group: 'actions.general',
      icon: Keyboard,
      shortcut: '?',
      run: openShortcuts,
    },
  ];
  useActions([...general, ...go]);
  return null;
}
