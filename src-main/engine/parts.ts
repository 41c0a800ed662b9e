// What a pass is made of and what it answers. Built in compose.ts, by the simulation and by tests.

import type { ClientId, RelPath } from '../../src-shared/domain.ts';
import { NOTHING_DONE, type SyncSummary } from '../../src-shared/views.ts';
import type { Plan, PlanPolicy } from '../sync/model.ts';
import type { LocalGate } from './local-gate.ts';
import type { Circumstances, PlannedPart } from './planning.ts';
import type { ClientRow, Clock, CloudStore, DocumentsDisk, Observer, Random, SyncStore, TaskRow } from './ports.ts';

export interface EngineParts {
  readonly store: SyncStore;
  readonly disk: DocumentsDisk;
  readonly observer: Observer;
  /** The same object for the same client while the program runs. Faults: login-lost. */
  readonly cloud: (client: ClientRow) => CloudStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: (client: ClientRow) => PlanPolicy;
  /** The web address of an entry below the client's root. */
  readonly urlFor: (client: ClientRow, remotePath: RelPath) => string;
  /** Shared by all lanes of one documents folder. */
  readonly gate: LocalGate;
  /** Plans many entries beside this thread, as `planTrees` does; null, or left out: they are planned in place. */
  readonly planBeside?: (client: ClientRow, circumstances: Circumstances, part: PlannedPart) => Promise<Plan | null>;
  /** Resolves when others have had their turn; the event loop's next one unless given. */
  readonly turn?: () => Promise<void>;
  /** Rows written in one transaction, where it shall be other than usual. */
  readonly atOnce?: number;
}

export type EngineEvent =
  | { readonly kind: 'observed'; readonly clientId: ClientId }
  /** A part of the plan has entered the queue. */
  | { readonly kind: 'tasks'; readonly tasks: readonly TaskRow[] }
  | { readonly kind: 'planned'; readonly clientId: ClientId }
  | { readonly kind: 'task'; readonly task: TaskRow }
  | {
      readonly kind: 'progress';
      readonly clientId: ClientId;
      readonly done: number;
      readonly total: number;
      readonly bytesUp: number;
      readonly bytesDown: number;
    }
  | { readonly kind: 'entries-changed' };

export interface PassOptions {
  /** Plans and persists the queue, runs nothing. */
  readonly prepareOnly?: boolean;
  /** Lets deletions go that guard 2 would hold. */
  readonly approveDeletions?: boolean;
  /** Tries waiting and failed tasks now; what a person asks for does not wait for a back-off. */
  readonly ignoreBackoff?: boolean;
  /** Where to look in the documents folder; everything by default. */
  readonly scope?: 'everything' | readonly RelPath[];
  /** Files that are being written at this moment and will be hinted when they are at rest: not read before. */
  readonly isChanging?: (path: RelPath) => boolean;
  /** How many folders are compared with Dropbox itself, those unexamined for longest first; none by default. */
  readonly audit?: number;
  readonly signal?: AbortSignal;
  /** Aborted when there is other work: large transfers stop where they are, and go on in the next pass. */
  readonly others?: AbortSignal;
  readonly report?: (event: EngineEvent) => void;
}

export type PassResult = SyncSummary;

/** The counters of a pass while it runs. */
export type Tally = { -readonly [K in keyof SyncSummary]: SyncSummary[K] };

export function emptyTally(): Tally {
  return { ...NOTHING_DONE };
}
