import { Anchor, Button, Checkbox, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { ExternalLink, Info, TriangleAlert } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { AppView } from '../../../src-shared/ipc/app.ts';
import { call, CallError, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import type { Remark } from './checks.ts';
import styles from './ConnectFields.module.css';
import { ConsolePicture } from './ConsolePicture.tsx';
import { remarksOf, type DraftState, type Field } from './draft.ts';

interface ConnectFieldsProps {
  readonly app: AppView;
  readonly draft: DraftState;
  readonly back?: () => void;
  readonly begin?: () => void;
  readonly connected: () => void;
}

interface Trouble {
  readonly code: string;
  readonly message: string;
}

/** What is needed to connect, checked as it is typed; Confirm leads to the browser and back. */
export function ConnectFields({ app, draft: state, back, begin, connected }: ConnectFieldsProps) {
  const { draft, secrets } = state;
  const [touched, setTouched] = useState<ReadonlySet<Field>>(new Set());
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const others = app.clients.filter((client) => client.state !== 'draft').map(({ name }) => name);
  const remarks = remarksOf(draft, secrets, others);
  const wrong = Object.values(remarks).some(({ tone }) => tone === 'bad');
  const byKey = draft.method === 'app-key';

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTouched(new Set(FIELDS));
    if (wrong || busy) return;
    setBusy(true);
    setTrouble(null);
    try {
      // The store may name its folder in another way than the person did.
      useApp.getState().setApp(await call('setup.init', {}));
      begin?.();
      await call('client.connect', {
        name: draft.name,
        root: draft.root,
        method: draft.method,
        secret: byKey ? draft.appKey : secrets.token,
        ...(byKey && secrets.appSecret.trim() !== '' && { appSecret: secrets.appSecret }),
        ...(draft.team && { teamMemberEmail: draft.email }),
      });
      await useApp.getState().load();
      connected();
    } catch (problem) {
      setTrouble({ code: problem instanceof CallError ? problem.code : 'unexpected', message: sentence(problem) });
    } finally {
      setBusy(false);
    }
  };
  const field = (name: Field, extra?: ReactNode) => ({
    onBlur: () => setTouched(new Set([...touched, name])),
    error: touched.has(name) && remarks[name]?.tone === 'bad' ? remarkText(remarks[name]) : null,
    inputWrapperOrder: WRAPPER_ORDER,
    disabled: busy,
    description: extra ?? (remarks[name]?.tone === 'odd' ? remarkText(remarks[name]) : t(`setup.${name}Hint`)),
  });

  return (
    <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <div className={styles.page}>
        <div className={styles.fields}>
          <div className={styles.pair}>
            <TextInput
              label={t('setup.name')}
              value={draft.name}
              onChange={(event) => state.change({ name: event.currentTarget.value })}
              {...field('name')}
            />
            <TextInput
              label={t('setup.root')}
              value={draft.root}
              onChange={(event) => state.change({ root: event.currentTarget.value })}
              {...field('root')}
            />
          </div>
          {byKey ? (
            <div className={styles.pair}>
              <TextInput
                label={t('setup.appKey')}
                value={draft.appKey}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => state.change({ appKey: event.currentTarget.value })}
                {...field('appKey')}
              />
              <PasswordInput
                label={t('setup.appSecret')}
                value={secrets.appSecret}
                autoComplete="off"
                onChange={(event) => state.changeSecrets({ appSecret: event.currentTarget.value })}
                {...field('appSecret')}
              />
            </div>
          ) : (
            <PasswordInput
              label={t('setup.token')}
              value={secrets.token}
              autoComplete="off"
              onChange={(event) => state.changeSecrets({ token: event.currentTarget.value })}
              {...field('token')}
            />
          )}
          <div>
            <Checkbox
              size="xs"
              label={t('setup.team')}
              description={t('setup.teamHint')}
              disabled={busy}
              checked={draft.team}
              onChange={(event) => state.change({ team: event.currentTarget.checked })}
            />
            {draft.team && (
              <TextInput
                className={styles.email}
                type="email"
                label={t('setup.email')}
                value={draft.email}
                onChange={(event) => state.change({ email: event.currentTarget.value })}
                {...field('email')}
              />
            )}
          </div>
          <SegmentedControl
            size="xs"
            className={styles.method}
            value={draft.method}
            disabled={busy}
            aria-label={t('setup.method')}
            data={[
              { value: 'app-key', label: t('setup.appKey') },
              { value: 'access-token', label: t('setup.token') },
            ]}
            onChange={(value) => state.change({ method: value === 'access-token' ? 'access-token' : 'app-key' })}
          />
          {trouble !== null && <TroubleLine trouble={trouble} />}
          {busy && byKey && <LoginWaits opened={app.loginWaits} />}
        </div>
        {byKey && (
          <aside className={styles.aside} aria-label={t('setup.guide.form.short')}>
            <ConsolePicture
              step="key"
              facts={{ appName: t('setup.appNameExample'), addresses: app.redirectAddresses, team: draft.team }}
            />
          </aside>
        )}
      </div>
      <div className={styles.buttons}>
        {back && (
          <Button variant="default" size="sm" disabled={busy} onClick={back}>
            {t('setup.back')}
          </Button>
        )}
        <p className={styles.kept}>{t(`setup.tokensKept.${app.tokensKept}`)}</p>
        {busy && byKey && (
          <Button variant="default" size="sm" onClick={() => void call('client.cancelConnect', {})}>
            {t('app.cancel')}
          </Button>
        )}
        <Button
          type="submit"
          size="sm"
          loading={busy}
          rightSection={byKey ? <ExternalLink aria-hidden size={14} /> : undefined}
        >
          {t('setup.confirm')}
        </Button>
      </div>
    </form>
  );
}

const FIELDS: readonly Field[] = ['name', 'root', 'appKey', 'appSecret', 'token', 'email'];
const WRAPPER_ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'error', 'description'];

function remarkText(remark: Remark | undefined): string | null {
  return remark === undefined ? null : t(`setup.check.${remark.words}`);
}

/** A login that was given up is no fault; all else is. */
function TroubleLine({ trouble: { code, message } }: { trouble: Trouble }) {
  const calm = code === 'interrupted';
  return (
    <p className={calm ? styles.calm : styles.error} role={calm ? 'status' : 'alert'}>
      {calm ? <Info aria-hidden size={16} /> : <TriangleAlert aria-hidden size={16} />}
      <span className="selectable">{calm ? t('setup.cancelled') : message}</span>
    </p>
  );
}

function LoginWaits({ opened }: { opened: boolean }) {
  const open = (): void => {
    call('client.openLogin', {}).catch((error: unknown) => warn(t('setup.failed'), sentence(error)));
  };
  return (
    <p role="status" className={styles.waits}>
      <span>
        <strong>{t('setup.connecting')}</strong> {t('setup.connectingHint')}
      </span>
      {opened && (
        <Anchor component="button" type="button" size="sm" onClick={open}>
          {t('setup.openAgain')}
        </Anchor>
      )}
    </p>
  );
}
