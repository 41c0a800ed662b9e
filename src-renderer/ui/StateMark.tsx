import {
  ArrowDown,
  ArrowUp,
  Check,
  CircleDashed,
  Cloud,
  Clock,
  EyeOff,
  Files,
  Hand,
  RotateCw,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import type { Row } from '../../src-shared/ipc/documents.ts';
import type { Task } from '../../src-shared/ipc/sync.ts';
import { t } from './words.ts';
import styles from './StateMark.module.css';

type Tone = 'good' | 'busy' | 'wait' | 'warn' | 'bad';
type Look = readonly [LucideIcon, Tone];

const ENTRY: Readonly<Record<Row['state'], Look>> = {
  synced: [Check, 'good'],
  pending: [Clock, 'wait'],
  uploading: [ArrowUp, 'busy'],
  downloading: [ArrowDown, 'busy'],
  held: [Hand, 'warn'],
  failed: [TriangleAlert, 'bad'],
  conflict: [Files, 'warn'],
  freed: [Cloud, 'good'],
  ignored: [EyeOff, 'wait'],
  unassigned: [CircleDashed, 'wait'],
};

const TASK: Readonly<Record<Task['state'], Look>> = {
  planned: [Clock, 'wait'],
  blocked: [Clock, 'wait'],
  running: [RotateCw, 'busy'],
  done: [Check, 'good'],
  stale: [RotateCw, 'wait'],
  retry: [RotateCw, 'warn'],
  held: [Hand, 'warn'],
  failed: [TriangleAlert, 'bad'],
};

interface MarkProps {
  readonly look: Look;
  readonly word: string;
  /** The sign alone; the word is its name. */
  readonly bare?: boolean;
}

function Mark({ look: [Icon, tone], word, bare = false }: MarkProps) {
  return (
    <span className={`${styles.mark} ${styles[tone]}`}>
      {bare ? (
        <Icon role="img" aria-label={word} size={14} strokeWidth={2} />
      ) : (
        <>
          <Icon aria-hidden size={14} strokeWidth={2} />
          <span>{word}</span>
        </>
      )}
    </span>
  );
}

export function EntryState({ state, bare = false }: { state: Row['state']; bare?: boolean }) {
  return <Mark look={ENTRY[state]} word={t(`state.${state}`)} bare={bare} />;
}

export function TaskState({ state }: { state: Task['state'] }) {
  return <Mark look={TASK[state]} word={t(`task.${state}`)} />;
}
