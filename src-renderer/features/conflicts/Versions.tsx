// Both versions of a conflict side by side: from when, how large, of whom, and what is in them.

import { Button } from '@mantine/core';
import { Cloud, Equal, Monitor } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConflictVersions } from '../../../src-shared/ipc/conflicts.ts';
import { previewAddress } from '../../../src-shared/ipc/files.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { typeOf } from '../../ui/file-type.ts';
import { formatBytes, formatExact, formatExactBytes, formatFull } from '../../ui/format.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { Preview } from '../documents/Preview.tsx';
import { usePreviewKey } from '../documents/preview-key.ts';
import { useView } from '../documents/view-store.ts';
import { TextDifference } from './TextDifference.tsx';
import styles from './Versions.module.css';

type Version = NonNullable<ConflictVersions['here']>;

/** Larger texts are looked at one by one. */
const LARGEST_TEXT = 2_000_000;

export function Versions({ versions }: { versions: ConflictVersions }) {
  const { here, dropbox, same, changedBy, account } = versions;
  const key = usePreviewKey();
  const address = (one: Version): string => previewAddress(key ?? '', one.id, `${one.changedAt} ${one.size}`);
  const asText = key !== null && here !== null && dropbox !== null && isText(here) && isText(dropbox);
  const there = account === null ? 'Dropbox' : `${account.name} (${account.email})`;
  return (
    <div className={styles.whole}>
      {same && (
        <p role="status" className={styles.same}>
          <Equal aria-hidden size={15} />
          {t('conflicts.same')}
        </p>
      )}
      <div className={styles.heads}>
        <Head side="here" version={here} newer={isNewer(here, dropbox)} by={changedBy ?? t('conflicts.somebodyHere')} />
        <Head
          side="dropbox"
          version={dropbox}
          newer={isNewer(dropbox, here)}
          by={t('conflicts.somebodyThere', { account: there })}
        />
      </div>
      {asText ? (
        <div className={styles.text}>
          <TextDifference key={here.id} here={address(here)} dropbox={address(dropbox)} />
        </div>
      ) : (
        <div className={styles.previews}>
          <Shown version={here} />
          <Shown version={dropbox} />
        </div>
      )}
    </div>
  );
}

function isText(version: Version): boolean {
  const type = typeOf(version).key;
  return (
    (type === 'text' || type === 'code' || /\.(csv|tsv)$/i.test(version.name)) && (version.size ?? 0) <= LARGEST_TEXT
  );
}

/** To the byte: two versions often differ by a few. */
function sizeOf(bytes: number): string {
  return bytes < 1000 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatExactBytes(bytes)})`;
}

function isNewer(one: Version | null, other: Version | null): boolean {
  return one?.changedAt != null && other?.changedAt != null && one.changedAt > other.changedAt;
}

interface HeadProps {
  readonly side: 'here' | 'dropbox';
  readonly version: Version | null;
  readonly newer: boolean;
  readonly by: string;
}

function Head({ side, version, newer, by }: HeadProps) {
  const Icon = side === 'here' ? Monitor : Cloud;
  const open = async ({ id, name }: Version): Promise<void> => {
    try {
      const { opened } = await call('files.open', { id });
      if (opened === 'program') useView.getState().setProgram({ id, name });
    } catch (error) {
      warn(t('conflicts.notOpened'), sentence(error));
    }
  };
  return (
    <section className={styles.head} aria-label={t(`conflicts.${side}`)} data-side={side}>
      <div className={styles.title}>
        <Icon aria-hidden size={16} />
        <h3>{t(`conflicts.${side}`)}</h3>
        {newer && <span className={styles.newer}>{t('conflicts.newer')}</span>}
        {version !== null && (
          <Button
            variant="default"
            size="compact-xs"
            className={styles.open}
            aria-label={t('conflicts.openOne', { side: t(`conflicts.${side}`) })}
            onClick={() => void open(version)}
          >
            {t('conflicts.open')}
          </Button>
        )}
      </div>
      {version === null ? (
        <p className={styles.gone}>{t('conflicts.goneHere')}</p>
      ) : (
        <dl className={styles.facts}>
          <Fact term={t('conflicts.changed')} title={version.changedAt === null ? '' : formatFull(version.changedAt)}>
            {version.changedAt === null ? '–' : formatExact(version.changedAt)}
          </Fact>
          <Fact term={t('conflicts.size')}>{sizeOf(version.size ?? 0)}</Fact>
          <Fact term={t('conflicts.by')} title={by}>
            {by}
          </Fact>
        </dl>
      )}
    </section>
  );
}

function Fact({ term, title, children }: { term: string; title?: string; children: ReactNode }) {
  return (
    <div className={styles.fact} title={title}>
      <dt>{term}</dt>
      <dd className="selectable">{children}</dd>
    </div>
  );
}

function Shown({ version }: { version: Version | null }) {
  return <div className={styles.preview}>{version !== null && <Preview row={version} />}</div>;
}
