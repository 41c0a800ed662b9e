import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { sentence } from '../bridge/bridge.ts';
import { Dialog, DialogButtons } from './Dialog.tsx';
import styles from './ConfirmDialog.module.css';
import { t } from './words.ts';

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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const agree = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await run();
      close();
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog opened={opened} close={close} title={title}>
      <div className={styles.text}>{children}</div>
      {error !== null && (
        <p role="alert" className={`${styles.error} selectable`}>
          {error}
        </p>
      )}
      <DialogButtons>
        <Button variant="default" data-autofocus autoFocus onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button {...(danger && { color: 'red' })} loading={busy} onClick={() => void agree()}>
          {confirm}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
