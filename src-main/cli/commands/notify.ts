// notify: what clients tell people, and the program that is run for each event (--on-event).

import { NOTICE_KINDS, type NoticeView, type SubscriptionView } from '../../../src-shared/notify-views.ts';
import { UsageError } from '../context.ts';
import { printable, table, timeText } from '../text.ts';
import { nameList, timeOf, word } from './words.ts';
import { firstMoment } from '../values.ts';
import type { AppService } from '../../app/service.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export async function notifyList(context: Context): Promise<void> {
  await context.withService((service) => {
    const rows = service.subscriptions();
    context.answer(rows, () =>
      table<SubscriptionView>(
        rows,
        [
          { title: 'Client', value: (row) => row.client },
          { title: 'Tells', value: kindsText },
        ],
        'There are no clients yet. Add one with "docktide client add".',
      ),
    );
  });
}

function kindsText(row: SubscriptionView): string {
  const kinds = row.kinds.length === 0 ? 'nothing' : row.kinds.join(', ');
  return row.byDefault ? `${kinds} (default)` : kinds;
}

export async function notifySet(context: Context, words: Words): Promise<void> {
  const text = word(words, 1).trim();
  if (text === '') throw new UsageError('Name the kinds of events, or write none, all or default.');
  const kinds = text === 'default' ? null : text === 'all' ? NOTICE_KINDS : text === 'none' ? [] : nameList(text);
  await context.withService((service) => {
    const row = service.subscribeTo(word(words, 0), kinds);
    context.done(row, () => `${printable(row.client)} tells: ${kindsText(row)}.\n`);
  });
}

export async function notifyEvents(
  context: Context,
  _words: Words,
  options: { client?: string; kind?: string; since?: string; limit?: number },
): Promise<void> {
  const since = options.since === undefined ? {} : { since: timeOf(options.since, '--since', firstMoment) };
  await context.withService((service) => {
    const rows = service.notices({ ...options, ...since });
    context.answer(rows, () =>
      table<NoticeView>(
        rows,
        [
          { title: 'Time', value: (row) => timeText(row.time) },
          { title: 'Client', value: (row) => row.client },
          { title: 'Kind', value: (row) => row.kind },
          { title: 'What', value: (row) => row.message },
        ],
        'Nothing was told yet.',
      ),
    );
  });
}

export interface EventOptions {
  readonly onEvent?: string;
  readonly eventTimeout?: number;
}

const DEFAULT_TIMEOUT = 30;
/** Seconds that commands may still take when the program was asked to end. */
const LAST_SECONDS = 10;

/** Runs the person's program for each subscribed event that this process meets while `work` goes on. */
export async function withEvents<T>(
  context: Context,
  service: AppService,
  options: EventOptions,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (options.onEvent === undefined) return work();
  const { eventCommand } = await import('../../notify/event-command.ts');
  const { splitCommand } = await import('../../notify/command-line.ts');
  const split = splitCommand(options.onEvent);
  if (!split.ok) throw new UsageError(split.message);
  const command = eventCommand({
    words: split.words,
    env: context.io.env,
    workingFolder: context.io.workingFolder,
    timeoutSeconds: options.eventTimeout ?? DEFAULT_TIMEOUT,
    warn: (message) => context.io.stderr(`docktide: ${message}\n`),
  });
  const unsubscribe = service.subscribe((event) => {
    if (event.kind === 'notice' && event.notice.subscribed && !event.elsewhere) command.push(event.notice);
  });
  try {
    return await work();
  } finally {
    unsubscribe();
    await command.drain(signal.aborted ? LAST_SECONDS : undefined);
  }
}
