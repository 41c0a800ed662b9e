// What a line of the log is about, in the language of the window.

import { logWordOf } from '../../../src-shared/log-reading.ts';
import { has, t } from '../../ui/words.ts';

export function logWord(kind: string): string {
  return logWordOf({ t, exists: has }, kind);
}
