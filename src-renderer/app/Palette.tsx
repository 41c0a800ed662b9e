import { Spotlight, createSpotlight } from '@mantine/spotlight';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Hit } from '../../src-shared/ipc/search.ts';
import { goToPath } from '../features/search/go-to.ts';
import { useHits } from '../features/search/use-hits.ts';
import { allActions, useActionsStore, type Action } from '../stores/actions-store.ts';
import { FileIcon } from '../ui/FileIcon.tsx';
import { typeOfName } from '../ui/file-type.ts';
import { KeyHint } from '../ui/KeyHint.tsx';
import { t } from '../ui/words.ts';
import { nameOfPath, shownFolder } from '../ui/paths.ts';
import styles from './Palette.module.css';

const [store, control] = createSpotlight();
const HITS_SHOWN = 8;

/** Where the keyboard was, and is again before an action runs, which may give it a new place. */
let before: HTMLElement | null = null;

export function openPalette(): void {
  before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  control.open();
}

export function closePalette(): void {
  control.close();
}

function goBack(): void {
  before?.focus({ preventScroll: true });
  before = null;
}

/** Everything that can be done, and every document, by typing a part of its name. */
export function Palette() {
  const owners = useActionsStore((state) => state.owners);
  const [query, setQuery] = useState('');
  const hits = useHits(query);
  const groups = useMemo(() => grouped(allActions(owners), query), [owners, query]);
  const found = hits?.slice(0, HITS_SHOWN) ?? [];

  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      // It would put an inline style element into the page.
      lockScroll={false}
      returnFocus={false}
      onSpotlightClose={goBack}
      clearQueryOnClose
      maxHeight={420}
      scrollable
      attributes={{ content: { 'aria-label': t('actions.palette') } }}
      classNames={{ content: styles.content ?? '', actionsGroup: styles.group ?? '' }}
    >
      <Spotlight.Search
        placeholder={t('actions.placeholder')}
        aria-label={t('actions.palette')}
        leftSection={<Search aria-hidden size={16} />}
      />
      <Spotlight.ActionsList>
        {groups.map(([group, actions]) => (
          <Spotlight.ActionsGroup key={group} label={t(group)}>
            {actions.map((action) => (
              <ActionLine key={action.id} action={action} />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={t('search.results')}>
            {found.map((hit) => (
              <HitLine key={`${hit.kind}:${hit.id}`} hit={hit} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {groups.length + found.length === 0 && <Spotlight.Empty>{t('search.none', { text: query })}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function ActionLine({ action }: { action: Action }) {
  const { icon: Icon, words, shortcut, run } = action;
  return (
    <Spotlight.Action
      label={t(words)}
      leftSection={Icon && <Icon aria-hidden size={16} strokeWidth={1.7} />}
      rightSection={shortcut && <KeyHint shortcut={shortcut} />}
      onClick={() => {
        goBack();
        run();
      }}
    />
  );
}

function HitLine({ hit }: { hit: Hit }) {
  const name = nameOfPath(hit.path);
  return (
    <Spotlight.Action
      label={name}
      description={shownFolder(hit.path)}
      leftSection={<FileIcon type={hit.kind === 'file' ? typeOfName(name).key : hit.kind} />}
      onClick={() => goToPath(hit.path)}
    />
  );
}

/** The actions whose names hold all words of the query, in their groups. */
function grouped(actions: readonly Action[], query: string): readonly (readonly [string, readonly Action[]])[] {
  const wanted = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    if (action.hidden) continue;
    const text = `${t(action.words)} ${t(action.group)}`.toLocaleLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    const group = groups.get(action.group) ?? [];
    if (!group.some((one) => one.id === action.id)) group.push(action);
    groups.set(action.group, group);
  }
  return [...groups];
}
