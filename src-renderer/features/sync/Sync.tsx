import { Button, SegmentedControl } from '@mantine/core';
import { ListTree } from 'lucide-react';
import { useState } from 'react';
import type { ClientLine } from '../../../src-shared/ipc/app.ts';
import { useApp } from '../../stores/app-store.ts';
import { useActions } from '../../stores/actions-store.ts';
import { useNavigation, navigate } from '../../stores/navigation-store.ts';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { t } from '../../ui/words.ts';
import { Clients } from './Clients.tsx';
import { HeldCard } from './HeldCard.tsx';
import { PlanPreview } from './PlanPreview.tsx';
import { QueueList } from './QueueList.tsx';

/** What is going on and comes next and why, what waits for a person, and what is finished; of all clients or of one. */
export function Sync() {
  const app = useApp((store) => store.app);
  const clients = app?.clients ?? [];
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
      </ScreenHead>
      {app !== null && <Clients app={app} chosen={client?.name ?? null} />}
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
