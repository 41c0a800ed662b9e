import { FolderOpen } from 'lucide-react';
import { call, sentence } from '../bridge/bridge.ts';
import { useApp } from '../stores/app-store.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { warn } from '../ui/notify.ts';
import { counted, t } from '../ui/words.ts';
import styles from './StatusBar.module.css';

export function StatusBar() {
  const app = useApp((store) => store.app);
  if (app === null) return null;
  const { files, bytes, pending, held, failed, conflicts } = app.counts;
  const open = (): void => {
    call('app.showDocuments', {}).catch((error: unknown) => warn(t('status.openFolder'), sentence(error)));
  };
  return (
    <footer className={styles.bar}>
      <span>
        {counted('status.files', files)} · {formatBytes(bytes)}
      </span>
      {pending > 0 && (
        <span>
          {formatCount(pending)} {t('status.pending', { count: pending })}
        </span>
      )}
      {held > 0 && <span className={styles.warn}>{counted('status.held', held)}</span>}
      {failed > 0 && <span className={styles.bad}>{counted('status.failed', failed)}</span>}
      {conflicts > 0 && <span className={styles.warn}>{counted('status.conflicts', conflicts)}</span>}
      <span className={styles.gap} />
      <button type="button" className={styles.folder} title={t('status.openFolder')} onClick={open}>
        <FolderOpen aria-hidden size={13} />
        {app.demo ? t('demo.documents') : <bdi dir="ltr">{app.documents}</bdi>}
      </button>
    </footer>
  );
}
