import { FileStack } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { Conflict, ConflictVersions } from '../../../src-shared/ipc/conflicts.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useList } from '../../bridge/use-list.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOfName } from '../../ui/file-type.ts';
import { compareText, formatFacts, formatFull, formatMoment } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { NOTHING, only, without, type Selection } from '../../ui/selection.ts';
import { ListTable } from '../../ui/table/ListTable.tsx';
import type { Column } from '../../ui/table/Table.tsx';
import { counted, said, t } from '../../ui/words.ts';
import { nameOfPath, shownFolder } from '../../ui/paths.ts';
import { Decision } from './Decision.tsx';
import { Versions } from './Versions.tsx';
import styles from './Conflicts.module.css';

/** Documents that were changed on both sides: both versions to look at, and the decision about one or several. */
export function Conflicts() {
  const { rows, total, loading, error, reload } = useList('conflicts', {});
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const columns = useMemo(() => conflictColumns(), []);
  const current = useMemo(() => {
    const left = without(selection, (key) => rows.some((row) => keyOf(row) === key));
    const [first] = rows;
    return left.keys.size === 0 && first !== undefined ? only(keyOf(first)) : left;
  }, [selection, rows]);
  const head = <ScreenHead title={t('nav.conflicts')} hint={t('conflicts.hint')} />;
  if (error !== null || rows.length === 0) {
    return (
      <>
        {head}
        {error !== null ? (
          <Failure title={t('conflicts.error')} message={error} retry={reload} />
        ) : loading ? (
          <Loading />
        ) : (
          <Empty icon={FileStack} title={t('conflicts.none')} hint={t('conflicts.noneHint')} />
        )}
      </>
    );
  }
  const chosen = rows.filter((row) => current.keys.has(keyOf(row)));
  return (
    <>
      {head}
      <div className={styles.body}>
        <div className={styles.list}>
          <ListTable
            id="conflicts"
            label={t('nav.conflicts')}
            columns={columns}
            rows={rows}
            total={total}
            keyOf={keyOf}
            order={{ column: 'document', descending: false }}
            rowHeight={50}
            selection={current}
            onSelect={setSelection}
          />
        </div>
        <section className={styles.pane} aria-label={t('conflicts.pane')}>
          <Chosen conflicts={chosen} />
        </section>
      </div>
    </>
  );
}

function keyOf(conflict: Conflict): string {
  return String(conflict.id);
}

function Chosen({ conflicts }: { conflicts: readonly Conflict[] }) {
  const [first, second] = conflicts;
  if (first === undefined) return <Empty icon={FileStack} title={t('conflicts.chooseHint')} />;
  return (
    <>
      {second === undefined ? (
        <One key={first.id} conflict={first} />
      ) : (
        <Empty
          icon={FileStack}
          title={counted('conflicts.chosen', conflicts.length)}
          hint={t('conflicts.chosenHint')}
        />
      )}
      <Decision conflicts={conflicts} />
    </>
  );
}

function One({ conflict }: { conflict: Conflict }) {
  const [answer, setAnswer] = useState<ConflictVersions | { readonly error: string } | null>(null);
  const [asked, setAsked] = useState(0);
  const { id } = conflict;
  useEffect(() => {
    let gone = false;
    call('conflict.versions', { id }).then(
      (versions) => !gone && setAnswer(versions),
      (error: unknown) => !gone && setAnswer({ error: sentence(error) }),
    );
    return () => {
      gone = true;
    };
  }, [id, asked]);
  if (answer === null) return <Loading />;
  if ('error' in answer) {
    return <Failure title={t('conflicts.error')} message={answer.error} retry={() => setAsked(asked + 1)} />;
  }
  return <Versions versions={answer} />;
}

function conflictColumns(): readonly Column<Conflict>[] {
  return [
    {
      id: 'document',
      label: t('conflicts.document'),
      width: 200,
      grow: true,
      compare: (a, b) => compareText(a.path, b.path),
      title: ({ path, reason, client, foundAt }) => `${path}\n${said(reason)} · ${client} · ${formatFull(foundAt)}`,
      cell: ({ path, foundAt }) => {
        const name = nameOfPath(path);
        const where = shownFolder(path);
        return (
          <>
            <FileIcon type={typeOfName(name).key} />
            <span className={styles.lines}>
              <span className={styles.name}>{name}</span>
              <span className={styles.where}>
                {formatFacts([...(where === '' ? [] : [where]), formatMoment(foundAt)])}
              </span>
            </span>
          </>
        );
      },
    },
  ];
}
