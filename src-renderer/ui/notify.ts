// Short messages in the corner; they are also read aloud by screen readers.

import { notifications } from '@mantine/notifications';
import { t } from './words.ts';

const SHORT_MS = 4_000;

export function tell(title: string, message: string): void {
  notifications.show({ title, message, autoClose: SHORT_MS, ...look() });
}

/** Stays until it is closed: a person may need time to read what is wrong. */
export function warn(title: string, message: string): void {
  notifications.show({ title, message, color: 'red', autoClose: false, ...look() });
}

/** What all messages have in common. */
export function look() {
  return { withBorder: true, closeButtonProps: { 'aria-label': t('app.close') } };
}
