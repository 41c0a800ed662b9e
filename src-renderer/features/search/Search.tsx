import { CornerDownLeft, Search as SearchIcon, SlidersHorizontal } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Hit } from '../../../src-shared/ipc/search.ts';
import { SEARCH_ID } from '../../app/shortcuts.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { createEnter } from '../../ui/enter.ts';
import { typeOfName } from '../../ui/file-type.ts';
import { KeyHint } from '../../ui/KeyHint.tsx';
import { t } from '../../ui/words.ts';
import { nameOfPath, shownFolder } from '../../ui/paths.ts';
import { goToPath } from './go-to.ts';
import { NO_FILTERS, paramsOf } from './search-filters.ts';
import styles from './Search.module.css';
import { useAnswer } from './use-hits.ts';

const LIST_ID = 'search-results';
const SHOWN = 12;

/** A box that is always there: results come while typing, arrows choose, Enter goes to the place or to all results. */
export function Search() {
  const [text, setText] = useState('');
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const answer = useAnswer(text);
  const hits = opened ? (answer?.hits.slice(0, SHOWN) ?? null) : null;
  // The line after the last hit leads to all of them.
  const active = Math.min(chosen, hits?.length ?? 0);

  const [enter] = useState(createEnter);
  // Without any answer Enter leads to the screen of results, which asks for itself.
  const isAnswered = answer === null || answer.text === text.trim();

  const close = (): void => {
    enter.forget();
    setText('');
    setOpened(false);
    input.current?.blur();
  };
  const choose = (index: number): void => {
    if (text.trim() === '') return;
    const hit = hits?.[index];
    if (hit) goToPath(hit.path);
    else navigate('documents', paramsOf(text.trim(), NO_FILTERS));
    close();
  };
  useEffect(() => enter.answered(isAnswered, () => choose(active)));
  const onKey = (event: KeyboardEvent): void => {
    const last = hits?.length ?? 0;
    if (event.key === 'ArrowDown') setChosen(Math.min(active + 1, last));
    else if (event.key === 'ArrowUp') setChosen(Math.max(active - 1, 0));
    else if (event.key === 'Enter') {
      if (event.ctrlKey || event.metaKey) choose(-1);
      else enter.press(isAnswered, () => choose(active));
    } else if (event.key === 'Escape') close();
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
        aria-activedescendant={hits !== null ? `hit-${active}` : undefined}
        placeholder={t('search.placeholder')}
        value={text}
        onChange={(event) => {
          enter.forget();
          setText(event.currentTarget.value);
          setOpened(true);
          setChosen(0);
        }}
        onKeyDown={onKey}
        onBlur={() => {
          enter.forget();
          setOpened(false);
        }}
      />
      <span className={styles.key} aria-hidden>
        <KeyHint shortcut="mod+f" />
      </span>
      {hits !== null && (
        <Results
          hits={hits}
          answered={answer?.text ?? ''}
          active={active}
          text={text}
          choose={choose}
          hover={setChosen}
        />
      )}
    </search>
  );
}

interface ResultsProps {
  readonly hits: readonly Hit[];
  /** The text that they are the answer to: while the next one is on its way, the last. */
  readonly answered: string;
  readonly active: number;
  readonly text: string;
  readonly choose: (index: number) => void;
  readonly hover: (index: number) => void;
}

function Results({ hits, answered, active, text, choose, hover }: ResultsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const line = (index: number) => ({
    id: `hit-${index}`,
    role: 'option',
    tabIndex: -1,
    'aria-selected': index === active,
    className: styles.hit,
    // The box keeps the focus: its blur would close the list before the click arrives.
    onMouseDown: (event: React.MouseEvent) => event.preventDefault(),
    onClick: () => choose(index),
    onMouseMove: () => hover(index),
  });
  return (
    <div className={styles.results}>
      {hits.length === 0 && (
        <p className={styles.none} role="status">
          {t('search.none', { text })}
        </p>
      )}
      <div ref={list} id={LIST_ID} data-answered={answered} role="listbox" aria-label={t('search.results')}>
        {hits.map((hit, index) => {
          const name = nameOfPath(hit.path);
          return (
            <div key={`${hit.kind}:${hit.id}`} {...line(index)}>
              <FileIcon type={hit.kind === 'file' ? typeOfName(name).key : hit.kind} />
              <span className={styles.name} dir="auto">
                {name}
              </span>
              <span className={styles.where}>{shownFolder(hit.path)}</span>
            </div>
          );
        })}
        <div {...line(hits.length)} className={`${styles.hit} ${styles.all}`}>
          <SlidersHorizontal aria-hidden size={15} strokeWidth={1.7} />
          <span className={styles.name}>{t('search.all', { text })}</span>
          <CornerDownLeft aria-hidden size={14} className={styles.where} />
        </div>
      </div>
    </div>
  );
}
