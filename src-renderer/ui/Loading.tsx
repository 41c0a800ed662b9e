import { Loader } from '@mantine/core';
import styles from './Loading.module.css';
import { t } from './words.ts';

/** In place of something that is on its way; it shows after a moment, so that quick answers do not flicker. */
export function Loading({ label = t('app.loading') }: { label?: string }) {
  return (
    <div className={styles.loading} aria-busy role="status" aria-label={label}>
      <Loader size="sm" aria-hidden />
    </div>
  );
}
