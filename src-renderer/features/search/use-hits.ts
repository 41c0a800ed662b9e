// Hits for what is being typed: asked for after a short pause, and an answer that came too late is dropped.

import { useEffect, useState } from 'react';
import type { Hit } from '../../../src-shared/ipc/search.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';

const WAIT_MS = 60;

interface Answer {
  /** What was asked. */
  readonly text: string;
  readonly hits: readonly Hit[];
}

/** Null until the first answer, and for an empty text. */
export function useHits(text: string): readonly Hit[] | null {
  return useAnswer(text)?.hits ?? null;
}

/** The same with the text that it is the answer to. */
export function useAnswer(text: string): Answer | null {
  const [found, setFound] = useState<Answer | null>(null);
  const asked = text.trim();
  useEffect(() => {
    if (asked === '') return;
    let current = true;
    const timer = setTimeout(() => {
      call('search', { text: asked })
        .then((hits) => current && setFound({ text: asked, hits }))
        .catch((error: unknown) => warn(t('search.label'), sentence(error)));
    }, WAIT_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [asked]);
  // While the next answer is on its way the last one stays.
  return asked === '' ? null : found;
}
