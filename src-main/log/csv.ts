// Lines of CSV by RFC 4180: cells with signs of their own are quoted, quotes doubled, lines end with CRLF. A cell that a
// spreadsheet would run as a formula gets an apostrophe before it. Pure: values in, text out. Called by export.ts.

/** What makes a spreadsheet take a text for a formula, at the start of a cell. */
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;

export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  // Numbers are Docktide's own.
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
