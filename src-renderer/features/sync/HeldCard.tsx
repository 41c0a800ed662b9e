import { Button } from '@mantine/core';
import { Hand } from 'lucide-react';
import { useState } from 'react';
import type { Held } from '../../../src-shared/ipc/sync.ts';
import { syncNow } from '../../app/sync-now.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useList } from '../../bridge/use-list.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOfName } from '../../ui/file-type.ts';
import { formatBytes } from '../../ui/format.ts';
import { tell, warn } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import { shownPath } from '../../ui/paths.ts';
import { whatIsHeld } from './what-is-held.ts';
import styles from './HeldCard.module.css';

/** Lines that are shown at once; the others scroll. */
const SHOWN = 500;

/** Deletions that were not done because they are many, by side: nothing is lost yet, and the person decides. */
export function HeldCard({ client }: { client: string | null }) {
  const { rows } = useList('held', {});
  const own = client === null ? rows : rows.filter((row) => row.client === client);
  const sides = (['dropbox', 'here'] as const).filter((side) => own.some((row) => row.side === side));
  if (own.length === 0) return null;
  return (
    <section className={styles.card} aria-label={t('sync.held.label')}>
      {sides.map((side) => (
        <Side key={side} side={side} rows={own.filter((row) => row.side === side)} />
      ))}
      <Decision client={client} rows={own} />
    </section>
  );
}

function Side({ side, rows }: { side: Held['side']; rows: readonly Held[] }) {
  return (
    <>
      <h3 className={styles.title}>
        <Hand aria-hidden size={16} />
        {t(`sync.held.${side}`, {
          what: whatIsHeld(rows),
          size: formatBytes(rows.reduce((sum, row) => sum + row.bytes, 0)),
        })}
      </h3>
      <p className={styles.why}>{t(`sync.held.${side}Why`)}</p>
      {/* A list that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ul className={styles.list} tabIndex={0} aria-label={t(`sync.held.${side}List`)}>
        {rows.slice(0, SHOWN).map((row) => (
          <li key={row.id} className={styles.line}>
            <FileIcon type={row.kind === 'folder' ? 'folder' : typeOfName(row.path).key} />
            <span className={styles.path} title={row.path}>
              {shownPath(row.path)}
            </span>
            <span className={styles.size}>
              {row.kind === 'folder' && `${counted('status.files', row.files)} · `}
              {formatBytes(row.bytes)}
            </span>
          </li>
        ))}
        {rows.length > SHOWN && <li className={styles.line}>{counted('sync.held.more', rows.length - SHOWN)}</li>}
      </ul>
    </>
  );
}

function Decision({ client, rows }: { client: string | null; rows: readonly Held[] }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const files = rows.reduce((sum, row) => sum + row.files, 0);
  const of = client === null ? {} : { client };
  const refuse = async (): Promise<void> => {
    setBusy(true);
    try {
      const { here, dropbox, missing } = await call('sync.refuse', of);
      tell(t('sync.held.refused'), counted('sync.held.comesBack', here + dropbox));
      if (missing.length > 0) warn(t('sync.held.missing'), missing.join(', '));
      await syncNow(false, client ?? undefined);
    } catch (error) {
      warn(t('sync.held.notRefused'), sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.buttons}>
      <Button loading={busy} onClick={() => void refuse()}>
        {counted('sync.held.refuse', files)}
      </Button>
      <Button variant="default" color="red" className={styles.delete} onClick={() => setAsking(true)}>
        {counted('sync.held.allow', files)}
      </Button>
      <ConfirmDialog
        opened={asking}
        close={() => setAsking(false)}
        title={t('sync.held.allowTitle', { what: whatIsHeld(rows) })}
        confirm={counted('sync.held.allow', files)}
        danger
        run={() => syncNow(true, client ?? undefined)}
      >
        {t('sync.held.allowText')}
      </ConfirmDialog>
    </div>
  );
}
