// Everything that a search has found, with its filters as chips above.

import { Button, Menu } from '@mantine/core';
import { ChevronDown, SearchX, X } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { Found } from '../../../src-shared/ipc/files.ts';
import { call, onPush, sentence } from '../../bridge/bridge.ts';
import { useActions } from '../../stores/actions-store.ts';
import { useFolders } from '../../stores/folder-store.ts';
import { useNavigation } from '../../stores/navigation-store.ts';
import { ContextMenu } from '../../ui/ContextMenu.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOfName } from '../../ui/file-type.ts';
import { compareText, formatBytes, formatFull, formatMomentAlone } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { NOTHING, type Selection } from '../../ui/selection.ts';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { recordRef } from '../../ui/record-ref.ts';
import { EntryState } from '../../ui/StateMark.tsx';
import { ListTable } from '../../ui/table/ListTable.tsx';
import type { Column } from '../../ui/table/Table.tsx';
import { counted, t } from '../../ui/words.ts';
import { shownFolder } from '../../ui/paths.ts';
import { actionsOf, foundEntries, menuOf } from '../documents/file-menu.ts';
import { PreviewPane } from '../documents/PreviewPane.tsx';
import { ShareDialog } from '../documents/ShareDialog.tsx';
import { useLooks } from '../documents/view-store.ts';
import { goToPath } from './go-to.ts';
import {
  DAYS,
  ENDINGS,
  filtersOf,
  isEmpty,
  NO_FILTERS,
  paramsOf,
  queryOf,
  SIZES,
  STATES,
  type Filters,
} from './search-filters.ts';
import styles from './SearchResults.module.css';

const WAIT_MS = 60;

/** All results, with what is known of the chosen one beside them. */
export function SearchResults() {
  const { preview } = useLooks();
  const [chosen, setChosen] = useState<readonly Found[]>([]);
  const rows = useMemo(() => chosen.flatMap(({ row }) => (row === null ? [] : [row])), [chosen]);
  return (
    <SplitPane
      id="documents.preview"
      label={t('documents.previewWidth')}
      fixed="end"
      size={300}
      min={220}
      max={640}
      start={<Results onChoose={setChosen} />}
      end={preview ? <PreviewPane rows={rows} /> : null}
    />
  );
}

function Results({ onChoose }: { onChoose: (chosen: readonly Found[]) => void }) {
  const params = useNavigation((store) => store.params);
  const text = params['search'] ?? '';
  const filters = useMemo(() => filtersOf(params), [params]);
  const { found, error } = useFound(text, filters);
  const columns = useMemo(() => foundColumns(), []);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const chosen = useMemo(() => (found ?? []).filter((one) => selection.keys.has(keyOf(one))), [found, selection.keys]);
  useEffect(() => onChoose(chosen), [chosen, onChoose]);
  useActions(actionsOf(foundEntries(chosen)));
  const change = (next: Filters): void => {
    useNavigation.setState({ params: paramsOf(text, next) });
  };
  return (
    <section className={styles.results} aria-label={t('search.results')}>
      <div className={styles.head}>
        <h2 aria-live="polite">
          {found === null ? t('search.searching') : counted('search.found', found.length, { text })}
        </h2>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<X aria-hidden size={13} />}
          onClick={() => useNavigation.getState().navigate('documents', {})}
        >
          {t('search.close')}
        </Button>
      </div>
      <Chips filters={filters} change={change} />
      {error !== null ? (
        <Failure title={t('search.failed')} message={error} />
      ) : found === null ? (
        <Loading />
      ) : found.length === 0 ? (
        <Empty
          icon={SearchX}
          title={isEmpty(text, filters) ? t('search.placeholder') : t('search.none', { text })}
          hint={t('search.noneHint')}
        />
      ) : (
        <ListTable
          id="search"
          label={t('search.results')}
          columns={columns}
          rows={found}
          keyOf={keyOf}
          nameOf={(row) => row.name}
          order={null}
          place={text}
          onOpen={(row) => goToPath(row.path)}
          selection={selection}
          onSelect={setSelection}
          onMenu={setMenu}
          rowHeight={36}
        />
      )}
      <ContextMenu
        label={t('files.menu')}
        at={menu}
        entries={menu === null ? [] : menuOf(foundEntries(chosen))}
        close={() => setMenu(null)}
      />
      <ShareDialog />
    </section>
  );
}

function keyOf(row: Found): string {
  return `${row.kind}:${row.id}`;
}

function useFound(text: string, filters: Filters) {
  const [state, setState] = useState<{ readonly found: readonly Found[] | null; readonly error: string | null }>({
    found: null,
    error: null,
  });
  const changes = useChanges();
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      if (isEmpty(text, filters)) return setState({ found: [], error: null });
      call('files.find', queryOf(text, filters, Date.now())).then(
        (found) => current && setState({ found, error: null }),
        (error: unknown) => current && setState({ found: null, error: sentence(error) }),
      );
    }, WAIT_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, filters, changes]);
  return state;
}

