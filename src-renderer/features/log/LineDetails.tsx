import { ActionIcon, Button } from '@mantine/core';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LogLine } from '../../../src-shared/ipc/log.ts';
import { formatBytes, formatFull, formatMilliseconds } from '../../ui/format.ts';
import { said, t } from '../../ui/words.ts';
import { goToPath } from '../search/go-to.ts';
import { EVERYTHING, type Choice } from './log-filter.ts';
import { logWord } from './log-word.ts';
import styles from './LineDetails.module.css';

interface LineDetailsProps {
  readonly line: LogLine;
  readonly close: () => void;
  readonly change: (choice: Choice) => void;
}

/** All that is known of one line, and the way to what it is about. */
export function LineDetails({ line, close, change }: LineDetailsProps) {
  const { path, record, client, direction, actor, bytes, duration } = line;
  return (
    <section className={styles.details} aria-label={t('log.details')}>
      <div className={styles.head}>
        <h3>{logWord(line.kind)}</h3>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('app.close')} onClick={close}>
          <X aria-hidden size={15} />
        </ActionIcon>
      </div>
      <p className={`${styles.reason} selectable`} data-level={line.level}>
        {said(line.reason)}
      </p>
      <dl className={styles.facts}>
        <Fact term={t('log.time')}>{formatFull(line.time)}</Fact>
        <Fact term={t('log.level')}>{t(`log.${line.level}`)}</Fact>
        <Fact term={t('log.result')}>{t(`log.results.${line.result}`)}</Fact>
        {path !== null && <Fact term={t('log.path')}>{path}</Fact>}
        {record !== null && <Fact term={t('log.record')}>{record}</Fact>}
        {client !== null && <Fact term={t('log.client')}>{client}</Fact>}
        {direction !== null && <Fact term={t('log.direction')}>{t(`log.directions.${direction}`)}</Fact>}
        {bytes !== null && <Fact term={t('log.size')}>{formatBytes(bytes)}</Fact>}
        {duration !== null && <Fact term={t('log.duration')}>{formatMilliseconds(duration)}</Fact>}
        <Fact term={t('log.who')}>{actor ?? t('log.byItself')}</Fact>
        <Fact term={t('log.number')}>{line.id}</Fact>
      </dl>
      <div className={styles.deeds}>
        {path !== null && (
          <>
            <Button variant="default" size="xs" onClick={() => goToPath(path)}>
              {t('log.showDocument')}
            </Button>
            <Button variant="default" size="xs" onClick={() => change({ ...EVERYTHING, text: path })}>
              {t('log.onlyDocument')}
            </Button>
          </>
        )}
        {record !== null && (
          <Button variant="default" size="xs" onClick={() => change({ ...EVERYTHING, record })}>
            {t('log.onlyRecord')}
          </Button>
        )}
      </div>
    </section>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd className="selectable">{children}</dd>
    </>
  );
}
