import { CircleAlert, Info, ScrollText, TriangleAlert } from 'lucide-react';
import { useRef } from 'react';
import type { LogLine } from '../../../src-shared/ipc/log.ts';
import { useLog } from '../../stores/log-store.ts';
import { Empty } from '../../ui/Empty.tsx';
import { formatExact, formatFull } from '../../ui/format.ts';
import { kindWord } from '../../ui/kind-word.ts';
import { useRows } from '../../ui/use-rows.ts';
import { t } from '../../ui/words.ts';
import styles from './Log.module.css';

const ROW_HEIGHT = 32;
const ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;

export function Log() {
  const lines = useLog((store) => store.lines);
  const loaded = useLog((store) => store.loaded);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRows({ count: lines.length, scroller, height: ROW_HEIGHT });
  if (loaded && lines.length === 0) {
    return <Empty icon={ScrollText} title={t('log.none')} hint={t('log.noneHint')} />;
  }
  return (
    <div className={styles.log} role="table" aria-label={t('log.label')} aria-rowcount={lines.length + 1}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={`${styles.line} ${styles.head}`}>
          <span role="columnheader">{t('log.time')}</span>
          <span role="columnheader">{t('log.what')}</span>
          <span role="columnheader">{t('log.path')}</span>
          <span role="columnheader">{t('log.client')}</span>
        </div>
      </div>
      {/* A list that scrolls must be reachable by keyboard. */}
      <div ref={scroller} role="rowgroup" tabIndex={0} className={styles.scroller}>
        <div role="none" className={styles.space} style={{ height: virtual.total }}>
          {virtual.items.map((item) => {
            const line = lines[item.index];
            return line ? <Line key={line.id} line={line} index={item.index} top={item.start} /> : null;
          })}
        </div>
      </div>
    </div>
  );
}

function Line({ line, index, top }: { line: LogLine; index: number; top: number }) {
  const Icon = ICONS[line.level];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${styles.line} ${styles.row}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <time role="cell" className={styles.soft} dateTime={line.time} title={formatFull(line.time)}>
        {formatExact(line.time)}
      </time>
      <span role="cell" className={styles.what} title={line.reason} data-level={line.level}>
        <Icon size={14} role="img" aria-label={t(`log.${line.level}`)} />
        <span className="selectable">
          {kindWord(line.kind)} <span className={styles.reason}>{line.reason}</span>
        </span>
      </span>
      <span role="cell" className={styles.soft} title={line.path ?? undefined}>
        {line.path ?? ''}
      </span>
      <span role="cell" className={styles.soft}>
        {line.client ?? ''}
      </span>
    </div>
  );
}
