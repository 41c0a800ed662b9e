import { FolderClosed, ListChecks, ScrollText } from 'lucide-react';
import { useApp, type Section } from '../stores/app-store.ts';
import { formatCount } from '../ui/format.ts';
import { t } from '../ui/words.ts';
import styles from './SectionTabs.module.css';

const SECTIONS = [
  ['documents', FolderClosed],
  ['queue', ListChecks],
  ['log', ScrollText],
] as const satisfies readonly (readonly [Section, unknown])[];

export function SectionTabs() {
  const section = useApp((store) => store.section);
  const show = useApp((store) => store.show);
  const waiting = useApp((store) => (store.app ? store.app.counts.pending + store.app.counts.held : 0));
  return (
    <ul className={styles.list}>
      {SECTIONS.map(([name, Icon]) => (
        <li key={name}>
          <button
            type="button"
            className={styles.tab}
            aria-current={section === name ? 'page' : undefined}
            onClick={() => show(name)}
          >
            <Icon aria-hidden size={16} strokeWidth={1.8} />
            <span className={styles.word}>{t(`nav.${name}`)}</span>
            {name === 'queue' && waiting > 0 && <span className={styles.count}>{formatCount(waiting)}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
