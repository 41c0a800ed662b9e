/** Text as it is compared where case and spelling of the same letters do not matter. */
export function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
