// Each account in one line: what it does now, what comes next and why, and its own buttons.

import { Button } from '@mantine/core';
import {
  CircleCheck,
  CirclePause,
  Clock,
  Pause,
  Play,
  Plug,
  RefreshCw,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import { clientWord, lastSync, type ClientWord } from '../../app/client-state.ts';
import { syncNow } from '../../app/sync-now.ts';
import type { AppView, ClientLine } from '../../../src-shared/ipc/app.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { formatCount } from '../../ui/format.ts';
import { warn } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import styles from './Sync.module.css';

const ICONS: Readonly<Record<ClientWord, readonly [LucideIcon, string]>> = {
  'in-sync': [CircleCheck, 'var(--good)'],
  syncing: [RefreshCw, 'var(--busy)'],
  waiting: [Clock, 'var(--wait)'],
  paused: [CirclePause, 'var(--wait)'],
  draft: [Plug, 'var(--wait)'],
  disconnected: [Plug, 'var(--bad)'],
  resetting: [RefreshCw, 'var(--busy)'],
  attention: [TriangleAlert, 'var(--warn)'],
};

export function Clients({ app, chosen }: { app: AppView; chosen: string | null }) {
  const shown = app.clients.filter((client) => chosen === null || client.name === chosen);
  if (shown.length === 0) return null;
  return (
    <ul className={styles.clients} aria-label={t('sync.accounts')}>
      {shown.map((client) => (
        <Line key={client.name} client={client} app={app} />
      ))}
    </ul>
  );
}

function Line({ client, app }: { client: ClientLine; app: AppView }) {
  const progress = useApp((store) => store.progress[client.name]);
  const word = clientWord(client, app);
  const [Icon, colour] = ICONS[word];
  const isMoving = progress !== undefined && progress.total > 0 && word === 'syncing';
  return (
    <li className={styles.client}>
      <span className={styles.clientName}>
        <Icon aria-hidden size={16} color={colour} className={word === 'syncing' ? styles.turning : undefined} />
        {client.name}
      </span>
      <span className={styles.clientText} role="status">
        {t(`client.${word}`)}
        {isMoving &&
          ` · ${t('sync.progress', { done: formatCount(progress.done), total: formatCount(progress.total) })}`}
        {client.pending > 0 && ` · ${counted('dashboard.pending', client.pending)}`}
        {` · ${lastSync(client)}`}
        {word === 'in-sync' && ` · ${t('sync.next')}`}
      </span>
      {isMoving && (
        <progress
          className={styles.clientBar}
          aria-label={t('sync.progressOf', { client: client.name })}
          max={progress.total}
          value={progress.done}
        />
      )}
      <Buttons client={client} />
    </li>
  );
}

function Buttons({ client: { name, state } }: { client: ClientLine }) {
  const [busy, setBusy] = useState(false);
  const paused = state === 'paused';
  const word = t(paused ? 'sync.resumeOne' : 'sync.pauseOne', { client: name });
  const toggle = async (): Promise<void> => {
    try {
      await call(paused ? 'client.resume' : 'client.pause', { name });
    } catch (error) {
      warn(word, sentence(error));
    }
  };
  const sync = (): void => {
    setBusy(true);
    void syncNow(false, name).finally(() => setBusy(false));
  };
  if (state === 'draft' || state === 'disconnected') {
    return (
      <Button variant="default" size="compact-sm" onClick={() => navigate('settings', { part: 'accounts' })}>
        {t('queue.fix.accounts')}
      </Button>
    );
  }
  return (
    <span className={styles.clientButtons}>
      <Button
        variant="default"
        size="compact-sm"
        disabled={paused}
        aria-busy={busy}
        leftSection={<RefreshCw aria-hidden size={12} />}
        aria-label={t('sync.syncOne', { client: name })}
        onClick={sync}
      >
        {t('sync.syncThis')}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={paused ? <Play aria-hidden size={12} /> : <Pause aria-hidden size={12} />}
        aria-label={word}
        onClick={() => void toggle()}
      >
        {t(paused ? 'header.resumeAll' : 'header.pauseAll')}
      </Button>
    </span>
  );
}
