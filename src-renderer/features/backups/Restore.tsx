// The restore assistant: what is in the backup, whether it is whole, what will happen, and how it went. Until the last
// button nothing is changed, and the present database is kept aside first.

import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { CircleAlert, CircleCheck, ShieldCheck } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { BackupLine } from '../../../src-shared/ipc/backups.ts';
import { syncNow } from '../../app/sync-now.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
import { formatBytes, formatCount, formatFull, formatMoment } from '../../ui/format.ts';
import { said, t } from '../../ui/words.ts';
import styles from './Restore.module.css';

const STEPS = ['what', 'check', 'agree', 'done'] as const;
type Step = (typeof STEPS)[number];

type Check = { readonly state: 'unknown' | 'running' | 'good' } | { readonly state: 'bad'; readonly error: string };
type Outcome = Awaited<ReturnType<typeof restored>>;

function restored(id: string, passphrase: string) {
  return call('backups.restore', { id, passphrase: given(passphrase) });
}

/** Nothing typed: the passphrase that is kept. */
function given(passphrase: string): string | null {
  return passphrase === '' ? null : passphrase;
}

export function Restore({ backup, close }: { backup: BackupLine | null; close: () => void }) {
  return (
    <Dialog opened={backup !== null} close={close} title={t('backups.assistant')} wide>
      {backup !== null && <Assistant backup={backup} close={close} />}
    </Dialog>
  );
}

function Assistant({ backup, close }: { backup: BackupLine; close: () => void }) {
  const [step, setStep] = useState<Step>('what');
  const [check, setCheck] = useState<Check>({ state: backup.state === 'verified' ? 'good' : 'unknown' });
  const [passphrase, setPassphrase] = useState('');
  const [agreed, setAgreed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const verify = async (): Promise<void> => {
    setCheck({ state: 'running' });
    try {
      const { ok, error: wrong } = await call('backups.check', { id: backup.id, passphrase: given(passphrase) });
      setCheck(
        ok ? { state: 'good' } : { state: 'bad', error: wrong === null ? t('backups.state.failed') : said(wrong) },
      );
    } catch (problem) {
      setCheck({ state: 'bad', error: sentence(problem) });
    }
  };
  const restore = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      setOutcome(await restored(backup.id, passphrase));
      await useApp.getState().load();
      setStep('done');
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setBusy(false);
    }
  };
  const back = STEPS[STEPS.indexOf(step) - 1];
  return (
    <>
      <Trail step={step} />
      <div className={styles.body}>
        {step === 'what' && <What backup={backup} />}
        {step === 'check' && (
          <>
            {backup.encrypted && (
              <PasswordInput
                className={styles.field}
                label={t('backups.passphrase')}
                description={t('backups.passphraseRestore')}
                value={passphrase}
                onChange={(event) => setPassphrase(event.currentTarget.value)}
              />
            )}
            <CheckResult check={check} verify={() => void verify()} />
          </>
        )}
        {step === 'agree' && <Agree agreed={agreed} setAgreed={setAgreed} time={formatFull(backup.madeAt)} />}
        {step === 'done' && outcome !== null && <Done outcome={outcome} />}
        {busy && (
          <p role="status" className={styles.soft}>
            {t('backups.waits')}
          </p>
        )}
        {error !== null && (
          <p role="alert" className={`${styles.bad} selectable`}>
            {error}
          </p>
        )}
      </div>
      <DialogButtons>
        {step === 'done' ? (
          <>
            <Button variant="default" onClick={close}>
              {t('app.close')}
            </Button>
            <Button
              onClick={() => {
                close();
                void syncNow(false);
              }}
            >
              {t('header.syncNow')}
            </Button>
          </>
        ) : (
          <>
            <Button variant="default" disabled={busy} onClick={close}>
              {t('app.cancel')}
            </Button>
            {back !== undefined && (
              <Button variant="default" disabled={busy} onClick={() => setStep(back)}>
                {t('backups.back')}
              </Button>
            )}
            {step === 'what' && <Button onClick={() => setStep('check')}>{t('backups.further')}</Button>}
            {step === 'check' && (
              <Button disabled={check.state === 'running'} onClick={() => setStep('agree')}>
                {t('backups.further')}
              </Button>
            )}
            {step === 'agree' && (
              <Button color="red" disabled={!agreed} loading={busy} onClick={() => void restore()}>
                {t('backups.restoreYes')}
              </Button>
            )}
          </>
        )}
      </DialogButtons>
    </>
  );
}

