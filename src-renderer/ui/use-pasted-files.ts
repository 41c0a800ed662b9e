// Files that were copied in the system's file manager and are pasted into the window, with Ctrl or ⌘ + V.

import { useEffect, useRef } from 'react';

/** Not while somebody types or answers a dialog. `take` answers false where there is no place for them now. */
export function usePastedFiles(take: (files: readonly File[]) => boolean): void {
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea') !== null;
      if (files.length === 0 || typing || document.querySelector('dialog[open]') !== null) return;
      if (latest.current(files)) event.preventDefault();
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, []);
}
