import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { isLost } from './lost-focus.ts';
import styles from './Dialog.module.css';

interface DialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A question above the window: the browser's own dialog keeps the focus inside and closes on Escape. */
export function Dialog({ opened, close, title, wide = false, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const back = useRef<HTMLElement | null>(null);
  // Before it is painted: a dialog that is emptied first would be seen without its heading for a moment.
  useLayoutEffect(() => {
    if (opened) {
      back.current = returnTo(document.activeElement);
      element.current?.showModal();
      return;
    }
    element.current?.close();
    // The browser has gone back to what had the focus; a line of a menu is gone by then, or will be in a moment.
    if (isLost(document.activeElement)) back.current?.focus();
    back.current = null;
  }, [opened]);
  return (
    <dialog ref={element} className={styles.dialog} data-wide={wide || undefined} aria-labelledby={id} onClose={close}>
      {opened && (
        <>
          <h2 id={id}>{title}</h2>
          {children}
        </>
      )}
    </dialog>
  );
}

/** A menu is gone when its dialog closes: the focus goes back to what opened it. */
function returnTo(focused: Element | null): HTMLElement | null {
  const menu = focused?.closest('[role="menu"]');
  const opener = menu?.getAttribute('aria-labelledby');
  if (opener != null) return document.getElementById(opener);
  return focused instanceof HTMLElement ? focused : null;
}

export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className={styles.buttons}>{children}</div>;
}
