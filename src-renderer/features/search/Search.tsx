import { Search as SearchIcon } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Hit } from '../../../src-shared/ipc-contract.ts';
import { SEARCH_ID } from '../../app/shortcuts.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { useFolders } from '../../stores/folder-store.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOfName } from '../../ui/file-type.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import styles from './Search.module.css';

const WAIT_MS = 120;
const LIST_ID = 'search-results';

/** A box that is always there: results come while typing, arrows choose, Enter goes to the place. */
export function Search() {
  const [text, setText] = useState('');
  const [hits, setHits] = useState<readonly Hit[] | null>(null);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (text.trim() === '') return;
    let current = true;
    const timer = setTimeout(() => {
      call('search', { text })
        .then((found) => {
          if (!current) return;
          setHits(found);
          setActive(0);
        })
        .catch((error: unknown) => warn(t('search.label'), sentence(error)));
    }, WAIT_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);

  const close = (): void => {
    setText('');
    setHits(null);
    input.current?.blur();
  };
  const choose = (hit: Hit | undefined): void => {
    if (!hit) return;
    close();
    useApp.getState().show('documents');
    useFolders
      .getState()
      .goTo(hit.path)
      .catch((error: unknown) => warn(t('search.label'), sentence(error)));
  };
  const onKey = (event: KeyboardEvent): void => {
    const last = (hits?.length ?? 0) - 1;
    if (event.key === 'ArrowDown') setActive(Math.min(active + 1, last));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key === 'Enter') choose(hits?.[active]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  };

  return (
    <search className={styles.search}>
      <SearchIcon aria-hidden size={15} className={styles.glass} />
      <input
        ref={input}
        id={SEARCH_ID}
        className={styles.input}
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-label={t('search.label')}
        aria-expanded={hits !== null}
        aria-controls={LIST_ID}
        aria-autocomplete="list"
        aria-activedescendant={hits?.[active] ? `hit-${active}` : undefined}
        placeholder={t('search.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          if (event.currentTarget.value.trim() === '') setHits(null);
        }}
        onKeyDown={onKey}
        onBlur={() => setHits(null)}
      />
      <kbd className={styles.key} aria-hidden>
        {navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}
      </kbd>
      {hits !== null && <Results hits={hits} active={active} text={text} choose={choose} hover={setActive} />}
    </search>
  );
}

interface ResultsProps {
  readonly hits: readonly Hit[];
  readonly active: number;
  readonly text: string;
  readonly choose: (hit: Hit) => void;
  readonly hover: (index: number) => void;
}

function Results({ hits, active, text, choose, hover }: ResultsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  if (hits.length === 0) {
    return (
      <div className={styles.results} id={LIST_ID} role="status">
        <p className={styles.none}>{t('search.none', { text })}</p>
      </div>
    );
  }
  return (
    <div ref={list} className={styles.results} id={LIST_ID} role="listbox" aria-label={t('search.results')}>
      {hits.map((hit, index) => {
        const cut = hit.path.lastIndexOf('/');
        const name = hit.path.slice(cut + 1);
        const type = hit.kind === 'file' ? typeOfName(name).key : hit.kind;
        return (
          <div
            key={`${hit.kind}:${hit.id}`}
            id={`hit-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={styles.hit}
            // The box keeps the focus: its blur would close the list before the click arrives.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(hit)}
            onMouseMove={() => hover(index)}
          >
            <FileIcon type={type} />
            <span className={styles.name}>{name}</span>
            <span className={styles.where}>{cut > 0 ? hit.path.slice(0, cut).replaceAll('/', ' › ') : ''}</span>
          </div>
        );
      })}
    </div>
  );
}
