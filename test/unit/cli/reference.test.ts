import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandReference } from '../../../src-main/cli/reference.ts';

const file = join(import.meta.dirname, '..', '..', '..', 'docs', 'cli.md');

test('docs/cli.md is that of the commands; "npm run cli-docs" makes it so', () => {
  expect(readFileSync(file, 'utf8')).toBe(`${commandReference().trimEnd()}\n`);
});

test('every command has a description and an example that begins with its own name', () => {
  const parts = commandReference()
    .split(/^#{2,3} /m)
    .slice(1);
  const commands = parts.filter((part) => part.includes('```'));
  expect(commands.length).toBeGreaterThan(50);
  for (const part of commands) {
    const name = part.slice(0, part.indexOf('\n'));
    const example = /Example:\n\n```\n([\s\S]*?)\n```/.exec(part)?.[1] ?? '';
    expect({ name, example }).toEqual({ name, example: expect.stringContaining(name) as unknown });
  }
});
