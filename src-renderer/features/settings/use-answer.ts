// The answer of a call that a part of the settings shows, and asking again after a change.

import { useCallback, useEffect, useState } from 'react';
import { sentence } from '../../bridge/bridge.ts';

export interface Answer<T> {
  readonly value: T | null;
  readonly error: string | null;
  readonly reload: () => void;
}

/** `ask` must be the same function at each drawing. */
export function useAnswer<T>(ask: () => Promise<T>): Answer<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let gone = false;
    ask().then(
      (answer) => {
        if (gone) return;
        setValue(answer);
        setError(null);
      },
      (problem: unknown) => !gone && setError(sentence(problem)),
    );
    return () => {
      gone = true;
    };
  }, [ask, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { value, error, reload };
}
