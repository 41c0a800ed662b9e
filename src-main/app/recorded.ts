// What people do, in the log: each method of the service that changes something for good leaves a line with the person's
// name, what was done and how long it took; what passes do is logged by the engine. Wrapped around the service by
// docktide.ts, so that window and command line leave the same lines. No line ever holds a value that may be secret.

import { askedByPerson } from '../infra/person.ts';
import { asAppError } from './errors.ts';
import { BY_ITSELF, TELLERS, TOLD_FAILURES, type Line } from './recorded-lines.ts';
import type { RelPath } from '../../src-shared/domain.ts';
import type { Workplace } from './docktide.ts';

type Method = (...parameters: readonly unknown[]) => unknown;
type Teller = (result: unknown, ...parameters: readonly unknown[]) => Line | readonly Line[] | null;

/** `find` answers null where there is no store to write to. */
export function withRecords<T extends object>(service: T, find: () => Workplace | null): T {
  const methods = Object.entries(service).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'function' || BY_ITSELF.has(name)) return [name, value] as const;
    const method = value as Method;
    const recorded: Method = (...parameters) =>
      askedByPerson(() => run(name, () => method.apply(service, [...parameters]), parameters, find));
    return [name, recorded] as const;
  });
  // The same methods under the same names.
  return Object.fromEntries(methods) as T;
}

function run(name: string, work: () => unknown, parameters: readonly unknown[], find: () => Workplace | null): unknown {
  const started = performance.now();
  const tell = (TELLERS as Readonly<Record<string, unknown>>)[name] as Teller | undefined;
  const done = (result: unknown): unknown => {
    const told = tell?.(result, ...parameters) ?? null;
    if (told !== null) write(find(), 'kind' in told ? [told] : told, started);
    return result;
  };
  const failed = (error: unknown): never => {
    const kind = TOLD_FAILURES.get(name);
    const { code, message } = asAppError(error);
    if (kind !== undefined && code !== 'interrupted') {
      write(find(), [{ kind, level: 'error', result: 'failed', reason: message }], started);
    }
    throw error;
  };
  try {
    const result = work();
    return result instanceof Promise ? result.then(done, failed) : done(result);
  } catch (error) {
    return failed(error);
  }
}

function write(place: Workplace | null, lines: readonly Line[], started: number): void {
  if (place === null || lines.length === 0) return;
  const { store } = place;
  const duration = Math.round(performance.now() - started);
  store.sync.batch(() => {
    for (const line of lines) {
      store.log.add({
        level: line.level ?? 'info',
        clientId: null,
        client: line.client ?? null,
        direction: null,
        kind: line.kind,
        path: (line.path ?? null) as RelPath | null,
        ...(line.record === undefined ? {} : { record: line.record }),
        bytes: line.bytes ?? null,
        duration,
        result: line.result ?? 'done',
        reason: line.reason,
      });
    }
  });
  place.logFeed.flush();
}
