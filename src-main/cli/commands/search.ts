// search: what a person asks for, in words and filters; the hits as a table, best first.

import { UsageError } from '../context.ts';
import { count, sizeText, table, timeText } from '../text.ts';
import type { SyncState } from '../../../src-shared/domain.ts';
import type { SearchKind, SearchQuery, SearchResult } from '../../../src-shared/search-views.ts';
import type { Context } from '../context.ts';

export interface SearchOptions {
  readonly type?: string;
  readonly record?: string;
  readonly folder?: string;
  readonly ext?: readonly string[];
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly since?: string;
  readonly until?: string;
  readonly state?: readonly SyncState[];
  readonly kind?: readonly SearchKind[];
  readonly limit?: number;
}

export async function search(context: Context, words: readonly string[], options: SearchOptions): Promise<void> {
  const query = queryOf(words.join(' '), options);
  await context.withService((service) => {
    const hits = service.find(query);
    context.answer(hits, () =>
      hits.length === 0
        ? 'Nothing was found.\n'
        : table<SearchResult>(
            hits,
            [
              { title: 'Kind', value: (hit) => hit.kind },
              { title: 'Path', value: (hit) => (hit.path === '' ? hit.name : hit.path) },
              { title: 'Size', value: (hit) => sizeText(hit.size), align: 'right' },
              { title: 'Modified', value: (hit) => timeText(hit.modifiedAt) },
              { title: 'State', value: (hit) => hit.state ?? '' },
              { title: 'Record', value: (hit) => hit.record ?? '' },
            ],
            '',
          ) + `${count(hits.length, 'hit')}\n`,
    );
  });
}

function queryOf(text: string, options: SearchOptions): SearchQuery {
  const { type, record, folder, minSize, maxSize, since, until, limit } = options;
  const filters: SearchQuery = {
    ...(type === undefined ? {} : { type }),
    ...(record === undefined ? {} : { record }),
    ...(folder === undefined ? {} : { folder }),
    ...(options.ext === undefined ? {} : { extensions: options.ext }),
    ...(minSize === undefined ? {} : { minSize }),
    ...(maxSize === undefined ? {} : { maxSize }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(options.state === undefined ? {} : { states: options.state }),
    ...(options.kind === undefined ? {} : { kinds: options.kind }),
  };
  if (text.trim() === '' && Object.keys(filters).length === 0) {
    throw new UsageError('Say what to look for: words of a name, or a filter such as --ext pdf.');
  }
  return { ...filters, ...(text.trim() === '' ? {} : { text }), ...(limit === undefined ? {} : { limit }) };
}
