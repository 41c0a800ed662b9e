// Hands new lines of the log to the listeners of this process, each once and in order, those of other processes of this
// data folder too. Called after passes and after what a person did.

import { logView } from './views-of.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { Events } from './events.ts';

export interface LogFeed {
  flush(): void;
}

/** Lines handed over at once; what a long pass wrote before is in the log for who looks. */
const AT_ONCE = 1000;

export function makeLogFeed(store: DocumentStore, events: Events): LogFeed {
  let seen = store.log.last();
  return {
    flush() {
      const rows = store.log.newest({ after: seen, limit: AT_ONCE });
      seen = rows.at(-1)?.id ?? seen;
      for (const row of rows) events.emit({ kind: 'log', row: logView(row) });
    },
  };
}
