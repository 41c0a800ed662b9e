import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanFolderName, parsePattern, patternName } from '../../../src-shared/folder-pattern.ts';
import { isIgnoredName, refusedByDropbox, utf8Length } from '../../../src-shared/names.ts';
import { matchesFilter, parseFilter } from '../../../src-shared/rule-filter.ts';

const RECORD = {
  state: 'sent',
  amount: '1200.50',
  city: 'Köln',
  name: 'ACME Ltd',
  ref: 'SO001',
  archived: 'no',
  empty: '',
  date: '2026-11-23',
  'x.y': '1',
};

function matches(filter: string): boolean {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new Error(parsed.message);
  return matchesFilter(parsed.expression, RECORD);
}

describe('filters', () => {
  test.each([
    ['', true],
    ['   ', true],
    ['state=sent', true],
    ['state = SENT', true],
    ['state=draft', false],
    ['state!=draft', true],
    ['state=sent,amount>1000', true],
    ['state=sent, amount>2000', false],
    ['amount>=1200.5', true],
    ['amount=1200.5', true],
    ['amount<900', false],
    ['date>=2026-01-01, date<2027-01-01', true],
    ['state in (draft, sent)', true],
    ['state not in (draft, sent)', false],
    ['state IN ("sent")', true],
    ['name~"acme l"', true],
    ['name=ACME Ltd', true],
    ['name = ACME Ltd and state=sent', true],
    ['name!~beta', true],
    ['city=köln', true],
    ['city=ko\u0308ln', true],
    ['state=draft or city=Köln', true],
    ['state=draft or state=done, city=Köln', false],
    ['(state=draft or state=sent) and not city=Berlin', true],
    ['not (state=sent)', false],
    ['missing=x', false],
    ['missing=""', true],
    ['missing!=x', true],
    ['missing>0', false],
    ['missing<5', false],
    ['empty=""', true],
    ['archived=false', true],
    ['archived=no', true],
    ['x.y=1', true],
    ['toString=x', false],
    ['name~"\\"quoted\\""', false],
    ['not=x', false],
  ])('%j → %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  test.each([
    ['state', 6],
    ['state=', 7],
    ['=sent', 1],
    ['state=sent,', 12],
    ['state=sent and', 15],
    ['state==sent', 7],
    ['state in sent', 10],
    ['state in (sent', 15],
    ['state in ()', 11],
    ['(state=sent', 12],
    ['state=sent)', 11],
    ['name~"open', 6],
    ['"state"=sent', 1],
    ['state=sent "x"', 12],
    ['not', 4],
    ['state like sent', 7],
  ])('%j is refused at position %i, with the allowed forms', (filter, position) => {
    const parsed = parseFilter(filter);
    expect(parsed).toMatchObject({ ok: false, position });
    expect(parsed).toMatchObject({
      message: expect.stringMatching(/wrong at position \d+: .*Allowed: field=value/s) as string,
    });
  });

  test('any text is either parsed or refused in a sentence', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'state',
        'and',
        'or',
        'not',
        'in',
        '(',
        ')',
        ',',
        '=',
        '!=',
        '~',
        '>',
        '"',
        '\\',
        ' ',
        'sent',
        '!',
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const parsed = parseFilter(text);
        const fits = parsed.ok
          ? typeof matchesFilter(parsed.expression, RECORD) === 'boolean'
          : parsed.position >= 1 && parsed.position <= text.length + 1;
        expect(fits).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('deep nesting is refused, not crashed upon', () => {
    expect(parseFilter('('.repeat(100_000))).toMatchObject({ ok: false });
    expect(parseFilter(`${'not '.repeat(100_000)}a=b`)).toMatchObject({ ok: false });
  });

  test('a quoted value means exactly itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const parsed = parseFilter(`field="${value.replace(/["\\]/g, '\\$&')}"`);
        if (!parsed.ok) throw new Error(parsed.message);
        expect(parsed.expression).toEqual({ kind: 'compare', field: 'field', operator: '=', value });
        expect(matchesFilter(parsed.expression, { field: value })).toBe(true);
        expect(matchesFilter(parsed.expression, { field: `${value}!` })).toBe(false);
      }),
    );
  });
});

describe('folder name patterns', () => {
  const name = (pattern: string, fields: Record<string, string> = RECORD): string => {
    const parsed = parsePattern(pattern);
    if (!parsed.ok) throw new Error(parsed.message);
    return patternName(parsed.parts, fields);
  };

  test.each([
    ['{name}', 'ACME Ltd'],
    ['{ref} {name}', 'SO001 ACME Ltd'],
    ['{ ref }: {city}', 'SO001 - Köln'],
    ['{{{ref}}}', '{SO001}'],
    ['{missing}{name}', 'ACME Ltd'],
    ['{missing}', 'SO001'],
    ['{toString}', 'SO001'],
  ])('%j → %j', (pattern, expected) => {
    expect(name(pattern)).toBe(expected);
  });

  test.each(['', 'fixed', '{name', 'name}', '{}', '{a b}', '{name!r}', '{{name}}'])('%j is refused', (pattern) => {
    const parsed = parsePattern(pattern);
    expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining('{name}') as string });
  });

  test.each([
    ['Müller & Söhne', 'Müller & Söhne'],
    ['a/b\\c|d', 'a-b-c-d'],
    ['A: "B" <C>*?', "A - 'B' (C)"],
    ['  trailing dots...  ', 'trailing dots'],
    ['line\nbreak\ttab', 'line break tab'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['desktop.ini', '_desktop.ini'],
    ['..', null],
    ['', null],
    ['???', null],
    ['\ud800x', 'x'],
  ])('%j becomes %j', (text, expected) => {
    expect(cleanFolderName(text)).toBe(expected);
  });

  test('two dots and a long text behind them are no name that is never synced', () => {
    const cleaned = cleanFolderName(`..${'! '.repeat(150)}end`) ?? '';
    expect(isIgnoredName(cleaned)).toBe(false);
    expect(cleanFolderName(cleaned)).toBe(cleaned);
  });

  test('whatever the ERP says, the name is one that Dropbox and every disk take, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ minLength: 150, maxLength: 400 })),
        (text) => {
          const cleaned = cleanFolderName(text);
          if (cleaned === null) return;
          expect(refusedByDropbox(cleaned)).toBeNull();
          expect(isIgnoredName(cleaned)).toBe(false);
          // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
          expect(cleaned).not.toMatch(/[\\/:*?"<>|\u0000-\u001f]|[ .]$/);
          expect(utf8Length(cleaned)).toBeLessThanOrEqual(200);
          expect(cleanFolderName(cleaned)).toBe(cleaned);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
