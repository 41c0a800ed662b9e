// Asks Dropbox how much room an account has, and remembers the answer beside what is known of the account. Called after
// passes that changed something and when a person asks; a failure leaves what was known.

import { Fault } from '../engine/ports.ts';
import { iso } from '../store/keepsakes.ts';
import { accountOf, spaceOf } from './roots.ts';
import type { ClientSpaceView } from '../../src-shared/client-views.ts';
import type { ClientRow } from '../engine/ports.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { Clouds } from './clouds.ts';

const HOUR = 3_600_000;

export interface SpaceParts {
  readonly store: DocumentStore;
  readonly clouds: Clouds;
}

/** Null, or why Dropbox could not be asked. */
export async function askSpace({ store, clouds }: SpaceParts, client: ClientRow): Promise<Fault | null> {
  try {
    const cloud = clouds.of(client);
    const account = accountOf(store.clients.get(client.name)) ?? (await cloud.account());
    const space: ClientSpaceView = { ...(await cloud.space()), askedAt: iso(store.now()) };
    store.clients.setAccount(client.id, { ...account, space });
    return null;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** What was learnt within the hour is good enough. */
export function isSpaceStale({ store }: SpaceParts, client: ClientRow): boolean {
  const known = spaceOf(store.clients.get(client.name));
  return known === null || store.now() - Date.parse(known.askedAt) > HOUR;
}
