import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  CircleDashed,
  CircleCheck,
  CirclePause,
  Clock,
  Pause,
  Play,
  RefreshCw,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import { useState } from 'react';
import type { AppView, ClientLine } from '../../src-shared/ipc/app.ts';
import { call, sentence } from '../bridge/bridge.ts';
import { Search } from '../features/search/Search.tsx';
import { useApp } from '../stores/app-store.ts';
import { formatCount } from '../ui/format.ts';
import { Logo } from '../ui/Logo.tsx';
import { warn } from '../ui/notify.ts';
import { isMac, keysOf } from '../ui/shortcut.ts';
import { t } from '../ui/words.ts';
import { clientWord, lastSync, type ClientWord } from './client-state.ts';
import { syncNow } from './sync-now.ts';
import styles from './Header.module.css';

const ICONS = {
  'in-sync': CircleCheck,
  syncing: RefreshCw,
  waiting: Clock,
  paused: CirclePause,
  draft: CircleDashed,
  disconnected: Unplug,
  resetting: RefreshCw,
  attention: TriangleAlert,
} as const satisfies Record<ClientWord, unknown>;

export function Header() {
  const app = useApp((store) => store.app);
  if (app === null) return null;
  return (
    <header className={styles.header}>
      <h1 className={styles.brand}>
        <Logo />
        {t('app.name')}
      </h1>
      <ul className={styles.clients} aria-label={t('header.clients')}>
        {app.clients.map((client) => (
          <Client key={client.name} client={client} app={app} />
        ))}
      </ul>
      <Search />
      <Actions app={app} />
      <PassProgress app={app} />
    </header>
  );
}

function Client({ client, app }: { client: ClientLine; app: AppView }) {
  const progress = useApp((store) => store.progress[client.name]);
  const word = clientWord(client, app);
  const isNew = word === 'in-sync' && client.lastSync === null;
  const Icon = isNew ? CircleDashed : ICONS[word];
  const counted = word === 'syncing' && progress !== undefined && progress.total > 0;
  return (
    <li className={styles.client} data-state={isNew ? 'draft' : word} title={`${client.name} – ${lastSync(client)}`}>
      <Icon aria-hidden size={16} strokeWidth={2} className={word === 'syncing' ? styles.turning : undefined} />
      <span className={styles.clientText}>
        <span className={styles.clientName}>{client.name}</span>
        <span className={styles.clientState}>
          {isNew ? t('header.neverSynced') : t(`client.${word}`)}
          {counted &&
            ` ${t('header.progress', { done: formatCount(progress.done), total: formatCount(progress.total) })}`}
          {word === 'in-sync' && !isNew && ` · ${lastSync(client)}`}
        </span>
      </span>
    </li>
  );
}

function Actions({ app }: { app: AppView }) {
  const [asked, setAsked] = useState(false);
  const paused = app.clients.length > 0 && app.clients.every((client) => client.state === 'paused');
  const busy = asked || app.passing.length > 0;
  const sync = (): void => {
    setAsked(true);
    void syncNow().finally(() => setAsked(false));
  };
  const toggle = async (): Promise<void> => {
    try {
      for (const { name } of app.clients) await call(paused ? 'client.resume' : 'client.pause', { name });
    } catch (error) {
      warn(t(paused ? 'header.resumeAll' : 'header.pauseAll'), sentence(error));
    }
  };
  const word = t(paused ? 'header.resumeAll' : 'header.pauseAll');
  return (
    <div className={styles.actions}>
      <Button
        variant="default"
        onClick={sync}
        disabled={paused || app.clients.length === 0}
        aria-busy={busy}
        leftSection={<RefreshCw aria-hidden size={14} className={busy ? styles.turning : undefined} />}
        title={keysOf('mod+r', isMac()).join('+')}
      >
        {t('header.syncNow')}
      </Button>
      <Tooltip label={word}>
        <ActionIcon variant="default" size={30} aria-label={word} onClick={() => void toggle()}>
          {paused ? <Play aria-hidden size={15} /> : <Pause aria-hidden size={15} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function PassProgress({ app }: { app: AppView }) {
  const progress = useApp((store) => store.progress);
  const parts = Object.values(progress);
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  const done = parts.reduce((sum, part) => sum + part.done, 0);
  if (app.passing.length === 0 || total === 0) return null;
  return (
    <div
      className={styles.progress}
      role="progressbar"
      aria-label={t('header.syncing')}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
    >
      <div className={styles.bar} style={{ transform: `scaleX(${done / total})` }} />
    </div>
  );
}
