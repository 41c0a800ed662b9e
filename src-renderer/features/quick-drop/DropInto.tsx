import { Button } from '@mantine/core';
import { ArrowLeft, CircleCheck, FolderClosed, FolderX, Inbox, Upload } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import type { BoxPlace, BoxRecord } from '../../../src-shared/ipc/box.ts';
import type { UploadResult } from '../../../src-shared/ipc/files.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { formatFacts } from '../../ui/format.ts';
import { KeyHint } from '../../ui/KeyHint.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { usePastedFiles } from '../../ui/use-pasted-files.ts';
import { counted, said, t } from '../../ui/words.ts';
import { shownPath } from '../../ui/paths.ts';
import { refBeside } from '../attachment-box/ref-beside.ts';
import { droppedInto } from '../documents/add-files.ts';
import styles from './QuickDrop.module.css';

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'working' }
  | { readonly kind: 'added'; readonly where: string; readonly result: UploadResult }
  | { readonly kind: 'undone' }
  | { readonly kind: 'failed'; readonly message: string };

/** The places of one record: one is chosen, all of them take what is dropped on them. */
export function DropInto({ record, leave }: { record: BoxRecord; leave: () => void }) {
  const { places, error, load } = usePlaces(record);
  const [chosen, setChosen] = useState(0);
  const [over, setOver] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });

  const add = async (place: BoxPlace, work: () => Promise<UploadResult>): Promise<void> => {
    setOver(null);
    setOutcome({ kind: 'working' });
    try {
      const result = await work();
      const nothing = result.added.length + result.problems.length === 0;
      setOutcome(nothing ? { kind: 'none' } : { kind: 'added', where: nameOf(record, place), result });
      load();
    } catch (problem) {
      setOutcome({ kind: 'failed', message: sentence(problem) });
    }
  };
  const ask = (place: BoxPlace): Promise<void> => add(place, () => call('files.choose', { folderId: place.row }));
  const drag = (event: DragEvent, at: number | null): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(at);
  };
  const target = places?.[Math.min(chosen, (places?.length ?? 1) - 1)];

  usePastedFiles((files) => {
    if (target === undefined) return false;
    void add(target, () => droppedInto(target.row, files));
    return true;
  });

  return (
    <>
      <header className={styles.head}>
        <Button
          variant="subtle"
          size="compact-sm"
          px={6}
          aria-label={t('quickDrop.other')}
          title={t('quickDrop.other')}
          onClick={leave}
        >
          <ArrowLeft aria-hidden size={16} className="turned" />
        </Button>
        <div className={styles.titles}>
          <h2>{record.name}</h2>
          <p>{formatFacts([record.typeLabel, refBeside(record)].filter((fact) => fact !== null))}</p>
        </div>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<Inbox aria-hidden size={13} />}
          onClick={() => void call('quickDrop.showBox', { type: record.type, ref: record.ref })}
        >
          {t('quickDrop.box')}
        </Button>
      </header>
      {error !== null && <Failure title={t('quickDrop.error')} message={error} retry={load} />}
      {places === null && error === null && <Loading />}
      {places?.length === 0 && <Empty icon={FolderX} title={record.name} hint={t('quickDrop.noFolder')} />}
      {places !== null && target !== undefined && (
        <div
          className={styles.body}
          onDragOver={(event) => drag(event, places.indexOf(target))}
          onDragLeave={(event) => drag(event, null)}
          onDrop={(event) => {
            event.preventDefault();
            void add(target, () => droppedInto(target.row, [...event.dataTransfer.files]));
          }}
        >
          <Places
            record={record}
            places={places}
            chosen={places.indexOf(target)}
            over={over}
            choose={setChosen}
            drag={drag}
            drop={(place, files) => void add(place, () => droppedInto(place.row, files))}
            ask={() => void ask(target)}
          />
          <div className={styles.zone} data-over={over !== null || undefined}>
            <Upload aria-hidden size={22} strokeWidth={1.5} />
            <p>{t('quickDrop.drop')}</p>
            <Button
              variant="default"
              size="xs"
              loading={outcome.kind === 'working'}
              rightSection={<KeyHint shortcut="Enter" />}
              onClick={() => void ask(target)}
            >
              {t('quickDrop.choose')}
            </Button>
          </div>
          <OutcomeLine outcome={outcome} set={setOutcome} />
        </div>
      )}
    </>
  );
}

