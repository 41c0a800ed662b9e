import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Figures } from '../../../src-shared/ipc/dashboard.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useList } from '../../bridge/use-list.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { formatBytes, formatDate, formatMonth, formatMoment } from '../../ui/format.ts';
import { tell, warn } from '../../ui/notify.ts';
import { nameOfPath } from '../../ui/paths.ts';
import { counted, said, t } from '../../ui/words.ts';
import { goToPath } from '../search/go-to.ts';
import { BarList } from './BarList.tsx';
import { DuplicateList } from './Duplicates.tsx';
import card from './Dashboard.module.css';
import styles from './TidyUp.module.css';

const SHOWN = 5;

/** What can be tidied up: room on this computer, links that are out, documents kept twice, what nobody has used. */
export function TidyUp({ figures, changed }: { figures: Figures; changed: () => void }) {
  const { storage, links, duplicates, oldest } = figures;
  return (
    <section className={card.card} aria-label={t('dashboard.tidy')}>
      <div className={card.cardHead}>
        <h3>{t('dashboard.tidy')}</h3>
        <RefreshSpace />
      </div>
      <ul className={styles.deeds}>
        <li>
          <Free storage={storage} />
        </li>
        <li>
          <span>{counted('dashboard.links', links.count)}</span>
          <Button variant="default" size="compact-sm" disabled={links.count === 0} onClick={() => navigate('links')}>
            {t('dashboard.linksShow')}
          </Button>
        </li>
        <li>
          <LastBackup />
          <Button variant="default" size="compact-sm" onClick={() => navigate('backups')}>
            {t('dashboard.backupsShow')}
          </Button>
        </li>
      </ul>
      <div className={card.columns}>
        {duplicates.groups > 0 && <DuplicateList duplicates={duplicates} changed={changed} />}
        {oldest.length > 0 && (
          <div className={card.part}>
            <h4>{t('dashboard.by.oldest')}</h4>
            <BarList
              label={t('dashboard.by.oldest')}
              bars={oldest.slice(0, SHOWN).map(({ id, path, size, usedAt }) => ({
                key: String(id),
                name: nameOfPath(path),
                title: `${path}\n${formatDate(usedAt)} · ${formatBytes(size)}`,
                amount: unusedFor(usedAt),
                text: formatMonth(usedAt),
                onOpen: () => goToPath(path),
              }))}
            />
          </div>
        )}
      </div>
    </section>
  );
}

/** Milliseconds since then. */
function unusedFor(usedAt: string): number {
  return Math.max(0, Date.now() - Date.parse(usedAt));
}

/** How many there are, how much they take, and from when the newest one is. */
function LastBackup() {
  const { rows, loading } = useList('backups', {});
  const [newest] = rows.toSorted((a, b) => (a.madeAt < b.madeAt ? 1 : -1));
  if (loading) return <span>{t('dashboard.backups')}</span>;
  if (newest === undefined) return <span>{t('dashboard.noBackups')}</span>;
  const size = formatBytes(rows.reduce((sum, { size: one }) => sum + one, 0));
  return <span>{counted('dashboard.backupsSome', rows.length, { size, time: formatMoment(newest.madeAt) })}</span>;
}

/** Bytes that are safely in Dropbox and need not lie here, by the policy of their folders. */
function Free({ storage }: { storage: Figures['storage'] }) {
  const [asking, setAsking] = useState(false);
  const { freeable, local } = storage;
  const size = formatBytes(freeable.bytes);
  return (
    <>
      <span>
        {freeable.files === 0
          ? t('dashboard.nothingToFree', { local: formatBytes(local.bytes) })
          : counted('dashboard.freeable', freeable.files, { size, local: formatBytes(local.bytes) })}
      </span>
      <Button variant="default" size="compact-sm" disabled={freeable.files === 0} onClick={() => setAsking(true)}>
        {t('dashboard.free')}
      </Button>
      <ConfirmDialog
        opened={asking}
        close={() => setAsking(false)}
        title={t('dashboard.freeTitle', { size })}
        confirm={t('dashboard.freeYes', { size })}
        run={() => call('dashboard.free', {})}
      >
        {t('dashboard.freeText')}
      </ConfirmDialog>
    </>
  );
}

function RefreshSpace() {
  const [busy, setBusy] = useState(false);
  const ask = async (): Promise<void> => {
    setBusy(true);
    try {
      const faults = await call('dashboard.refreshSpace', {});
      if (faults.length === 0) tell(t('dashboard.spaceAsked'), '');
      for (const { client, message } of faults) warn(client, said(message));
    } catch (error) {
      warn(t('dashboard.askSpace'), sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="default" size="compact-sm" loading={busy} onClick={() => void ask()}>
      {t('dashboard.askSpace')}
    </Button>
  );
}
