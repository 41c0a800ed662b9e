import type { ReactNode } from 'react';
import styles from './BarList.module.css';

export interface Bar {
  readonly key: string;
  readonly name: ReactNode;
  /** Stands behind the name, and stays where that is shortened. */
  readonly more?: string;
  /** Text for the tool tip. */
  readonly title?: string;
  readonly amount: number;
  /** The amount as a person reads it. */
  readonly text: string;
  readonly onOpen?: (() => void) | undefined;
}

/** Amounts side by side, the largest one fills its line. A line that leads somewhere is a button. */
export function BarList({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const most = Math.max(1, ...bars.map((bar) => bar.amount));
  return (
    <ul className={styles.list} aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.key}>
          <Line bar={bar}>
            <span className={styles.fill} style={{ transform: `scaleX(${bar.amount / most})` }} />
            <span className={styles.name} title={bar.title} dir="auto">
              {bar.name}
            </span>
            {bar.more !== undefined && <span className={styles.more}>{bar.more}</span>}
            <span className={styles.text}>{bar.text}</span>
          </Line>
        </li>
      ))}
    </ul>
  );
}

function Line({ bar, children }: { bar: Bar; children: ReactNode }) {
  if (bar.onOpen === undefined) return <div className={styles.line}>{children}</div>;
  return (
    <button type="button" className={styles.line} data-opens onClick={bar.onOpen}>
      {children}
    </button>
  );
}
