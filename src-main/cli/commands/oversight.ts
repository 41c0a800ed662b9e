// status, queue and conflicts: what is, and what is to be done.

import { sizeText, table, timeText } from '../text.ts';
import { clientTable } from './clients.ts';
import type { ConflictView, StatusView, TaskView } from '../../../src-shared/views.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export async function status(context: Context): Promise<void> {
  await context.withService((service) => {
    const view = service.status();
    context.answer(view, () => statusText(view));
  });
}

function statusText(view: StatusView): string {
  const { counts } = view;
  const lines = [
    `Documents folder  ${view.documents}`,
    `Document types    ${counts.types}`,
    `Records           ${counts.records}`,
    `Folders           ${counts.folders}`,
    `Files             ${counts.files} (${sizeText(counts.bytes)})`,
    `Open              ${counts.pending} pending, ${counts.held} held, ${counts.failed} failed, ${counts.conflicts} in conflict`,
  ];
  for (const { path, from, to } of view.handovers) lines.push(`On its way        ${path}: from ${from} to ${to}`);
  const { backup } = view;
  const last = backup.last === null ? 'none yet' : `${timeText(backup.last.madeAt)} (${backup.last.state})`;
  lines.push(`Last backup       ${last}${backup.waiting > 0 ? `, ${backup.waiting} not in Dropbox yet` : ''}`);
  if (backup.failure !== null)
    lines.push(`Backup failed     ${timeText(backup.failure.at)}: ${backup.failure.message}`);
  for (const { path, reason } of view.unconverted) lines.push(`Only in Dropbox   ${path}: ${reason}`);
  return `${lines.join('\n')}\n\n${clientTable(view.clients)}`;
}

export async function queue(
  context: Context,
  _words: Words,
  options: { all?: boolean; limit?: number },
): Promise<void> {
  await context.withService((service) => {
    const tasks = service.queue({
      ...(options.all === undefined ? {} : { finished: options.all }),
      ...(options.limit === undefined ? {} : { limit: options.limit }),
    });
    context.answer(tasks, () =>
      table<TaskView>(
        tasks,
        [
          { title: 'Client', value: (task) => task.client },
          { title: 'State', value: (task) => task.state },
          { title: 'What', value: (task) => task.kind },
          { title: 'Path', value: (task) => task.path },
          { title: 'Size', value: (task) => (task.bytes > 0 ? sizeText(task.bytes) : ''), align: 'right' },
          { title: 'Tries', value: (task) => task.attempts, align: 'right' },
          { title: 'Next', value: (task) => (task.nextAttempt === null ? '' : timeText(task.nextAttempt)) },
          { title: 'Why', value: (task) => task.error ?? task.reason },
        ],
        'The queue is empty.',
      ),
    );
  });
}

export async function conflicts(context: Context): Promise<void> {
  await context.withService((service) => {
    const rows = service.conflicts();
    context.answer(rows, () =>
      table<ConflictView>(
        rows,
        [
          { title: 'Client', value: (row) => row.client },
          { title: 'Path', value: (row) => row.path },
          { title: 'Other version', value: (row) => row.copy },
          { title: 'Found', value: (row) => timeText(row.foundAt) },
          { title: 'Why', value: (row) => row.reason },
        ],
        'There are no conflicts.',
      ),
    );
  });
}
