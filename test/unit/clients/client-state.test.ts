// The whole table of a client's life: every condition, every signal, with and without an open reset.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isReachable,
  nextCondition,
  reasonSentence,
  runsByItself,
  type ClientCondition,
  type ClientSignal,
} from '../../../src-shared/client-state.ts';

const SIGNALS = [
  'logged-in',
  'paused',
  'resumed',
  'reset-started',
  'reset-ended',
  'answered',
  'pass-succeeded',
  'login-revoked',
  'permission-missing',
  'no-network',
  'account-full',
  'root-gone',
] as const satisfies readonly ClientSignal[];

/** One row a condition; columns as SIGNALS. `–` stays, `work` is connected or, while a reset is open, resetting. */
const TABLE = `
                       | logged-in | paused | resumed | reset-started | reset-ended | answered | pass-succeeded | login-revoked | permission-missing | no-network | account-full | root-gone
draft                  | work      | –      | –       | –             | –           | –        | –              | –             | –                  | –          | –            | –
connected              | work      | paused | work    | resetting     | paused      | –        | work           | login-revoked | permission-missing | no-network | account-full | root-gone
paused                 | work      | –      | work    | resetting     | –           | –        | –              | –             | –                  | –          | –            | –
resetting              | work      | paused | –       | –             | paused      | –        | work           | login-revoked | permission-missing | –          | –            | root-gone
login-revoked          | work      | paused | work    | resetting     | paused      | work     | work           | –             | permission-missing | –          | account-full | root-gone
permission-missing     | work      | paused | work    | resetting     | paused      | –        | work           | login-revoked | –                  | –          | account-full | root-gone
no-network             | work      | paused | work    | resetting     | paused      | work     | work           | login-revoked | permission-missing | –          | account-full | root-gone
account-full           | work      | paused | work    | resetting     | paused      | –        | work           | login-revoked | permission-missing | no-network | –            | root-gone
root-gone              | work      | paused | work    | resetting     | paused      | –        | work           | login-revoked | permission-missing | –          | account-full | –
`;

function condition(word: string): ClientCondition {
  switch (word) {
    case 'draft':
    case 'connected':
    case 'resetting':
      return { state: word, reason: null };
    case 'paused':
      return { state: 'paused', reason: 'paused-by-person' };
    default:
      return { state: 'disconnected', reason: word as ClientCondition['reason'] };
  }
}

const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());
const [head = '', ...rows] = TABLE.trim().split('\n');
const cases = rows.flatMap((row) => {
  const [from = '', ...to] = cells(row);
  return to.map((word, index) => [from, SIGNALS[index] as ClientSignal, word] as const);
});

test('the table has every signal', () => {
  expect(cells(`|${head}`.replace('||', '|')).slice(1)).toEqual(SIGNALS);
  expect(cases).toHaveLength(9 * SIGNALS.length);
});

describe('what becomes of a client', () => {
  test.each(cases)('%s, when %s: %s', (from, signal, to) => {
    for (const resetOpen of [false, true]) {
      const word = to === '–' ? from : to === 'work' ? (resetOpen ? 'resetting' : 'connected') : to;
      expect(nextCondition(condition(from), signal, resetOpen)).toEqual(condition(word));
    }
  });

  test('the same thing twice changes nothing the second time, whatever came before', () => {
    const history = fc.array(fc.tuple(fc.constantFrom(...SIGNALS), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(history, fc.constantFrom(...SIGNALS), fc.boolean(), (earlier, signal, resetOpen) => {
        const now = earlier.reduce<ClientCondition>((at, [one, open]) => nextCondition(at, one, open), {
          state: 'draft',
          reason: null,
        });
        const once = nextCondition(now, signal, resetOpen);
        expect(nextCondition(once, signal, resetOpen)).toEqual(once);
        // A reason belongs to the states that need one, and to no other.
        expect(once.reason !== null).toBe(once.state === 'paused' || once.state === 'disconnected');
      }),
    );
  });
});

test('a disconnected client tries again by itself; a paused one and a draft wait for a person', () => {
  const runs = (['draft', 'connected', 'paused', 'disconnected', 'resetting'] as const).filter(runsByItself);
  expect(runs).toEqual(['connected', 'disconnected', 'resetting']);
});

test('a full account still tells and gives', () => {
  expect(isReachable({ state: 'disconnected', reason: 'account-full' })).toBe(true);
  expect(isReachable({ state: 'disconnected', reason: 'no-network' })).toBe(false);
  expect(isReachable({ state: 'paused', reason: 'paused-by-person' })).toBe(false);
});

test('every reason says what to do', () => {
  expect(reasonSentence(null)).toBeNull();
  const reasons = cases.flatMap(([word]) => condition(word).reason ?? []);
  for (const reason of reasons) expect(reasonSentence(reason)).toMatch(/\.$/);
});
