import { useEffect, useState } from 'react';
import { sentence } from '../../bridge/bridge.ts';
import { Loading } from '../../ui/Loading.tsx';
import { t } from '../../ui/words.ts';
import { readText } from './read-text.ts';
import styles from './TextView.module.css';

interface State {
  readonly text: string;
  readonly cut: boolean;
  readonly error: string | null;
}

/** The beginning of a text, as it is written. */
export function TextView({ address, name }: { address: string; name: string }) {
  const [state, setState] = useState<State | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    readText(address, stop.signal).then(
      (read) => setState({ ...read, error: null }),
      (error: unknown) => stop.signal.aborted || setState({ text: '', cut: false, error: sentence(error) }),
    );
    return () => stop.abort();
  }, [address]);
  if (state === null) return <Loading />;
  if (state.error !== null) return <p className={styles.note}>{t('documents.notShown')}</p>;
  return (
    // A text that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroller} tabIndex={0} role="region" aria-label={name}>
      <pre className={`${styles.text} selectable`} dir="auto">
        {state.text}
      </pre>
      {state.cut && <p className={styles.note}>{t('documents.textCut')}</p>}
    </div>
  );
}
