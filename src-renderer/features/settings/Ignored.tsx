import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { tell } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

const ask = () => call('ignore.list', {});

/** Patterns of what is never synced, one on each line. */
export function Ignored() {
  const { value, error, reload } = useAnswer(ask);
  const [draft, setDraft] = useState<string | null>(null);
  if (error !== null) return <Failure title={t('settings.error')} message={error} retry={reload} />;
  if (value === null) return <Loading />;
  const text = draft ?? value.join('\n');
  const save = async (): Promise<void> => {
    if (!(await attempt(() => call('ignore.set', { patterns: text.split('\n') })))) return;
    setDraft(null);
    reload();
    tell(t('settings.saved'), t('settings.savedIgnored'));
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Textarea
        label={t('settings.patterns')}
        description={t('settings.patternsHint')}
        rows={12}
        value={text}
        spellCheck={false}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" size="xs" disabled={draft === null || draft === value.join('\n')}>
          {t('settings.save')}
        </Button>
      </div>
    </form>
  );
}
