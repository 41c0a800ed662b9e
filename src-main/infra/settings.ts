// Plain preferences of one installation. In plain Node they lie in settings.json in the data folder; inside Electron
// electron-store keeps the same values behind the same interface. Tokens never come here (secrets.ts).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from './atomic-file.ts';

const settingsSchema = z.looseObject({
  /** Absolute path of the documents folder as it was last set; the database has the last word. */
  documents: z.string().min(1).optional(),
  /** Id of the document store, so that a store made anew after a lost database keeps its documents folder. */
  storeId: z.string().min(1).optional(),
  /** Notices that are given once and were given. */
  noticed: z.array(z.string()).optional(),
});
export type SettingsValues = Readonly<z.infer<typeof settingsSchema>>;

export interface Settings {
  values(): SettingsValues;
  /** Merges and writes at once. */
  change(values: Partial<SettingsValues>): void;
}

/** Thrown when settings.json cannot be understood; nothing is overwritten then. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Answers the values as they are on disk at each call, so that a second process's changes are seen. */
export function openSettings(dataFolder: string): Settings {
  const path = join(dataFolder, 'settings.json');
  const values = (): SettingsValues => {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw new SettingsError(`The settings file ${path} cannot be read: ${(error as Error).message}.`);
    }
    return parseSettings(text, path);
  };
  return {
    values,
    change(changed) {
      writeFileAtomic(path, `${JSON.stringify({ ...values(), ...changed }, null, 2)}\n`);
    },
  };
}

export function parseSettings(text: string, path: string): SettingsValues {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SettingsError(`The settings file ${path} is not JSON. Repair it, or delete it and run "docktide init".`);
  }
  const parsed = settingsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SettingsError(
    `The settings file ${path} has a wrong value at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'invalid'}.`,
  );
}
