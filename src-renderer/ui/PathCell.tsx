import { FileIcon } from './FileIcon.tsx';
import { typeOfName } from './file-type.ts';
import { nameOfPath, shownPath } from './paths.ts';

/** A document or folder by its whole path, in a table. */
export function PathCell({ kind, path }: { kind: 'file' | 'folder'; path: string }) {
  return (
    <>
      <FileIcon type={kind === 'folder' ? 'folder' : typeOfName(nameOfPath(path)).key} />
      <span>{shownPath(path)}</span>
    </>
  );
}
