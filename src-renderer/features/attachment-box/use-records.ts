// Records by what is typed: each letter asks anew, and an answer that came too late is dropped.

import { useEffect, useState } from 'react';
import type { BoxRecord } from '../../../src-shared/ipc/box.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { createQuestions } from '../../bridge/questions.ts';

export interface Found {
  readonly records: readonly BoxRecord[];
  readonly total: number;
  readonly error: string | null;
  /** What was asked. */
  readonly text: string;
  readonly type: string | null;
  /** It is the answer to what is asked now; else the last one, while the next is on its way. */
  readonly isAnswer: boolean;
}

/** Null while the first answer is on its way. `again` asks once more when it is another number. */
export function useRecords(type: string | null, text: string, again = 0): Found | null {
  const [found, setFound] = useState<Omit<Found, 'isAnswer'> | null>(null);
  const [questions] = useState(() =>
    createQuestions(
      (asked: { readonly type: string | null; readonly text: string }) => call('box.records', asked),
      ({ records, total }, asked) => setFound({ records, total, error: null, ...asked }),
      (problem) => setFound({ records: [], total: 0, error: sentence(problem), text: '', type: null }),
    ),
  );
  useEffect(() => questions.ask({ type, text }), [type, text, again, questions]);
  useEffect(() => () => questions.forget(), [questions]);
  return found === null ? null : { ...found, isAnswer: found.text === text && found.type === type };
}
