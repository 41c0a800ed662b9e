// The part of the application service that tells people things: what was told, and who wants to hear what.
// New notices come as AppEvent 'notice' (app/notices.ts).

import { iso } from '../store/keepsakes.ts';
import {
  DEFAULT_NOTICES,
  NOTICE_KINDS,
  type NoticeKind,
  type NoticeView,
  type SubscriptionView,
} from '../../src-shared/notify-views.ts';
import { noticeView } from './notices.ts';
import { AppError } from './service.ts';
import type { Workplace } from './docktide.ts';

export interface NoticeFilter {
  readonly client?: string;
  readonly kind?: string;
  /** ISO 8601. */
  readonly since?: string;
  /** The newest so many; 200 unless told. */
  readonly limit?: number;
}

export interface NotifyService {
  /** What was told, oldest first. Throws AppError 'unknown-client', 'bad-kind', 'bad-time'. */
  notices(filter?: NoticeFilter): readonly NoticeView[];
  /** What each client tells people. */
  subscriptions(): readonly SubscriptionView[];
  /** `kinds` null goes back to the default; an empty list tells nothing. Throws 'unknown-client', 'bad-kind'. */
  subscribeTo(client: string, kinds: readonly string[] | null): SubscriptionView;
}

export function notifyOf(use: () => Workplace): NotifyService {
  const subscription = (place: Workplace, name: string): SubscriptionView => {
    const { id } = place.store.clients.get(name);
    const chosen = place.store.notices.chosenKinds(id);
    return { client: name, kinds: chosen ?? DEFAULT_NOTICES, byDefault: chosen === null };
  };
  return {
    notices(filter = {}) {
      const { store } = use();
      if (filter.client !== undefined) store.clients.get(filter.client);
      const since = filter.since === undefined ? undefined : Date.parse(filter.since);
      if (since !== undefined && Number.isNaN(since)) {
        throw new AppError('bad-time', `"${filter.since}" is not a time. Write it as ${iso(store.now())}.`);
      }
      return store.notices
        .rows({
          ...(filter.client === undefined ? {} : { client: filter.client }),
          ...(filter.kind === undefined ? {} : { kind: kindOf(filter.kind) }),
          ...(since === undefined ? {} : { since }),
          ...(filter.limit === undefined ? {} : { limit: filter.limit }),
        })
        .map((row) => noticeView(store, row));
    },
    subscriptions: () => {
      const place = use();
      return place.store.clients.all().map((client) => subscription(place, client.name));
    },
    subscribeTo(client, kinds) {
      const place = use();
      place.store.notices.choose(place.store.clients.get(client).id, kinds === null ? null : kinds.map(kindOf));
      return subscription(place, client);
    },
  };
}

function kindOf(text: string): NoticeKind {
  const kind = NOTICE_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new AppError('bad-kind', `"${text}" is no kind of event. The kinds are ${NOTICE_KINDS.join(', ')}.`);
}
