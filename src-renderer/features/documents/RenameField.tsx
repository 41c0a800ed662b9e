import { useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { Row } from '../../../src-shared/ipc/documents.ts';
import { t } from '../../ui/words.ts';
import { rename } from './file-work.ts';
import styles from './RenameField.module.css';
import { useView } from './view-store.ts';

/** The name in its place, to be written over: Enter takes it, Escape leaves it as it was. */
export function RenameField({ row }: { row: Row }) {
  const input = useRef<HTMLInputElement>(null);
  const ended = useRef(false);

  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.focus();
    // The ending stays: it says what kind of document it is.
    const dot = row.kind === 'file' ? row.name.lastIndexOf('.') : -1;
    element.setSelectionRange(0, dot > 0 ? dot : row.name.length);
    // Once: the row changes while a person types, when it comes into sync, and must not take the text from under the hands.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const end = (take: boolean): void => {
    // Leaving the field fires once more when it goes away.
    if (ended.current) return;
    ended.current = true;
    const name = input.current?.value.trim() ?? '';
    const grid = input.current?.closest<HTMLElement>('[role="grid"], [role="listbox"]');
    useView.getState().setRenaming(null);
    grid?.focus();
    if (take && name !== '' && name !== row.name) void rename(row, name);
  };
  const onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter') end(true);
    if (event.key === 'Escape') end(false);
  };
  return (
    <input
      ref={input}
      className={styles.field}
      dir="auto"
      defaultValue={row.name}
      maxLength={255}
      spellCheck={false}
      aria-label={t('files.newName', { name: row.name })}
      onKeyDown={onKey}
      onBlur={() => end(true)}
      onDoubleClick={(event) => event.stopPropagation()}
    />
  );
}
