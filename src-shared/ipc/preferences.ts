// How a person likes the window: language, colours, and the small states that the window keeps (widths of columns, sizes
// of panes). They belong to the installation, not to a document store.

import { z } from 'zod';
import { LANGUAGES } from '../languages.ts';
import { done, none } from './common.ts';

/** Largest kept value, as JSON. */
export const KEPT_LIMIT = 20_000;

export const preferencesSchema = z.object({
  /** `system` follows the system's language, English where there are no words for it. */
  language: z.enum(['system', ...LANGUAGES]),
  colours: z.enum(['system', 'light', 'dark']),
});
export type Preferences = z.infer<typeof preferencesSchema>;

const keptKey = z.string().regex(/^[a-z][a-zA-Z0-9.-]{0,80}$/);

export const preferenceCalls = {
  'preferences.load': {
    args: none,
    result: z.object({
      preferences: preferencesSchema,
      /** The system's language, as it names it (`de-AT`). */
      systemLanguage: z.string(),
      kept: z.record(z.string(), z.unknown()),
    }),
  },
  'preferences.change': { args: preferencesSchema.partial(), result: preferencesSchema },
  /** Keeps a small state of the window under a name. */
  'preferences.keep': { args: z.object({ key: keptKey, value: z.json() }), result: done },
} as const;
