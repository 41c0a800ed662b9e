import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Crumb } from '../../../src-shared/ipc/documents.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { useUndo } from '../../stores/undo-store.ts';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
import { tellUndoable } from '../../ui/undo-toast.tsx';
import { t } from '../../ui/words.ts';
import { takeBack } from './take-back.ts';
import styles from './NewFolder.module.css';

interface NewFolderProps {
  readonly opened: boolean;
  readonly parents: readonly Crumb[];
  readonly close: () => void;
}

/** A folder made by hand: its name, and the account that it is kept in. */
export function NewFolder({ opened, parents, close }: NewFolderProps) {
  const clients = useApp((store) => store.app?.clients) ?? [];
  const [name, setName] = useState('');
  const [client, setClient] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const chosen = client ?? clients[0]?.name ?? '';

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const ids = parents.map(({ id }) => id);
      const { undo } = await useUndo.getState().during(call('folder.add', { parents: ids, name, client: chosen }));
      if (undo !== null) tellUndoable({ label: t('files.folderMade', { name }), undo: takeBack(undo) });
      setName('');
      setError(null);
      close();
    } catch (problem) {
      setError(sentence(problem));
    }
  };

  return (
    <Dialog opened={opened} close={close} title={t('documents.newFolder').replace('…', '')}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          autoFocus
          label={t('documents.folderName')}
          value={name}
          error={error}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {clients.length > 1 && (
          <NativeSelect
            label={t('documents.folderClient')}
            value={chosen}
            data={clients.map((one) => one.name)}
            onChange={(event) => setClient(event.currentTarget.value)}
          />
        )}
        <DialogButtons>
          <Button variant="default" onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === '' || chosen === ''}>
            {t('documents.create')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
