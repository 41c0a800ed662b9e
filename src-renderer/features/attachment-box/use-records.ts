// Records by what is typed, asked for after a moment of rest.

import { useEffect, useState } from 'react';
import type { BoxRecord } from '../../../src-shared/ipc/box.ts';
import { call, sentence } from '../../bridge/bridge.ts';

export interface Found {
  readonly records: readonly BoxRecord[];
  readonly total: number;
  readonly error: string | null;
}

/** Milliseconds of rest before records are looked for. */
const REST = 80;

/** Null while the first answer is on its way. `again` asks once more when it is another number. */
export function useRecords(type: string | null, text: string, again = 0): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      call('box.records', { type, text }).then(
        ({ records, total }) => !gone && setFound({ records, total, error: null }),
        (problem: unknown) => !gone && setFound({ records: [], total: 0, error: sentence(problem) }),
      );
    }, REST);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [type, text, again]);
  return found;
}
