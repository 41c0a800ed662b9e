// Ready-made sets of document types with their folder rules: listed, and added for a client. All of it is checked before
// the first is added; what is there already stays as it is. Called by docktide.ts.

import type { Language } from '../../src-shared/languages.ts';
import { SET_IDS, typesOf, type TypeDraft, type TypeSetView } from '../../src-shared/type-sets.ts';
import type { Workplace } from './docktide.ts';
import { AppError, type RuleView, type TypeView } from './service.ts';
import { checkName } from './tree.ts';
import { ruleView } from './views-of.ts';

export interface AddedTypes {
  readonly types: readonly TypeView[];
  readonly rules: readonly RuleView[];
  /** Names of types that have a folder rule already; they stay as they are. */
  readonly kept: readonly string[];
}

export interface SetOptions {
  /** Of the labels and subfolders; English unless told. */
  readonly language?: Language;
  /** Only these types of the set. */
  readonly only?: readonly string[];
}

export async function typeSets({ store }: Workplace, language: Language = 'en'): Promise<readonly TypeSetView[]> {
  const t = await wordsIn(language);
  const ruled = new Set(store.catalog.rules().map(({ type }) => type));
  return SET_IDS.map((id) => ({
    id,
    title: t(`sets.title.${id}`),
    types: typesOf(id, t).map((draft) => ({ ...draft, present: ruled.has(draft.name) })),
  }));
}

/** Throws AppError 'unknown-set', 'unknown-type', and what `addTypes` throws. */
export async function addTypeSet(
  place: Workplace,
  id: string,
  client: string,
  { language = 'en', only }: SetOptions,
): Promise<AddedTypes> {
  const known = SET_IDS.find((one) => one === id.toLowerCase());
  if (known === undefined) {
    throw new AppError('unknown-set', `There is no set "${id}". The sets are: ${SET_IDS.join(', ')}.`);
  }
  const drafts = typesOf(known, await wordsIn(language));
  const strange = only?.find((name) => !drafts.some((draft) => draft.name === name));
  if (strange !== undefined) {
    const names = drafts.map(({ name }) => name).join(', ');
    throw new AppError('unknown-type', `The set "${known}" has no type "${strange}". Its types are: ${names}.`);
  }
  return addTypes(place, client, only === undefined ? drafts : drafts.filter(({ name }) => only.includes(name)));
}

/** Throws AppError 'unknown-client', 'bad-name', 'duplicate'; nothing is added then. */
export async function addTypes(place: Workplace, client: string, drafts: readonly TypeDraft[]): Promise<AddedTypes> {
  const { store, passes, folder } = place;
  store.clients.get(client);
  drafts.forEach(checkDraft);
  refuseTwice(drafts);
  const known = new Set(store.catalog.types().map(({ name }) => name));
  const ruled = new Set(store.catalog.rules().map(({ type }) => type));
  const [fresh, kept] = [drafts.filter(({ name }) => !ruled.has(name)), drafts.filter(({ name }) => ruled.has(name))];
  const types: TypeView[] = [];
  const rules: RuleView[] = [];
  for (const { name, label, subfolders } of fresh) {
    if (!known.has(name)) {
      const added = store.catalog.addType(name, label);
      types.push({ name: added.name, label: added.label, records: added.records });
    }
    rules.push(ruleView(store.catalog.addRule({ type: name, client, subfolders })));
  }
  await passes.whenFree(() => folder.followCatalog());
  place.events.emit({ kind: 'entries-changed' });
  return { types, rules, kept: kept.map(({ name }) => name) };
}

function checkDraft({ name, label, subfolders }: TypeDraft): void {
  if (name.trim() === '' || name.includes('/')) {
    throw new AppError('bad-name', `"${name}" cannot be the name of a document type. Choose one such as sale.order.`);
  }
  checkName(label);
  for (const subfolder of subfolders) checkName(subfolder);
}

function refuseTwice(drafts: readonly TypeDraft[]): void {
  const names = new Set<string>();
  for (const { name } of drafts) {
    if (names.has(name)) throw new AppError('duplicate', `The document type "${name}" is named twice. Name it once.`);
    names.add(name);
  }
}

/** Loaded when it is needed: most commands say nothing in another language. */
async function wordsIn(language: Language): Promise<(key: string) => string> {
  const { createWords } = await import('../../src-shared/words/words.ts');
  const words = createWords(language);
  return (key) => words.t(key);
}
