// Folders that a person gave to an account, beside those that rules make.

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CallResult } from '../../../src-shared/ipc-contract.ts';
import { call } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Form } from '../../ui/Form.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tell } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import { shownPath } from '../../ui/paths.ts';
import { goToPath } from '../search/go-to.ts';
import { attempt } from './attempt.ts';
import { SettingsTable, type SettingsColumn } from './SettingsTable.tsx';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

const ask = () => call('folder.assigned', {});
type Assigned = CallResult<'folder.assigned'>[number];

export function AssignedFolders() {
  const { value, error, reload } = useAnswer(ask);
  const clients = useApp((store) => store.app?.clients) ?? [];
  if (error !== null) return <Failure title={t('settings.error')} message={error} retry={reload} />;
  if (value === null) return <Loading />;
  const columns: readonly SettingsColumn<Assigned>[] = [
    {
      label: t('settings.folder'),
      cell: ({ path }) => (
        <button type="button" className={styles.link} onClick={() => goToPath(path)}>
          {shownPath(path)}
        </button>
      ),
    },
    {
      label: t('settings.content'),
      cell: ({ files, bytes }) => `${counted('status.files', files)} · ${formatBytes(bytes)}`,
    },
    { label: t('settings.rule.account'), cell: (folder) => <FolderClient folder={folder} changed={reload} /> },
  ];
  return (
    <>
      {value.length === 0 ? (
        <p className={styles.soft}>{t('settings.noAssigned')}</p>
      ) : (
        <SettingsTable columns={columns} rows={value} keyOf={({ path }) => path} />
      )}
      {clients.length > 0 && <Assign changed={reload} />}
    </>
  );
}

/** Another account gets the folder after everything has come back from the former one. */
function FolderClient({ folder, changed }: { folder: Assigned; changed: () => void }) {
  const clients = useApp((store) => store.app?.clients) ?? [];
  const [asked, setAsked] = useState<string | null>(null);
  const { path, client } = folder;
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={t('settings.accountOfFolder', { path })}
        value={client ?? ''}
        data={clients.map(({ name }) => name)}
        onChange={(event) => setAsked(event.currentTarget.value)}
      />
      <ConfirmDialog
        opened={asked !== null}
        close={() => setAsked(null)}
        title={t('settings.rule.moveTitle', { type: path, client: asked ?? '' })}
        confirm={t('settings.rule.moveYes', { client: asked ?? '' })}
        run={async () => {
          await call('folder.setClient', { path, client: asked ?? '' });
          changed();
        }}
      >
        {t('settings.rule.moveText', { client: client ?? '' })}
      </ConfirmDialog>
    </>
  );
}

function Assign({ changed }: { changed: () => void }) {
  const clients = useApp((store) => store.app?.clients) ?? [];
  const [path, setPath] = useState('');
  const [chosen, setChosen] = useState('');
  const client = chosen === '' ? (clients[0]?.name ?? '') : chosen;
  const save = async (): Promise<void> => {
    if (!(await attempt(() => call('folder.assign', { path, client })))) return;
    tell(t('settings.saved'), path);
    setPath('');
    changed();
  };
  return (
    <Form className={styles.row} submit={save}>
      <TextInput
        className={styles.grow}
        label={t('settings.assign')}
        description={t('settings.assignHint')}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('settings.rule.account')}
        value={client}
        data={clients.map(({ name }) => name)}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" disabled={path.trim() === ''}>
        {t('settings.assignYes')}
      </Button>
    </Form>
  );
}
