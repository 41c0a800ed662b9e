import { Button, Checkbox, TextInput } from '@mantine/core';
import {
  Folder,
  FolderOpen,
  type LucideIcon,
  Receipt,
  ShoppingCart,
  SquareKanban,
  TrendingUp,
  Users,
} from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { TYPE_SETS, type SetId } from '../../../src-shared/type-sets.ts';
import type { AppView } from '../../../src-shared/ipc/app.ts';
import type { SetView } from '../../../src-shared/ipc/setup.ts';
import { knownLanguage } from '../../../src-shared/words/words.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { usePreferences } from '../../stores/preferences-store.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { tell } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import { AccountCard } from './AccountCard.tsx';
import { useBackAndNext } from './ConnectAssistant.tsx';
import { namesIn, previewTree, type PreviewType } from './preview-tree.ts';
import styles from './TypesStep.module.css';

const ICONS: Readonly<Record<SetId, LucideIcon>> = {
  sales: TrendingUp,
  purchasing: ShoppingCart,
  accounting: Receipt,
  hr: Users,
  projects: SquareKanban,
};

type SetType = SetView['types'][number];

/** Ready-made sets of document types: chosen, their subfolders changed, with the folders they make beside them. */
export function TypesStep({ app, leave }: { app: AppView; leave: () => void }) {
  const client = app.clients.findLast((one) => one.state !== 'draft');
  const { sets, error, load } = useSets();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const types = useMemo(() => chosenTypes(sets ?? [], chosen, edited), [sets, chosen, edited]);
  useBackAndNext(undefined, undefined);

  const finish = async (): Promise<void> => {
    if (client === undefined) return;
    setBusy(true);
    try {
      const drafts = types.map(({ name, label, subfolders }) => ({ name, label, subfolders: [...subfolders] }));
      const { rules } =
        drafts.length === 0 ? { rules: 0 } : await call('sets.add', { client: client.name, types: drafts });
      leave();
      tell(t('setup.ready'), rules === 0 ? t('setup.readyPlain') : counted('setup.readyTypes', rules));
    } catch (problem) {
      setTrouble(sentence(problem));
      setBusy(false);
    }
  };

  if (error !== null) return <Failure title={t('setup.types')} message={error} retry={load} />;
  if (sets === null) return <Loading />;
  return (
    <div className={styles.step}>
      {client !== undefined && <AccountCard name={client.name} />}
      <div className={styles.page}>
        <div className={styles.sets}>
          {sets.map((set) => (
            <SetCard
              key={set.id}
              set={set}
              chosen={chosen}
              choose={setChosen}
              edited={edited}
              edit={(name, text) => setEdited({ ...edited, [name]: text })}
            />
          ))}
        </div>
        <Preview root={client?.root ?? ''} types={types} />
      </div>
      {trouble !== null && (
        <p role="alert" className={styles.bad}>
          {trouble}
        </p>
      )}
      <div className={styles.buttons}>
        <p>{t('setup.typesLater')}</p>
        <Button variant="default" size="sm" disabled={busy} onClick={leave}>
          {t('setup.skip')}
        </Button>
        <Button size="sm" loading={busy} disabled={types.length === 0} onClick={() => void finish()}>
          {t('setup.finish')}
        </Button>
      </div>
    </div>
  );
}

interface SetCardProps {
  readonly set: SetView;
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
  readonly edited: Readonly<Record<string, string>>;
  readonly edit: (name: string, text: string) => void;
}

