import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Catalog, Rule } from '../../../src-shared/ipc/settings.ts';
import { call } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { formatCount, formatList } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { t } from '../../ui/words.ts';
import { AddType } from './AddType.tsx';
import { RuleForm } from './RuleForm.tsx';
import { RowDeeds, SettingsTable, type SettingsColumn } from './SettingsTable.tsx';
import { TypeTable } from './TypeTable.tsx';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

const ask = () => call('catalog.view', {});

/** Which records get folders, how these are named, and the account that keeps them. */
export function Rules() {
  const { value, error, reload } = useAnswer(ask);
  if (error !== null) return <Failure title={t('settings.error')} message={error} retry={reload} />;
  if (value === null) return <Loading />;
  return (
    <>
      {value.rules.length === 0 ? (
        <p className={styles.soft}>{t('settings.noRules')}</p>
      ) : (
        <RuleTable catalog={value} changed={reload} />
      )}
      <h3 className={styles.heading}>{t('settings.addRule')}</h3>
      <RuleForm types={value.types} changed={reload} />
      <h3 className={styles.heading}>{t('settings.types')}</h3>
      {value.types.length > 0 && <TypeTable types={value.types} changed={reload} />}
      <AddType types={value.types} changed={reload} />
    </>
  );
}

function RuleTable({ catalog, changed }: { catalog: Catalog; changed: () => void }) {
  const [editing, setEditing] = useState<Rule | null>(null);
  const [removing, setRemoving] = useState<Rule | null>(null);
  const close = (): void => setEditing(null);
  const typeOf = (rule: Rule) => catalog.types.find((one) => one.name === rule.type);
  const labelOf = (rule: Rule | null): string => (rule === null ? '' : (typeOf(rule)?.label ?? rule.type));
  const columns: readonly SettingsColumn<Rule>[] = [
    { label: t('settings.rule.type'), cell: labelOf },
    { label: t('settings.rule.records'), cell: (rule) => formatCount(typeOf(rule)?.records ?? 0) },
    {
      label: t('settings.rule.filter'),
      cell: ({ filter }) => (filter === null ? t('settings.rule.all') : <bdi>{filter}</bdi>),
    },
    { label: t('settings.rule.pattern'), cell: ({ pattern }) => <bdi>{pattern}</bdi> },
    { label: t('settings.rule.subfolderNames'), cell: ({ subfolders }) => formatList(subfolders) },
    { label: t('settings.rule.account'), cell: (rule) => <RuleClient rule={rule} changed={changed} /> },
    {
      label: t('settings.rule.deeds'),
      cell: (rule) => (
        <RowDeeds
          deeds={[
            {
              word: t('settings.rule.edit'),
              label: t('settings.rule.editOne', { type: labelOf(rule) }),
              run: () => setEditing(rule),
            },
            {
              word: t('settings.remove'),
              label: t('settings.rule.removeOne', { type: labelOf(rule) }),
              run: () => setRemoving(rule),
            },
          ]}
        />
      ),
    },
  ];
  return (
    <>
      <SettingsTable columns={columns} rows={catalog.rules} keyOf={({ id }) => id} />
      <Dialog
        opened={editing !== null}
        close={close}
        title={t('settings.rule.editTitle', { type: labelOf(editing) })}
        wide
      >
        {editing !== null && (
          <RuleForm
            types={catalog.types}
            rule={editing}
            cancel={close}
            changed={() => {
              close();
              changed();
            }}
          />
        )}
      </Dialog>
      <ConfirmDialog
        opened={removing !== null}
        close={() => setRemoving(null)}
        title={t('settings.rule.removeTitle', { type: labelOf(removing) })}
        confirm={t('settings.rule.removeYes')}
        run={async () => {
          if (removing !== null) await call('rule.remove', { id: removing.id });
          changed();
        }}
      >
        {t('settings.rule.removeText')}
      </ConfirmDialog>
    </>
  );
}

/** Another account gets the folders after everything has come back from the former one. */
function RuleClient({ rule, changed }: { rule: Rule; changed: () => void }) {
  const clients = useApp((store) => store.app?.clients) ?? [];
  const [asked, setAsked] = useState<string | null>(null);
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={t('settings.rule.accountOf', { type: rule.type })}
        value={rule.client}
        data={clients.map(({ name }) => name)}
        onChange={(event) => setAsked(event.currentTarget.value)}
      />
      <ConfirmDialog
        opened={asked !== null}
        close={() => setAsked(null)}
        title={t('settings.rule.moveTitle', { type: rule.type, client: asked ?? '' })}
        confirm={t('settings.rule.moveYes', { client: asked ?? '' })}
        run={async () => {
          await call('rule.setClient', { type: rule.type, client: asked ?? '' });
          changed();
        }}
      >
        {t('settings.rule.moveText', { client: rule.client })}
      </ConfirmDialog>
    </>
  );
}
