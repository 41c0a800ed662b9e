// `plan`: what a pass would do, changing nothing. The pass's own first steps run on a copy of the database, so that
// neither rows nor cursors move; the documents folder and Dropbox are only read.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { previewPass } from '../engine/pass.ts';
import { LocalGate } from '../engine/local-gate.ts';
import { createStore } from '../store/open-store.ts';
import { AppError } from './service.ts';
import { planView } from './views-of.ts';
import type { Workplace } from './docktide.ts';
import type { PlanView } from './service.ts';

export async function previewPlans(place: Workplace, name: string | undefined): Promise<readonly PlanView[]> {
  if (name !== undefined) place.store.clients.get(name);
  const clients = place.store.sync
    .clients()
    .filter((client) => (name === undefined ? isRunnable(client.state) : client.name === name));
  const [first] = clients;
  if (name !== undefined && first !== undefined && !isRunnable(first.state)) {
    throw new AppError('not-connected', `The client "${name}" is ${first.state}, so there is nothing to plan.`);
  }
  return place.passes.alone(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'docktide-plan-'));
    const file = join(folder, 'copy.sqlite');
    await place.store.backup(file);
    const copy = createStore({ file, now: place.store.now });
    try {
      const engine = {
        ...place.engine,
        store: copy.sync,
        planBeside: place.planBeside(copy),
        ...place.folder.lookingOnly(copy),
        gate: new LocalGate(),
      };
      const views: PlanView[] = [];
      for (const client of clients) views.push(planView(client.name, await previewPass(engine, client.id)));
      return views;
    } finally {
      copy.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

function isRunnable(state: string): boolean {
  return state === 'connected' || state === 'disconnected';
}