function SetCard({ set, chosen, choose, edited, edit }: SetCardProps) {
  const Icon = ICONS[set.id];
  const free = set.types.filter((type) => !type.present);
  const some = free.filter(({ name }) => chosen.has(name)).length;
  const toggle = (names: readonly string[], on: boolean): void => {
    const next = new Set(chosen);
    for (const name of names) {
      if (on) next.add(name);
      else next.delete(name);
    }
    choose(next);
  };
  return (
    <section className={styles.set} data-on={some > 0 || undefined} aria-label={set.title}>
      <label className={styles.head}>
        <Icon aria-hidden size={20} strokeWidth={1.6} />
        <span className={styles.title}>
          <strong>{set.title}</strong>
          <span>{t(`sets.about.${set.id}`)}</span>
        </span>
        <Checkbox
          size="sm"
          aria-label={set.title}
          disabled={free.length === 0}
          checked={free.length > 0 && some === free.length}
          indeterminate={some > 0 && some < free.length}
          onChange={(event) =>
            toggle(
              free.map(({ name }) => name),
              event.currentTarget.checked,
            )
          }
        />
      </label>
      {some > 0 && (
        <ul className={styles.types}>
          {set.types.map((type) => (
            <TypeLine
              key={type.name}
              type={type}
              on={chosen.has(type.name)}
              toggle={(on) => toggle([type.name], on)}
              text={edited[type.name] ?? type.subfolders.join(', ')}
              edit={(text) => edit(type.name, text)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface TypeLineProps {
  readonly type: SetType;
  readonly on: boolean;
  readonly toggle: (on: boolean) => void;
  readonly text: string;
  readonly edit: (text: string) => void;
}

function TypeLine({ type, on, toggle, text, edit }: TypeLineProps) {
  return (
    <li>
      <Checkbox
        size="xs"
        label={type.label}
        disabled={type.present}
        checked={on && !type.present}
        onChange={(event) => toggle(event.currentTarget.checked)}
      />
      {type.present ? (
        <span className={styles.present}>{t('setup.present')}</span>
      ) : (
        <TextInput
          size="xs"
          aria-label={t('setup.subfoldersOf', { type: type.label })}
          placeholder={t('setup.noSubfolders')}
          disabled={!on}
          value={text}
          onChange={(event) => edit(event.currentTarget.value)}
        />
      )}
    </li>
  );
}

function Preview({ root, types }: { root: string; types: readonly PreviewType[] }) {
  const lines = previewTree(root, types);
  return (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.preview} aria-labelledby="tree-preview" tabIndex={0}>
      <h2 id="tree-preview">{t('setup.preview')}</h2>
      <ul aria-live="polite">
        {lines.map(({ key, depth, name, kind }) => (
          <li key={key} data-kind={kind} style={{ paddingInlineStart: depth * 20 }}>
            {kind === 'subfolder' ? (
              <Folder aria-hidden size={15} strokeWidth={1.7} />
            ) : (
              <FolderOpen aria-hidden size={15} strokeWidth={1.7} />
            )}
            <span>{name}</span>
            {kind === 'record' && <em>{t('setup.example')}</em>}
          </li>
        ))}
      </ul>
      {types.length === 0 && <p>{t('setup.previewEmpty')}</p>}
    </section>
  );
}

function chosenTypes(
  sets: readonly SetView[],
  chosen: ReadonlySet<string>,
  edited: Readonly<Record<string, string>>,
): readonly PreviewType[] {
  return sets.flatMap(({ id, types }) =>
    types
      .filter(({ name, present }) => chosen.has(name) && !present)
      .map(({ name, label, subfolders }) => ({
        name,
        label,
        example: t(`sets.example.${TYPE_SETS[id].find((type) => type.name === name)?.key ?? ''}`),
        subfolders: edited[name] === undefined ? subfolders : namesIn(edited[name]),
      })),
  );
}

function useSets() {
  const language = usePreferences((store) => store.language);
  const [sets, setSets] = useState<readonly SetView[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let gone = false;
    call('sets.view', { language: knownLanguage(language) }).then(
      (answer) => !gone && setSets(answer),
      (problem: unknown) => !gone && setError(sentence(problem)),
    );
    return () => {
      gone = true;
    };
  }, [language, tries]);
  const load = (): void => {
    setError(null);
    setTries(tries + 1);
  };
  return { sets, error, load };
}
