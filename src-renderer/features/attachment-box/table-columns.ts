// Which column of a CSV file is what, as far as its titles tell: people change it where it is another one. Pure.

/** Titles by which exports of ERPs and spreadsheets call them, in the languages that there are words in. */
const TYPE = /^(type|model|typ|tipo|النوع)$/i;
const REF =
  /^(ref|reference|number|no\.?|nr\.?|id|code|order|nummer|beleg(nummer)?|referenz|numéro|référence|n°|número|referencia|código|رقم|المرجع)$/i;
const NAME = /^(name|title|customer|client|kunde|bezeichnung|titel|nom|désignation|nombre|cliente|título|الاسم)$/i;

export interface TableColumns {
  /** Title of the column that tells the document type; null: one type for all lines. */
  readonly type: string | null;
  readonly ref: string;
  readonly name: string;
}

export function guessedColumns(titles: readonly string[]): TableColumns {
  const type = titles.find((title) => TYPE.test(title.trim())) ?? null;
  const others = titles.filter((title) => title !== type);
  const ref = others.find((title) => REF.test(title.trim())) ?? others[0] ?? '';
  const name = others.find((title) => title !== ref && NAME.test(title.trim()));
  return { type, ref, name: name ?? ref };
}

/** As the import takes it; every other column becomes a field of its own name. */
export function mapOf(titles: readonly string[], { type, ref, name }: TableColumns): Record<string, string> {
  const fields = titles.filter((title) => title !== type && title !== ref && title !== name);
  return {
    ref,
    name,
    ...(type !== null && { type }),
    ...Object.fromEntries(fields.map((title) => [`field.${title}`, title])),
  };
}
