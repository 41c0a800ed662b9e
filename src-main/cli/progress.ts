// The progress bar of a pass on a terminal: one line, drawn over, wiped at the end.

import type { AppEvent } from '../../src-shared/views.ts';
import { displayWidth, printable, sizeText } from './text.ts';
import type { Io } from './io.ts';

export interface ProgressBar {
  show(event: AppEvent): void;
  /** Wipes the line, so that what follows starts at the left edge. */
  clear(): void;
}

const BAR_WIDTH = 24;
/** Redrawing more often than this only costs time. */
const REDRAW_MILLISECONDS = 80;

type Progress = Extract<AppEvent, { kind: 'progress' }>;

export function openProgressBar(io: Io, now: () => number = Date.now): ProgressBar {
  const byClient = new Map<string, Progress>();
  let last = 0;
  let drawn = false;
  return {
    show(event) {
      if (event.kind !== 'progress') return;
      byClient.set(event.client, event);
      if (now() - last < REDRAW_MILLISECONDS) return;
      last = now();
      io.stderr(`\r\u001b[2K${progressLine([...byClient.values()], io.columns - 1)}`);
      drawn = true;
    },
    clear() {
      if (drawn) io.stderr('\r\u001b[2K');
      drawn = false;
    },
  };
}

export function progressLine(clients: readonly Progress[], columns: number): string {
  const sum = (pick: (progress: Progress) => number) => clients.reduce((total, progress) => total + pick(progress), 0);
  const done = sum((progress) => progress.done);
  const total = Math.max(
    sum((progress) => progress.total),
    done,
    1,
  );
  const filled = Math.round((done / total) * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const up = sizeText(sum((progress) => progress.bytesUp));
  const down = sizeText(sum((progress) => progress.bytesDown));
  const names = clients.map((progress) => printable(progress.client)).join(', ');
  const line = `${bar} ${done} of ${total}  ↑ ${up}  ↓ ${down}  ${names}`;
  return displayWidth(line) > columns ? Array.from(line).slice(0, columns).join('') : line;
}
