// Tokens inside Electron: sealed with a random key, which the system's keyring protects through safeStorage and which
// lies, encrypted, in the data folder. Without a keyring tokens stay in a file that only its owner can read.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { safeStorage } from 'electron';
import { writeFileAtomic } from './atomic-file.ts';
import { keyBox, plainBox, type SecretBox } from './secrets.ts';

/** Never fails: where the keyring does not answer or its key is lost, the answer is the owner-only file. */
export async function openSecretBox(dataFolder: string): Promise<SecretBox> {
  try {
    // On Linux without a keyring Electron "encrypts" with a fixed password: that protects nothing and is not used.
    const basic = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
    if (basic || !(await safeStorage.isAsyncEncryptionAvailable())) return plainBox;
    return keyBox(await loadKey(join(dataFolder, 'secrets.key')));
  } catch {
    return plainBox;
  }
}

async function loadKey(path: string): Promise<Uint8Array> {
  if (existsSync(path)) {
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(readFileSync(path, 'utf8'), 'base64'));
    return Buffer.from(result, 'base64');
  }
  const key = randomBytes(32);
  const sealed = await safeStorage.encryptStringAsync(key.toString('base64'));
  writeFileAtomic(path, sealed.toString('base64'), 0o600);
  return key;
}
