// The document types that there are: renamed with their folders, and removed where no record hangs on them. What happens
// to rules, records and documents is said before.

import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { DocumentType, TypeUse } from '../../../src-shared/ipc/settings.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
import { formatCount, formatList } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tell } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
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
  return (
    <>
      <table className={styles.table} aria-label={t('settings.types')}>
        <thead>
          <tr>
            {['typeLabel', 'typeName', 'rule.records', 'rule.deeds'].map((column) => (
              <th key={column} scope="col">
                {t(`settings.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {types.map((type) => (
            <tr key={type.name}>
              <td>{type.label}</td>
              <td className="selectable">
                <bdi>{type.name}</bdi>
              </td>
              <td>{formatCount(type.records)}</td>
              <td>
                <span className={styles.deeds}>
                  {(['rename', 'remove'] as const).map((kind) => (
                    <Button
                      key={kind}
                      variant="default"
                      size="compact-xs"
                      aria-label={t(`settings.type.${kind}One`, { type: type.label })}
                      onClick={() => setDeed({ kind, type })}
                    >
                      {t(kind === 'rename' ? 'settings.type.rename' : 'settings.remove')}
                    </Button>
                  ))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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
  return { use, error, setError };
}

function Rename({ type, close, done }: DeedProps) {
  const { use, error, setError } = useTypeUse(type);
  const [label, setLabel] = useState(type.label);
  const [newName, setNewName] = useState(type.name);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const renamed = await call('catalog.renameType', { name: type.name, newName, label });
      const folders = placesOf(renamed.folders);
      tell(t('settings.saved'), renamed.folders.length === 0 ? renamed.label : t('settings.type.folder', { folders }));
      done();
    } catch (problem) {
      setError(sentence(problem));
      setBusy(false);
    }
  };
  const same = label.trim() === type.label && newName.trim() === type.name;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
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
      <Trouble error={error} />
      <DialogButtons>
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" loading={busy} disabled={same || label.trim() === '' || newName.trim() === ''}>
          {t('settings.type.renameYes')}
        </Button>
      </DialogButtons>
    </form>
  );
}

function renameText({ folders, documents, records }: TypeUse): string {
  const kept = counted('settings.type.recordsStay', records);
  if (folders.length === 0) return kept;
  return `${t('settings.type.folderFollows', { folder: placesOf(folders) })} ${counted('settings.type.documentsInside', documents)} ${kept}`;
}

function Remove({ type, close, done }: DeedProps) {
  const { use, error, setError } = useTypeUse(type);
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await call('catalog.removeType', { name: type.name });
      done();
    } catch (problem) {
      setError(sentence(problem));
      setBusy(false);
    }
  };
  const refused = use !== null && use.records > 0;
  return (
    <div className={styles.form}>
      {use === null && error === null && <Loading />}
      {use !== null && <p>{removeText(use)}</p>}
      <Trouble error={error} />
      <DialogButtons>
        <Button variant="default" data-autofocus autoFocus onClick={close}>
          {t('app.cancel')}
        </Button>
        {refused ? (
          <Button onClick={() => navigate('attachment-box', {})}>{t('settings.type.showRecords')}</Button>
        ) : (
          <Button color="red" loading={busy} disabled={use === null} onClick={() => void run()}>
            {t('settings.type.removeYes')}
          </Button>
        )}
      </DialogButtons>
    </div>
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
  return formatList(folders.map((folder) => folder.replaceAll('/', ' › ')));
}

function Trouble({ error }: { error: string | null }) {
  if (error === null) return null;
  return (
    <p role="alert" className={`${styles.bad} selectable`}>
      {error}
    </p>
  );
}
