import { Button, SegmentedControl } from '@mantine/core';
import { ListTree, Pause, Play, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { ClientLine } from '../../../src-shared/ipc/app.ts';
import { syncNow } from '../../app/sync-now.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { useActions } from '../../stores/actions-store.ts';
import { useNavigation, navigate } from '../../stores/navigation-store.ts';
import { warn } from '../../ui/notify.ts';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { t } from '../../ui/words.ts';
import { HeldCard } from './HeldCard.tsx';
import { PlanPreview } from './PlanPreview.tsx';
import { QueueList } from './QueueList.tsx';
import styles from './Sync.module.css';

/** What is going on and comes next and why, what waits for a person, and what is finished; of all clients or of one. */
export function Sync() {
  const clients = useApp((store) => store.app?.clients) ?? [];
  const asked = useNavigation((store) => store.params['client']);
  const client = clients.find((one) => one.name === asked);
  const [preview, setPreview] = useState(false);
  useActions([
    {
      id: 'sync.preview',
      words: 'sync.preview',
      group: 'nav.sync',
      icon: ListTree,
      shortcut: 'mod+shift+p',
      run: () => setPreview(true),
    },
  ]);
  return (
    <>
      <ScreenHead title={t('nav.sync')} hint={t('sync.hint')}>
        {clients.length > 1 && <ClientFilter clients={clients} chosen={client?.name ?? null} />}
        <Button
          variant="default"
          size="xs"
          leftSection={<ListTree aria-hidden size={14} />}
          disabled={clients.length === 0}
          onClick={() => setPreview(true)}
        >
          {t('sync.preview')}
        </Button>
        {client !== undefined && <ClientButtons client={client} />}
      </ScreenHead>
      <HeldCard client={client?.name ?? null} />
      <QueueList client={client?.name ?? null} />
      <PlanPreview client={client?.name ?? null} opened={preview} close={() => setPreview(false)} />
    </>
  );
}

const ALL = '';

function ClientFilter({ clients, chosen }: { clients: readonly ClientLine[]; chosen: string | null }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('sync.ofClient')}
      value={chosen ?? ALL}
      onChange={(name) => navigate('sync', name === ALL ? {} : { client: name })}
      data={[{ value: ALL, label: t('sync.allClients') }, ...clients.map(({ name }) => ({ value: name, label: name }))]}
    />
  );
}

/** Of the chosen client alone; those of the header are for all. */
function ClientButtons({ client }: { client: ClientLine }) {
  const [busy, setBusy] = useState(false);
  const paused = client.state === 'paused';
  const word = t(paused ? 'sync.resumeOne' : 'sync.pauseOne', { client: client.name });
  const toggle = async (): Promise<void> => {
    try {
      await call(paused ? 'client.resume' : 'client.pause', { name: client.name });
    } catch (error) {
      warn(word, sentence(error));
    }
  };
  const sync = (): void => {
    setBusy(true);
    void syncNow(false, client.name).finally(() => setBusy(false));
  };
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={paused ? <Play aria-hidden size={13} /> : <Pause aria-hidden size={13} />}
        onClick={() => void toggle()}
      >
        {word}
      </Button>
      <Button
        variant="default"
        size="xs"
        disabled={paused}
        aria-busy={busy}
        leftSection={<RefreshCw aria-hidden size={13} className={busy ? styles.turning : undefined} />}
        onClick={sync}
      >
        {t('sync.syncOne', { client: client.name })}
      </Button>
    </>
  );
}
