import { ChevronRight } from 'lucide-react';
import { useFolders } from '../../stores/folder-store.ts';
import { t } from '../../ui/words.ts';
import styles from './Breadcrumb.module.css';
import { useDrag } from './drag-store.ts';

export function Breadcrumb() {
  const over = useDrag((store) => (store.here ? null : store.over));
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
              {depth > 0 && <ChevronRight aria-hidden size={14} className={`${styles.between} turned`} />}
              <button
                type="button"
                aria-current={last ? 'page' : undefined}
                data-folder={key}
                data-name={name}
                data-over={(over !== null && String(over) === key) || undefined}
                dir="auto"
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
