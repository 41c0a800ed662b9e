import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Policy } from '../../../src-shared/ipc/settings.ts';
import { call } from '../../bridge/bridge.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Form } from '../../ui/Form.tsx';
import { tell } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import { shownPath } from '../../ui/paths.ts';
import { AssignedFolders } from './Assigned.tsx';
import { attempt } from './attempt.ts';
import { RowDeeds, SettingsTable, type SettingsColumn } from './SettingsTable.tsx';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

const ask = () => call('folder.policies', {});
const KEEPS = ['inherit', 'always', 'days', 'links'] as const;
const FLOWS = ['inherit', 'both', 'up', 'down', 'off'] as const;
const USUAL_DAYS = 30;

/** Folders of people, and those that differ from the folders above them. */
export function Folders() {
  return (
    <>
      <h3 className={styles.heading}>{t('settings.assigned')}</h3>
      <AssignedFolders />
      <h3 className={styles.heading}>{t('settings.policies')}</h3>
      <Policies />
    </>
  );
}

/** How long bytes stay on this computer and which way a folder goes, for folders that differ from those above them. */
function Policies() {
  const { value, error, reload } = useAnswer(ask);
  if (error !== null) return <Failure title={t('settings.error')} message={error} retry={reload} />;
  if (value === null) return <Loading />;
  const forget = async (path: string): Promise<void> => {
    if (await attempt(() => call('folder.setPolicy', { path, keep: 'inherit', flow: 'inherit' }))) reload();
  };
  const columns: readonly SettingsColumn<Policy>[] = [
    { label: t('settings.folder'), cell: ({ path }) => shownPath(path) },
    { label: t('settings.keep'), cell: ({ keep }) => keepWord(keep) },
    { label: t('settings.flow'), cell: ({ flow }) => t(`settings.flows.${flow ?? 'inherit'}`) },
    {
      label: t('settings.change'),
      cell: ({ path }) => (
        <RowDeeds
          deeds={[
            { word: t('settings.forget'), label: t('settings.forgetOne', { path }), run: () => void forget(path) },
          ]}
        />
      ),
    },
  ];
  return (
    <>
      {value.length === 0 ? (
        <p className={styles.soft}>{t('settings.noPolicies')}</p>
      ) : (
        <SettingsTable columns={columns} rows={value} keyOf={({ path }) => path} />
      )}
      <h3 className={styles.heading}>{t('settings.addPolicy')}</h3>
      <AddPolicy changed={reload} />
    </>
  );
}

function keepWord(keep: string | null): string {
  if (keep === null) return t('settings.keeps.inherit');
  if (keep.startsWith('days:')) return counted('settings.keepDays', Number(keep.slice('days:'.length)));
  return t(`settings.keeps.${keep}`);
}

function AddPolicy({ changed }: { changed: () => void }) {
  const [path, setPath] = useState('');
  const [keep, setKeep] = useState<string>('inherit');
  const [days, setDays] = useState(USUAL_DAYS);
  const [flow, setFlow] = useState<string>('inherit');
  const save = async (): Promise<void> => {
    const kept = keep === 'days' ? `days:${days}` : keep;
    if (!(await attempt(() => call('folder.setPolicy', { path, keep: kept, flow })))) return;
    tell(t('settings.saved'), path);
    setPath('');
    changed();
  };
  return (
    <Form className={styles.form} submit={save}>
      <TextInput
        label={t('settings.folder')}
        description={t('settings.folderHint')}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <div className={styles.row}>
        <NativeSelect
          className={styles.grow}
          label={t('settings.keep')}
          value={keep}
          data={KEEPS.map((value) => ({ value, label: t(`settings.keeps.${value}`) }))}
          onChange={(event) => setKeep(event.currentTarget.value)}
        />
        {keep === 'days' && (
          <NumberInput
            label={t('settings.days')}
            min={0}
            max={3_650}
            value={days}
            onChange={(value) => setDays(Number(value))}
          />
        )}
        <NativeSelect
          className={styles.grow}
          label={t('settings.flow')}
          value={flow}
          data={FLOWS.map((value) => ({ value, label: t(`settings.flows.${value}`) }))}
          onChange={(event) => setFlow(event.currentTarget.value)}
        />
      </div>
      <div className={styles.row}>
        <Button type="submit" size="xs" disabled={path.trim() === '' || (keep === 'inherit' && flow === 'inherit')}>
          {t('settings.save')}
        </Button>
      </div>
    </Form>
  );
}
