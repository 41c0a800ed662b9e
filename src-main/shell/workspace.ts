// The application service in use: the person's own store, or the demonstration's. Opens and closes it, keeps it watching
// both sides once it is initialised, and tells its listeners what happens. Used by the calls of the window and the tray.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DocktideService } from '../app/docktide.ts';
import { AppError } from '../app/service.ts';
import type { AppEvent } from '../../src-shared/views.ts';
import type { RemoteEntry } from '../../src-shared/ipc/demo.ts';

/** The demonstration's Dropbox, to look at and to change. */
export interface RemoteSide {
  tree(): Promise<readonly RemoteEntry[]>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface DemoCompany {
  readonly service: DocktideService;
  readonly origin: string;
  readonly remote: RemoteSide;
  close(): Promise<void>;
}

export interface WorkspaceParts {
  readonly dataFolder: string;
  readonly openService: (dataFolder: string) => Promise<DocktideService>;
  readonly startDemo: (options: { dataFolder: string }) => Promise<DemoCompany>;
}

export interface Workspace {
  service(): DocktideService;
  demo(): DemoCompany | null;
  startDemo(): Promise<void>;
  leaveDemo(): Promise<void>;
  /** Watches both sides from now on, once the store is initialised; anew, where clients were added or resumed. */
  watch(): Promise<void>;
  /** Events of the service in use; `switched` is called when it is another one. */
  listen(listener: WorkspaceListener): void;
  close(): Promise<void>;
}

export interface WorkspaceListener {
  event(event: AppEvent): void;
  switched(): void;
  /** Watching ended with an error; it is started again after a while. */
  watchFailed(error: unknown): void;
}

const WATCH_AGAIN_MS = 30_000;

interface Use {
  readonly service: DocktideService;
  readonly demo: DemoCompany | null;
  readonly unsubscribe: () => void;
  closed: boolean;
  watching: { readonly stop: AbortController; readonly ended: Promise<void> } | null;
}

async function stopWatching(used: Use): Promise<void> {
  used.watching?.stop.abort();
  await used.watching?.ended;
  used.watching = null;
}

export async function openWorkspace(parts: WorkspaceParts): Promise<Workspace> {
  const listeners = new Set<WorkspaceListener>();

  const use = (service: DocktideService, demo: DemoCompany | null): Use => ({
    service,
    demo,
    closed: false,
    watching: null,
    unsubscribe: service.subscribe((event) => {
      for (const listener of listeners) listener.event(event);
    }),
  });

  const release = async (used: Use): Promise<void> => {
    used.closed = true;
    await stopWatching(used);
    used.unsubscribe();
    await (used.demo?.close() ?? used.service.close());
  };

  const own = use(await parts.openService(parts.dataFolder), null);
  let current = own;
  const demoFolder = join(parts.dataFolder, 'demo');

  const watch = async (used: Use): Promise<void> => {
    await stopWatching(used);
    if (used.closed || !used.service.initialised()) return;
    const stop = new AbortController();
    const ended = used.service.watch(stop.signal).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      for (const listener of listeners) listener.watchFailed(error);
      setTimeout(() => void (stop.signal.aborted || watch(used)), WATCH_AGAIN_MS).unref();
    });
    used.watching = { stop, ended };
  };

  const switchTo = (next: Use): void => {
    current = next;
    void watch(next);
    for (const listener of listeners) listener.switched();
  };

  return {
    service: () => current.service,
    demo: () => current.demo,
    async startDemo() {
      if (current.demo !== null) return;
      rmSync(demoFolder, { recursive: true, force: true });
      const demo = await parts.startDemo({ dataFolder: demoFolder });
      switchTo(use(demo.service, demo));
    },
    async leaveDemo() {
      const left = current;
      if (left.demo === null) throw new AppError('no-demo', 'The demonstration is not running.');
      switchTo(own);
      await release(left);
      rmSync(demoFolder, { recursive: true, force: true });
    },
    watch: () => watch(current),
    listen: (listener) => void listeners.add(listener),
    async close() {
      if (current !== own) await release(current);
      await release(own);
      rmSync(demoFolder, { recursive: true, force: true });
    },
  };
}
