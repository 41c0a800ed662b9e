// The lines of the log that match a filter, newest first: page after page as far as somebody reads, and new ones as they
// come, unless they are held back because somebody reads further down.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogFilter, LogLine } from '../../../src-shared/ipc/log.ts';
import { call, onPush, sentence } from '../../bridge/bridge.ts';

/** Milliseconds in which new lines are collected. */
const REST = 250;
/** Lines that are read before somebody scrolls to them: as many as an answer holds at the most. */
const PAGE = 500;

export interface LogState {
  readonly rows: readonly LogLine[];
  /** Lines of the whole log; null before the first answer. */
  readonly lines: number | null;
  /** There are older ones that may match. */
  readonly hasMore: boolean;
  /** Older ones are being looked through for those that match. */
  readonly searching: boolean;
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
  readonly searching: boolean;
}

const NOTHING: Known = { turn: null, rows: [], before: null, lines: null, error: null, searching: false };

interface Reading extends Turn {
  rows: readonly LogLine[];
  /** The newest line of the log that was looked at. */
  upTo: number;
  busy: boolean;
  held: boolean;
}

/** `filter` must be the same object until it is another filter. */
export function useLogLines(filter: LogFilter): LogState {
  const [known, setKnown] = useState(NOTHING);
  const [waitingFor, setWaitingFor] = useState<Turn | null>(null);
  const [round, setRound] = useState(0);
  const turn = useRef<Reading | null>(null);
  const reload = useCallback(() => setRound((before) => before + 1), []);

  /** A page of lines that match, shown as they are found. `from`: the line before which it begins; null: the newest. */
  const read = useCallback(async (mine: Reading, from: number | null): Promise<void> => {
    const set = (part: Partial<Known>): void => setKnown((now) => ({ ...now, ...part, turn: mine }));
    mine.busy = true;
    try {
      let [before, missing] = [from, PAGE];
      do {
        const answer = await call('log.list', { ...mine.filter, ...(before === null ? {} : { before }) });
        if (turn.current !== mine) return;
        if (before === null) mine.upTo = answer.upTo;
        mine.rows = [...mine.rows, ...answer.rows];
        before = answer.before;
        missing -= answer.rows.length;
        set({ rows: mine.rows, before, lines: answer.lines, error: null, searching: before !== null && missing > 0 });
      } while (before !== null && missing > 0);
    } catch (error) {
      if (turn.current === mine) set({ ...NOTHING, error: sentence(error) });
    } finally {
      mine.busy = false;
    }
  }, []);

  useEffect(() => {
    const mine: Reading = { filter, round, rows: [], upTo: 0, busy: false, held: turn.current?.held ?? false };
    turn.current = mine;
    void read(mine, null);

    let timer: ReturnType<typeof setTimeout> | undefined;
    const newer = async (): Promise<void> => {
      timer = undefined;
      if (mine.held) return setWaitingFor(mine);
      if (mine.busy) return later();
      mine.busy = true;
      try {
        const { rows, before, upTo, lines } = await call('log.list', { ...filter, after: mine.upTo });
        if (turn.current !== mine) return;
        // More than a page has come: the list begins anew.
        if (before !== null) return reload();
        mine.upTo = upTo;
        mine.rows = [...rows, ...mine.rows];
        setKnown((now) => ({ ...now, rows: mine.rows, lines }));
      } catch {
        // The next line tries again.
      } finally {
        mine.busy = false;
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
  }, [filter, round, read, reload]);

  const more = useCallback(() => {
    const mine = turn.current;
    if (mine === null || mine.busy || known.before === null) return;
    void read(mine, known.before);
  }, [known, read]);
  const waiting = isOf(waitingFor, filter, round);
  const hold = useCallback(
    (on: boolean) => {
      if (turn.current === null || turn.current.held === on) return;
      turn.current.held = on;
      if (!on && waiting) reload();
    },
    [reload, waiting],
  );
  const { rows, lines, error, before, searching } = known;
  const loading = !isOf(known.turn, filter, round);
  return { rows, lines, hasMore: before !== null, searching, loading, error, waiting, more, reload, hold };
}

function isOf(turn: Turn | null, filter: LogFilter, round: number): boolean {
  return turn !== null && turn.filter === filter && turn.round === round;
}
