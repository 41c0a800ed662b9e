import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { ExternalLink, Folder, TriangleAlert } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { AppView } from '../../../src-shared/ipc/app.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import styles from './ConnectForm.module.css';

type Method = 'app-key' | 'access-token';

/** The store is started in the chosen folder, then the account is connected; a failure leaves the form as it was. */
export function ConnectForm({ app, connected }: { app: AppView; connected?: () => void }) {
  const [name, setName] = useState(t('setup.nameDefault'));
  const [root, setRoot] = useState(t('setup.rootDefault'));
  const [method, setMethod] = useState<Method>('app-key');
  const [secret, setSecret] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await call('setup.init', {});
      await call('client.connect', { name, root, method, secret });
      await useApp.getState().load();
      connected?.();
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setBusy(false);
    }
  };

  const byKey = method === 'app-key';
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      {app.phase === 'first-run' && <DocumentsFolder documents={app.documents} />}
      <div className={styles.pair}>
        <TextInput
          label={t('setup.name')}
          description={t('setup.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('setup.root')}
          description={t('setup.rootHint')}
          value={root}
          onChange={(event) => setRoot(event.currentTarget.value)}
        />
      </div>
      <SegmentedControl
        size="xs"
        value={method}
        aria-label={t('setup.method')}
        data={[
          { value: 'app-key', label: t('setup.appKey') },
          { value: 'access-token', label: t('setup.token') },
        ]}
        onChange={(value) => setMethod(value as Method)}
      />
      {byKey ? (
        <TextInput
          label={t('setup.appKey')}
          description={t('setup.appKeyHint')}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
      ) : (
        <PasswordInput
          label={t('setup.token')}
          description={t('setup.tokenHint')}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
      )}
      {error !== null && (
        <p className={styles.error} role="alert">
          <TriangleAlert aria-hidden size={16} />
          <span className="selectable">{error}</span>
        </p>
      )}
      <div className={styles.buttons}>
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
          disabled={[name, root, secret].some((value) => value.trim() === '')}
          rightSection={byKey ? <ExternalLink aria-hidden size={14} /> : undefined}
        >
          {t(byKey ? 'setup.submitKey' : 'setup.submitToken')}
        </Button>
      </div>
      {app.loginWaits && <LoginWaits />}
    </form>
  );
}

function LoginWaits() {
  const open = (): void => {
    call('client.openLogin', {}).catch((error: unknown) => warn(t('setup.failed'), sentence(error)));
  };
  return (
    <p role="status" className={styles.waits}>
      {t('setup.connecting')}
      <Button variant="default" size="compact-xs" onClick={open}>
        {t('setup.openAgain')}
      </Button>
    </p>
  );
}

function DocumentsFolder({ documents }: { documents: string }) {
  const choose = async (): Promise<void> => {
    try {
      if (await call('setup.chooseFolder', {})) await useApp.getState().load();
    } catch (error) {
      warn(t('setup.documents'), sentence(error));
    }
  };
  return (
    <div>
      <div className={styles.label} id="documents-folder">
        {t('setup.documents')}
      </div>
      <div className={styles.folder}>
        <Folder aria-hidden size={16} strokeWidth={1.7} />
        <span className={`${styles.path} selectable`} title={documents}>
          {documents}
        </span>
        <Button variant="default" size="compact-xs" aria-describedby="documents-folder" onClick={() => void choose()}>
          {t('setup.change')}
        </Button>
      </div>
    </div>
  );
}
