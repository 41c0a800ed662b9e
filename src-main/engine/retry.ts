// What a fault means for a task (SYNC.md §5): dropped as stale, tried again later, or failed until a person acts.
// Pure: fault, attempts so far, time and chance in; the task's next state out.

import type { ClientSignal } from '../../src-shared/client-state.ts';
import type { Fault, FaultCode, TaskRow, TaskUpdate } from './ports.ts';

export const MAX_ATTEMPTS = 8;
const FIRST_DELAY = 15_000;
const LONGEST_DELAY = 60 * 60_000;
const DAILY = 24 * 60 * 60_000;
const FULL_ACCOUNT_DELAY = 15 * 60_000;

/** The world is not as the plan expected; the next plan knows better. Not an error. */
const STALE: ReadonlySet<FaultCode> = new Set([
  'conflict',
  'not-found',
  'gone',
  'place-taken',
  'changed',
  'not-empty',
  'aborted',
]);
/** Worth another try although the same request would fail again at once. */
const WORTH_RETRYING: ReadonlySet<FaultCode> = new Set([
  'rate-limited',
  'busy',
  'network',
  'server',
  'hash-mismatch',
  'disk-full',
  'unreadable',
  'read-only',
]);
/** Nothing else of this pass can succeed either. */
const ENDS_PASS: ReadonlySet<FaultCode> = new Set([
  'login-lost',
  'scope-missing',
  'root-gone',
  'cursor-reset',
  'documents-missing',
  'marker-missing',
]);

export function isStale(code: FaultCode): boolean {
  return STALE.has(code);
}

export function endsPass(code: FaultCode): boolean {
  return ENDS_PASS.has(code);
}

/** What a fault that ended a pass says about its client; null where it says nothing. */
export function signalOf(code: FaultCode): ClientSignal | null {
  switch (code) {
    case 'login-lost':
      return 'login-revoked';
    case 'scope-missing':
      return 'permission-missing';
    case 'root-gone':
      return 'root-gone';
    case 'network':
      return 'no-network';
    default:
      return null;
  }
}

/** `now` in milliseconds since the epoch; `random` in [0, 1). */
export function afterFault(fault: Fault, attemptsBefore: number, now: number, random: number): TaskUpdate {
  if (isStale(fault.code)) return { state: 'stale', error: null, errorCode: fault.code, nextAttempt: null };
  const attempts = attemptsBefore + 1;
  const error = fault.message;
  const errorCode = fault.code;
  if (fault.code === 'no-space') {
    return { state: 'retry', attempts: attemptsBefore, nextAttempt: now + FULL_ACCOUNT_DELAY, error, errorCode };
  }
  if (!fault.retryable && !WORTH_RETRYING.has(fault.code)) {
    return { state: 'failed', attempts, nextAttempt: now + DAILY, error, errorCode };
  }
  if (attempts >= MAX_ATTEMPTS) return { state: 'failed', attempts, nextAttempt: now + DAILY, error, errorCode };
  return { state: 'retry', attempts, nextAttempt: now + delay(attempts, fault.retryAfter, random), error, errorCode };
}

/**
 * Milliseconds until a task may be tried again, 0 where it may now; `now` since the epoch. A time further ahead than any
 * that is ever set was set by a clock that has been put back since: it is no reason to wait.
 */
export function untilDue({ state, nextAttempt }: Pick<TaskRow, 'state' | 'nextAttempt'>, now: number): number {
  const ahead = (nextAttempt ?? now) - now;
  return ahead > (state === 'failed' ? DAILY : LONGEST_DELAY) ? 0 : Math.max(0, ahead);
}

/** Exponential with full jitter on the upper half; not earlier than the server asked for (seconds), an hour at most. */
function delay(attempts: number, retryAfter: number | null, random: number): number {
  const longest = Math.min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY);
  const own = longest / 2 + (longest / 2) * random;
  return Math.round(Math.min(LONGEST_DELAY, Math.max(own, (retryAfter ?? 0) * 1000)));
}
