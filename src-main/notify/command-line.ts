// The words of a command that a person wrote in one text, for starting it without a shell. Rules, on every platform:
// spaces part words; '…' keeps everything as it is; "…" keeps spaces; a backslash takes the meaning from the quote, space
// or backslash after it and is an ordinary sign before anything else. Nothing is replaced: no $NAME, no *, no ~, no ;.
// Called by event-command.ts.

export type Split =
  { readonly ok: true; readonly words: readonly string[] } | { readonly ok: false; readonly message: string };

export function splitCommand(text: string): Split {
  const words: string[] = [];
  /** Null between words. */
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (sign === '\\' && quote !== "'" && /["'\\\s]/.test(next)) {
      word = (word ?? '') + next;
      at++;
    } else if (quote !== null) {
      if (sign === quote) quote = null;
      else word += sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + sign;
  }
  if (quote !== null) return { ok: false, message: `The command has no closing ${quote}. Add it.` };
  if (word !== null) words.push(word);
  if (words[0] === undefined || words[0] === '') return { ok: false, message: 'The command is empty. Name a program.' };
  if (text.includes('\0')) return { ok: false, message: 'The command holds a sign that no program can be given.' };
  return { ok: true, words };
}
