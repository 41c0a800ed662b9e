import { Button } from '@mantine/core';
import { CircleAlert, FileDown, Info, LifeBuoy, Radio, ScrollText, TriangleAlert } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { LogFilter, LogLine } from '../../../src-shared/ipc/log.ts';
import { useActions } from '../../stores/actions-store.ts';
import { useNavigation } from '../../stores/navigation-store.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { formatCount, formatExact, formatFull } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { NOTHING, type Selection } from '../../ui/selection.ts';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { ListTable } from '../../ui/table/ListTable.tsx';
import type { Column } from '../../ui/table/Table.tsx';
import { said, t } from '../../ui/words.ts';
import { shownPath } from '../../ui/paths.ts';
import { ExportLog } from './ExportLog.tsx';
import { LineDetails } from './LineDetails.tsx';
import { LogFilters } from './LogFilters.tsx';
import { choiceOf, EVERYTHING, filterOf, isEverything, type Choice } from './log-filter.ts';
import { logWord } from './log-word.ts';
import { ShareLog } from './ShareLog.tsx';
import { useLogLines, type LogState } from './use-log-lines.ts';
import styles from './Log.module.css';

const ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;
/** Milliseconds of rest before typed words are looked for. */
const REST = 200;

type Opened = 'export' | 'share' | null;

/** Everything that sync and people did: live, filtered, to be exported or sent to somebody who helps. */
export function Log() {
  const [choice, setChoice] = useChoice();
  const { settled, filter } = useSettled(choice);
  const log = useLogLines(filter);
  const [opened, setOpened] = useState<Opened>(null);
  useActions([
    {
      id: 'log.export',
      words: 'log.export',
      group: 'nav.log',
      icon: FileDown,
      shortcut: 'mod+shift+e',
      whileTyping: true,
      run: () => setOpened('export'),
    },
    { id: 'log.share', words: 'log.share', group: 'nav.log', icon: LifeBuoy, run: () => setOpened('share') },
  ]);
  const close = (): void => setOpened(null);
  return (
    <>
      <ScreenHead title={t('nav.log')} hint={t('log.hint')}>
        <Button
          variant="default"
          size="xs"
          leftSection={<LifeBuoy aria-hidden size={14} />}
          onClick={() => setOpened('share')}
        >
          {t('log.share')}
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<FileDown aria-hidden size={14} />}
          onClick={() => setOpened('export')}
        >
          {t('log.export')}
        </Button>
      </ScreenHead>
      <LogFilters choice={choice} change={setChoice} />
      <Lines log={log} filtered={!isEverything(settled)} reset={() => setChoice(EVERYTHING)} change={setChoice} />
      <ExportLog opened={opened === 'export'} close={close} filter={filter} filtered={!isEverything(settled)} />
      <ShareLog opened={opened === 'share'} close={close} />
    </>
  );
}

/** What is chosen; another screen may ask for something else. */
function useChoice(): [Choice, (choice: Choice) => void] {
  const params = useNavigation((store) => store.params);
  const [state, setState] = useState({ params, choice: choiceOf(params) });
  const current = state.params === params ? state.choice : choiceOf(params);
  return [current, (choice) => setState({ params, choice })];
}

/** Typed words rest before they are looked for; what is chosen from a list counts at once. */
function useSettled(choice: Choice): { readonly settled: Choice; readonly filter: LogFilter } {
  const [state, setState] = useState(() => settledNow(choice));
  const { settled } = state;
  const typed = settled.text !== choice.text || settled.record !== choice.record;
  const chosen =
    JSON.stringify({ ...settled, text: '', record: '' }) !== JSON.stringify({ ...choice, text: '', record: '' });
  useEffect(() => {
    if (!typed && !chosen) return undefined;
    const timer = setTimeout(() => setState(settledNow(choice)), chosen ? 0 : REST);
    return () => clearTimeout(timer);
  }, [choice, typed, chosen]);
  return state;
}

/** A span like "last hour" counts from the moment of the choice. */
function settledNow(choice: Choice): { readonly settled: Choice; readonly filter: LogFilter } {
  return { settled: choice, filter: filterOf(choice, Date.now()) };
}

