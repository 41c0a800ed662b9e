// One listener for all shortcuts: what a key does is found in the registered actions, those of the shown screen first.

import { useEffect } from 'react';
import { allActions, useActionsStore } from '../stores/actions-store.ts';
import { isMac, isPressed } from '../ui/shortcut.ts';

export const SEARCH_ID = 'search';

export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const typing = isTyping(event.target);
      const found = allActions(useActionsStore.getState().owners).find(
        (action) =>
          action.shortcut !== undefined &&
          (!typing || action.whileTyping === true) &&
          isPressed(action.shortcut, event, isMac()),
      );
      if (!found && event.key !== 'F5') return;
      event.preventDefault();
      const run = found ?? allActions(useActionsStore.getState().owners).find((action) => action.id === 'sync');
      run?.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null;
}