const CHANGES_MS = 400;

/** Another number after something in the store has changed, not too often. */
function useChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onPush((push) => {
      if (push.kind !== 'app') return;
      timer ??= setTimeout(() => {
        timer = undefined;
        setChanges((before) => before + 1);
      }, CHANGES_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return changes;
}

// ------------------------------------------------------------------ chips
const CHIPS: readonly {
  readonly name: 'what' | 'when' | 'size' | 'state' | 'kind';
  readonly values: readonly string[];
}[] = [
  { name: 'what', values: Object.keys(ENDINGS) },
  { name: 'when', values: Object.keys(DAYS) },
  { name: 'size', values: Object.keys(SIZES) },
  { name: 'state', values: Object.keys(STATES) },
  { name: 'kind', values: ['file', 'folder', 'record'] },
];

interface ChipsProps {
  readonly filters: Filters;
  readonly change: (filters: Filters) => void;
}

function Chips({ filters, change }: ChipsProps) {
  const folder = useFolders((store) => store.trail.at(-1) ?? null);
  const some = Object.values(filters).some((value) => value !== null);
  return (
    <div className={styles.chips} role="group" aria-label={t('search.filters')}>
      {folder !== null && (
        <button
          type="button"
          className={styles.chip}
          aria-pressed={filters.folder === folder.id}
          onClick={() => change({ ...filters, folder: filters.folder === folder.id ? null : folder.id })}
        >
          {t('search.inFolder', { folder: folder.name })}
        </button>
      )}
      {CHIPS.map(({ name, values }) => (
        <Chip
          key={name}
          name={name}
          value={filters[name]}
          values={values}
          choose={(value) => change({ ...filters, [name]: value })}
        />
      ))}
      {some && (
        <button type="button" className={styles.clear} onClick={() => change(NO_FILTERS)}>
          {t('search.clear')}
        </button>
      )}
    </div>
  );
}

interface ChipProps {
  readonly name: string;
  readonly value: string | null;
  readonly values: readonly string[];
  readonly choose: (value: string | null) => void;
}

function Chip({ name, value, values, choose }: ChipProps) {
  const word = (one: string): string => t(`search.${name}.${one}`);
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <button type="button" className={styles.chip} data-on={value !== null || undefined}>
          {value === null ? t(`search.${name}.label`) : word(value)}
          <ChevronDown aria-hidden size={13} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioItem value="" checked={value === null} closeMenuOnClick onClick={() => choose(null)}>
          {t('search.any')}
        </Menu.RadioItem>
        <Menu.Divider />
        {values.map((one) => (
          <Menu.RadioItem key={one} value={one} checked={one === value} closeMenuOnClick onClick={() => choose(one)}>
            {word(one)}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

// ------------------------------------------------------------------ columns
function whereOf({ path }: Found): string {
  return shownFolder(path);
}

function foundColumns(): readonly Column<Found>[] {
  return [
    {
      id: 'name',
      label: t('documents.name'),
      width: 220,
      min: 160,
      grow: true,
      compare: (a, b) => compareText(a.name, b.name),
      title: (row) => row.name,
      cell: (row) => (
        <>
          <FileIcon type={row.kind === 'file' ? typeOfName(row.name).key : row.kind} />
          <span className={styles.name} dir="auto">
            {row.name}
          </span>
        </>
      ),
    },
    {
      id: 'where',
      label: t('documents.where'),
      width: 200,
      yields: 1,
      compare: (a, b) => compareText(a.path, b.path),
      title: whereOf,
      cell: (row) => <bdi>{whereOf(row)}</bdi>,
    },
    {
      id: 'size',
      label: t('documents.size'),
      width: 92,
      yields: 3,
      align: 'end',
      compare: (a, b) => (a.size ?? -1) - (b.size ?? -1),
      cell: (row) => (row.size === null ? '' : formatBytes(row.size)),
    },
    {
      id: 'changed',
      label: t('documents.changed'),
      width: 152,
      yields: 2,
      compare: (a, b) => compareText(a.modifiedAt, b.modifiedAt),
      title: (row) => formatFull(row.modifiedAt),
      cell: (row) => formatMomentAlone(row.modifiedAt),
    },
    {
      id: 'state',
      label: t('documents.state'),
      width: 122,
      compare: (a, b) => compareText(a.state ?? '', b.state ?? ''),
      cell: (row) => (row.state === null ? '' : <EntryState state={row.state} />),
    },
    {
      id: 'record',
      label: t('documents.record'),
      width: 130,
      hiddenAtFirst: true,
      compare: (a, b) => compareText(a.record ?? '', b.record ?? ''),
      cell: (row) => (row.record === null ? '' : recordRef(row.record)),
    },
  ];
}
