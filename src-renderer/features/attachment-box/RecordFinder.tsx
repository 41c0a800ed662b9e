import { TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { BoxRecord } from '../../../src-shared/ipc/box.ts';
import { createEnter } from '../../ui/enter.ts';
import { counted } from '../../ui/words.ts';
import { refBeside } from './ref-beside.ts';
import styles from './RecordFinder.module.css';
import type { Found } from './use-records.ts';

interface RecordFinderProps {
  /** What the field is for, in words. */
  readonly label: string;
  readonly listLabel: string;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly found: Found | null;
  readonly chosen: BoxRecord | null;
  readonly choose: (record: BoxRecord) => void;
  /** Says of each record of which type it is. */
  readonly withType?: boolean;
  /** In place of an empty list. */
  readonly nothing?: ReactNode;
}

/** A field and the records that it finds: arrows go through them while one types, Enter takes one. */
export function RecordFinder(props: RecordFinderProps) {
  const { label, listLabel, text, setText, found, chosen, choose, withType = false, nothing } = props;
  const id = useId();
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const records = found?.records ?? [];
  const active = Math.min(at, records.length - 1);
  const [enter] = useState(createEnter);
  const take = (): void => {
    const record = records[active];
    if (record !== undefined) choose(record);
  };
  useEffect(() => enter.answered(found?.isAnswer === true, take));
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const press = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      enter.forget();
      setAt(Math.max(0, Math.min(records.length - 1, active + step)));
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      enter.press(found?.isAnswer === true, take);
    }
  };

  return (
    <>
      <TextInput
        // Typing the record is what the place is for.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        role="combobox"
        aria-label={label}
        aria-expanded={records.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={records.length > 0 ? `${id}-${active}` : undefined}
        placeholder={label}
        leftSection={<Search aria-hidden size={14} />}
        value={text}
        onChange={(event) => {
          enter.forget();
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <p role="status" className={styles.count}>
        {found !== null && found.error === null && counted('box.found', found.total)}
      </p>
      {records.length === 0 && nothing}
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        className={styles.records}
        aria-label={listLabel}
        data-answered={found?.text}
      >
        {records.map((one, index) => (
          // Keys are heard by the field, which keeps the focus.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={`${one.type}/${one.ref}`}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            className={styles.record}
            aria-selected={one.ref === chosen?.ref && one.type === chosen.type}
            data-active={index === active || undefined}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              enter.forget();
              setAt(index);
              choose(one);
            }}
          >
            <span className={styles.name}>{one.name}</span>
            {refBeside(one) !== null && <span className={styles.ref}>{one.ref}</span>}
            {withType && <span className={styles.type}>{one.typeLabel}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
