// Hits for what is being typed: each letter asks anew, and an answer that came too late is dropped.

import { useEffect, useState } from 'react';
import type { Hit } from '../../../src-shared/ipc/search.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { createQuestions } from '../../bridge/questions.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';

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
  const [questions] = useState(() =>
    createQuestions(
      (asked: string) => call('search', { text: asked }),
      (hits, asked) => setFound({ text: asked, hits }),
      (error) => warn(t('search.label'), sentence(error)),
    ),
  );
  const asked = text.trim();
  useEffect(() => {
    if (asked === '') questions.forget();
    else questions.ask(asked);
  }, [asked, questions]);
  useEffect(() => () => questions.forget(), [questions]);
  // While the next answer is on its way the last one stays.
  return asked === '' ? null : found;
}
