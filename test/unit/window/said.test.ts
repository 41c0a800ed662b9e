// What the program says reaches people in their language: every sentence of the main process that the window, the tray or
// a notification can show is known, in all languages; the rest is listed here with the reason why nobody sees it there.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noticeMessage, type NoticeFacts } from '../../../src-shared/notify-views.ts';
import { tickSentence } from '../../../src-shared/dropbox-scopes.ts';
import { LANGUAGES } from '../../../src-shared/languages.ts';
import { createSay, recognise } from '../../../src-shared/said.ts';
import { createWords, features } from '../../../src-shared/words/words.ts';
import patterns from '../../../src-shared/words/program/patterns.json' with { type: 'json' };
import { sentencesOf, VALUE } from '../../support/sentences-of-code.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Whose words never come to the window. */
const ELSEWHERE: readonly RegExp[] = [
  // The command line and the demonstration's terminal speak English.
  /^src-main\/(cli|demo)\//,
  // The markup of the page at the end of a login; what it says is with those who call it.
  /^src-main\/cloud\/dropbox\/redirect-page\.ts$/,
  // Words for people are no code.
  /^src-shared\/(words\/|said\.ts)/,
  // Commands on events are set by a command only.
  /^src-main\/notify\//,
  // For programs that embed the store.
  /^src-main\/erp\//,
  // Files that are written for somebody else to read.
  /^src-main\/(log\/export|app\/share-log|infra\/autostart)\.ts$/,
  // Statements of the database, policies of pages, lists of names.
  /^src-main\/(store\/(migrations|search\/|synced-rows)|stats\/recount)/,
  /^src-main\/(shell\/(page-protocol|page-files|previews|runs-code)|ipc\/demo-change|infra\/file-hasher)/,
  /^src-shared\/(accelerator|type-sets)\.ts$/,
];

/** Lines of the program's own log file, names, parts of what is told as a whole elsewhere, and mistakes of the program. */
const NOT_SHOWN: ReadonlySet<string> = new Set([
  // the log file
  'backup uploaded',
  'backups pruned',
  'backups wait on',
  'the scheduled backup failed',
  'the log could not be pruned',
  'the cleaner was stopped',
  'pass finished',
  'the room in Dropbox is not known',
  'a listener failed',
  // parts
  `${VALUE}; and ${VALUE} more lines are wrong`,
  ' and verified',
  'renamed here',
  'moved here',
  'folders created',
  'found equal on both sides',
  'in conflict',
  `${VALUE} and ${VALUE} more`,
  'Write text with placeholders in braces: {name}, {ref} or the name of a field, such as "{ref} {name}".',
  'Allowed: field=value, !=, <, <=, >, >=, ~ (contains), !~, field in (a, b), joined by "," or "and", "or", "not" and parentheses; put values with spaces or signs into double quotes.',
  `${VALUE} and `,
  'without a reason',
  `with "${VALUE}"`,
  ' Did you mean "Ξ"?',
  `Link ${VALUE}. ${VALUE}`,
  `${VALUE}, from "${VALUE}"`,
  `${VALUE} and ${VALUE}`,
  `, section ${VALUE},`,
  `"${VALUE}" (section ${VALUE})`,
  `in the Dropbox App Console (${VALUE}), press Submit, and connect again.`,
  `The Dropbox app lacks a permission. Tick "${VALUE}" under Permissions${VALUE} ${VALUE}`,
  `The Dropbox app lacks permissions. Tick ${VALUE} under Permissions ${VALUE}`,
  // names and signs
  'Account Info',
  'Files and folders',
  'Team Data',
  'Application Support',
  'Docktide backups',
  'exported document',
  'pax header',
  'no identity matched',
  'moved aside',
  'case conflict',
  `conflicted copy from Dropbox, ${VALUE}`,
  `conflicted copy from this computer, ${VALUE}`,
  `Found again/${VALUE}`,
  `backup of ${VALUE}`,
  `Bearer ${VALUE}`,
  `EEXIST: ${VALUE} is a file`,
  'Docktide keeps its backups in this folder and does not sync it as documents. With this file another computer knows that, too.',
  // mistakes of the program
  `Unexpected value: ${VALUE}`,
  `No direct effect for ${VALUE}.`,
  `No backward effect for ${VALUE}.`,
  'too slow',
  'The temporary file is not one of this disk.',
  'The temporary file is closed.',
  'The rule was not stored.',
  'An effect names an added entry, but none was added before it.',
  'The entry is not here.',
  'The entry is not in Dropbox.',
]);

