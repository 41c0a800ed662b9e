import type { ReactNode } from 'react';
import styles from './ScreenHead.module.css';

interface ScreenHeadProps {
  readonly title: string;
  /** One sentence: what this screen is for. */
  readonly hint?: string;
  /** Buttons and filters. */
  readonly children?: ReactNode;
}

/** The head of a screen: its name, and what can be done with all of it. */
export function ScreenHead({ title, hint, children }: ScreenHeadProps) {
  return (
    <div className={styles.head}>
      <div className={styles.text}>
        <h2>{title}</h2>
        {hint !== undefined && <p>{hint}</p>}
      </div>
      {children !== undefined && <div className={styles.tools}>{children}</div>}
    </div>
  );
}
