// Adds up what the lanes of several clients did.

import { NOTHING_DONE, type SyncSummary } from '../../src-shared/views.ts';

/** Sums, but for `seconds`: lanes run side by side, so the slowest counts. */
export function sumOf(summaries: readonly SyncSummary[]): SyncSummary {
  const total: Record<keyof SyncSummary, number> = { ...NOTHING_DONE };
  for (const summary of summaries) {
    for (const key of Object.keys(NOTHING_DONE) as (keyof SyncSummary)[]) total[key] += summary[key];
  }
  return { ...total, seconds: Math.max(0, ...summaries.map((summary) => summary.seconds)) };
}

/** `3 uploaded, 1 deleted in Dropbox`: the counts of a pass for its line in the log; empty where nothing was done. */
export function summaryWords(summary: SyncSummary): string {
  const words: readonly (readonly [number, string])[] = [
    [summary.uploaded, 'uploaded'],
    [summary.downloaded, 'downloaded'],
    [summary.moved, 'moved'],
    [summary.createdFolders, 'folders created'],
    [summary.deletedLocal, 'deleted here'],
    [summary.deletedRemote, 'deleted in Dropbox'],
    [summary.adopted, 'found equal on both sides'],
    [summary.conflicts, 'in conflict'],
  ];
  return words.flatMap(([number, text]) => (number > 0 ? [`${number} ${text}`] : [])).join(', ');
}
