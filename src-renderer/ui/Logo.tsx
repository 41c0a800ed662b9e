import styles from './Logo.module.css';

/** Two sheets that a tide keeps level: the same mark as the program's icon. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg className={styles.logo} width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" className={styles.ground} />
      <path d="M7 10.5h9.5a5.5 5.5 0 0 1 0 11H7z" className={styles.sheet} />
      <path d="M4 19.5c3 0 3-2.4 6-2.4s3 2.4 6 2.4 3-2.4 6-2.4 3 2.4 6 2.4" className={styles.tide} />
    </svg>
  );
}
