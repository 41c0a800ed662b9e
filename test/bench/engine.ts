// The engine on a real data folder, as compose.ts joins it, with its parts within reach: for cases that measure less
// than a whole command, such as a pass that looks at hinted folders only. Called by the cases.

import { join } from 'node:path';
import { openClouds } from '../../src-main/app/clouds.ts';
import { planBeside } from '../../src-main/app/plan-beside.ts';
import { LocalGate } from '../../src-main/engine/local-gate.ts';
import type { EngineParts } from '../../src-main/engine/parts.ts';
import { openFileHasher } from '../../src-main/infra/file-hasher.ts';
import { systemClock, systemRandom } from '../../src-main/infra/clock.ts';
import { openSecrets, plainBox } from '../../src-main/infra/secrets.ts';
import { policyOf } from '../../src-main/keeping/policy.ts';
import { NodeDisk } from '../../src-main/store/disk/node-disk.ts';
import { createObserver } from '../../src-main/store/observer.ts';
import { openStore, TRASH_NAME, type DocumentStore } from '../../src-main/store/open-store.ts';
import type { ClientId } from '../../src-shared/domain.ts';
import { CLIENT, type World } from './world.ts';

export interface OpenEngine {
  readonly parts: EngineParts;
  readonly store: DocumentStore;
  readonly client: ClientId;
  close(): void;
}

const POLICIES = { ignoreText: () => '', date: () => '2026-11-23', platform: process.platform };

export function openEngine({ data, documents, env, origin }: World): OpenEngine {
  const store = openStore({ dataFolder: data, now: () => systemClock.now() });
  const hasher = openFileHasher();
  const disk = new NodeDisk({ root: documents, trashFolder: join(data, TRASH_NAME), storeId: store.id, hasher });
  const common = { clock: systemClock, random: systemRandom };
  const clouds = openClouds({ store, secrets: openSecrets(data, plainBox), env, origin, ...common });
  const parts: EngineParts = {
    store: store.sync,
    disk,
    observer: createObserver({ store, disk }),
    cloud: (client) => clouds.of(client),
    ...common,
    policy: (client) => policyOf({ store, ...POLICIES }, client),
    planBeside: planBeside(store, POLICIES),
    urlFor: (client, path) => `https://www.dropbox.com/home/${client.root}/${path}`,
    gate: new LocalGate(),
  };
  return { parts, store, client: store.clients.get(CLIENT).id, close: () => (hasher.close(), store.close()) };
}
