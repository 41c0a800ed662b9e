// What the program advises people to type is a command that there is, with all that it needs.

import type { Command } from 'commander';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProgram } from '../../../src-main/cli/program.ts';
import { sentencesOf, VALUE } from '../../support/sentences-of-code.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const silent = { stdout: () => undefined, stderr: () => undefined } as unknown as Parameters<typeof makeProgram>[0];
const program = makeProgram(silent, () => undefined);

/** `"docktide type list"` is spoken of; `docktide type add NAME --label LABEL` without quotes is to be typed as it is. */
const NAMED = /"docktide ((?:[a-z-]+ ?)+)[^"]*"/g;
const TYPED = /(?<!")docktide ([a-z](?:"[^"]*"|[^"(),;])*?)(?=\.(?:\s|$)|[),;\n]|$)/g;

function sentences(): Map<string, string> {
  // Examples of the help are no advice; each of them is run in commands-table.test.ts.
  const files = globSync(['src-main/**/*.ts', 'src-shared/*.ts'], { cwd: root }).filter(
    (file) => !file.endsWith('program.ts'),
  );
  return new Map(
    files.flatMap((file) => sentencesOf(readFileSync(join(root, file), 'utf8')).map((text) => [text, file])),
  );
}

/** What is wrong with a command; null where nothing is. `whole`: nothing may be missing. */
function problem(text: string, whole: boolean): string | null {
  const words = text.match(/"[^"]*"|\S+/g) ?? [];
  let command: Command = program;
  while (words.length > 0) {
    const next = command.commands.find((one) => one.name() === words[0]);
    if (next === undefined) break;
    command = next;
    words.shift();
  }
  if (command === program || (command.commands.length > 0 && command.registeredArguments.length === 0))
    return 'no such command';
  if (!whole) return null;
  const given = new Set<string>();
  let values = 0;
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (!word.startsWith('-')) values++;
    else {
      const option = command.options.find((one) => one.long === word || one.short === word);
      if (option === undefined) return `no option ${word}`;
      given.add(option.attributeName());
      if (option.required) words.shift();
    }
  }
  const wanted = command.registeredArguments.filter((one) => one.required).length;
  const most = command.registeredArguments.some((one) => one.variadic) ? Infinity : command.registeredArguments.length;
  if (values < wanted || values > most) return `${values} values where ${wanted} are needed`;
  const missing = command.options.find((one) => one.mandatory && !given.has(one.attributeName()));
  return missing === undefined ? null : `${missing.long} is missing`;
}

test('every command that is advised exists and would run as it stands', () => {
  const wrong: string[] = [];
  let seen = 0;
  for (const [text, file] of sentences()) {
    const look = (command: string, whole: boolean): void => {
      seen++;
      const found = problem(command, whole);
      if (found !== null) wrong.push(`${file}: docktide ${command}: ${found}`);
    };
    for (const [, command = ''] of text.matchAll(NAMED)) look(command.trim(), false);
    for (const [, command = ''] of text.matchAll(TYPED)) look(command.replaceAll(VALUE, 'X'), true);
  }
  expect(seen).toBeGreaterThan(60);
  expect([...new Set(wrong)]).toEqual([]);
});
