import type { ReactNode } from 'react';
import type { Row } from '../../../src-shared/ipc/documents.ts';
import type { Details } from '../../../src-shared/ipc/files.ts';
import { call } from '../../bridge/bridge.ts';
import { Failure } from '../../ui/Failure.tsx';
import { formatBytes, formatExact, formatFull } from '../../ui/format.ts';
import { recordRef } from '../../ui/record-ref.ts';
import { kindWord } from '../../ui/kind-word.ts';
import { Loading } from '../../ui/Loading.tsx';
import { EntryState } from '../../ui/StateMark.tsx';
import { counted, said, t } from '../../ui/words.ts';
import { shownFolder } from '../../ui/paths.ts';
import styles from './DetailsView.module.css';
import { useAnswer } from './use-answer.ts';

interface DetailsViewProps {
  readonly row: Row;
  readonly part: 'details' | 'history';
}

/** What is known of a document or folder, or what happened to it. */
export function DetailsView({ row, part }: DetailsViewProps) {
  const key = `${row.id} ${row.state} ${row.changedAt} ${row.size}`;
  const { value, error, again } = useAnswer(key, () => call('files.details', { id: row.id }));
  if (error !== null) return <Failure title={t('documents.noDetails')} message={error} retry={again} />;
  if (value === null) return <Loading />;
  return part === 'details' ? <Facts details={value} /> : <History details={value} />;
}

function Facts({ details }: { details: Details }) {
  const { row, path, inside } = details;
  const where = shownFolder(path);
  return (
    <dl className={styles.facts}>
      <Fact name={t('documents.state')}>
        <EntryState state={row.state} />
      </Fact>
      <Fact name={t('documents.where')}>
        <bdi>{where || t('tree.top')}</bdi>
      </Fact>
      {row.record !== null && <Fact name={t('documents.record')}>{recordRef(row.record)}</Fact>}
      {row.client !== null && <Fact name={t('documents.keptIn')}>{row.client}</Fact>}
      {row.changedAt !== null && <Fact name={t('documents.changed')}>{formatFull(row.changedAt)}</Fact>}
      {row.size !== null && <Fact name={t('documents.size')}>{formatBytes(row.size)}</Fact>}
      {row.kind === 'file' && (
        <Fact name={t('documents.bytes')}>
          {t(row.state === 'freed' ? 'documents.onlyThere' : 'documents.bytesHere')}
        </Fact>
      )}
      {inside !== null && (
        <Fact name={t('documents.inside')}>
          {counted('status.files', inside.files)}, {formatBytes(inside.bytes)}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd className="selectable">{children}</dd>
    </div>
  );
}

function History({ details }: { details: Details }) {
  if (details.history.length === 0) return <p className={styles.none}>{t('documents.noHistory')}</p>;
  return (
    <ol className={styles.history}>
      {details.history.map((line) => (
        <li key={line.id} data-level={line.level}>
          <span className={styles.what}>{kindWord(line.kind)}</span>
          <span className={styles.reason}>{said(line.reason)}</span>
          {line.from !== null && <span className={styles.reason}>{t('documents.movedFrom', { path: line.from })}</span>}
          <time dateTime={line.time} title={formatFull(line.time)}>
            {formatExact(line.time)}
          </time>
        </li>
      ))}
    </ol>
  );
}
