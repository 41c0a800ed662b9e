// Short messages in the corner; they are also read aloud by screen readers.

import { notifications } from '@mantine/notifications';
import { t } from './words.ts';

export function tell(title: string, message: string): void {
  notifications.show({ title, message, autoClose: 4_000, ...look() });
}

/** Stays until it is closed: a person may need time to read what is wrong. */
export function warn(title: string, message: string): void {
  notifications.show({ title, message, color: 'red', autoClose: false, ...look() });
}

function look() {
  return { withBorder: true, closeButtonProps: { 'aria-label': t('app.close') } };
}
