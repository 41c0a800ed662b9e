import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { LogKeep } from '../../../src-shared/ipc/log.ts';
import { call } from '../../bridge/bridge.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Form } from '../../ui/Form.tsx';
import { tell } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

const ask = () => call('log.keep', {});

/** How long lines of the log are kept. */
export function LogSettings() {
  const { value, error, reload } = useAnswer(ask);
  if (error !== null) return <Failure title={t('settings.error')} message={error} retry={reload} />;
  if (value === null) return <Loading />;
  return <Fields key={JSON.stringify(value)} kept={value} changed={reload} />;
}

function Fields({ kept, changed }: { kept: LogKeep; changed: () => void }) {
  const [keep, setKeep] = useState(kept);
  const save = async (): Promise<void> => {
    if (!(await attempt(() => call('log.setKeep', keep)))) return;
    tell(t('settings.saved'), t('settings.part.log'));
    changed();
  };
  return (
    <Form className={styles.form} submit={save}>
      <NumberInput
        label={t('settings.logDays')}
        description={t('settings.logDaysHint')}
        min={1}
        max={36_500}
        allowDecimal={false}
        value={keep.days}
        onChange={(days) => setKeep({ ...keep, days: Number(days) })}
      />
      <NumberInput
        label={t('settings.logMegabytes')}
        description={t('settings.logMegabytesHint')}
        min={1}
        max={100_000}
        allowDecimal={false}
        value={keep.megabytes}
        onChange={(megabytes) => setKeep({ ...keep, megabytes: Number(megabytes) })}
      />
      <div className={styles.row}>
        <Button type="submit" size="xs" disabled={keep.days === kept.days && keep.megabytes === kept.megabytes}>
          {t('settings.save')}
        </Button>
        <Button variant="default" size="xs" onClick={() => navigate('log')}>
          {t('settings.showLog')}
        </Button>
      </div>
    </Form>
  );
}