function nameOf(record: BoxRecord, place: BoxPlace): string {
  return place.path === '' ? record.name : shownPath(place.path);
}

function usePlaces(record: BoxRecord) {
  const [places, setPlaces] = useState<readonly BoxPlace[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = (): void => {
    call('box.places', { type: record.type, ref: record.ref }).then(
      (answer) => {
        setPlaces(answer);
        setError(null);
      },
      (problem: unknown) => setError(sentence(problem)),
    );
  };
  // The record is another one only with another key.
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(load, []);
  return { places, error, load };
}

interface PlacesProps {
  readonly record: BoxRecord;
  readonly places: readonly BoxPlace[];
  readonly chosen: number;
  readonly over: number | null;
  readonly choose: (index: number) => void;
  readonly drag: (event: DragEvent, at: number | null) => void;
  readonly drop: (place: BoxPlace, files: readonly File[]) => void;
  /** Asks for documents to put into the chosen place. */
  readonly ask: () => void;
}

function Places({ record, places, chosen, over, choose, drag, drop, ask }: PlacesProps) {
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => group.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus(), []);
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      ask();
      return;
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = (chosen + step + places.length) % places.length;
    choose(next);
    group.current?.querySelectorAll<HTMLElement>('[role="radio"]')[next]?.focus();
  };
  return (
    // Arrows move the choice inside, as in every group of radio buttons.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div ref={group} role="radiogroup" aria-label={t('quickDrop.into')} className={styles.places} onKeyDown={press}>
      {places.map((place, index) => (
        <button
          key={place.row}
          type="button"
          role="radio"
          aria-checked={index === chosen}
          tabIndex={index === chosen ? 0 : -1}
          className={styles.place}
          data-over={over === index || undefined}
          onClick={() => choose(index)}
          onDragOver={(event) => {
            event.stopPropagation();
            drag(event, index);
          }}
          onDrop={(event) => {
            event.preventDefault();
            event.stopPropagation();
            drop(place, [...event.dataTransfer.files]);
          }}
        >
          <FolderClosed aria-hidden size={15} />
          <span className={styles.placeName}>{nameOf(record, place)}</span>
          <span className={styles.soft}>{counted('status.files', place.files)}</span>
        </button>
      ))}
    </div>
  );
}

function OutcomeLine({ outcome, set }: { outcome: Outcome; set: (outcome: Outcome) => void }) {
  const undo = (number: number): void => {
    call('files.undo', { number }).then(
      () => set({ kind: 'undone' }),
      (problem: unknown) => set({ kind: 'failed', message: sentence(problem) }),
    );
  };
  if (outcome.kind === 'failed') {
    return (
      <p role="alert" className={styles.bad}>
        <strong>{t('quickDrop.failed')}</strong> {outcome.message}
      </p>
    );
  }
  return (
    <div role="status" className={styles.outcome}>
      {outcome.kind === 'working' && <p className={styles.soft}>{t('quickDrop.working')}</p>}
      {outcome.kind === 'undone' && <p className={styles.soft}>{t('quickDrop.undone')}</p>}
      {outcome.kind === 'added' && <Added outcome={outcome} undo={undo} />}
    </div>
  );
}

function Added({
  outcome: { where, result },
  undo,
}: {
  outcome: Extract<Outcome, { kind: 'added' }>;
  undo: (number: number) => void;
}) {
  const [first] = result.added;
  const { undo: number } = result;
  return (
    <>
      {first !== undefined && (
        <p className={styles.good}>
          <CircleCheck aria-hidden size={16} />
          <span>
            {counted('quickDrop.added', result.added.length, {
              name: first.slice(first.lastIndexOf('/') + 1),
              folder: where,
            })}{' '}
            <span className={styles.soft}>{t('quickDrop.then')}</span>
          </span>
          {number !== null && (
            <Button variant="subtle" size="compact-xs" onClick={() => undo(number)}>
              {t('undo.button')}
            </Button>
          )}
        </p>
      )}
      {result.problems.map(({ name, reason }) => (
        <p key={name} className={styles.bad}>
          {name}: {said(reason)}
        </p>
      ))}
    </>
  );
}
