import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitCommand } from '../../../src-main/notify/command-line.ts';

const words = (text: string): readonly string[] => {
  const split = splitCommand(text);
  if (!split.ok) throw new Error(split.message);
  return split.words;
};

test.each([
  ['notify-send Docktide', ['notify-send', 'Docktide']],
  ['  a   b\tc ', ['a', 'b', 'c']],
  [`mail -s "Trouble at work" 'o''neil'`, ['mail', '-s', 'Trouble at work', 'oneil']],
  [`say it\\'s "a \\"word\\""`, ['say', "it's", 'a "word"']],
  [`'single \\ keeps "all"' ''`, ['single \\ keeps "all"', '']],
  // Paths of Windows need no doubling.
  ['C:\\Tools\\tell.exe x', ['C:\\Tools\\tell.exe', 'x']],
  ['a\\ b \\\\c', ['a b', '\\c']],
  // Nothing of a shell's.
  ['echo $HOME; rm -rf * && ~ `x` | y > z', ['echo', '$HOME;', 'rm', '-rf', '*', '&&', '~', '`x`', '|', 'y', '>', 'z']],
])('%s', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test.each(['', '   ', '"" x', "'open", 'say "open', 'a\0b'])('%j is refused in a sentence', (text) => {
  expect(splitCommand(text)).toMatchObject({ ok: false, message: expect.stringMatching(/\.$/) as string });
});

test('whatever is put in single quotes comes out as it is', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !/['\0]/.test(text));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (list) => {
      expect(words(list.map((one) => `'${one}'`).join(' '))).toEqual(list);
    }),
  );
});
