// schedule: how often a continuous run looks everywhere.

import { count } from '../text.ts';
import type { Context } from '../context.ts';

export async function schedule(
  context: Context,
  _words: readonly string[],
  { every }: { every?: number },
): Promise<void> {
  await context.withService((service) => {
    const view = every === undefined ? service.schedule() : service.setSchedule(every);
    context.answer(view, () => `Looks everywhere every ${count(view.minutes, 'minute')}.\n`);
  });
}
