import { Button } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { sentence } from '../bridge/bridge.ts';
import { DialogButtons } from './Dialog.tsx';
import styles from './DialogForm.module.css';
import { t } from './words.ts';

interface DialogFormProps {
  readonly close: () => void;
  /** The word on the button says what it does: "Delete 3 documents". */
  readonly confirm: string;
  readonly danger?: boolean;
  /** The way out has the focus. */
  readonly careful?: boolean;
  readonly disabled?: boolean;
  /** What is wrong already, before anything was done. */
  readonly problem?: string | null;
  /** The dialog closes when it is done; `false` leaves it open, a failure is said in it. */
  readonly run: () => Promise<unknown> | void;
  readonly children: ReactNode;
}

/** What a dialog asks, with the button that does it and the one that does not. */
export function DialogForm(props: DialogFormProps) {
  const { close, confirm, danger = false, careful = false, disabled = false, problem = null, run, children } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      if ((await run()) !== false) close();
    } catch (refusal) {
      setError(sentence(refusal));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      {children}
      {(error ?? problem) !== null && (
        <p role="alert" className={`${styles.error} selectable`}>
          {error ?? problem}
        </p>
      )}
      <DialogButtons>
        <Button variant="default" {...(careful && { 'data-autofocus': true, autoFocus: true })} onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" {...(danger && { color: 'red' })} loading={busy} disabled={disabled}>
          {confirm}
        </Button>
      </DialogButtons>
    </form>
  );
}
