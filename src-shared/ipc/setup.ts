// First run: the documents folder, the first client, the demonstration.

import { z } from 'zod';
import { appSchema, clientSchema } from './app.ts';
import { done, name, none } from './common.ts';

export const setupCalls = {
  /** Asks for the documents folder with the system's dialog; null where the person cancels. */
  'setup.chooseFolder': { args: none, result: z.object({ documents: z.string() }).nullable() },
  /** Starts a document store in the chosen folder. */
  'setup.init': { args: none, result: appSchema },
  'setup.tryDemo': { args: none, result: appSchema },
  'setup.leaveDemo': { args: none, result: appSchema },

  'client.connect': {
    args: z.object({ name, root: name, method: z.enum(['app-key', 'access-token']), secret: name }),
    result: clientSchema,
  },
  'client.cancelConnect': { args: none, result: done },
  /** Opens the page of the waiting login once more. */
  'client.openLogin': { args: none, result: done },
} as const;
