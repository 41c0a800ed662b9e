// Two texts side by side, line by line: what differs is marked, long equal parts are folded.

import { Button } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { sentence } from '../../bridge/bridge.ts';
import { Loading } from '../../ui/Loading.tsx';
import { counted, t } from '../../ui/words.ts';
import { readText } from '../documents/read-text.ts';
import { changedRows, difference, shortened, type Part, type Row, type Side } from './text-difference.ts';
import styles from './TextDifference.module.css';

/** Equal lines that are shown around a change. */
const CONTEXT = 3;
/** Lines that are drawn at most. */
const MOST_ROWS = 2_000;

interface Texts {
  readonly rows: readonly Row[];
  readonly cut: boolean;
}

interface TextDifferenceProps {
  /** Addresses of both previews. */
  readonly here: string;
  readonly dropbox: string;
}

export function TextDifference({ here, dropbox }: TextDifferenceProps) {
  const [state, setState] = useState<Texts | { readonly error: string } | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    Promise.all([readText(here, stop.signal), readText(dropbox, stop.signal)]).then(
      ([a, b]) => setState({ rows: difference(a.text, b.text), cut: a.cut || b.cut }),
      (error: unknown) => stop.signal.aborted || setState({ error: sentence(error) }),
    );
    return () => stop.abort();
  }, [here, dropbox]);
  if (state === null) return <Loading />;
  if ('error' in state) return <p className={styles.note}>{t('documents.notShown')}</p>;
  return <Lines rows={state.rows} cut={state.cut} />;
}

function Lines({ rows, cut }: Texts) {
  const parts = useMemo(() => shortened(rows.slice(0, MOST_ROWS), CONTEXT), [rows]);
  const count = changedRows(rows);
  return (
    <>
      <p role="status" className={styles.note}>
        {count === 0 ? t('conflicts.noDifferences') : counted('conflicts.differences', count)}
        {(cut || rows.length > MOST_ROWS) && ` · ${t('conflicts.textCut')}`}
      </p>
      {/* A text that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.scroller} tabIndex={0} role="region" aria-label={t('conflicts.texts')}>
        <table className={`${styles.table} selectable`}>
          <colgroup>
            <col className={styles.numberColumn} />
            <col />
            <col className={styles.numberColumn} />
            <col />
          </colgroup>
          <thead className="visually-hidden">
            <tr>
              <th scope="col" colSpan={2}>
                {t('conflicts.here')}
              </th>
              <th scope="col" colSpan={2}>
                {t('conflicts.dropbox')}
              </th>
            </tr>
          </thead>
          {parts.map((part) => (
            <Section key={keyOf(part)} part={part} />
          ))}
        </table>
      </div>
    </>
  );
}

function keyOf({ skipped, shown }: Part): string {
  const [first] = [...skipped, ...shown];
  return `${first?.left?.number ?? ''}:${first?.right?.number ?? ''}`;
}

function Section({ part }: { part: Part }) {
  const [unfolded, setUnfolded] = useState(false);
  return (
    <tbody>
      {part.skipped.length > 0 && !unfolded && (
        <tr>
          <td colSpan={4} className={styles.folded}>
            <Button variant="subtle" size="compact-xs" onClick={() => setUnfolded(true)}>
              {counted('conflicts.equalLines', part.skipped.length)}
            </Button>
          </td>
        </tr>
      )}
      {[...(unfolded ? part.skipped : []), ...part.shown].map((row) => (
        <tr key={`${row.left?.number ?? ''}:${row.right?.number ?? ''}`}>
          <Cells side={row.left} changed={row.kind === 'changed'} mark="here" />
          <Cells side={row.right} changed={row.kind === 'changed'} mark="dropbox" />
        </tr>
      ))}
    </tbody>
  );
}

function Cells({ side, changed, mark }: { side: Side | null; changed: boolean; mark: 'here' | 'dropbox' }) {
  const look = side === null ? 'nothing' : changed ? mark : undefined;
  return (
    <>
      <td className={styles.number} data-mark={look}>
        {side?.number}
        {changed && side !== null && <span className="visually-hidden"> {t('conflicts.changedLine')}</span>}
      </td>
      <td className={styles.line} data-mark={look} dir="auto">
        {side !== null && <Text side={side} />}
      </td>
    </>
  );
}

function Text({ side: { text, differs } }: { side: Side }) {
  if (differs === null || differs[0] === differs[1]) return text;
  const [from, to] = differs;
  return (
    <>
      {text.slice(0, from)}
      <mark>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  );
}
