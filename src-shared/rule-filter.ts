// Filters of folder rules: which records of a type get folders. Text in, a checked expression out, and whether a
// record's fields match it. `state=sent,amount>1000`, `state in (sent, sale)`, `name~"ACME" and not archived=yes`.
// Called by the store (which folders there must be), the command line and the rule editor (is this text right).

/** A comparison or a combination. Field names and values are as written; comparison ignores case. */
export type FilterExpression =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly FilterExpression[] }
  | { readonly kind: 'not'; readonly term: FilterExpression }
  | { readonly kind: 'compare'; readonly field: string; readonly operator: Comparison; readonly value: string }
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly string[]; readonly negated: boolean };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '!~';

export type ParsedFilter =
  | { readonly ok: true; readonly expression: FilterExpression }
  /** `message`: a sentence with the position (from 1) and the allowed forms. */
  | { readonly ok: false; readonly position: number; readonly message: string };

export const FILTER_FORMS =
  'Allowed: field=value, !=, <, <=, >, >=, ~ (contains), !~, field in (a, b), joined by "," or "and", "or", "not" and ' +
  'parentheses; put values with spaces or signs into double quotes.';

interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'end';
  readonly text: string;
  /** From 0. */
  readonly at: number;
}

const SIGNS = ['!=', '!~', '<=', '>=', '=', '<', '>', '~', '(', ')', ','];
const COMPARISONS: readonly string[] = ['=', '!=', '<', '<=', '>', '>=', '~', '!~'];
const MAX_DEPTH = 50;

class FilterError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** An empty filter matches everything. */
export function parseFilter(text: string): ParsedFilter {
  try {
    const tokens = tokenise(text);
    if (tokens.length === 1) return { ok: true, expression: { kind: 'and', terms: [] } };
    return { ok: true, expression: parseTokens(tokens) };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const position = error.at + 1;
    return {
      ok: false,
      position,
      message: `The filter is wrong at position ${position}: ${error.message}. ${FILTER_FORMS}`,
    };
  }
}

/** `fields` holds the record's fields and `ref`, `name`, `archived`. A missing field is the empty text. */
export function matchesFilter(expression: FilterExpression, fields: Readonly<Record<string, string>>): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.terms.every((term) => matchesFilter(term, fields));
    case 'or':
      return expression.terms.some((term) => matchesFilter(term, fields));
    case 'not':
      return !matchesFilter(expression.term, fields);
    case 'in': {
      const value = fold(fieldOf(fields, expression.field));
      return expression.values.some((one) => fold(one) === value) !== expression.negated;
    }
    case 'compare':
      return compare(fieldOf(fields, expression.field), expression.operator, expression.value);
  }
}

function fieldOf(fields: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(fields, name) ? (fields[name] ?? '') : '';
}

function compare(value: string, operator: Comparison, wanted: string): boolean {
  const equal =
    fold(value) === fold(wanted) || (isNumber(value) && isNumber(wanted) && Number(value) === Number(wanted));
  switch (operator) {
    case '=':
      return equal;
    case '!=':
      return !equal;
    case '~':
      return fold(value).includes(fold(wanted));
    case '!~':
      return !fold(value).includes(fold(wanted));
    default:
      // A field that is not filled in is neither more nor less than anything.
      if (value.trim() === '') return false;
      return ordered(orderOf(value, wanted), operator);
  }
}

