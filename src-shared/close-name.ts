// The name that a person probably meant, for sentences about one that is not known. Pure.

/** ` Did you mean "status"?` with a space before it; empty where nothing is near enough. */
export function didYouMean(written: string, names: Iterable<string>): string {
  const close = closeName(written, names);
  return close === null ? '' : ` Did you mean "${close}"?`;
}

/** The nearest name within a third of its letters (two neighbours that changed places count once); null where none is. */
export function closeName(written: string, names: Iterable<string>): string | null {
  const wanted = folded(written);
  let best: string | null = null;
  let least = Math.floor(wanted.length / 3) + 1;
  for (const name of names) {
    const there = folded(name);
    if (there === '' || Math.abs(there.length - wanted.length) >= least) continue;
    const distance = distanceOf(wanted, there);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().trim();
}

/** Letters to put in, leave out, replace or exchange with their neighbour to get from one word to the other. */
function distanceOf(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      next.push(least);
    }
    [before, last] = [last, next];
  }
  return last[to.length] ?? 0;
}
