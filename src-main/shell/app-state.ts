// The small state that the whole window and the tray show: clients, counts, running passes, problems. Built from the
// application service; kept up to date by its events and sent to whoever listens, a few times a second at most.

import { AppError } from '../app/service.ts';
import { redirectAddresses } from '../cloud/dropbox/oauth.ts';
import type { AppEvent, StatusView } from '../../src-shared/views.ts';
import type { AppView } from '../../src-shared/ipc/app.ts';
import type { Workspace } from './workspace.ts';

const EMPTY: Omit<StatusView, 'documents'> = {
  clients: [],
  counts: { types: 0, records: 0, folders: 0, files: 0, bytes: 0, pending: 0, held: 0, failed: 0, conflicts: 0 },
  unconverted: [],
  handovers: [],
  backup: { schedule: null, next: null, last: null, waiting: 0, failure: null },
};
const SHORTEST_MS = 250;

export interface AppState {
  view(): AppView;
  /** The documents folder chosen for a store that is not initialised yet. */
  choose(documents: string): void;
  chosen(): string;
  /** The address of a login that waits in the browser; null when it is over. */
  setLogin(address: string | null): void;
  login(): string | null;
  changed(): void;
  event(event: AppEvent): void;
  /** A problem of the whole store (`client` is '') or of one client; null clears it. */
  problem(client: string, problem: { code: string; message: string } | null): void;
  reset(): void;
}

export interface AppStateOptions {
  readonly workspace: Workspace;
  readonly version: string;
  readonly suggestedDocuments: string;
  /** Keeps the chosen documents folder, for a set-up that is left and taken up again. */
  readonly remember: (documents: string) => void;
  readonly tell: (view: AppView) => void;
}

export function createAppState(options: AppStateOptions): AppState {
  const { workspace, version, suggestedDocuments, remember, tell } = options;
  const passing = new Set<string>();
  const problems = new Map<string, { code: string; message: string }>();
  let chosen = suggestedDocuments;
  let login: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let cost = 0;

  const readStatus = (): StatusView => {
    if (!workspace.service().initialised()) return { ...EMPTY, documents: chosen };
    try {
      const status = workspace.service().status();
      problems.delete('store');
      return status;
    } catch (error) {
      problems.set('store', { code: codeOf(error), message: messageOf(error) });
      return { ...EMPTY, documents: chosen };
    }
  };

  const view = (): AppView => {
    const status = readStatus();
    const demo = workspace.demo() !== null;
    const started = workspace.service().initialised();
    // A client that was never logged in is not one yet: the form stays until a login has come about.
    const connected = status.clients.some((client) => client.state !== 'draft');
    const settled = demo || (started && (connected || problems.has('store')));
    return {
      phase: settled ? 'ready' : 'first-run',
      demo,
      version,
      platform: process.platform,
      documents: status.documents,
      clients: [...status.clients],
      counts: status.counts,
      passing: [...passing],
      problems: [...problems].map(([client, problem]) => ({ ...problem, client: client === 'store' ? '' : client })),
      tokensKept: workspace.service().tokensKept(),
      redirectAddresses: [...redirectAddresses()],
      loginWaits: login !== null,
    };
  };

  // Counting a large store takes its time: the more it takes, the rarer it is done.
  const changed = (): void => {
    timer ??= setTimeout(
      () => {
        timer = null;
        const started = performance.now();
        const next = view();
        cost = performance.now() - started;
        tell(next);
      },
      Math.max(SHORTEST_MS, cost * 10),
    );
  };

  return {
    view,
    choose(documents) {
      chosen = documents;
      remember(documents);
    },
    chosen: () => chosen,
    setLogin(address) {
      login = address;
      changed();
    },
    login: () => login,
    changed,
    event(event) {
      if (event.kind === 'pass-started') passing.add(event.client);
      if (event.kind === 'pass-finished' || event.kind === 'pass-failed') passing.delete(event.client);
      if (event.kind === 'pass-finished') problems.delete(event.client);
      if (event.kind === 'pass-failed') problems.set(event.client, { code: event.code, message: event.message });
      if (event.kind !== 'log') changed();
    },
    problem(client, problem) {
      if (problem === null) problems.delete(client || 'store');
      else problems.set(client || 'store', problem);
      changed();
    },
    reset() {
      passing.clear();
      problems.clear();
      changed();
    },
  };
}

export function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'unexpected';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something unexpected went wrong.';
}