const SQL =
  /\b(SELECT|WHERE|ORDER BY|UPDATE|INSERT|DELETE FROM|UNION|PRAGMA|ATTACH|DETACH|BEGIN|COMMIT|CREATE|IN \(|AND (kind|@))|\|\|/;
/** At least two words, or one beside a value. */
const WORDS = /\p{Ll}[,:;]? ["({]*(\p{L}|Ξ)|Ξ"? \p{Ll}{2}/u;

function everySentence(): Map<string, string> {
  const files = globSync(['src-main/**/*.ts', 'src-shared/**/*.ts'], { cwd: root }).map((file) =>
    file.replaceAll('\\', '/'),
  );
  const shown = files.filter((file) => !ELSEWHERE.some((pattern) => pattern.test(file)));
  expect(shown.length).toBeGreaterThan(200);
  return new Map(
    shown.flatMap((file) =>
      sentencesOf(readFileSync(join(root, file), 'utf8'))
        .filter((text) => WORDS.test(text) && !SQL.test(text))
        .map((text) => [text, file] as const),
    ),
  );
}

/** A value may be a number, or an addition that is left out most of the time. */
function samples(text: string): readonly string[] {
  const whole = text.replaceAll(VALUE, '7');
  return [whole, text.replaceAll(/(?<=[\p{L}.])Ξ/gu, '').replaceAll(VALUE, '7')];
}

const german = createSay(createWords('de'));

test('every sentence that a person can be shown is known', () => {
  const unknown = [...everySentence()]
    .filter(([text]) => !NOT_SHOWN.has(text))
    .filter(([text]) => samples(text).every((one) => german(one) === one))
    .map(([text, file]) => `${file}: ${text}`);
  expect(unknown).toEqual([]);
});

test('what is listed as not shown is still said somewhere', () => {
  const all = everySentence();
  expect([...NOT_SHOWN].filter((text) => !all.has(text))).toEqual([]);
});

test('each pattern is found by its own words, not by a wider one', () => {
  const wrong = Object.entries(patterns)
    .map(([key, text]) => [key, recognise(text.replaceAll(/\{\w+\}/g, '7'))?.key] as const)
    .filter(([key, found]) => found !== key);
  expect(wrong).toEqual([]);
});

test('every pattern has words, and they fill no gap that it has not', () => {
  const gaps = (text: string): string[] => [...text.matchAll(/\{\{?(\w+)\}?\}/g)].map((match) => match[1] ?? '');
  const words = features['program']?.en['program'] as Readonly<Record<string, string>>;
  expect(Object.keys(words).toSorted()).toEqual(Object.keys(patterns).toSorted());
  for (const [key, text] of Object.entries(patterns)) {
    expect({ key, gaps: gaps(text) }).toEqual({
      key,
      gaps: expect.arrayContaining(gaps(words[key] ?? '')) as string[],
    });
  }
});

test.each(LANGUAGES)('in %s no sentence shows a key, an empty gap or a command to type', (language) => {
  const say = createSay(createWords(language));
  for (const text of Object.values(patterns)) {
    const said = say(text.replaceAll(/\{\w+\}/g, '7'));
    expect(said).not.toMatch(/(?<!own )program\.|\{\{|\}\}|docktide [a-z]/);
    expect(said.trim()).not.toBe('');
  }
});

test('parameters stay as they are, and reasons inside of a sentence are said, too', () => {
  const text =
    'Uploading "Straße, 12 (a).pdf" failed: This Dropbox account is full. Free some space in Dropbox, then go on.';
  expect(german(text)).toBe(
    'Das Hochladen von „Straße, 12 (a).pdf“ ist fehlgeschlagen: Dieses Dropbox-Konto ist voll. Schaffen Sie Platz in Dropbox, dann geht es weiter.',
  );
  expect(german('3 uploaded, 1 deleted in Dropbox')).toBe('Hochgeladen: 3, in Dropbox gelöscht: 1');
  expect(
    german(
      'a.csv: line 3 lacks type, ref or name; line 9 opens a quote that is never closed; and 2 more lines are wrong. Nothing was imported.',
    ),
  ).toBe(
    'a.csv: Zeile 3 fehlt type, ref oder name; Zeile 9 öffnet ein Anführungszeichen, das nie geschlossen wird; und 2 weitere Zeilen sind falsch. Nichts wurde importiert.',
  );
  expect(german('"added here" is taken.')).toBe('„added here“ ist vergeben.');
  expect(german('The list of its contents cannot be read. The archive is damaged.')).toBe(
    'Das Verzeichnis ihres Inhalts ist nicht lesbar. Das Archiv ist beschädigt.',
  );
});

test('what is not known stays as it is', () => {
  for (const text of ['', 'EIO: i/o error, read', 'Something nobody wrote. And more.', 'program.name-empty', 'a, b']) {
    expect(german(text)).toBe(text);
  }
});

test('the language can change between two sentences', () => {
  const words = createWords('de');
  const say = createSay(words);
  expect(say('new here')).toBe('Neu hier');
  void words.changeLanguage('fr');
  expect(say('new here')).toBe('Nouveau ici');
});

test('every notice is said, with and without what went wrong', () => {
  const facts: NoticeFacts = {
    client: 'Nord',
    kind: 'failed',
    state: null,
    reason: null,
    count: 1,
    paths: ['a.pdf'],
    detail: null,
  };
  const full = 'This Dropbox account is full. Free some space in Dropbox, then go on.';
  const all: NoticeFacts[] = [null, full].flatMap((detail) => [
    { ...facts, detail },
    { ...facts, detail, count: 5 },
    { ...facts, detail, count: 0, paths: [] },
    { ...facts, detail, kind: 'held' as const, count: 3 },
    { ...facts, detail, kind: 'conflict' as const },
    { ...facts, detail, kind: 'disconnected' as const, reason: 'login-revoked' as const },
    { ...facts, detail, kind: 'connected' as const },
    { ...facts, detail, kind: 'paused' as const },
    { ...facts, detail, kind: 'resetting' as const },
    { ...facts, detail, kind: 'backup' as const },
  ]);
  for (const one of all) {
    const said = german(noticeMessage(one));
    expect(said).not.toMatch(/ (is|are|was|were|be|the|both) /);
  }
  for (const scopes of [['files.content.write'], ['unknown.scope'], ['files.content.write', 'sharing.write']]) {
    expect(german(tickSentence(scopes))).toMatch(/Dropbox-App fehl/);
  }
});
