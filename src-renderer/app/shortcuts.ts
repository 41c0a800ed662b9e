// Keys that work everywhere in the window: Ctrl or ⌘ + K searches, Ctrl or ⌘ + R and F5 sync.

import { useEffect } from 'react';
import { syncNow } from './sync-now.ts';

export const SEARCH_ID = 'search';

export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        document.getElementById(SEARCH_ID)?.focus();
      }
      if (event.key === 'F5' || (command && event.key.toLowerCase() === 'r')) {
        event.preventDefault();
        void syncNow();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
