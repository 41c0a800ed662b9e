// What people do, in the log: each method of the service that changes something for good leaves a line with the person's
// name, what was done and how long it took; what passes do is logged by the engine. Wrapped around the service by
// docktide.ts, so that window and command line leave the same lines. No line ever holds a value that may be secret.

import { personHere } from '../infra/person.ts';
import { asAppError } from './errors.ts';
import { TELLERS, TOLD_FAILURES, type Line, type Recorded } from './recorded-lines.ts';
import type { RelPath } from '../../src-shared/domain.ts';
import type { Workplace } from './docktide.ts';

type Method = (...parameters: readonly unknown[]) => unknown;
type Teller = (result: unknown, ...parameters: readonly unknown[]) => Line | readonly Line[] | null;

/** `find` answers null where there is no store to write to. */
export function withRecords<T extends Recorded>(service: T, find: () => Workplace | null): T {
  const write = (lines: readonly Line[], started: number): void => {
    const place = find();
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
          actor: personHere(),
        });
      }
    });
    place.logFeed.flush();
  };
  const wrapped = Object.entries(TELLERS).map(([name, teller]) => {
    const method = (service as Readonly<Record<string, unknown>>)[name] as Method;
    const tell = teller as unknown as Teller;
    return [
      name,
      (...parameters: readonly unknown[]): unknown => {
        const started = performance.now();
        const done = (result: unknown): unknown => {
          const told = tell(result, ...parameters);
          if (told !== null) write('kind' in told ? [told] : told, started);
          return result;
        };
        const failed = (error: unknown): never => {
          const kind = TOLD_FAILURES.get(name);
          const { code, message } = asAppError(error);
          if (kind !== undefined && code !== 'interrupted') {
            write([{ kind, level: 'error', result: 'failed', reason: message }], started);
          }
          throw error;
        };
        try {
          const result = method.apply(service, [...parameters]);
          return result instanceof Promise ? result.then(done, failed) : done(result);
        } catch (error) {
          return failed(error);
        }
      },
    ] as const;
  });
  return { ...service, ...Object.fromEntries(wrapped) };
}
