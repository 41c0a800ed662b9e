import { ChevronRight } from 'lucide-react';
import { useFolders } from '../../stores/folder-store.ts';
import { t } from '../../ui/words.ts';
import styles from './Breadcrumb.module.css';

export function Breadcrumb() {
  const trail = useFolders((store) => store.trail);
  const open = useFolders((store) => store.open);
  const parts = [{ key: 'top', name: t('tree.top') }, ...trail.map(({ id, name }) => ({ key: String(id), name }))];
  return (
    <nav className={styles.crumbs} aria-label={t('documents.path')}>
      <ol>
        {parts.map(({ key, name }, depth) => {
          const last = depth === parts.length - 1;
          return (
            <li key={key}>
              {depth > 0 && <ChevronRight aria-hidden size={14} className={styles.between} />}
              <button
                type="button"
                aria-current={last ? 'page' : undefined}
                onClick={() => void open(trail.slice(0, depth))}
              >
                {name}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
