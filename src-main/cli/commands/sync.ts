// sync, watch and plan: passes by hand, passes for ever, and passes that only tell.

import { EXIT } from '../context.ts';
import { openProgressBar } from '../progress.ts';
import { count, printable, sizeText, table } from '../text.ts';
import { withEvents, type EventOptions } from './notify.ts';
import type { AppEvent, SyncSummary } from '../../../src-shared/views.ts';
import type { AppService, PlanView, SyncReport } from '../../app/service.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export interface SyncArguments extends EventOptions {
  readonly client?: string;
  readonly prepareOnly?: boolean;
  readonly yes?: boolean;
  readonly full?: boolean;
  readonly wait?: number;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds for the work to reach a safe point; a network that does not answer may hold it up for minutes. */
const GRACE = 5_000;

/** Ctrl+C and SIGTERM end the work at the next safe point, or after a few seconds; a second one ends it at once. */
export async function interruptible<T>(context: Context, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  const listenNoMore = () => {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  const interrupt = () => {
    listenNoMore();
    context.note('Stopping at the next safe point.');
    grace = setTimeout(() => endNow(context), GRACE);
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(stop.signal);
  } finally {
    listenNoMore();
    clearTimeout(grace);
  }
}

/** Everything is safe against that: what was done is recorded, the rest is planned anew. */
function endNow({ io, json }: Context): never {
  const message = 'It was stopped before it had finished. Run it again to go on.';
  if (json) io.stdout(`${JSON.stringify({ error: { code: 'interrupted', message } })}\n`);
  io.stderr(`docktide: ${message}\n`);
  process.exit(EXIT.error);
}

export async function syncOnce(context: Context, _words: Words, options: SyncArguments): Promise<number> {
  return context.withService((service) =>
    interruptible(context, async (signal) => {
      if (service.initialised() && options.client === undefined) noteIdle(context, service);
      const run = () =>
        service.sync({
          signal,
          ...(options.client === undefined ? {} : { client: options.client }),
          ...(options.prepareOnly === undefined ? {} : { prepareOnly: options.prepareOnly }),
          ...(options.yes === undefined ? {} : { yes: options.yes }),
          ...(options.full === undefined ? {} : { full: options.full }),
          ...(options.wait === undefined ? {} : { waitSeconds: options.wait }),
        });
      const report = await withEvents(context, service, options, signal, () => withProgress(context, service, run));
      for (const error of report.errors) context.io.stderr(`docktide: ${error.client}: ${error.message}\n`);
      context.done(report, () => reportText(report, options.prepareOnly ?? false));
      const attention = report.held + report.failed + report.conflicts + report.errors.length > 0;
      return attention ? EXIT.attention : EXIT.done;
    }),
  );
}

function noteIdle(context: Context, service: AppService): void {
  const clients = service.clients();
  if (clients.length === 0) context.note('There is no client yet. Add one with "docktide client add".');
  else if (clients.every((client) => client.state === 'paused')) context.note('Every client is paused.');
}

async function withProgress<T>(context: Context, service: AppService, work: () => Promise<T>): Promise<T> {
  if (context.quiet || !context.io.terminal) return work();
  const bar = openProgressBar(context.io);
  const unsubscribe = service.subscribe((event) => bar.show(event));
  try {
    return await work();
  } finally {
    unsubscribe();
    bar.clear();
  }
}

function reportText(report: SyncReport, prepared: boolean): string {
  const did = summaryText(report);
  if (prepared) return `The queue is prepared. See it with "docktide queue".${attentionText(report)}\n`;
  const seconds = `${report.seconds.toFixed(1)} s, ${count(report.requests, 'request')}`;
  return `${did === '' ? 'Everything is the same on both sides' : did} (${seconds}).${attentionText(report)}\n`;
}

/** `3 uploaded (1.2 MB), 1 moved`; empty where nothing was done. */
export function summaryText(summary: SyncSummary): string {
  const parts: string[] = [];
  const part = (number: number, words: string): void => {
    if (number > 0) parts.push(`${number} ${words}`);
  };
  part(summary.uploaded, `uploaded (${sizeText(summary.bytesUp)})`);
  part(summary.downloaded, `downloaded (${sizeText(summary.bytesDown)})`);
  part(summary.moved, 'moved');
  part(summary.createdFolders, summary.createdFolders === 1 ? 'folder created' : 'folders created');
  part(summary.deletedLocal, 'deleted here');
  part(summary.deletedRemote, 'deleted in Dropbox');
  part(summary.adopted, 'found equal on both sides');
  return parts.join(', ');
}

function attentionText(summary: SyncSummary): string {
  const parts: string[] = [];
  if (summary.conflicts > 0) parts.push(`${count(summary.conflicts, 'conflict')} (see "docktide conflicts")`);
  if (summary.held > 0) {
    parts.push(`${count(summary.held, 'deletion')} held back (see "docktide queue"; let them go with "sync --yes")`);
  }
  if (summary.failed > 0) parts.push(`${count(summary.failed, 'task')} failed (see "docktide queue")`);
  return parts.length === 0 ? '' : ` ${parts.join('; ')}.`;
}

export async function watch(context: Context, _words: Words, options: EventOptions): Promise<number> {
  return context.withService((service) =>
    interruptible(context, async (signal) => {
      const totals = { passes: 0, uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0 };
      const unsubscribe = service.subscribe((event) => {
        if (event.kind === 'pass-finished') {
          totals.passes++;
          totals.uploaded += event.summary.uploaded;
          totals.downloaded += event.summary.downloaded;
          totals.moved += event.summary.moved;
          totals.deletedLocal += event.summary.deletedLocal;
          totals.deletedRemote += event.summary.deletedRemote;
        }
        const line = eventLine(event);
        if (line !== null) context.note(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
      });
      try {
        context.note(`Watching ${service.status().documents} and Dropbox. Ctrl+C ends it.`);
        await withEvents(context, service, options, signal, () => service.watch(signal));
      } finally {
        unsubscribe();
      }
      context.done(totals, () => 'Ended.\n');
      return EXIT.done;
    }),
  );
}

/** One line for what a person wants to see while it happens. */
function eventLine(event: AppEvent): string | null {
  if (event.kind === 'pass-failed') return `${printable(event.client)}: ${event.message}`;
  if (event.kind === 'pass-finished') {
    const text = `${summaryText(event.summary)}${attentionText(event.summary)}`;
    return text === '' ? null : `${printable(event.client)}: ${text}`;
  }
  // What failed, is held or in conflict was told with the pass.
  if (event.kind === 'notice') return event.notice.state === null ? null : printable(event.notice.message);
  if (event.kind !== 'task') return null;
  const { task } = event;
  if (task.state === 'done' && task.kind !== 'adopt' && task.kind !== 'forget') {
    return `${arrow(task.direction)} ${printable(task.path)}  (${task.reason})`;
  }
  if (task.state === 'failed') return `✗ ${printable(task.path)}: ${task.error ?? task.reason}`;
  return null;
}

function arrow(direction: string): string {
  return direction === 'direct' ? '↑' : '↓';
}

export async function plan(context: Context, _words: Words, options: { client?: string }): Promise<void> {
  await context.withService(async (service) => {
    const plans = await service.plan(options.client);
    context.answer(plans, () => plans.map(planText).join('\n') || 'There is no client to plan for.\n');
  });
}

function planText(view: PlanView): string {
  const head = `${printable(view.client)}: ${count(view.operations.length, 'operation')}`;
  const held = view.held > 0 ? `, ${view.held} held back` : '';
  const problems = view.problems.map((problem) => `  ! ${printable(problem.path)}: ${problem.reason}\n`).join('');
  if (view.operations.length === 0) return `${head}${held}\n${problems}`;
  const rows = table(
    view.operations,
    [
      { title: ' ', value: (operation) => arrow(operation.direction) },
      { title: 'What', value: (operation) => operation.kind },
      { title: 'Path', value: (operation) => operation.path },
      { title: 'From', value: (operation) => operation.from ?? '' },
      { title: 'Size', value: (operation) => (operation.bytes > 0 ? sizeText(operation.bytes) : ''), align: 'right' },
      { title: 'Why', value: (operation) => operation.reason },
    ],
    '',
  );
  return `${head}${held}\n${rows}${problems}`;
}
