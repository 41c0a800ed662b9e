// The progress line of long work on documents: how many, how much, and which one; drawn over, wiped at the end.

import { displayWidth, printable, sizeText } from './text.ts';
import type { Context } from './context.ts';

export interface WorkProgress {
  readonly done: number;
  readonly total: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly path?: string;
}

const REDRAW_MILLISECONDS = 80;
const BAR_WIDTH = 24;

/** Runs `work` with a way to tell how far it is; nothing is drawn where nobody watches. */
export async function withBar<T>(
  context: Context,
  work: (tell: (progress: WorkProgress) => void) => Promise<T>,
): Promise<T> {
  const { io } = context;
  if (context.quiet || !io.terminal) return work(() => undefined);
  let last = 0;
  let drawn = false;
  try {
    return await work((progress) => {
      if (Date.now() - last < REDRAW_MILLISECONDS) return;
      last = Date.now();
      drawn = true;
      io.stderr(`\r\u001b[2K${workLine(progress, io.columns - 1)}`);
    });
  } finally {
    if (drawn) io.stderr('\r\u001b[2K');
  }
}

export function workLine({ done, total, bytesDone, bytesTotal, path }: WorkProgress, columns: number): string {
  const share = bytesTotal > 0 ? bytesDone / bytesTotal : total > 0 ? done / total : 0;
  const filled = Math.round(Math.min(1, share) * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const line = `${bar} ${done} of ${total}  ${sizeText(bytesDone)} of ${sizeText(bytesTotal)}  ${printable(path ?? '')}`;
  return displayWidth(line) > columns ? Array.from(line).slice(0, columns).join('') : line;
}
