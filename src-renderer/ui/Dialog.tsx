import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
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
  // Before it is painted: a dialog that is emptied first would be seen without its heading for a moment.
  useLayoutEffect(() => {
    if (opened) element.current?.showModal();
    else element.current?.close();
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

export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className={styles.buttons}>{children}</div>;
}
