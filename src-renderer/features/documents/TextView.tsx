import { useEffect, useState } from 'react';
import { sentence } from '../../bridge/bridge.ts';
import { Loading } from '../../ui/Loading.tsx';
import { t } from '../../ui/words.ts';
import styles from './TextView.module.css';

/** Bytes that are shown. */
const LIMIT = 200_000;

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

async function readText(address: string, signal: AbortSignal): Promise<{ text: string; cut: boolean }> {
  const response = await fetch(address, { signal });
  if (response.status !== 200 || response.body === null) throw new Error(response.statusText);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (length < LIMIT) continue;
    await reader.cancel();
    break;
  }
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  return { text: decoded(bytes.subarray(0, LIMIT)), cut: length >= LIMIT };
}

/** UTF-8, or the old encoding of Windows where it is not. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
