import { Button, NativeSelect, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { Account } from '../../../src-shared/ipc/settings.ts';
import { call } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
import { DialogForm } from '../../ui/DialogForm.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Form } from '../../ui/Form.tsx';
import { formatBytes, formatList, formatMoment } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tell } from '../../ui/notify.ts';
import { said, t } from '../../ui/words.ts';
import { ConnectForm } from '../setup/ConnectForm.tsx';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

const askStore = () => call('settings.accounts', { ask: false });
const LINKS = ['off', 'on-request', 'on'] as const;

/** Connected Dropbox accounts: what is known of each, what it tells people, and how it comes and goes. */
export function Accounts() {
  const { value, error, reload } = useAnswer(askStore);
  const [adding, setAdding] = useState(false);
  const app = useApp((store) => store.app);
  if (error !== null) return <Failure title={t('settings.error')} message={error} retry={reload} />;
  if (value === null || app === null) return <Loading />;
  return (
    <>
      {value.map((account) => (
        <AccountCard key={account.client.name} account={account} changed={reload} />
      ))}
      {adding ? (
        <div className={styles.card}>
          <ConnectForm
            app={app}
            connected={() => {
              setAdding(false);
              reload();
            }}
          />
          <Button variant="default" size="xs" onClick={() => setAdding(false)}>
            {t('app.cancel')}
          </Button>
        </div>
      ) : (
        <Button size="xs" onClick={() => setAdding(true)}>
          {t('settings.addAccount')}
        </Button>
      )}
    </>
  );
}

function AccountCard({ account, changed }: { account: Account; changed: () => void }) {
  const { client } = account;
  const { name } = client;
  const setLinks = async (mode: (typeof LINKS)[number]): Promise<void> => {
    if (await attempt(() => call('client.links', { name, mode }))) changed();
  };
  return (
    <section className={styles.card} aria-label={name}>
      <div className={styles.cardHead}>
        <h3>{name}</h3>
        <span className={styles.state} data-state={client.state}>
          {t(`settings.state.${client.state}`)}
        </span>
      </div>
      {account.reasonText !== null && <p className={styles.bad}>{said(account.reasonText)}</p>}
      <Facts account={account} />
      <NativeSelect
        className={styles.links}
        label={t('settings.links')}
        value={account.links}
        data={LINKS.map((value) => ({ value, label: t(`settings.linksMode.${value}`) }))}
        onChange={(event) => void setLinks(LINKS.find((one) => one === event.currentTarget.value) ?? 'off')}
      />
      <div className={styles.row}>
        <Deeds account={account} changed={changed} />
      </div>
    </section>
  );
}

function Facts({ account }: { account: Account }) {
  const { client, space, missingScopes } = account;
  const known = account.account;
  return (
    <dl className={styles.facts}>
      {known !== null && (
        <>
          <dt>{t('settings.account')}</dt>
          <dd className="selectable">
            {known.name} · {known.email}
            {known.team !== null && ` · ${known.team}`}
          </dd>
        </>
      )}
      <dt>{t('settings.root')}</dt>
      <dd className="selectable">{client.root}</dd>
      <dt>{t('settings.lastSync')}</dt>
      <dd>{client.lastSync === null ? t('header.neverSynced') : formatMoment(client.lastSync)}</dd>
      {space !== null && (
        <>
          <dt>{t('settings.space')}</dt>
          <dd>
            {space.allowed === null
              ? formatBytes(space.used)
              : t('dashboard.spaceUsed', { used: formatBytes(space.used), allowed: formatBytes(space.allowed) })}
          </dd>
        </>
      )}
      {missingScopes.length > 0 && (
        <>
          <dt>{t('settings.missing')}</dt>
          <dd className={styles.bad}>{formatList(missingScopes)}</dd>
        </>
      )}
    </dl>
  );
}

type Deed = 'remove' | 'reset';

