// Reads CSV as people export it from spreadsheets (RFC 4180): quoted fields with "" inside, CRLF or LF, a byte order
// mark, and comma or semicolon as the separator, whichever the header line uses. Pure text in, rows out.

export class CsvError extends Error {
  override readonly name = 'CsvError';
}

export interface CsvRow {
  /** From 1, as editors count. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows without the empty ones. Throws CsvError for a quote that does not end. */
export function parseCsv(text: string): readonly CsvRow[] {
  const clean = text.startsWith('\ufeff') ? text.slice(1) : text;
  const separator = separatorOf(clean);
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let rowLine = 1;
  let at = 0;
  while (at < clean.length) {
    const cell = clean[at] === '"' ? quotedCell(clean, at, line) : plainCell(clean, at, separator);
    cells.push(cell.text);
    line += cell.breaks;
    at = cell.end;
    if (clean[at] === separator) {
      at++;
      if (at < clean.length) continue;
      cells.push('');
    }
    at = skipLineBreak(clean, at, line);
    if (cells.some((text) => text.trim() !== '')) rows.push({ line: rowLine, cells });
    cells = [];
    line++;
    rowLine = line;
  }
  return rows;
}

function separatorOf(text: string): ',' | ';' {
  const header = text.slice(0, text.search(/\r?\n|$/));
  return header.split(';').length > header.split(',').length ? ';' : ',';
}

interface Cell {
  readonly text: string;
  /** Index of the character after it. */
  readonly end: number;
  readonly breaks: number;
}

function plainCell(text: string, start: number, separator: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  return { text: text.slice(start, end), end, breaks: 0 };
}

function quotedCell(text: string, start: number, line: number): Cell {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new CsvError(`Line ${line} opens a quote that is never closed`);
    value += text.slice(at, quote);
    at = quote + 1;
    if (text[at] !== '"') break;
    value += '"';
    at++;
  }
  return { text: value, end: at, breaks: value.split('\n').length - 1 };
}

function skipLineBreak(text: string, at: number, line: number): number {
  if (at >= text.length) return at;
  if (text[at] === '\r' && text[at + 1] === '\n') return at + 2;
  if (text[at] === '\n' || text[at] === '\r') return at + 1;
  throw new CsvError(`Line ${line} has text after a closing quote`);
}
