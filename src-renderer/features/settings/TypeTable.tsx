// The document types that there are: renamed with their folders, and removed where no record hangs on them. What happens
// to rules, records and documents is said before.

import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { DocumentType, TypeUse } from '../../../src-shared/ipc/settings.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { DialogForm } from '../../ui/DialogForm.tsx';
import { formatCount, formatList } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tell } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import { shownPath } from '../../ui/paths.ts';
import { RowDeeds, SettingsTable, type SettingsColumn } from './SettingsTable.tsx';
import styles from './Settings.module.css';

type Deed = { readonly kind: 'rename' | 'remove'; readonly type: DocumentType };

interface TypeTableProps {
  readonly types: readonly DocumentType[];
  readonly changed: () => void;
}

export function TypeTable({ types, changed }: TypeTableProps) {
  const [deed, setDeed] = useState<Deed | null>(null);
  const close = (): void => setDeed(null);
  const done = (): void => {
    close();
    changed();
  };
  const columns: readonly SettingsColumn<DocumentType>[] = [
    { label: t('settings.typeLabel'), cell: ({ label }) => label },
    { label: t('settings.typeName'), cell: ({ name }) => <bdi className="selectable">{name}</bdi> },
    { label: t('settings.rule.records'), cell: ({ records }) => formatCount(records) },
    {
      label: t('settings.rule.deeds'),
      cell: (type) => (
        <RowDeeds
          deeds={(['rename', 'remove'] as const).map((kind) => ({
            word: t(kind === 'rename' ? 'settings.type.rename' : 'settings.remove'),
            label: t(`settings.type.${kind}One`, { type: type.label }),
            run: () => setDeed({ kind, type }),
          }))}
        />
      ),
    },
  ];
  return (
    <>
      <SettingsTable label={t('settings.types')} columns={columns} rows={types} keyOf={({ name }) => name} />
      <Dialog
        opened={deed !== null}
        close={close}
        title={deed === null ? '' : t(`settings.type.${deed.kind}Title`, { type: deed.type.label })}
      >
        {deed?.kind === 'rename' && <Rename key={deed.type.name} type={deed.type} close={close} done={done} />}
        {deed?.kind === 'remove' && <Remove key={deed.type.name} type={deed.type} close={close} done={done} />}
      </Dialog>
    </>
  );
}

interface DeedProps {
  readonly type: DocumentType;
  readonly close: () => void;
  readonly done: () => void;
}

/** What hangs on the type; null while it is asked for. */
function useTypeUse({ name }: DocumentType) {
  const [use, setUse] = useState<TypeUse | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    call('catalog.typeUse', { name }).then(
      (answer) => !gone && setUse(answer),
      (problem: unknown) => !gone && setError(sentence(problem)),
    );
    return () => {
      gone = true;
    };
  }, [name]);
  return { use, error };
}

function Rename({ type, close, done }: DeedProps) {
  const { use, error } = useTypeUse(type);
  const [label, setLabel] = useState(type.label);
  const [newName, setNewName] = useState(type.name);
  const save = async (): Promise<void> => {
    const renamed = await call('catalog.renameType', { name: type.name, newName, label });
    const folders = placesOf(renamed.folders);
    tell(t('settings.saved'), renamed.folders.length === 0 ? renamed.label : t('settings.type.folder', { folders }));
    done();
  };
  const same = label.trim() === type.label && newName.trim() === type.name;
  return (
    <DialogForm
      close={close}
      confirm={t('settings.type.renameYes')}
      disabled={same || label.trim() === '' || newName.trim() === ''}
      problem={error}
      run={save}
    >
      <TextInput
        // The name is what the dialog is opened for.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        label={t('settings.typeLabel')}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <TextInput
        label={t('settings.typeName')}
        description={t('settings.type.nameHint')}
        value={newName}
        onChange={(event) => setNewName(event.currentTarget.value)}
      />
      {use !== null && <p className={styles.soft}>{renameText(use)}</p>}
    </DialogForm>
  );
}

function renameText({ folders, documents, records }: TypeUse): string {
  const kept = counted('settings.type.recordsStay', records);
  if (folders.length === 0) return kept;
  return `${t('settings.type.folderFollows', { folder: placesOf(folders) })} ${counted('settings.type.documentsInside', documents)} ${kept}`;
}

function Remove({ type, close, done }: DeedProps) {
  const { use, error } = useTypeUse(type);
  const refused = use !== null && use.records > 0;
  const run = async (): Promise<void> => {
    if (refused) return void navigate('attachment-box', {});
    await call('catalog.removeType', { name: type.name });
    done();
  };
  return (
    <DialogForm
      close={close}
      confirm={t(refused ? 'settings.type.showRecords' : 'settings.type.removeYes')}
      danger={!refused}
      careful
      disabled={use === null}
      problem={error}
      run={run}
    >
      {use === null && error === null && <Loading />}
      {use !== null && <p>{removeText(use)}</p>}
    </DialogForm>
  );
}

function removeText({ records, documents, folders, rules }: TypeUse): string {
  if (records > 0) {
    const inside = documents === 0 ? '' : ` ${counted('settings.type.documentsInside', documents)}`;
    return `${counted('settings.type.hasRecords', records)}${inside} ${t('settings.type.recordsFirst')}`;
  }
  if (rules === 0) return t('settings.type.removeNothing');
  return `${t('settings.type.rulesGo', { folder: placesOf(folders) })} ${counted('settings.type.documentsInside', documents)}`;
}

function placesOf(folders: readonly string[]): string {
  return formatList(folders.map((folder) => shownPath(folder)));
}
