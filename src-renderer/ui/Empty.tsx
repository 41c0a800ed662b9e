import type { ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import styles from './Empty.module.css';

interface EmptyProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly hint?: string;
  readonly tone?: 'calm' | 'bad';
  readonly children?: ReactNode;
}

/** The middle of a place with nothing in it: what it is, and what to do. */
export function Empty({ icon: Icon, title, hint, tone = 'calm', children }: EmptyProps) {
  return (
    <div className={styles.empty} role={tone === 'bad' ? 'alert' : undefined}>
      <span className={`${styles.disc} ${tone === 'bad' ? styles.bad : ''}`}>
        <Icon aria-hidden size={24} strokeWidth={1.5} />
      </span>
      <p className={styles.title}>{title}</p>
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      {children !== undefined && <div className={styles.deeds}>{children}</div>}
    </div>
  );
}