/** Numbers by size, everything else (dates as 2026-11-23 too) by text. */
function orderOf(value: string, wanted: string): number {
  if (isNumber(value) && isNumber(wanted)) return Number(value) - Number(wanted);
  const [a, b] = [fold(value), fold(wanted)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function ordered(order: number, operator: '<' | '<=' | '>' | '>='): boolean {
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function isNumber(text: string): boolean {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text);
}

/** Case, outer blanks and the two ways of writing a truth value do not matter. */
function fold(text: string): string {
  const folded = text.trim().normalize('NFC').toLowerCase();
  return folded === 'true' ? 'yes' : folded === 'false' ? 'no' : folded;
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    const sign = SIGNS.find((one) => text.startsWith(one, at));
    const token = sign === undefined ? (character === '"' ? quoted(text, at) : word(text, at)) : signToken(sign, at);
    tokens.push(token.token);
    at = token.next;
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

function signToken(sign: string, at: number): { token: Token; next: number } {
  return { token: { kind: 'sign', text: sign, at }, next: at + sign.length };
}

/** `\"` and `\\` inside. */
function quoted(text: string, start: number): { token: Token; next: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') return { token: { kind: 'text', text: value, at: start }, next: at + 1 };
    if (character === '\\' && at + 1 < text.length) value += text[++at] ?? '';
    else value += character;
  }
  throw new FilterError('the quotation mark is never closed', start);
}

function word(text: string, start: number): { token: Token; next: number } {
  let end = start;
  while (end < text.length && !/[\s"(),=<>~]/.test(text[end] ?? '') && !/^![=~]/.test(text.slice(end, end + 2))) end++;
  return { token: { kind: 'word', text: text.slice(start, end), at: start }, next: end };
}

function parseTokens(tokens: readonly Token[]): FilterExpression {
  let index = 0;
  const peek = (): Token => tokens[index] ?? { kind: 'end', text: '', at: 0 };
  const next = (): Token => {
    const token = peek();
    index++;
    return token;
  };
  const isKeyword = (token: Token, keyword: string): boolean =>
    token.kind === 'word' && token.text.toLowerCase() === keyword;
  const isSign = (token: Token, sign: string): boolean => token.kind === 'sign' && token.text === sign;
  const expect = (sign: string, why: string): void => {
    const token = next();
    if (!isSign(token, sign)) throw new FilterError(`expected "${sign}" ${why}, found ${named(token)}`, token.at);
  };

  function anyOf(depth: number): FilterExpression {
    const terms = [allOf(depth)];
    while (isKeyword(peek(), 'or')) {
      next();
      terms.push(allOf(depth));
    }
    return terms.length === 1 ? (terms[0] as FilterExpression) : { kind: 'or', terms };
  }

  function allOf(depth: number): FilterExpression {
    const terms = [one(depth)];
    while (isKeyword(peek(), 'and') || isSign(peek(), ',')) {
      next();
      terms.push(one(depth));
    }
    return terms.length === 1 ? (terms[0] as FilterExpression) : { kind: 'and', terms };
  }

  function one(depth: number): FilterExpression {
    if (depth > MAX_DEPTH) throw new FilterError('it is nested too deeply', peek().at);
    const isField = tokens[index + 1]?.kind === 'sign' && COMPARISONS.includes(tokens[index + 1]?.text ?? '');
    if (isKeyword(peek(), 'not') && !isField) {
      next();
      return { kind: 'not', term: one(depth + 1) };
    }
    if (isSign(peek(), '(')) {
      next();
      const inner = anyOf(depth + 1);
      expect(')', 'to close the parenthesis');
      return inner;
    }
    return comparison();
  }

  function comparison(): FilterExpression {
    const field = next();
    if (field.kind !== 'word') throw new FilterError(`expected the name of a field, found ${named(field)}`, field.at);
    const operator = next();
    const negated = isKeyword(operator, 'not') && isKeyword(peek(), 'in');
    if (negated) next();
    if (negated || isKeyword(operator, 'in')) return { kind: 'in', field: field.text, values: list(), negated };
    if (operator.kind !== 'sign' || !COMPARISONS.includes(operator.text)) {
      throw new FilterError(`expected a comparison after "${field.text}", found ${named(operator)}`, operator.at);
    }
    return { kind: 'compare', field: field.text, operator: operator.text as Comparison, value: value() };
  }

  /** Unquoted words in a row are one value: `partner=Acme Ltd`. */
  function value(): string {
    const first = next();
    if (first.kind !== 'word' && first.kind !== 'text') {
      throw new FilterError(`expected a value, found ${named(first)}`, first.at);
    }
    let text = first.text;
    while (first.kind === 'word' && peek().kind === 'word' && !isKeyword(peek(), 'and') && !isKeyword(peek(), 'or')) {
      text += ` ${next().text}`;
    }
    return text;
  }

  function list(): string[] {
    expect('(', 'after "in"');
    const values = [value()];
    while (isSign(peek(), ',')) {
      next();
      values.push(value());
    }
    expect(')', 'to close the list');
    return values;
  }

  const expression = anyOf(0);
  const rest = peek();
  if (rest.kind !== 'end') throw new FilterError(`${named(rest)} is not expected here`, rest.at);
  return expression;
}

function named(token: Token): string {
  return token.kind === 'end' ? 'the end' : `"${token.text}"`;
}