function Trail({ step }: { step: Step }) {
  return (
    <ol className={styles.trail} aria-label={t('backups.steps')}>
      {STEPS.map((one, index) => (
        <li
          key={one}
          aria-current={one === step ? 'step' : undefined}
          data-past={STEPS.indexOf(step) > index || undefined}
        >
          <span>{formatCount(index + 1)}</span>
          {t(`backups.step.${one}`)}
        </li>
      ))}
    </ol>
  );
}

function What({ backup }: { backup: BackupLine }) {
  const { content } = backup;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['backups.column.made', formatFull(backup.madeAt)],
    ['backups.column.where', t(`backups.where.${backup.where}`, { client: backup.client ?? '' })],
    ['backups.column.size', formatBytes(backup.size)],
    ...(content === null
      ? []
      : ([
          ['backups.computer', content.computer],
          ['backups.version', content.version],
          ['backups.records', formatCount(content.records)],
          ['backups.documents', formatCount(content.files)],
          ['backups.sources', content.sources.map(({ name }) => name).join(', ') || '–'],
        ] as const)),
  ];
  return (
    <>
      <p>{t('backups.whatText')}</p>
      <dl className={styles.facts}>
        {facts.map(([key, value]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd className="selectable">{value}</dd>
          </div>
        ))}
      </dl>
      {content === null && <p className={styles.soft}>{t('backups.notLookedInto')}</p>}
    </>
  );
}

function CheckResult({ check, verify }: { check: Check; verify: () => void }) {
  if (check.state === 'good') {
    return (
      <p role="status" className={styles.good}>
        <ShieldCheck aria-hidden size={18} />
        {t('backups.checkGood')}
      </p>
    );
  }
  return (
    <div role="status" className={styles.check}>
      <p className={check.state === 'bad' ? styles.bad : undefined}>
        {check.state === 'bad' ? check.error : t('backups.checkText')}
      </p>
      <Button variant="default" size="xs" loading={check.state === 'running'} onClick={verify}>
        {t('backups.checkNow')}
      </Button>
    </div>
  );
}

const DEEDS = ['stop', 'aside', 'put', 'documents', 'sync'] as const;

interface AgreeProps {
  readonly agreed: boolean;
  readonly setAgreed: (on: boolean) => void;
  readonly time: string;
}

function Agree({ agreed, setAgreed, time }: AgreeProps) {
  return (
    <>
      <p>{t('backups.agreeText')}</p>
      <ol className={styles.deeds}>
        {DEEDS.map((deed) => (
          <li key={deed}>{t(`backups.deed.${deed}`, { time })}</li>
        ))}
      </ol>
      <Checkbox
        size="sm"
        label={t('backups.agree', { time })}
        checked={agreed}
        onChange={(event) => setAgreed(event.currentTarget.checked)}
      />
    </>
  );
}

function Done({ outcome: { madeAt, previous, notes } }: { outcome: Outcome }) {
  return (
    <>
      <p role="status" className={styles.good}>
        <CircleCheck aria-hidden size={18} />
        {t('backups.doneText', { time: formatMoment(madeAt) })}
      </p>
      {previous !== null && <p className="selectable">{t('backups.previous', { file: previous })}</p>}
      {notes.length > 0 && (
        <ul className={styles.notes}>
          {notes.map((note) => (
            <li key={note}>
              <CircleAlert aria-hidden size={15} color="var(--warn)" />
              {said(note)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
