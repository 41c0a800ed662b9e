// dashboard: the figures as JSON or as a page of text.

import { FIGURE_PARTS, type FigurePart, type FiguresView } from '../../../src-shared/figures-views.ts';
import { UsageError } from '../context.ts';
import { dashboardText } from '../dashboard-text.ts';
import { count, table } from '../text.ts';
import { nameList } from './words.ts';
import type { Context } from '../context.ts';

interface DashboardArguments {
  readonly part?: string;
  readonly client?: string;
  readonly top?: number;
  readonly refresh?: boolean;
  readonly check?: boolean;
}

export async function dashboard(
  context: Context,
  _words: readonly string[],
  options: DashboardArguments,
): Promise<void> {
  const parts = options.part === undefined ? FIGURE_PARTS : nameList(options.part).map(partOf);
  await context.withService(async (service) => {
    if (options.check === true) {
      const differences = service.checkFigures();
      context.answer(differences, () =>
        differences.length === 0
          ? 'The figures are right.\n'
          : `The figures were not right and have been made anew.\n${table(
              differences,
              [
                { title: 'Table', value: (row) => row.table },
                { title: 'Rows', value: (row) => row.rows, align: 'right' },
              ],
              '',
            )}`,
      );
      return;
    }
    if (options.refresh === true) {
      for (const { client, message } of await service.refreshSpace(options.client)) {
        context.io.stderr(`docktide: ${client}: ${message}\n`);
      }
    }
    const view: Partial<FiguresView> = service.figureParts(parts, {
      ...(options.client === undefined ? {} : { client: options.client }),
      ...(options.top === undefined ? {} : { top: options.top }),
    });
    context.answer(view, () => dashboardText(view));
    const unknown = view.clients?.filter((client) => client.space === null && client.state === 'connected') ?? [];
    if (unknown.length > 0 && options.refresh !== true) {
      context.note(`The room in Dropbox of ${count(unknown.length, 'client')} is not known yet. Ask with --refresh.`);
    }
  });
}

function partOf(name: string): FigurePart {
  const part = FIGURE_PARTS.find((known) => known === name);
  if (part !== undefined) return part;
  throw new UsageError(`"${name}" for --part is no part of the dashboard. Take ${FIGURE_PARTS.join(', ')}.`);
}
