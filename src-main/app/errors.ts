// Turns the errors of the layers below into AppError: one shape for scripts and the window.

import { JobError } from '../backup/jobs.ts';
import { Fault } from '../engine/ports.ts';
import { PassLockBusy } from '../infra/pass-lock.ts';
import { SecretsError } from '../infra/secrets.ts';
import { SettingsError } from '../infra/settings.ts';
import { StoreError } from '../store/errors.ts';
import { AppError } from './service.ts';

/** Codes that a Fault keeps under a clearer name outside of the engine. */
const FAULT_CODES: Readonly<Record<string, string>> = { network: 'unreachable', aborted: 'interrupted' };

export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Fault)
    return new AppError(FAULT_CODES[error.code] ?? error.code, error.message, { cause: error });
  if (error instanceof JobError) {
    return new AppError(error.code === 'failed' ? 'backup-failed' : error.code, error.message, { cause: error });
  }
  if (error instanceof StoreError) return new AppError(error.code, error.message, { cause: error });
  if (error instanceof PassLockBusy) return new AppError('busy', error.message, { cause: error });
  if (error instanceof SettingsError) return new AppError('bad-settings', error.message, { cause: error });
  if (error instanceof SecretsError) return new AppError('bad-secrets', error.message, { cause: error });
  if (error instanceof Error && error.name === 'AbortError') {
    return new AppError('interrupted', 'It was stopped before it had finished. Run it again to go on.', {
      cause: error,
    });
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new AppError('internal', `Something unexpected happened: ${detail}. The log file tells more.`, {
    cause: error,
  });
}

/** Wraps a service so that every method throws and rejects with AppError only. */
export function withAppErrors<T extends object>(service: T): T {
  const wrapped = new Map<unknown, unknown>();
  return new Proxy(service, {
    get(target, property, receiver) {
      const value: unknown = Reflect.get(target, property, receiver);
      if (typeof value !== 'function') return value;
      const known = wrapped.get(value);
      if (known !== undefined) return known;
      const method = (...parameters: unknown[]): unknown => {
        try {
          const result: unknown = value.apply(target, parameters);
          return result instanceof Promise
            ? result.catch((error: unknown) => {
                throw asAppError(error);
              })
            : result;
        } catch (error) {
          throw asAppError(error);
        }
      };
      wrapped.set(value, method);
      return method;
    },
  });
}
