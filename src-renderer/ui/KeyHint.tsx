import styles from './KeyHint.module.css';
import { isMac, keysOf } from './shortcut.ts';

/** The keys of a shortcut, as small keycaps. */
export function KeyHint({ shortcut }: { shortcut: string }) {
  return (
    <span className={styles.keys} dir="ltr">
      {keysOf(shortcut, isMac()).map((key) => (
        <kbd key={key} className={styles.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
