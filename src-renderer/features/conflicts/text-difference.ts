// Two texts side by side: which lines are equal, which were changed, added or removed, and where in a changed line. Pure;
// the shortest way from one text to the other by Myers' algorithm, within a bound: texts that have little in common are
// told as changed as a whole.

/** A line, with the part of it that differs from the line on the other side. */
export interface Side {
  /** From 1 on. */
  readonly number: number;
  readonly text: string;
  /** From and to, in UTF-16 units; empty where the whole line has no counterpart. */
  readonly differs: readonly [number, number] | null;
}

export type Row =
  | { readonly kind: 'equal'; readonly left: Side; readonly right: Side }
  | { readonly kind: 'changed'; readonly left: Side | null; readonly right: Side | null };

/** Steps after which two texts have too little in common. */
const MOST_STEPS = 800;

export function difference(left: string, right: string): readonly Row[] {
  const [a, b] = [linesOf(left), linesOf(right)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const rows: Row[] = [];
  for (let at = 0; at < head; at++) rows.push(equal(a, at, at));
  const middle = pairs(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  rows.push(
    ...changes(
      a,
      b,
      middle.map(([x, y]) => [x + head, y + head] as const),
      head,
      tail,
    ),
  );
  for (let at = tail; at > 0; at--) rows.push(equal(a, a.length - at, b.length - at));
  return rows;
}

export function changedRows(rows: readonly Row[]): number {
  return rows.filter((row) => row.kind === 'changed').length;
}

/** Where long runs of equal lines are left out: rows of each part, and how many equal lines lie before it. */
export interface Part {
  readonly skipped: readonly Row[];
  readonly shown: readonly Row[];
}

/** Keeps `context` equal lines around each change. */
export function shortened(rows: readonly Row[], context: number): readonly Part[] {
  const near = rows.map(() => false);
  rows.forEach((row, index) => {
    if (row.kind === 'equal') return;
    for (let at = Math.max(index - context, 0); at <= Math.min(index + context, rows.length - 1); at++) near[at] = true;
  });
  const parts: Part[] = [];
  let skipped: Row[] = [];
  let shown: Row[] = [];
  const flush = (): void => {
    if (skipped.length + shown.length > 0) parts.push({ skipped, shown });
    [skipped, shown] = [[], []];
  };
  rows.forEach((row, index) => {
    if (near[index]) shown.push(row);
    else {
      if (shown.length > 0) flush();
      skipped.push(row);
    }
  });
  flush();
  return parts;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  // The end of the last line begins no new one.
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function equal(lines: readonly string[], left: number, right: number): Row {
  const text = lines[left] ?? '';
  return {
    kind: 'equal',
    left: { number: left + 1, text, differs: null },
    right: { number: right + 1, text, differs: null },
  };
}

/** Rows between the equal head and tail; `matched` are pairs of equal lines in order. */
function changes(
  a: readonly string[],
  b: readonly string[],
  matched: readonly (readonly [number, number])[],
  head: number,
  tail: number,
): Row[] {
  const rows: Row[] = [];
  let [x, y] = [head, head];
  for (const [toX, toY] of [...matched, [a.length - tail, b.length - tail] as const]) {
    for (; x < toX || y < toY; x += x < toX ? 1 : 0, y += y < toY ? 1 : 0) {
      rows.push(changed(x < toX ? [x, a[x] ?? ''] : null, y < toY ? [y, b[y] ?? ''] : null));
    }
    if (toX < a.length - tail) rows.push(equal(a, x++, y++));
  }
  return rows;
}

function changed(left: readonly [number, string] | null, right: readonly [number, string] | null): Row {
  const [l, r] = [left?.[1] ?? '', right?.[1] ?? ''];
  let start = 0;
  while (start < l.length && start < r.length && l[start] === r[start]) start++;
  let end = 0;
  while (end < l.length - start && end < r.length - start && l.at(-1 - end) === r.at(-1 - end)) end++;
  const both = left !== null && right !== null && start + end > 0;
  const side = (one: readonly [number, string] | null): Side | null =>
    one === null
      ? null
      : { number: one[0] + 1, text: one[1], differs: both ? [start, Math.max(one[1].length - end, start)] : null };
  return { kind: 'changed', left: side(left), right: side(right) };
}

/** Pairs of equal lines on the shortest way from `a` to `b`; none where the way is too long. */
function pairs(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const most = Math.min(a.length + b.length, MOST_STEPS);
  const reach = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let steps = 0; steps <= most; steps++) {
    trail.push(new Map(reach));
    for (let k = -steps; k <= steps; k += 2) {
      let x = comesFromAbove(reach, k, steps) ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkedBack(trail, a.length, b.length);
    }
  }
  return [];
}

function comesFromAbove(reach: ReadonlyMap<number, number>, k: number, steps: number): boolean {
  return k === -steps || (k !== steps && (reach.get(k - 1) ?? 0) < (reach.get(k + 1) ?? 0));
}

function walkedBack(trail: readonly ReadonlyMap<number, number>[], endX: number, endY: number) {
  const found: (readonly [number, number])[] = [];
  let [x, y] = [endX, endY];
  for (let steps = trail.length - 1; steps >= 0; steps--) {
    const reach = trail[steps] ?? new Map<number, number>();
    const k = x - y;
    const before = comesFromAbove(reach, k, steps) ? k + 1 : k - 1;
    const fromX = reach.get(before) ?? 0;
    const fromY = fromX - before;
    while (x > fromX && y > fromY) found.push([--x, --y]);
    if (steps > 0) [x, y] = [fromX, fromY];
  }
  return found.toReversed();
}
