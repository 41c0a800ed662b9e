// Tokens of the clients: secrets.json in the data folder, readable by its owner only. What stands in the file is sealed
// by a SecretBox: in plain Node as it is (`plainBox`), inside Electron encrypted with a key that the system's keyring
// protects (`keyBox`). Secrets appear in no log and no error message.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from './atomic-file.ts';
import { withFileLock } from './file-lock.ts';

export const SECRETS_FILE = 'secrets.json';

export interface SecretBox {
  /** What a person is told about where tokens are kept. */
  readonly kind: 'owner-only-file' | 'keyring';
  seal(text: string): string;
  /** Throws SecretsError for text that this box did not seal. */
  open(sealed: string): string;
}

export interface Secrets {
  readonly kind: SecretBox['kind'];
  get(name: string): string | null;
  /** Whether there is one, without opening it. */
  has(name: string): boolean;
  set(name: string, secret: string): void;
  remove(name: string): void;
  /** All that can be opened, to take them out of what leaves this computer. */
  all(): readonly string[];
}

export class SecretsError extends Error {
  override readonly name = 'SecretsError';
}

export const plainBox: SecretBox = {
  kind: 'owner-only-file',
  seal: (text) => `plain:${text}`,
  open(sealed) {
    if (!sealed.startsWith('plain:')) {
      throw new SecretsError(
        'This token was kept with the system keyring by the desktop app and cannot be read here. Connect the client again with "docktide client connect NAME".',
      );
    }
    return sealed.slice('plain:'.length);
  },
};

/** AES-256-GCM under a key of 32 bytes; it also opens what was kept as it is before there was a keyring. */
export function keyBox(key: Uint8Array): SecretBox {
  return {
    kind: 'keyring',
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `key:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')}`;
    },
    open(sealed) {
      if (sealed.startsWith('plain:')) return plainBox.open(sealed);
      try {
        const bytes = Buffer.from(sealed.slice('key:'.length), 'base64');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch {
        throw new SecretsError('A kept token cannot be opened with the key of this keyring. Connect the client again.');
      }
    },
  };
}

const fileSchema = z.record(z.string(), z.string());

/** Reads the file at each call: another process may have refreshed a token meanwhile. */
export function openSecrets(dataFolder: string, box: SecretBox = plainBox): Secrets {
  const path = join(dataFolder, SECRETS_FILE);
  const read = (): Record<string, string> => {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw new SecretsError(`The file of tokens ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    }
    const parsed = fileSchema.safeParse(jsonOrNull(text));
    if (!parsed.success) {
      throw new SecretsError(`The file of tokens ${path} is damaged. Delete it and connect the clients again.`);
    }
    return parsed.data;
  };
  const write = (secrets: Readonly<Record<string, string>>): void => {
    writeFileAtomic(path, `${JSON.stringify(secrets, null, 2)}\n`, 0o600);
    // The umask can only narrow what `open` asked for; a file copied in from elsewhere may be wider.
    chmodSync(path, 0o600);
  };
  return {
    kind: box.kind,
    get(name) {
      const secrets = read();
      const sealed = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      return sealed === undefined ? null : box.open(sealed);
    },
    has: (name) => Object.hasOwn(read(), name),
    // Another process may keep a token of another client at the same moment.
    set: (name, secret) => withFileLock(path, () => write({ ...read(), [name]: box.seal(secret) })),
    remove: (name) =>
      withFileLock(path, () => {
        const { [name]: removed, ...others } = read();
        if (removed !== undefined) write(others);
      }),
    all: () =>
      Object.values(read()).flatMap((sealed) => {
        try {
          return [box.open(sealed)];
        } catch {
          // Sealed by another keyring: nobody here can have written it anywhere.
          return [];
        }
      }),
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
