import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useUndo, type UndoStep } from '../stores/undo-store.ts';
import { look } from './notify.ts';
import { t } from './words.ts';

const SHOWN_MS = 10_000;

/** Says what was done and offers to take it back, here and with Ctrl or ⌘ + Z. */
export function tellUndoable(step: UndoStep): void {
  const { push, undo } = useUndo.getState();
  push(step);
  const takeBack = (): void => {
    notifications.hide(id);
    void undo(step);
  };
  const id = notifications.show({
    message: (
      <span className="toast-line">
        {step.label}
        <Button variant="default" size="compact-xs" onClick={takeBack}>
          {t('undo.button')}
        </Button>
      </span>
    ),
    autoClose: SHOWN_MS,
    ...look(),
  });
}