function Deeds({ account, changed }: { account: Account; changed: () => void }) {
  const [asking, setAsking] = useState<Deed | null>(null);
  const [busy, setBusy] = useState(false);
  const { name, state } = account.client;
  const paused = state === 'paused';
  const toggle = async (): Promise<void> => {
    if (await attempt(() => call(paused ? 'client.resume' : 'client.pause', { name }))) changed();
  };
  const reconnect = async (): Promise<void> => {
    setBusy(true);
    if (await attempt(() => call('client.reconnect', { name }))) tell(t('settings.reconnected'), name);
    setBusy(false);
    changed();
  };
  return (
    <>
      {account.login === 'app-key' && (
        <Button variant="default" size="xs" loading={busy} onClick={() => void reconnect()}>
          {t('settings.reconnect')}
        </Button>
      )}
      {account.login === 'app-key' && <AppSecret name={name} />}
      {account.login === 'access-token' && <NewToken name={name} changed={changed} />}
      {busy && (
        <Button variant="default" size="xs" onClick={() => void attempt(() => call('client.cancelConnect', {}))}>
          {t('app.cancel')}
        </Button>
      )}
      <Button
        variant="default"
        size="xs"
        disabled={!['connected', 'paused'].includes(state)}
        onClick={() => void toggle()}
      >
        {t(paused ? 'header.resumeAll' : 'header.pauseAll')}
      </Button>
      <Button variant="default" size="xs" disabled={state === 'draft'} onClick={() => setAsking('reset')}>
        {t('settings.reset')}
      </Button>
      <Button variant="subtle" color="red" size="xs" onClick={() => setAsking('remove')}>
        {t('settings.remove')}
      </Button>
      {(['reset', 'remove'] as const).map((deed) => (
        <ConfirmDialog
          key={deed}
          opened={asking === deed}
          close={() => setAsking(null)}
          title={t(`settings.${deed}Title`, { name })}
          confirm={t(`settings.${deed}Yes`, { name })}
          danger={deed === 'remove'}
          run={async () => {
            await call(deed === 'remove' ? 'client.remove' : 'client.reset', { name });
            changed();
          }}
        >
          {t(`settings.${deed}Text`)}
        </ConfirmDialog>
      ))}
    </>
  );
}

/** A ready token ends after some hours; another one of the same account takes its place. */
function NewToken({ name, changed }: { name: string; changed: () => void }) {
  const [opened, setOpened] = useState(false);
  const [token, setToken] = useState('');
  const close = (): void => {
    setOpened(false);
    setToken('');
  };
  const save = async (): Promise<void> => {
    await call('client.token', { name, token });
    tell(t('settings.reconnected'), name);
    changed();
  };
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>
        {t('settings.token.button')}
      </Button>
      <Dialog opened={opened} close={close} title={t('settings.token.title', { name })}>
        <DialogForm close={close} confirm={t('settings.token.yes')} disabled={token.trim() === ''} run={save}>
          <PasswordInput
            data-autofocus
            label={t('setup.token')}
            description={t('settings.token.hint')}
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
        </DialogForm>
      </Dialog>
    </>
  );
}

/** The secret of a Dropbox app that was made with one; it is kept like the login and never shown. */
function AppSecret({ name }: { name: string }) {
  const [opened, setOpened] = useState(false);
  const [secret, setSecret] = useState('');
  const close = (): void => {
    setOpened(false);
    setSecret('');
  };
  const save = async (value: string | null): Promise<void> => {
    if (!(await attempt(() => call('client.appSecret', { name, secret: value })))) return;
    tell(t('settings.saved'), t('settings.secret.label'));
    close();
  };
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>
        {t('settings.secret.button')}
      </Button>
      <Dialog opened={opened} close={close} title={t('settings.secret.title', { name })}>
        <Form className={styles.form} submit={() => save(secret)}>
          <PasswordInput
            label={t('settings.secret.label')}
            description={t('settings.secret.hint')}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
          <DialogButtons>
            <Button variant="default" onClick={close}>
              {t('app.cancel')}
            </Button>
            <Button variant="default" onClick={() => void save(null)}>
              {t('settings.secret.forget')}
            </Button>
            <Button type="submit" disabled={secret.trim() === ''}>
              {t('settings.save')}
            </Button>
          </DialogButtons>
        </Form>
      </Dialog>
    </>
  );
}
