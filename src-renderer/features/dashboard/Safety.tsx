import { Button } from '@mantine/core';
import { CircleCheck, CirclePause, RotateCw, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { Figures } from '../../../src-shared/ipc/dashboard.ts';
import { isExplained } from '../../app/client-state.ts';
import { useApp } from '../../stores/app-store.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { formatBytes, formatMoment } from '../../ui/format.ts';
import { counted, t } from '../../ui/words.ts';
import { verdictOf, type Verdict } from './verdict.ts';
import card from './Dashboard.module.css';
import styles from './Safety.module.css';

const LOOK: Readonly<Record<Verdict, LucideIcon>> = {
  good: CircleCheck,
  working: RotateCw,
  stopped: CirclePause,
  attention: TriangleAlert,
};

/** Where each problem is looked at and solved. */
const SCREEN_OF = {
  disconnected: 'settings',
  held: 'sync',
  failed: 'sync',
  conflicts: 'conflicts',
  late: 'sync',
  'nearly-full': 'settings',
} as const;

/** Is everything safe? One word for all, then each account with what asks for a person. */
export function Safety({ figures }: { figures: Figures }) {
  const verdict = verdictOf(figures);
  const Icon = LOOK[verdict];
  const { documents, freed } = figures.storage;
  return (
    <section className={`${card.card} ${card.wide}`} aria-label={t('dashboard.safe')}>
      <div className={styles.verdict} data-verdict={verdict}>
        <Icon aria-hidden size={30} strokeWidth={1.7} />
        <div>
          <h3>{t(`dashboard.verdict.${verdict}`)}</h3>
          <p>
            {counted('status.files', documents.files)} · {formatBytes(documents.bytes)}
            {freed.files > 0 && ` · ${counted('dashboard.inDropboxOnly', freed.files)}`}
          </p>
        </div>
      </div>
      <ul className={styles.clients}>
        {figures.clients.map((client) => (
          <ClientLine key={client.name} client={client} />
        ))}
      </ul>
    </section>
  );
}

type ClientFigures = Figures['clients'][number];

function ClientLine({ client }: { client: ClientFigures }) {
  const Icon = LOOK[client.health];
  // The line below the header says it already, with the reason.
  const explained = useApp((store) => store.app?.clients.some((one) => one.name === client.name && isExplained(one)));
  const problems = client.problems.filter((problem) => problem !== 'disconnected' || explained !== true);
  return (
    <li className={styles.client}>
      <span className={styles.name} data-verdict={client.health}>
        <Icon aria-hidden size={16} />
        {client.name}
      </span>
      <span className={styles.state}>
        {[
          // Nothing is in sync before the first time.
          ...(client.lastSync === null && client.health === 'good' ? [] : [wordOf(client)]),
          ...(client.pending > 0 ? [counted('dashboard.pending', client.pending)] : []),
          client.lastSync === null
            ? t('header.neverSynced')
            : t('header.lastSync', { time: formatMoment(client.lastSync) }),
        ].join(' · ')}
      </span>
      <span className={styles.problems}>
        {problems.map((problem) => (
          <Button
            key={problem}
            variant="default"
            size="compact-sm"
            onClick={() => navigate(SCREEN_OF[problem], { client: client.name })}
          >
            {problemText(client, problem)}
          </Button>
        ))}
      </span>
      <Space space={client.space} />
    </li>
  );
}

/** What stopped an account is said as everywhere else: it is paused, disconnected, or brings files back. */
function wordOf({ health, state }: ClientFigures): string {
  return t(health === 'stopped' || state === 'disconnected' ? `client.${state}` : `dashboard.health.${health}`);
}

function problemText(client: ClientFigures, problem: ClientFigures['problems'][number]): string {
  if (problem === 'held' || problem === 'failed' || problem === 'conflicts') {
    return counted(`dashboard.problem.${problem}`, client[problem]);
  }
  return t(`dashboard.problem.${problem}`);
}

/** Room in the account: a team's members share theirs. */
function Space({ space }: { space: ClientFigures['space'] }) {
  if (space === null) return <span className={styles.space}>{t('dashboard.spaceUnknown')}</span>;
  const used = space.team?.used ?? space.used;
  const allowed = space.team?.allowed ?? space.allowed;
  if (allowed === null || allowed === 0) return <span className={styles.space}>{formatBytes(used)}</span>;
  const text = t('dashboard.spaceUsed', { used: formatBytes(used), allowed: formatBytes(allowed) });
  return (
    <span className={styles.space}>
      <meter className={styles.meter} min={0} max={allowed} high={allowed * 0.95} value={used} aria-label={text} />
      <span className={styles.amount}>{text}</span>
    </span>
  );
}
