import { Button } from '@mantine/core';
import { CircleCheck, CircleDashed, Lock, TriangleAlert } from 'lucide-react';
import type { BackupLine } from '../../../src-shared/ipc/backups.ts';
import { compareText, formatBytes, formatFull, formatMoment, formatMomentAlone } from '../../ui/format.ts';
import type { Column } from '../../ui/table/Table.tsx';
import { said, t } from '../../ui/words.ts';

const ICONS = { verified: CircleCheck, unverified: CircleDashed, failed: TriangleAlert } as const;
const COLOURS = { verified: 'var(--good)', unverified: 'var(--wait)', failed: 'var(--bad)' } as const;

interface Deeds {
  readonly verify: (id: string) => void;
  readonly restore: (backup: BackupLine) => void;
}

export function backupColumns({ verify, restore }: Deeds): readonly Column<BackupLine>[] {
  return [
    {
      id: 'made',
      label: t('backups.column.made'),
      width: 160,
      compare: (a, b) => compareText(a.madeAt, b.madeAt),
      title: ({ madeAt }) => formatFull(madeAt),
      cell: ({ madeAt }) => formatMomentAlone(madeAt),
    },
    {
      id: 'state',
      label: t('backups.column.state'),
      width: 230,
      grow: true,
      compare: (a, b) => compareText(a.state, b.state),
      title: ({ error }) => (error === null ? undefined : said(error)),
      cell: ({ state, error, encrypted }) => {
        const Icon = ICONS[state];
        return (
          <span className="together">
            <Icon aria-hidden size={15} color={COLOURS[state]} />
            <span>{error === null ? t(`backups.state.${state}`) : said(error)}</span>
            {encrypted && <Lock role="img" aria-label={t('backups.encrypted')} size={13} />}
          </span>
        );
      },
    },
    {
      id: 'where',
      label: t('backups.column.where'),
      width: 180,
      yields: 1,
      compare: (a, b) => compareText(a.where, b.where),
      cell: ({ where, client }) => t(`backups.where.${where}`, { client: client ?? '' }),
    },
    {
      id: 'size',
      label: t('backups.column.size'),
      width: 90,
      yields: 2,
      align: 'end',
      compare: (a, b) => a.size - b.size,
      cell: ({ size }) => formatBytes(size),
    },
    {
      id: 'cause',
      label: t('backups.column.cause'),
      width: 130,
      yields: 3,
      compare: (a, b) => compareText(a.cause, b.cause),
      cell: ({ cause }) => t(`backups.cause.${cause}`),
    },
    {
      id: 'deeds',
      label: t('backups.column.deeds'),
      width: 210,
      cell: (backup) => (
        <span className="together">
          <Button
            variant="default"
            size="compact-xs"
            aria-label={t('backups.verifyOne', { time: formatMoment(backup.madeAt) })}
            onClick={() => verify(backup.id)}
          >
            {t('backups.verify')}
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={t('backups.restoreOne', { time: formatMoment(backup.madeAt) })}
            onClick={() => restore(backup)}
          >
            {t('backups.restore')}
          </Button>
        </span>
      ),
    },
  ];
}
