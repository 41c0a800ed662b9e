// How often everything is looked at, how much of the line is used, and what may leave this computer.

import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Form } from '../../ui/Form.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tell } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

const MINUTES = [5, 15, 30, 60, 240, 1_440] as const;
/** Bytes of one of the units that people type. */
const KILOBYTE = 1_000;
/** The service takes no less. */
const LEAST = 33;

const ask = async () => {
  const [schedule, limits, free] = await Promise.all([
    call('schedule.view', {}),
    call('bandwidth.view', {}),
    call('free.preview', {}),
  ]);
  return { schedule, limits, free };
};

export function SyncSettings() {
  const { value, error, reload } = useAnswer(ask);
  if (error !== null) return <Failure title={t('settings.error')} message={error} retry={reload} />;
  if (value === null) return <Loading />;
  const { schedule, limits, free } = value;
  const setSchedule = async (minutes: number): Promise<void> => {
    if (await attempt(() => call('schedule.set', { minutes }))) reload();
  };
  const minutes = [...new Set([...MINUTES, schedule.minutes])].toSorted((a, b) => a - b);
  return (
    <div className={styles.form}>
      <NativeSelect
        label={t('settings.schedule.label')}
        description={t('settings.schedule.hint')}
        value={String(schedule.minutes)}
        data={minutes.map((one) => ({ value: String(one), label: everyWord(one) }))}
        onChange={(event) => void setSchedule(Number(event.currentTarget.value))}
      />
      <fieldset className={styles.group}>
        <legend className={styles.heading}>{t('settings.limits.label')}</legend>
        <p className={styles.soft}>{t('settings.limits.hint')}</p>
        <div className={styles.row}>
          <Limit key={`up-${limits.up}`} way="up" bytes={limits.up} changed={reload} />
          <Limit key={`down-${limits.down}`} way="down" bytes={limits.down} changed={reload} />
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend className={styles.heading}>{t('settings.freeing.label')}</legend>
        <p className={styles.soft}>{t('settings.freeing.hint')}</p>
        <p role="status">
          {free.files === 0
            ? t('settings.freeing.nothing')
            : counted('settings.freeing.some', free.files, { size: formatBytes(free.bytes) })}
        </p>
        <div className={styles.row}>
          <Button
            variant="default"
            size="xs"
            disabled={free.files === 0}
            onClick={() => void attempt(() => call('dashboard.free', {}))}
          >
            {t('settings.freeing.now')}
          </Button>
        </div>
      </fieldset>
    </div>
  );
}

function everyWord(minutes: number): string {
  if (minutes === 1_440) return t('settings.schedule.day');
  return minutes % 60 === 0
    ? counted('settings.schedule.hours', minutes / 60)
    : counted('settings.schedule.minutes', minutes);
}

interface LimitProps {
  readonly way: 'up' | 'down';
  readonly bytes: number | null;
  readonly changed: () => void;
}

/** Kilobytes a second; empty: as fast as the line. */
function Limit({ way, bytes, changed }: LimitProps) {
  const [value, setValue] = useState<number | ''>(bytes === null ? '' : Math.round(bytes / KILOBYTE));
  const given = value === '' ? null : value * KILOBYTE;
  const save = async (): Promise<void> => {
    if (!(await attempt(() => call('bandwidth.set', { [way]: given })))) return;
    tell(t('settings.saved'), t(`settings.limits.${way}`));
    changed();
  };
  return (
    <Form className={styles.row} submit={save}>
      <NumberInput
        label={t(`settings.limits.${way}`)}
        placeholder={t('settings.limits.none')}
        suffix=" kB/s"
        min={LEAST}
        allowDecimal={false}
        hideControls
        value={value}
        onChange={(next) => setValue(next === '' ? '' : Number(next))}
      />
      <Button
        type="submit"
        variant="default"
        size="xs"
        aria-label={t('settings.limits.saveOne', { what: t(`settings.limits.${way}`) })}
        disabled={given === bytes || (value !== '' && value < LEAST)}
      >
        {t('settings.save')}
      </Button>
    </Form>
  );
}
