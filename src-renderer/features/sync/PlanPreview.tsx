import { Button, NativeSelect } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { Planned, Preview } from '../../../src-shared/ipc/sync.ts';
import { syncNow } from '../../app/sync-now.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { compareText, formatBytes } from '../../ui/format.ts';
import { kindWord } from '../../ui/kind-word.ts';
import { Loading } from '../../ui/Loading.tsx';
import { ListTable } from '../../ui/table/ListTable.tsx';
import type { Column } from '../../ui/table/Table.tsx';
import { counted, said, t } from '../../ui/words.ts';
import { shownPath } from '../../ui/paths.ts';
import styles from './PlanPreview.module.css';
import { TaskIcon } from './TaskIcon.tsx';

interface PlanPreviewProps {
  readonly client: string | null;
  readonly opened: boolean;
  readonly close: () => void;
}

/** What a pass would do now, step by step with its reason; nothing is changed by looking. */
export function PlanPreview({ client, opened, close }: PlanPreviewProps) {
  return (
    <Dialog opened={opened} close={close} title={t('sync.preview')} wide>
      <Steps client={client} close={close} />
    </Dialog>
  );
}

type Answer = { readonly preview: Preview } | { readonly error: string } | null;

function Steps({ client, close }: Omit<PlanPreviewProps, 'opened'>) {
  const [answer, setAnswer] = useState<Answer>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let gone = false;
    call('sync.preview', client === null ? {} : { client }).then(
      (preview) => !gone && setAnswer({ preview }),
      (error: unknown) => !gone && setAnswer({ error: sentence(error) }),
    );
    return () => {
      gone = true;
    };
  }, [client, asked]);
  const again = (): void => {
    setAnswer(null);
    setAsked(asked + 1);
  };
  const run = (): void => {
    close();
    void syncNow(false, client ?? undefined);
  };
  const hasSteps = answer !== null && 'preview' in answer && answer.preview.total > answer.preview.held;
  return (
    <>
      <div className={styles.body}>
        {answer === null && <Loading />}
        {answer !== null && 'error' in answer && (
          <Failure title={t('sync.previewError')} message={answer.error} retry={again} />
        )}
        {answer !== null && 'preview' in answer && <Plan preview={answer.preview} />}
      </div>
      <DialogButtons>
        <Button variant="default" onClick={close}>
          {t('app.close')}
        </Button>
        <Button disabled={!hasSteps} onClick={run}>
          {t('header.syncNow')}
        </Button>
      </DialogButtons>
    </>
  );
}

function Plan({ preview }: { preview: Preview }) {
  const columns = useMemo(() => planColumns(), []);
  const [client, setClient] = useState(ALL);
  const [folder, setFolder] = useState(ALL);
  const ofClient = preview.steps.filter((step) => client === ALL || step.client === client);
  const rows = ofClient.filter((step) => folder === ALL || folderOf(step) === folder);
  if (preview.total + preview.problems.length === 0) {
    return <Empty icon={CircleCheck} title={t('queue.none')} hint={t('queue.noneHint')} />;
  }
  const sum = [
    counted('sync.steps', preview.total),
    ...(preview.held > 0 ? [counted('sync.stepsHeld', preview.held)] : []),
    ...(preview.steps.length < preview.total ? [counted('sync.stepsShown', preview.steps.length)] : []),
  ];
  return (
    <>
      <div className={styles.sum}>
        <p>{sum.join(' · ')}</p>
        <Choice
          label={t('sync.ofClient')}
          all={t('sync.allClients')}
          values={distinct(preview.steps.map((step) => step.client))}
          value={client}
          change={(name) => {
            setClient(name);
            setFolder(ALL);
          }}
        />
        <Choice
          label={t('sync.ofFolder')}
          all={t('sync.allFolders')}
          values={distinct(ofClient.map(folderOf))}
          value={folder}
          change={setFolder}
        />
      </div>
      {preview.problems.length > 0 && (
        <ul className={styles.problems}>
          {preview.problems.map(({ client, path, reason }) => (
            <li key={`${client}:${path}`}>{said(reason)}</li>
          ))}
        </ul>
      )}
      <ListTable
        id="preview"
        label={t('sync.preview')}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        nameOf={(row) => row.path}
        order={null}
      />
    </>
  );
}

const ALL = '';

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly values: readonly string[];
  readonly value: string;
  readonly change: (value: string) => void;
}

/** Nothing to choose from is not shown. */
function Choice({ label, all, values, value, change }: ChoiceProps) {
  if (values.length < 2) return null;
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      data={[{ value: ALL, label: all }, ...values.map((one) => ({ value: one, label: one }))]}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

/** The folder at the top that a step is in. */
function folderOf({ path }: Planned): string {
  return path.split('/')[0] ?? path;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted(compareText);
}

function keyOf(step: Planned): string {
  return step.id;
}

function planColumns(): readonly Column<Planned>[] {
  return [
    {
      id: 'what',
      label: t('sync.column.what'),
      width: 170,
      compare: (a, b) => compareText(kindWord(a.kind), kindWord(b.kind)),
      cell: (row) => {
        return (
          <>
            <TaskIcon task={row} size={15} />
            <span>{kindWord(row.kind)}</span>
          </>
        );
      },
    },
    {
      id: 'path',
      label: t('sync.column.path'),
      width: 240,
      grow: true,
      compare: (a, b) => compareText(a.path, b.path),
      title: (row) => (row.from === null ? row.path : t('sync.fromTo', { from: row.from, to: row.path })),
      cell: (row) => shownPath(row.path),
    },
    {
      id: 'why',
      label: t('sync.column.why'),
      width: 220,
      compare: (a, b) => compareText(said(a.reason), said(b.reason)),
      title: (row) => said(row.reason),
      cell: (row) => said(row.reason),
    },
    {
      id: 'size',
      label: t('sync.column.size'),
      width: 90,
      align: 'end',
      compare: (a, b) => a.bytes - b.bytes,
      cell: (row) => (row.bytes > 0 ? formatBytes(row.bytes) : ''),
    },
    {
      id: 'client',
      label: t('sync.column.client'),
      width: 110,
      compare: (a, b) => compareText(a.client, b.client),
      cell: (row) => row.client,
    },
  ];
}
