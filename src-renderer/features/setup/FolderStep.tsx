import { Button } from '@mantine/core';
import { CircleCheck, FolderOpen, Info, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { DocumentsChoice } from '../../../src-shared/ipc/setup.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { Failure } from '../../ui/Failure.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { warn } from '../../ui/notify.ts';
import { counted, said, t } from '../../ui/words.ts';
import { useBackAndNext } from './ConnectAssistant.tsx';
import styles from './FolderStep.module.css';

/** Below this a disk is full before the documents of most companies are there. */
const LITTLE = 5 * 1024 ** 3;

const NOTES = [
  ['watched', CircleCheck],
  ['untouched', CircleCheck],
  ['any', Info],
] as const;

/** The documents folder: what is in it, how much room there is, and a bad one refused in a sentence. */
export function FolderStep({ next }: { next: () => void }) {
  const { choice, error, load } = useChoice();
  const good = choice !== null && choice.problem === null;
  useBackAndNext(undefined, good ? next : undefined);
  const choose = async (): Promise<void> => {
    try {
      if ((await call('setup.chooseFolder', {})) === null) return;
      await useApp.getState().load();
      load();
    } catch (problem) {
      warn(t('setup.documents'), sentence(problem));
    }
  };
  if (error !== null) return <Failure title={t('setup.documents')} message={error} retry={load} />;
  if (choice === null) return <Loading />;
  return (
    <form
      className={styles.step}
      onSubmit={(event) => {
        event.preventDefault();
        if (good) next();
      }}
    >
      <div className={styles.page}>
        <div className={styles.card} data-bad={choice.problem !== null || undefined}>
          <FolderOpen aria-hidden size={30} strokeWidth={1.4} />
          <div className={styles.facts}>
            <span id="documents-folder" className={`${styles.path} selectable`} title={choice.documents}>
              <bdi dir="ltr">{choice.documents}</bdi>
            </span>
            <Facts choice={choice} />
          </div>
          {!choice.settled && (
            <Button variant="default" size="sm" aria-describedby="documents-folder" onClick={() => void choose()}>
              {t('setup.change')}
            </Button>
          )}
        </div>
        {choice.problem !== null && (
          <p role="alert" className={styles.bad}>
            <TriangleAlert aria-hidden size={16} />
            <span className="selectable">{said(choice.problem.message)}</span>
          </p>
        )}
        <ul className={styles.notes}>
          {NOTES.map(([note, Icon]) => (
            <li key={note}>
              <Icon aria-hidden size={16} />
              {t(`setup.folder.${note}`)}
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.buttons}>
        <Button type="submit" size="sm" disabled={!good}>
          {t('setup.next')}
        </Button>
      </div>
    </form>
  );
}

function Facts({ choice: { exists, files, folders, more, free, settled } }: { choice: DocumentsChoice }) {
  const inside =
    files + folders === 0
      ? t('setup.folder.empty')
      : t(more ? 'setup.folder.insideMore' : 'setup.folder.inside', {
          files: counted('status.files', files),
          folders: counted('setup.folders', folders),
        });
  return (
    <>
      <span>{settled ? t('setup.folder.settled') : exists ? inside : t('setup.folder.new')}</span>
      {free !== null && (
        <span className={free < LITTLE ? styles.little : undefined}>
          {t(free < LITTLE ? 'setup.folder.little' : 'setup.folder.free', { size: formatBytes(free) })}
        </span>
      )}
    </>
  );
}

function useChoice() {
  const [choice, setChoice] = useState<DocumentsChoice | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = (): void => {
    call('setup.folder', {}).then(
      (answer) => {
        setChoice(answer);
        setError(null);
      },
      (problem: unknown) => setError(sentence(problem)),
    );
  };
  useEffect(load, []);
  return { choice, error, load };
}
