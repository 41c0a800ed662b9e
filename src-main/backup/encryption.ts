// Encryption of archives in the age format (age-encryption.org/v1) with a passphrase: `age -d` opens what comes out.
// Streams in, streams out. Called by pack.ts and unpack.ts, on the worker thread: deriving the key takes a second.

import type { ReadableStream as NodeWebStream } from 'node:stream/web';
import { Readable } from 'node:stream';
import { Decrypter, Encrypter } from 'age-encryption';
import { JobError } from './jobs.ts';

export async function encrypted(plain: Readable, passphrase: string): Promise<Readable> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return fromWeb(await encrypter.encrypt(toWeb(plain)));
}

/** Throws JobError 'passphrase-missing', 'passphrase-wrong', 'failed'. Damage shows while the stream is read. */
export async function decrypted(sealed: Readable, passphrase: string | null): Promise<Readable> {
  if (passphrase === null) {
    throw new JobError(
      'passphrase-missing',
      'This backup is encrypted. Give its passphrase with --passphrase-env VAR, or keep it with "docktide backup passphrase set".',
    );
  }
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return fromWeb(await decrypter.decrypt(toWeb(sealed)));
  } catch (error) {
    if (error instanceof Error && error.message.includes('no identity matched')) {
      throw new JobError(
        'passphrase-wrong',
        'The passphrase does not open this backup. Give the one that was in use when it was made, with --passphrase-env VAR.',
        { cause: error },
      );
    }
    throw error;
  }
}

// Node's own streams and the standard's are the same objects under two declarations.
function toWeb(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>;
}

function fromWeb(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as unknown as NodeWebStream<Uint8Array>);
}
