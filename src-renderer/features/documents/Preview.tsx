// The document itself, as far as a page can show it: pictures, PDF, text, sound and film. Everything else shows its small
// picture or its icon.

import { lazy, Suspense, useState } from 'react';
import type { Row } from '../../../src-shared/ipc/documents.ts';
import { previewAddress, versionAddress } from '../../../src-shared/ipc/files.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOf, type TypeKey } from '../../ui/file-type.ts';
import { Loading } from '../../ui/Loading.tsx';
import { t } from '../../ui/words.ts';
import styles from './Preview.module.css';
import { usePreviewKey } from './preview-key.ts';
import { TextView } from './TextView.tsx';
import { Thumbnail } from './Thumbnail.tsx';

const PdfView = lazy(async () => ({ default: (await import('./PdfView.tsx')).PdfView }));

const AS_TEXT: ReadonlySet<TypeKey> = new Set(['text', 'code']);
/** Larger documents are opened instead. */
const LARGEST = 60_000_000;

function isTable(name: string): boolean {
  return /\.(csv|tsv)$/i.test(name);
}

interface PreviewProps {
  readonly row: Row;
  /** An earlier version, by its rev; the present one where it is left out. */
  readonly rev?: string | undefined;
}

export function Preview({ row, rev }: PreviewProps) {
  const key = usePreviewKey();
  const type = typeOf(row).key;
  if (key === null) return <FileIcon type={type} size={64} />;
  const address =
    rev === undefined ? previewAddress(key, row.id, `${row.changedAt} ${row.size}`) : versionAddress(key, row.id, rev);
  if ((row.size ?? 0) > LARGEST) return <Unshown row={row} type={type} why="documents.tooLarge" />;
  if (type === 'image') return <Picture key={address} row={row} address={address} />;
  if (type === 'pdf') {
    return (
      <Suspense fallback={<Loading />}>
        <PdfView key={address} address={address} name={row.name} />
      </Suspense>
    );
  }
  if (AS_TEXT.has(type) || isTable(row.name)) return <TextView key={address} address={address} name={row.name} />;
  // The words of a recording are in the recording.
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  if (type === 'audio') return <audio controls src={address} className={styles.media} aria-label={row.name} />;
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  if (type === 'video') return <video controls src={address} className={styles.media} aria-label={row.name} />;
  if (rev !== undefined) return <Unshown row={row} type={type} why="documents.notShown" />;
  return <Unshown row={row} type={type} />;
}

function Picture({ row, address }: { row: Row; address: string }) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  if (state === 'failed') return <Unshown row={row} type="image" why="documents.notShown" />;
  return (
    <>
      {state === 'loading' && <Loading />}
      <img
        className={styles.picture}
        data-loaded={state === 'shown' || undefined}
        src={address}
        alt={row.name}
        onLoad={() => setState('shown')}
        onError={() => setState('failed')}
      />
    </>
  );
}

function Unshown({ row, type, why }: { row: Row; type: TypeKey; why?: string }) {
  return (
    <div className={styles.unshown}>
      <Thumbnail row={row} type={type} />
      {why !== undefined && <p>{t(why)}</p>}
    </div>
  );
}
