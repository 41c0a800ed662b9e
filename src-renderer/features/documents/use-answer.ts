// The answer of a call that belongs to what is shown: asked again when `key` changes, and a late answer is dropped.

import { useCallback, useEffect, useState } from 'react';
import { sentence } from '../../bridge/bridge.ts';

interface Asked<T> {
  readonly key: string;
  readonly value: T | null;
  readonly error: string | null;
}

export interface AnswerState<T> {
  /** The last one while the next is on its way. */
  readonly value: T | null;
  readonly error: string | null;
  readonly again: () => void;
}

export function useAnswer<T>(key: string, ask: () => Promise<T>): AnswerState<T> {
  const [state, setState] = useState<Asked<T> | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    ask().then(
      (value) => current && setState({ key, value, error: null }),
      (error: unknown) => current && setState({ key, value: null, error: sentence(error) }),
    );
    return () => {
      current = false;
    };
    // `ask` is made anew at each drawing; `key` says what it asks.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key, round]);
  const again = useCallback(() => setRound((now) => now + 1), []);
  return { value: state?.value ?? null, error: state?.key === key ? state.error : null, again };
}
