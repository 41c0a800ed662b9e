import styles from './Logo.module.css';

/** A dock, as the letter D, and the tide in it: the same mark as the program's icon. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg className={styles.logo} width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" className={styles.ground} />
      <path d="M10 7.5h5.5a8.5 8.5 0 0 1 0 17H10z" className={styles.dock} />
      <path d="M10 17.6q1.75-1.7 3.5 0t3.5 0 3.5 0 3.3-.5a8.5 8.5 0 0 1-8.3 7.4H10z" className={styles.tide} />
    </svg>
  );
}
