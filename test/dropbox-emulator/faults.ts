// Faults that are switched on from outside: what the network and the service do on a bad day. Settings come from the
// control endpoint; http.ts asks before and after each request whether a fault is due.

import {
  choice,
  flag,
  integer,
  list,
  nullable,
  optional,
  size,
  struct,
  text,
  type Read,
  type Shape,
} from './arguments.ts';

/** How often: the next N matching requests, or every Nth; for all endpoints or the named ones. */
const whenFields = {
  next: nullable(size),
  every: nullable(integer(1, 1_000_000)),
  endpoints: nullable(list(text())),
} as const;

const throttle = struct({
  ...whenFields,
  /** Seconds. */
  retryAfter: optional(size, 1),
  plainText: optional(flag, false),
  reason: optional(choice('too_many_requests', 'too_many_write_operations'), 'too_many_requests' as const),
});

export const faultSettings = struct({
  /** Before each answer. */
  latencyMs: optional(size, 0),
  /** Of bodies up and down; 0 is no limit. */
  bandwidthBytesPerSecond: optional(size, 0),
  rate429: nullable(throttle),
  /** More requests than this in one second are refused (429). Long polls do not count. */
  rateLimit: nullable(struct({ perSecond: integer(1, 1_000_000), retryAfter: optional(size, 1) })),
  status5xx: nullable(struct({ ...whenFields, status: optional(integer(500, 599), 503) })),
  /** The connection is cut in the middle of an answered or (direction up) a sent body. */
  cutBody: nullable(
    struct({
      ...whenFields,
      afterBytes: optional(size, 0),
      direction: optional(choice('down', 'up'), 'down' as const),
    }),
  ),
  /** The request is carried out, then the connection is dropped without an answer. */
  loseAnswer: nullable(struct(whenFields)),
  /** The connection is dropped before the request is looked at. */
  refuse: nullable(struct(whenFields)),
  /** An upload with a content hash is told that its bytes arrived damaged. */
  hashMismatch: nullable(struct(whenFields)),
  /** One byte of a downloaded body is changed. */
  corruptBody: nullable(struct(whenFields)),
  /** Entries of finish_batch, delete_batch, move_batch … that fail with too_many_write_operations. */
  failEntries: nullable(struct(whenFields)),
  /** A write that comes while another one is under way is refused (one write at a time in a namespace). */
  writeLock: optional(flag, false),
  /** Makes all cursors that were handed out so far invalid, once. */
  cursorReset: optional(flag, false),
  reorderPages: optional(flag, false),
  everyDeletion: optional(flag, false),
  pageSize: nullable(integer(1, 2000)),
  /** How many polls of a job answer `in_progress`. */
  jobPolls: nullable(size),
  /** All batches answer with a job id. */
  forceAsync: optional(flag, false),
  /** `shared_link_already_exists` comes without the link's metadata. */
  bareLinkConflict: optional(flag, false),
  keepRevOnMove: optional(flag, false),
  /** Longest wait of a longpoll, whatever was asked. */
  longpollMs: nullable(size),
  /** Seconds that longpoll asks to back off. */
  longpollBackoff: nullable(size),
  /** The authorize page agrees at once. */
  autoApprove: optional(flag, false),
  autoDeny: optional(flag, false),
  /** Lifetime of access tokens that are issued from now on. */
  accessTokenSeconds: optional(size, 14_400),
});

export type FaultSettings = Read<typeof faultSettings>;
type When = Read<Shape<{ next: number | null; every: number | null; endpoints: readonly string[] | null }>>;

/** Names of the faults that strike some requests and not others. */
export type OccasionalFault = {
  [K in keyof FaultSettings]: FaultSettings[K] extends When | null ? K : never;
}[keyof FaultSettings];

const NO_FAULTS: FaultSettings = faultSettings.read({}, '');

export class Faults {
  #settings: FaultSettings = NO_FAULTS;
  readonly #seen = new Map<string, number>();
  /** Requests in the present second. */
  #second = { start: 0, requests: 0 };

  get settings(): FaultSettings {
    return this.#settings;
  }

  /** Changes the named faults, keeps the others. A fault that is set anew counts from the start. */
  set(change: Readonly<Record<string, unknown>>): FaultSettings {
    const read = faultSettings.read(change, '');
    const changed = Object.fromEntries(Object.keys(change).map((name) => [name, read[name as keyof FaultSettings]]));
    for (const name of Object.keys(change)) this.#seen.delete(name);
    this.#settings = { ...this.#settings, ...changed };
    return this.#settings;
  }

  clear(): void {
    this.#settings = NO_FAULTS;
    this.#seen.clear();
  }

  /** Counts a request; answers how many seconds its sender shall wait where it is one too many, else null. */
  overRate(endpoint: string, now: number): number | null {
    const { rateLimit } = this.#settings;
    if (rateLimit === null || endpoint === 'files/list_folder/longpoll') return null;
    if (now - this.#second.start >= 1000) this.#second = { start: now, requests: 0 };
    return ++this.#second.requests > rateLimit.perSecond ? rateLimit.retryAfter : null;
  }

  /** The fault's settings where it strikes this request, else null. Counts the request. */
  due<K extends OccasionalFault>(name: K, endpoint: string): NonNullable<FaultSettings[K]> | null {
    const fault = this.#settings[name];
    if (fault === null || !matches(fault, endpoint)) return null;
    const count = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, count);
    const strikes =
      (fault.next !== null && count <= fault.next) ||
      (fault.every !== null && count % fault.every === 0) ||
      (fault.next === null && fault.every === null);
    return strikes ? (fault as NonNullable<FaultSettings[K]>) : null;
  }
}

function matches(fault: When, endpoint: string): boolean {
  return fault.endpoints === null || fault.endpoints.includes(endpoint);
}
