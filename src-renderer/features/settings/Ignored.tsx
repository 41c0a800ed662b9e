import { Button, Textarea, TextInput } from '@mantine/core';
import { CircleCheck, EyeOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CallResult } from '../../../src-shared/ipc-contract.ts';
import { call } from '../../bridge/bridge.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Form } from '../../ui/Form.tsx';
import { tell } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

const ask = () => call('ignore.list', {});
/** Milliseconds of rest before a path is checked. */
const REST = 200;

/** Patterns of what is never synced, one on each line, and what they do to a path. */
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
    <>
      <Form className={styles.form} submit={save}>
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
      </Form>
      <h3 className={styles.heading}>{t('settings.check.label')}</h3>
      <Check text={text} />
    </>
  );
}

type Checked = CallResult<'ignore.check'>;

/** With the patterns as they are written now, kept or not. */
function Check({ text }: { text: string }) {
  const [path, setPath] = useState('');
  const [checked, setChecked] = useState<Checked | null>(null);
  useEffect(() => {
    if (path.trim() === '') return undefined;
    let gone = false;
    const timer = setTimeout(() => {
      call('ignore.check', { path, patterns: text.split('\n').map((line) => line.trim()) }).then(
        (answer) => !gone && setChecked(answer),
        // A path that cannot be one is not synced either; the field says nothing until it can.
        () => !gone && setChecked(null),
      );
    }, REST);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [path, text]);
  return (
    <div className={styles.form}>
      <TextInput
        label={t('settings.check.path')}
        description={t('settings.check.hint')}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <p role="status" className={styles.verdict}>
        {path.trim() !== '' && checked !== null && <Verdict checked={checked} />}
      </p>
    </div>
  );
}

function Verdict({ checked: { path, why } }: { checked: Checked }) {
  if (why === null) {
    return (
      <>
        <CircleCheck aria-hidden size={15} color="var(--good)" />
        {t('settings.check.synced', { path })}
      </>
    );
  }
  return (
    <>
      <EyeOff aria-hidden size={15} color="var(--warn)" />
      {t(`settings.check.${why.kind}`, { path, pattern: why.kind === 'pattern' ? why.pattern : '' })}
    </>
  );
}
