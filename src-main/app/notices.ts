// Hands what the store has written down for people to the listeners of this process: each notice once, in order.
// Called after passes, after what a person did to a client, and by a continuous run for what other processes told.

import { noticeMessage, type NoticeView } from '../../src-shared/notify-views.ts';
import { iso } from '../store/keepsakes.ts';
import { clientView } from './views-of.ts';
import type { NoticeRow } from '../store/notices.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { Events } from './events.ts';

export interface NoticeFeed {
  /** Pushes what this process has added. */
  flush(): void;
  /** Pushes what other processes of this data folder have added since the last call. */
  lookElsewhere(): void;
}

export function makeNoticeFeed(store: DocumentStore, events: Events): NoticeFeed {
  let seen = store.notices.newest();
  const own = new Set<number>();
  const flush = (): void => {
    for (const row of store.notices.takeFresh()) {
      own.add(row.id);
      events.emit({ kind: 'notice', notice: noticeView(store, row), elsewhere: false });
    }
  };
  return {
    flush,
    lookElsewhere() {
      flush();
      for (const row of store.notices.rows({ after: seen, limit: Number.MAX_SAFE_INTEGER })) {
        seen = row.id;
        if (!own.delete(row.id)) events.emit({ kind: 'notice', notice: noticeView(store, row), elsewhere: true });
      }
    },
  };
}

export function noticeView(store: DocumentStore, row: NoticeRow): NoticeView {
  const client = row.client === null ? null : store.clients.find(row.client);
  const { id, kind, level, state, reason, count, paths } = row;
  return {
    id,
    time: iso(row.time),
    client: row.client,
    kind,
    level,
    state,
    reason,
    count,
    paths,
    message: noticeMessage(row),
    subscribed: store.notices.wants(client?.id ?? null, kind),
  };
}

/** After a person has changed a client: its new line, and the notice of the change. */
export function tellClient(
  parts: { readonly store: DocumentStore; readonly events: Events; readonly notices: NoticeFeed },
  name: string,
): void {
  const { id } = parts.store.clients.get(name);
  const client = parts.store.sync.client(id);
  if (client !== null) parts.events.emit({ kind: 'client-changed', client: clientView(parts.store, client) });
  parts.notices.flush();
}
