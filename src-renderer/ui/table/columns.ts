// The columns of a table as a person has arranged them: widths, hidden ones, the order of rows. Pure; kept as JSON.

import { z } from 'zod';

export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

export interface Arrangement {
  /** Pixels, by column; the others have their own width. */
  readonly widths: Readonly<Record<string, number>>;
  readonly hidden: readonly string[];
  readonly order: Order | null;
}

export interface ColumnShape {
  readonly id: string;
  /** Pixels. */
  readonly width: number;
  readonly min?: number;
  /** Takes what is left over. */
  readonly grow?: boolean;
  /** In a narrow table the column with the highest number goes first; columns without one stay. */
  readonly yields?: number;
  /** Shown only after the person asks for it. */
  readonly hiddenAtFirst?: boolean;
}

export const SMALLEST = 56;
const LARGEST = 900;

const arrangementSchema = z.object({
  widths: z.record(z.string(), z.number()),
  hidden: z.array(z.string()),
  order: z.object({ column: z.string(), descending: z.boolean() }).nullable(),
});

export function isArrangement(value: unknown): value is Arrangement {
  return arrangementSchema.safeParse(value).success;
}

export function firstArrangement(columns: readonly ColumnShape[], order: Order | null): Arrangement {
  return { widths: {}, hidden: columns.filter((column) => column.hiddenAtFirst).map(({ id }) => id), order };
}

export function shownColumns<Column extends ColumnShape>(
  columns: readonly Column[],
  arrangement: Arrangement,
): readonly Column[] {
  const shown = columns.filter(({ id }, index) => index === 0 || !arrangement.hidden.includes(id));
  return shown.length > 0 ? shown : columns;
}

/** Without the columns that give way where the table is only `width` pixels wide; 0 stands for not measured yet. */
export function fitting<Column extends ColumnShape>(
  columns: readonly Column[],
  arrangement: Arrangement,
  width: number,
): readonly Column[] {
  const needed = columns.reduce((sum, column) => sum + widthOf(column, arrangement), 0);
  const yielding = columns.filter((column) => column.yields !== undefined);
  if (width === 0 || needed <= width || yielding.length === 0) return columns;
  const first = yielding.reduce((a, b) => ((b.yields ?? 0) > (a.yields ?? 0) ? b : a));
  return fitting(
    columns.filter((column) => column !== first),
    arrangement,
    width,
  );
}

export function widthOf(column: ColumnShape, { widths }: Arrangement): number {
  return clamp(widths[column.id] ?? column.width, column.min);
}

/** What a column gets of the room of a wide table, beside the one that grows. */
const SHARE = '0.2fr';

/** The CSS grid of a row. What a person has set stays; the others grow a little where one column would be far too wide. */
export function gridOf(columns: readonly ColumnShape[], arrangement: Arrangement): string {
  const grows = columns.some(({ grow }) => grow);
  return columns
    .map((column) => {
      const width = `${widthOf(column, arrangement)}px`;
      if (!column.grow) return grows && !(column.id in arrangement.widths) ? `minmax(${width}, ${SHARE})` : width;
      return `minmax(${arrangement.widths[column.id] ?? column.min ?? column.width}px, 1fr)`;
    })
    .join(' ');
}

export function resized(arrangement: Arrangement, column: ColumnShape, width: number): Arrangement {
  return { ...arrangement, widths: { ...arrangement.widths, [column.id]: Math.round(clamp(width, column.min)) } };
}

export function toggledColumn(arrangement: Arrangement, id: string): Arrangement {
  const hidden = arrangement.hidden.includes(id)
    ? arrangement.hidden.filter((one) => one !== id)
    : [...arrangement.hidden, id];
  return { ...arrangement, hidden };
}

/** A second click on the same column turns the order round. */
export function orderedBy(arrangement: Arrangement, column: string): Arrangement {
  const { order } = arrangement;
  return {
    ...arrangement,
    order: { column, descending: order?.column === column ? !order.descending : false },
  };
}

function clamp(width: number, min = SMALLEST): number {
  return Math.min(Math.max(width, min), LARGEST);
}
