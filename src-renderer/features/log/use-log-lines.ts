// The lines of the log that match a filter, newest first: page after page as far as somebody reads, and new ones as they
// come, unless they are held back because somebody reads further down.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogFilter, LogLine } from '../../../src-shared/ipc/log.ts';
import { call, onPush, sentence } from '../../bridge/bridge.ts';

/** Milliseconds in which new lines are collected. */
const REST = 250;

export interface LogState {
  readonly rows: readonly LogLine[];
  /** Lines of the whole log; null before the first answer. */
  readonly lines: number | null;
  /** There are older ones that match. */
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly error: string | null;
  /** New lines are there and held back. */
  readonly waiting: boolean;
  readonly more: () => void;
  readonly reload: () => void;
  /** New lines are held back while this is true. */
  readonly hold: (on: boolean) => void;
}

/** One reading of the log: answers to an earlier one are dropped. */
interface Turn {
  readonly filter: LogFilter;
  readonly round: number;
}

interface Known {
  readonly turn: Turn | null;
  readonly rows: readonly LogLine[];
  readonly before: number | null;
  readonly lines: number | null;
  readonly error: string | null;
}

const NOTHING: Known = { turn: null, rows: [], before: null, lines: null, error: null };

/** `filter` must be the same object until it is another filter. */
export function useLogLines(filter: LogFilter): LogState {
  const [known, setKnown] = useState(NOTHING);
  const [waitingFor, setWaitingFor] = useState<Turn | null>(null);
  const [round, setRound] = useState(0);
  const turn = useRef<(Turn & { rows: readonly LogLine[]; busy: boolean; held: boolean }) | null>(null);

  useEffect(() => {
    const mine = { filter, round, rows: [] as readonly LogLine[], busy: true, held: turn.current?.held ?? false };
    turn.current = mine;
    const set = (part: Partial<Known>): void => {
      if (turn.current !== mine) return;
      mine.rows = part.rows ?? mine.rows;
      setKnown((now) => ({ ...now, ...part, turn: mine }));
    };
    call('log.list', filter)
      .then(
        ({ rows, before, lines }) => set({ rows, before, lines, error: null }),
        (error: unknown) => set({ ...NOTHING, error: sentence(error) }),
      )
      .finally(() => (mine.busy = false));

    let timer: ReturnType<typeof setTimeout> | undefined;
    const newer = async (): Promise<void> => {
      timer = undefined;
      if (mine.held) return setWaitingFor(mine);
      if (mine.busy) return later();
      const newest = mine.rows[0]?.id ?? 0;
      try {
        const answer = await call('log.list', { ...filter, after: newest });
        if (turn.current !== mine) return;
        // More than a page has come: the list begins anew.
        if (answer.before !== null) set({ rows: answer.rows, before: answer.before, lines: answer.lines });
        else set({ rows: [...answer.rows, ...mine.rows], lines: answer.lines });
      } catch {
        // The next line tries again.
      }
    };
    const later = (): void => {
      timer ??= setTimeout(() => void newer(), REST);
    };
    const end = onPush((push) => push.kind === 'log' && later());
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [filter, round]);

  const more = useCallback(() => {
    const mine = turn.current;
    const { before } = known;
    if (mine === null || mine.busy || before === null) return;
    mine.busy = true;
    call('log.list', { ...mine.filter, before })
      .then(
        (answer) => {
          if (turn.current !== mine) return;
          mine.rows = [...mine.rows, ...answer.rows];
          setKnown((now) => ({ ...now, rows: mine.rows, before: answer.before }));
        },
        (error: unknown) => turn.current === mine && setKnown((now) => ({ ...now, error: sentence(error) })),
      )
      .finally(() => (mine.busy = false));
  }, [known]);
  const waiting = isOf(waitingFor, filter, round);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const hold = useCallback(
    (on: boolean) => {
      if (turn.current === null || turn.current.held === on) return;
      turn.current.held = on;
      if (!on && waiting) reload();
    },
    [reload, waiting],
  );
  const { rows, lines, error, before } = known;
  const loading = !isOf(known.turn, filter, round);
  return { rows, lines, hasMore: before !== null, loading, error, waiting, more, reload, hold };
}

function isOf(turn: Turn | null, filter: LogFilter, round: number): boolean {
  return turn !== null && turn.filter === filter && turn.round === round;
}
