import { Button } from '@mantine/core';
import { Cloud, CloudLightning } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { call, sentence } from '../../bridge/bridge.ts';
import { useDemo } from '../../stores/demo-store.ts';
import { Empty } from '../../ui/Empty.tsx';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOfName } from '../../ui/file-type.ts';
import { formatBytes } from '../../ui/format.ts';
import { tell, warn } from '../../ui/notify.ts';
import { useRows } from '../../ui/use-rows.ts';
import { t } from '../../ui/words.ts';
import styles from './RemotePane.module.css';

const ROW_HEIGHT = 26;

/** The other side of the demonstration: what is in its Dropbox, live, and a way to change something there. */
export function RemotePane() {
  const entries = useDemo((store) => store.entries);
  const marked = useDemo((store) => store.marked);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRows({ count: entries.length, scroller, height: ROW_HEIGHT });

  useEffect(() => {
    useDemo
      .getState()
      .load()
      .catch((error: unknown) => warn(t('demo.title'), sentence(error)));
  }, []);

  const change = async (): Promise<void> => {
    try {
      const { path, what } = await call('demo.change', {});
      tell(t(`demo.${what}`), path.replace(/^\//, ''));
    } catch (error) {
      warn(t('demo.failed'), sentence(error));
    }
  };

  return (
    <aside className={styles.pane} aria-label={t('demo.title')}>
      <div className={styles.head}>
        <Cloud aria-hidden size={18} strokeWidth={1.7} />
        <div>
          <h2>{t('demo.title')}</h2>
          <p>{t('demo.subtitle')}</p>
        </div>
      </div>
      {entries.length === 0 ? (
        <Empty icon={Cloud} title={t('demo.empty')} />
      ) : (
        // A list that scrolls must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div ref={scroller} className={styles.scroller} tabIndex={0} role="region" aria-label={t('demo.title')}>
          <ul className={styles.space} style={{ height: virtual.total }}>
            {virtual.items.map((item) => {
              const entry = entries[item.index];
              if (!entry) return null;
              const parts = entry.path.split('/').filter((part) => part !== '');
              const name = parts.at(-1) ?? '';
              return (
                <li
                  key={entry.path}
                  className={styles.line}
                  data-marked={marked.has(entry.path) || undefined}
                  data-path={entry.path}
                  style={{ transform: `translateY(${item.start}px)`, paddingInlineStart: 8 + (parts.length - 1) * 13 }}
                >
                  <FileIcon type={entry.kind === 'folder' ? 'folder' : typeOfName(name).key} size={15} open />
                  <span className={styles.name} title={entry.path} dir="auto">
                    {name}
                  </span>
                  {entry.kind === 'file' && <span className={styles.size}>{formatBytes(entry.size)}</span>}
                </li>
              );
            })}
          </ul>
        </div>
      )}
      <div className={styles.foot}>
        <Button
          variant="default"
          fullWidth
          leftSection={<CloudLightning aria-hidden size={14} />}
          onClick={() => void change()}
        >
          {t('demo.change')}
        </Button>
      </div>
    </aside>
  );
}
