// All that is set for backups: when, where to, how many are kept, the passphrase, and other files that go along.

import { Button, Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BackupKeep, BackupSettingsLine } from '../../../src-shared/ipc/backups.ts';
import { call } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { Failure } from '../../ui/Failure.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tell } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { Passphrase } from './Passphrase.tsx';
import { SCHEDULES, WISHES, wishOf, type Wish } from './schedules.ts';
import { Sources } from './Sources.tsx';
import { useBackupSettings, type BackupSettingsState } from './use-backup-settings.ts';
import styles from './BackupSettingsForm.module.css';

type Change = BackupSettingsState['change'];

interface PartProps {
  readonly settings: BackupSettingsLine;
  readonly change: Change;
}

export function BackupSettingsForm() {
  const { settings, error, reload, change } = useBackupSettings();
  if (error !== null) return <Failure title={t('backups.error')} message={error} retry={reload} />;
  if (settings === null) return <Loading />;
  return (
    <div className={styles.form}>
      <Schedule settings={settings} change={change} />
      <Target settings={settings} change={change} />
      <Checkbox
        size="xs"
        label={t('backups.verifyEach')}
        description={t('backups.verifyEachHint')}
        checked={settings.verify}
        onChange={(event) => {
          const on = event.currentTarget.checked;
          void change(() => call('backups.setVerify', { on }));
        }}
      />
      <Keep key={JSON.stringify(settings.keep)} settings={settings} change={change} />
      <Passphrase kept={settings.passphrase} change={change} />
      <Sources />
      <div>
        <Button variant="default" size="xs" onClick={() => navigate('backups')}>
          {t('backups.showAll')}
        </Button>
      </div>
    </div>
  );
}

function Schedule({ settings: { schedule, next }, change }: PartProps) {
  const known = wishOf(schedule);
  const [own, setOwn] = useState(known === null ? (schedule ?? '') : null);
  const choose = (wish: string): void => {
    if (wish === 'own') return setOwn(schedule ?? '0 12 * * *');
    setOwn(null);
    void change(() => call('backups.setSchedule', { schedule: SCHEDULES[wish as Wish] }));
  };
  const save = async (): Promise<void> => {
    if (await change(() => call('backups.setSchedule', { schedule: own }))) tell(t('backups.schedule'), own ?? '');
  };
  return (
    <div className={styles.row}>
      <NativeSelect
        className={styles.grow}
        label={t('backups.schedule')}
        description={next === null ? t('backups.noNext') : t('backups.next', { time: formatMoment(next) })}
        value={own === null ? (known ?? 'own') : 'own'}
        data={[
          ...WISHES.map((wish) => ({ value: wish, label: t(`backups.schedules.${wish}`) })),
          { value: 'own', label: t('backups.ownSchedule') },
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {own !== null && (
        <>
          <TextInput
            className={styles.grow}
            label={t('backups.cron')}
            description={t('backups.cronHint')}
            value={own}
            onChange={(event) => setOwn(event.currentTarget.value)}
          />
          <Button size="xs" disabled={own.trim() === '' || own === schedule} onClick={() => void save()}>
            {t('backups.save')}
          </Button>
        </>
      )}
    </div>
  );
}

const NOBODY = '';

function Target({ settings: { target, client }, change }: PartProps) {
  const clients = useApp((store) => store.app?.clients) ?? [];
  return (
    <NativeSelect
      label={t('backups.target')}
      description={client === null ? t('backups.toNobody') : t('backups.to', { client })}
      value={target ?? NOBODY}
      data={[
        { value: NOBODY, label: t('backups.onlyClient') },
        ...clients.map(({ name }) => ({ value: name, label: name })),
      ]}
      onChange={(event) => {
        const name = event.currentTarget.value;
        void change(() => call('backups.setTarget', { client: name === NOBODY ? null : name }));
      }}
    />
  );
}

const KEPT = ['last', 'daily', 'weekly', 'monthly'] as const satisfies readonly (keyof BackupKeep)[];

function Keep({ settings, change }: PartProps) {
  const [keep, setKeep] = useState<BackupKeep>(settings.keep);
  const isSame = KEPT.every((one) => keep[one] === settings.keep[one]);
  const save = async (): Promise<void> => {
    if (await change(() => call('backups.setKeep', keep))) tell(t('backups.keptSaved'), t('backups.keep', { ...keep }));
  };
  return (
    <fieldset className={styles.group}>
      <legend>{t('backups.kept')}</legend>
      <p className={styles.hint}>{t('backups.keptHint')}</p>
      <div className={styles.row}>
        {KEPT.map((one) => (
          <NumberInput
            key={one}
            className={styles.number}
            label={t(`backups.keeps.${one}`)}
            min={0}
            max={1_000}
            allowDecimal={false}
            value={keep[one]}
            onChange={(value) => setKeep({ ...keep, [one]: Number(value) })}
          />
        ))}
        <Button size="xs" disabled={isSame} onClick={() => void save()}>
          {t('backups.save')}
        </Button>
      </div>
    </fieldset>
  );
}
