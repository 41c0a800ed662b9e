import { Tooltip } from '@mantine/core';
import { useApp } from '../stores/app-store.ts';
import { navigate, useNavigation } from '../stores/navigation-store.ts';
import { formatCount } from '../ui/format.ts';
import { t } from '../ui/words.ts';
import { screens, type Screen } from './screens.ts';
import styles from './Sidebar.module.css';

/** The sections of the window, with what waits in each; in a narrow window only their icons. */
export function Sidebar() {
  return (
    <nav className={styles.side} aria-label={t('app.sections')}>
      <ul className={styles.list}>
        {screens.map((screen) => (
          <li key={screen.id} className={screen.last ? styles.last : undefined}>
            <Section screen={screen} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Section({ screen }: { screen: Screen }) {
  const { id, icon: Icon, words, badge, urgent } = screen;
  const current = useNavigation((store) => store.screen === id);
  const count = useApp((store) => (store.app === null ? 0 : (badge?.(store.app) ?? 0)));
  const word = t(words);
  return (
    <Tooltip label={word} position="right" openDelay={500} withArrow={false} classNames={{ tooltip: styles.tip ?? '' }}>
      <button
        type="button"
        className={styles.section}
        aria-current={current ? 'page' : undefined}
        onClick={() => navigate(id)}
      >
        <Icon aria-hidden size={16} strokeWidth={1.8} />
        <span className={styles.word}>{word}</span>
        {count > 0 && (
          <span className={styles.count} data-urgent={urgent || undefined}>
            {formatCount(count)}
          </span>
        )}
      </button>
    </Tooltip>
  );
}
