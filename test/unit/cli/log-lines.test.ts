import { expect, test } from 'vitest';
import { log } from '../../../src-main/cli/commands/log.ts';
import type { Context } from '../../../src-main/cli/context.ts';

async function noted(lines: number, options: { readonly limit?: number } = {}): Promise<readonly string[]> {
  const notes: string[] = [];
  const service = { log: ({ limit }: { limit: number }) => Array.from({ length: Math.min(lines, limit) }, () => ({})) };
  const context = {
    withService: async (work: (given: typeof service) => void) => work(service),
    answer: () => {},
    note: (text: string) => notes.push(text),
  };
  await log(context as unknown as Context, [], options);
  return notes;
}

test('a list that is cut says so, unless a person has asked for that many', async () => {
  expect(await noted(1_500)).toEqual([expect.stringContaining('the newest 1000 lines')]);
  expect(await noted(999)).toEqual([]);
  expect(await noted(1_500, { limit: 1_000 })).toEqual([]);
});
