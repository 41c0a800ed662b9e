import { useState } from 'react';
import type { Row } from '../../../src-shared/ipc/documents.ts';
import { thumbnailAddress } from '../../../src-shared/ipc/files.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import type { TypeKey } from '../../ui/file-type.ts';
import { usePreviewKey } from './preview-key.ts';
import styles from './Thumbnail.module.css';

/** Kinds of documents that a small picture can be made of. */
const PICTURED: ReadonlySet<TypeKey> = new Set(['image', 'pdf', 'document', 'slides', 'sheet']);

/** A small picture of the document; its icon until there is one, or where there is none. */
export function Thumbnail({ row, type }: { row: Row; type: TypeKey }) {
  const key = usePreviewKey();
  const address =
    key !== null && PICTURED.has(type) ? thumbnailAddress(key, row.id, `${row.changedAt} ${row.size}`) : null;
  const [loaded, setLoaded] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const shown = address !== null && failed !== address;
  return (
    <>
      {shown && (
        <img
          className={styles.picture}
          data-loaded={loaded === address || undefined}
          src={address}
          alt=""
          loading="lazy"
          draggable={false}
          onLoad={() => setLoaded(address)}
          onError={() => setFailed(address)}
        />
      )}
      {(!shown || loaded !== address) && <FileIcon type={type} size={40} />}
    </>
  );
}
