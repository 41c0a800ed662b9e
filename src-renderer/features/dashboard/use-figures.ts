// The dashboard's figures while it is shown: read at once, and again a moment after something has changed.

import { useCallback, useEffect, useState } from 'react';
import type { Figures } from '../../../src-shared/ipc/dashboard.ts';
import { call, onPush, sentence } from '../../bridge/bridge.ts';

/** Milliseconds between a change and the next look: a pass changes many things at once. */
const PAUSE = 1_500;

export interface FiguresState {
  readonly figures: Figures | null;
  readonly error: string | null;
  readonly reload: () => void;
}

export function useFigures(): FiguresState {
  const [figures, setFigures] = useState<Figures | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = useCallback(() => {
    call('dashboard.figures', {}).then(
      (answer) => {
        setFigures(answer);
        setError(null);
      },
      (problem: unknown) => setError(sentence(problem)),
    );
  }, []);
  useEffect(() => {
    load();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = onPush((push) => {
      if (push.kind !== 'app' && push.kind !== 'job') return;
      timer ??= setTimeout(() => {
        timer = undefined;
        load();
      }, PAUSE);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [load]);
  return { figures, error, reload: load };
}
