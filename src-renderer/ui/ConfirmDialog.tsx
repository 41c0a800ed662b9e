import type { ReactNode } from 'react';
import { Dialog } from './Dialog.tsx';
import { DialogForm } from './DialogForm.tsx';
import styles from './ConfirmDialog.module.css';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly title: string;
  /** What will happen and how it can be taken back. */
  readonly children: ReactNode;
  /** The word on the button says what it does: "Delete 3 documents". */
  readonly confirm: string;
  readonly danger?: boolean;
  readonly run: () => Promise<unknown> | void;
}

/** Asks before something that cannot simply be undone. The safe button has the focus; a failure is said in the dialog. */
export function ConfirmDialog({ opened, close, title, children, confirm, danger = false, run }: ConfirmDialogProps) {
  return (
    <Dialog opened={opened} close={close} title={title}>
      <DialogForm
        close={close}
        confirm={confirm}
        danger={danger}
        careful
        run={async () => {
          await run();
        }}
      >
        <div className={styles.text}>{children}</div>
      </DialogForm>
    </Dialog>
  );
}
