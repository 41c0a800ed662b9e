import { Search as SearchIcon } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Hit } from '../../../src-shared/ipc/search.ts';
import { SEARCH_ID } from '../../app/shortcuts.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOfName } from '../../ui/file-type.ts';
import { KeyHint } from '../../ui/KeyHint.tsx';
import { t } from '../../ui/words.ts';
import { goToPath } from './go-to.ts';
import styles from './Search.module.css';
import { useHits } from './use-hits.ts';

const LIST_ID = 'search-results';

/** A box that is always there: results come while typing, arrows choose, Enter goes to the place. */
export function Search() {
  const [text, setText] = useState('');
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const found = useHits(text);
  const hits = opened ? found : null;
  const active = Math.min(chosen, Math.max((hits?.length ?? 0) - 1, 0));

  const close = (): void => {
    setText('');
    setOpened(false);
    input.current?.blur();
  };
  const choose = (hit: Hit | undefined): void => {
    if (!hit) return;
    close();
    goToPath(hit.path);
  };
  const onKey = (event: KeyboardEvent): void => {
    const last = (hits?.length ?? 0) - 1;
    if (event.key === 'ArrowDown') setChosen(Math.min(active + 1, last));
    else if (event.key === 'ArrowUp') setChosen(Math.max(active - 1, 0));
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
          setOpened(true);
          setChosen(0);
        }}
        onKeyDown={onKey}
        onBlur={() => setOpened(false)}
      />
      <span className={styles.key} aria-hidden>
        <KeyHint shortcut="mod+f" />
      </span>
      {hits !== null && <Results hits={hits} active={active} text={text} choose={choose} hover={setChosen} />}
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
