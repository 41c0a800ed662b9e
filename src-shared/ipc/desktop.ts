// What belongs to the computer rather than to the documents: starting with it, and the small window for dropping files.

import { z } from 'zod';
import { done, name, none } from './common.ts';

export const startupSchema = z.object({
  /** False where the program was not installed in a way that the system could start it. */
  available: z.boolean(),
  on: z.boolean(),
});
export type Startup = z.infer<typeof startupSchema>;

export const quickDropSchema = z.object({
  /** As Electron writes it: `CommandOrControl+Shift+D`; null: switched off. */
  shortcut: z.string().nullable(),
  /** The one that it has unless a person chooses another. */
  standard: z.string(),
  /** Why it does nothing: another program has it, or these are no keys. */
  problem: z.enum(['taken', 'invalid']).nullable(),
});
export type QuickDropView = z.infer<typeof quickDropSchema>;

export const desktopCalls = {
  'startup.view': { args: none, result: startupSchema },
  'startup.set': { args: z.object({ on: z.boolean() }), result: startupSchema },
  'quickDrop.view': { args: none, result: quickDropSchema },
  'quickDrop.setShortcut': { args: z.object({ shortcut: z.string().max(100).nullable() }), result: quickDropSchema },
  'quickDrop.open': { args: none, result: done },
  /** Hides the small window. */
  'quickDrop.close': { args: none, result: done },
  /** Shows a record's box in the main window. */
  'quickDrop.showBox': { args: z.object({ type: name, ref: name }), result: done },
} as const;

export const desktopPushes = [
  /** The small window was opened: it begins anew. */
  z.object({ kind: z.literal('quick-drop') }),
] as const;
