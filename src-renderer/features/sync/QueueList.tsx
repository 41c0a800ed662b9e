import { CircleCheck } from 'lucide-react';
import { Button } from '@mantine/core';
import { useMemo, useRef } from 'react';
import type { Task } from '../../../src-shared/ipc/sync.ts';
import { syncNow } from '../../app/sync-now.ts';
import { useQueue } from '../../stores/queue-store.ts';
import { formatBytes, formatCount, formatFull, formatMoment } from '../../ui/format.ts';
import { kindWord } from '../../ui/kind-word.ts';
import { Empty } from '../../ui/Empty.tsx';
import { TaskState } from '../../ui/StateMark.tsx';
import { useRows } from '../../ui/use-rows.ts';
import { said, t } from '../../ui/words.ts';
import { nameOfPath, shownFolder } from '../../ui/paths.ts';
import { helpFor } from './failure-help.ts';
import { FixButton } from './FixButton.tsx';
import { TaskIcon } from './TaskIcon.tsx';
import { waitingFor } from './waits-for.ts';
import styles from './Sync.module.css';

const ROW_HEIGHT = 52;
const HEAD_HEIGHT = 38;

type Line =
  | { readonly kind: 'head'; readonly word: string; readonly count: number }
  | { readonly kind: 'task'; readonly task: Task; readonly waitsFor: Task | undefined }
  | { readonly kind: 'none' };

/** What is going on and comes next, then what is finished: one list that moves while sync works. */
export function QueueList({ client }: { client: string | null }) {
  const allLive = useQueue((store) => store.live);
  const allFinished = useQueue((store) => store.finished);
  const live = useMemo(() => ofClient(allLive, client), [allLive, client]);
  const finished = useMemo(() => ofClient(allFinished, client), [allFinished, client]);
  const loaded = useQueue((store) => store.loaded);
  const lines = useMemo((): readonly Line[] => {
    const waits = waitingFor(live);
    const tasks = (list: readonly Task[]): Line[] =>
      list.map((task) => ({ kind: 'task', task, waitsFor: waits.get(task.id) }));
    const now: Line = { kind: 'head', word: t('queue.live'), count: live.length };
    const past: Line = { kind: 'head', word: t('queue.finished'), count: finished.length };
    const current: Line[] = live.length > 0 ? tasks(live) : [{ kind: 'none' }];
    return [now, ...current, ...(finished.length > 0 ? [past, ...tasks(finished)] : [])];
  }, [live, finished]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRows({
    count: lines.length,
    scroller,
    height: (index) => (lines[index]?.kind === 'head' ? HEAD_HEIGHT : ROW_HEIGHT),
    keyOf: (index) => {
      const line = lines[index];
      return line?.kind === 'task' ? line.task.id : `${line?.kind}-${index}`;
    },
  });

  if (loaded && live.length + finished.length === 0) {
    return <Empty icon={CircleCheck} title={t('queue.none')} hint={t('queue.noneHint')} />;
  }
  return (
    // A list that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className={styles.scroller} tabIndex={0} role="region" aria-label={t('nav.sync')}>
      <div className={styles.space} style={{ height: virtual.total }}>
        {virtual.items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          return (
            <div key={item.key} className={styles.place} style={{ transform: `translateY(${item.start}px)` }}>
              <QueueLine line={line} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function ofClient(tasks: readonly Task[], client: string | null): readonly Task[] {
  return client === null ? tasks : tasks.filter((task) => task.client === client);
}

function QueueLine({ line }: { line: Line }) {
  if (line.kind === 'head') {
    return (
      <h2 className={styles.head}>
        {line.word} <span className={styles.count}>{formatCount(line.count)}</span>
      </h2>
    );
  }
  if (line.kind === 'none') return <p className={styles.none}>{t('queue.noneHint')}</p>;
  return <TaskLine task={line.task} waitsFor={line.waitsFor} />;
}

function TaskLine({ task, waitsFor }: { task: Task; waitsFor: Task | undefined }) {
  const name = nameOfPath(task.path);
  const fix = task.error === null ? null : (helpFor(task.errorCode)?.fix ?? null);
  const moving = task.state === 'running' && task.bytes > 0;
  const moment = task.nextAttempt ?? task.finishedAt ?? task.startedAt ?? task.plannedAt;
  return (
    <div className={styles.task} data-state={task.state} data-task={task.id}>
      <TaskIcon task={task} size={17} className={styles.direction} />
      <div className={styles.what}>
        <div className={styles.first}>
          <span className={styles.kind}>{kindWord(task.kind)}</span>
          <span className={styles.name} title={task.path} dir="auto">
            {name}
          </span>
          <span className={styles.above}>
            <bdi>{shownFolder(task.path)}</bdi>
          </span>
        </div>
        <Explanation task={task} waitsFor={waitsFor} />
      </div>
      <div className={styles.progress}>
        {moving && (
          <progress
            className={styles.bar}
            aria-label={`${t('queue.progress')} ${name}`}
            max={task.bytes}
            value={task.bytesDone}
          />
        )}
        {task.bytes > 0 && <span className={styles.bytes}>{formatBytes(task.bytes)}</span>}
      </div>
      <div className={styles.state}>
        <TaskState state={task.state} />
        {(task.state === 'failed' || task.state === 'retry') && (
          <>
            {fix !== null && <FixButton task={task} fix={fix} />}
            <TryAgain task={task} />
          </>
        )}
      </div>
      <time className={styles.when} dateTime={task.finishedAt ?? task.plannedAt} title={formatFull(moment)}>
        {task.nextAttempt === null ? formatMoment(moment) : t('queue.next', { time: formatMoment(task.nextAttempt) })}
      </time>
    </div>
  );
}

/** A pass that a person asks for tries again what waits, without its delay. */
function TryAgain({ task }: { task: Task }) {
  return (
    <Button
      variant="default"
      size="compact-xs"
      aria-label={t('queue.tryAgainOne', { path: task.path })}
      onClick={() => void syncNow(false, task.client)}
    >
      {t('queue.tryAgain')}
    </Button>
  );
}

/** In plain words: why it is done and what it waits for, or what went wrong and when it is tried again. */
function Explanation({ task, waitsFor }: { task: Task; waitsFor: Task | undefined }) {
  const { attempts } = task;
  const error = task.error === null ? null : said(task.error);
  if (error !== null) {
    const help = helpFor(task.errorCode);
    const plain = help === null ? error : t(`queue.why.${help.why}`);
    return (
      <p
        className={`${styles.reason} ${styles.error} selectable`}
        title={
          help === null
            ? error
            : `${plain}
${error}`
        }
      >
        {plain} <span className={styles.again}>· {t('queue.attempts', { count: attempts })}</span>
      </p>
    );
  }
  if (waitsFor === undefined) return <p className={styles.reason}>{said(task.reason)}</p>;
  return (
    <p className={styles.reason}>
      {said(task.reason)} · {t('queue.waitsFor', { what: kindWord(waitsFor.kind), path: waitsFor.path })}
    </p>
  );
}
