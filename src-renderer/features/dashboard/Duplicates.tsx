// Documents that are kept more than once: where they are, and removing all but one of them.

import { Button, Radio } from '@mantine/core';
import { useState } from 'react';
import type { Figures } from '../../../src-shared/ipc/dashboard.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { tellUndoable } from '../../ui/undo-toast.tsx';
import { counted, t } from '../../ui/words.ts';
import { shownPath } from '../../ui/paths.ts';
import { takeBack } from '../documents/take-back.ts';
import { BarList } from './BarList.tsx';
import card from './Dashboard.module.css';
import styles from './Duplicates.module.css';

const SHOWN = 5;

type Duplicates = Figures['duplicates'];
type Group = Duplicates['top'][number];

export function DuplicateList({ duplicates, changed }: { duplicates: Duplicates; changed: () => void }) {
  const [chosen, setChosen] = useState<Group | null>(null);
  const close = (): void => setChosen(null);
  return (
    <div className={card.part}>
      <h4>{counted('dashboard.duplicates', duplicates.groups, { size: formatBytes(duplicates.wasted) })}</h4>
      <BarList
        label={t('dashboard.by.duplicates')}
        bars={duplicates.top.slice(0, SHOWN).map((group) => ({
          key: group.hash,
          name: nameOf(group),
          more: `× ${formatCount(group.files)}`,
          title: group.places.map(({ path }) => path).join('\n'),
          amount: group.wasted,
          text: formatBytes(group.wasted),
          onOpen: () => setChosen(group),
        }))}
      />
      <Dialog opened={chosen !== null} close={close} title={t('dashboard.duplicatesTitle')} wide>
        {chosen !== null && <Places group={chosen} close={close} changed={changed} />}
      </Dialog>
    </div>
  );
}

function nameOf({ places }: Group): string {
  const [first] = places;
  return first?.path.slice(first.path.lastIndexOf('/') + 1) ?? '';
}

function Places({ group, close, changed }: { group: Group; close: () => void; changed: () => void }) {
  const { places, size } = group;
  const [kept, setKept] = useState(places[0]?.id ?? 0);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const others = places.filter(({ id }) => id !== kept);
  const remove = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { deleted, undo } = await call('files.delete', { ids: others.map(({ id }) => id) });
      const label = counted('dashboard.duplicatesDeleted', deleted);
      if (undo !== null) tellUndoable({ label, undo: takeBack(undo) });
      close();
      changed();
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p>{t('dashboard.duplicatesText', { size: formatBytes(size) })}</p>
      <Radio.Group
        label={t('dashboard.duplicatesKeep')}
        value={String(kept)}
        onChange={(value) => setKept(Number(value))}
        className={styles.places}
      >
        {places.map(({ id, path }) => (
          <Radio key={id} size="xs" className={styles.place} value={String(id)} label={shownPath(path)} />
        ))}
      </Radio.Group>
      {group.files > places.length && (
        <p className={styles.more}>{counted('dashboard.duplicatesMore', group.files - places.length)}</p>
      )}
      {error !== null && (
        <p role="alert" className={styles.error}>
          {error}
        </p>
      )}
      <DialogButtons>
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button color="red" loading={busy} disabled={others.length === 0} onClick={() => void remove()}>
          {counted('dashboard.duplicatesDelete', others.length)}
        </Button>
      </DialogButtons>
    </>
  );
}