interface LinesProps {
  readonly log: LogState;
  readonly filtered: boolean;
  readonly reset: () => void;
  readonly change: (choice: Choice) => void;
}

function Lines({ log, filtered, reset, change }: LinesProps) {
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const columns = useMemo(() => logColumns(), []);
  const { hold, more } = log;
  const onEdges = useCallback(
    ({ first, last }: { readonly first: boolean; readonly last: boolean }) => {
      hold(!first);
      if (last) more();
    },
    [hold, more],
  );
  if (log.error !== null) return <Failure title={t('log.notRead')} message={log.error} retry={log.reload} />;
  if ((log.loading || log.searching) && log.rows.length === 0) return <Loading />;
  if (log.rows.length === 0) {
    return filtered ? (
      <Empty icon={ScrollText} title={t('log.nothingFound')} hint={t('log.nothingFoundHint')}>
        <Button variant="default" size="xs" onClick={reset}>
          {t('log.showAll')}
        </Button>
      </Empty>
    ) : (
      <Empty icon={ScrollText} title={t('log.none')} hint={t('log.noneHint')} />
    );
  }
  const chosen = log.rows.find((row) => keyOf(row) === selection.active);
  return (
    <>
      <SplitPane
        id="log"
        label={t('log.detailsWidth')}
        fixed="end"
        size={330}
        min={220}
        start={
          <ListTable
            id="log"
            label={t('log.label')}
            columns={columns}
            rows={log.rows}
            keyOf={keyOf}
            order={null}
            rowHeight={32}
            selection={selection}
            onSelect={setSelection}
            onEdges={onEdges}
          />
        }
        end={chosen ? <LineDetails line={chosen} close={() => setSelection(NOTHING)} change={change} /> : null}
      />
      <p role="status" className={styles.status}>
        <Radio aria-hidden size={13} />
        {statusOf(log, filtered)}
        {log.waiting && (
          <Button variant="subtle" size="compact-xs" onClick={log.reload}>
            {t('log.showNew')}
          </Button>
        )}
      </p>
    </>
  );
}

function statusOf({ rows, lines, hasMore, searching, waiting }: LogState, filtered: boolean): string {
  const values = { shown: formatCount(rows.length), lines: formatCount(lines ?? rows.length) };
  if (searching) return t('log.searching', values);
  const what = hasMore ? 'log.statusMore' : filtered ? 'log.statusFound' : 'log.statusAll';
  return `${t(what, values)} · ${t(waiting ? 'log.newLines' : 'log.live')}`;
}

function keyOf(line: LogLine): string {
  return String(line.id);
}

function logColumns(): readonly Column<LogLine>[] {
  return [
    {
      id: 'time',
      label: t('log.time'),
      width: 196,
      title: ({ time }) => formatFull(time),
      cell: ({ time }) => <time dateTime={time}>{formatExact(time)}</time>,
    },
    {
      id: 'what',
      label: t('log.what'),
      width: 300,
      grow: true,
      title: ({ reason }) => said(reason),
      cell: ({ level, kind, reason }) => {
        const Icon = ICONS[level];
        const word = logWord(kind);
        const text = said(reason);
        // The word stands before it already.
        const again = `${word}: `;
        return (
          <span className={styles.what} data-level={level}>
            <Icon size={14} role="img" aria-label={t(`log.${level}`)} />
            <span className={styles.kind}>{word}</span>
            <span className={styles.reason}>{text.startsWith(again) ? text.slice(again.length) : text}</span>
          </span>
        );
      },
    },
    {
      id: 'path',
      label: t('log.path'),
      width: 260,
      yields: 1,
      title: ({ path, record }) => path ?? record ?? undefined,
      cell: ({ path, record }) => shownPath(path ?? record ?? ''),
    },
    { id: 'client', label: t('log.client'), width: 110, yields: 2, cell: ({ client }) => client ?? '' },
    { id: 'who', label: t('log.who'), width: 100, yields: 3, cell: ({ actor }) => actor ?? '' },
  ];
}
