// What is said where a name means nothing: the one that was probably meant, and what can be done. Whoever wants to put
// something with it may add it; to rename or remove it there is nothing to add.

import { didYouMean } from '../../src-shared/close-name.ts';
import { StoreError } from './errors.ts';

/** What the name was wanted for. */
export type Wanted = 'look' | 'add';

/** `known`: the names that there are. */
export function unknownType(name: string, known: readonly string[], wanted: Wanted): StoreError {
  const meant = didYouMean(name, known);
  return new StoreError(
    'unknown-type',
    wanted === 'add'
      ? `There is no document type "${name}".${meant} Add it first: docktide type add ${name} --label LABEL.`
      : `There is no document type "${name}".${meant} See "docktide type list".`,
  );
}

export function unknownRecord(type: string, ref: string, known: readonly string[], wanted: Wanted): StoreError {
  const meant = didYouMean(ref, known);
  return new StoreError(
    'unknown-record',
    wanted === 'add'
      ? `There is no record "${ref}" of type "${type}".${meant} Check the reference, or add it first.`
      : `There is no record "${ref}" of type "${type}".${meant} See "docktide record list".`,
  );
}

export function unknownClient(name: string, known: readonly string[], wanted: Wanted): StoreError {
  const meant = didYouMean(name, known);
  return new StoreError(
    'unknown-client',
    wanted === 'add'
      ? `There is no client "${name}".${meant} See "docktide client list", or add it first.`
      : `There is no client "${name}".${meant} See "docktide client list".`,
  );
}
