// The dashboard's figures: what `docktide dashboard --json` prints and the window shows. Contracts for scripts; a field
// may be added, never renamed or removed. Sizes in bytes, times ISO 8601 in UTC.

import type { ClientSpaceView } from './client-views.ts';
import type { ClientReason, ClientState, TaskState } from './domain.ts';

/** Files and their bytes. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** `stopped`: paused, disconnected or not connected yet; `attention`: a person is asked for, see `problems`. */
export type Health = 'good' | 'working' | 'attention' | 'stopped';

export type HealthProblem =
  | 'disconnected'
  | 'held'
  | 'failed'
  | 'conflicts'
  /** No complete pass for a day. */
  | 'late'
  /** More than 95 % of the room in Dropbox is used. */
  | 'nearly-full';

export interface ClientFigures {
  readonly name: string;
  readonly state: ClientState;
  readonly reason: ClientReason | null;
  readonly lastSync: string | null;
  readonly health: Health;
  readonly problems: readonly HealthProblem[];
  /** Room in its Dropbox account as Dropbox last told; null: not asked yet. */
  readonly space: ClientSpaceView | null;
  readonly documents: Amount;
  readonly local: Amount;
  readonly freed: Amount;
  readonly freeable: Amount;
  readonly pending: number;
  readonly held: number;
  readonly failed: number;
  readonly conflicts: number;
}

export interface StorageFigures {
  readonly documents: Amount;
  /** Whose bytes are on this computer. */
  readonly local: Amount;
  /** Whose bytes are in Dropbox only. */
  readonly freed: Amount;
  /** What `docktide free` would let go now by the policy of the folders. */
  readonly freeable: Amount;
  /** In folders that belong to no client. */
  readonly unassigned: Amount;
}

export interface TypeFigures extends Amount {
  /** Null: documents of no record and no rule. */
  readonly type: string | null;
  readonly label: string | null;
  readonly local: Amount;
}

export interface RecordFigures extends Amount {
  /** `TYPE/REF` */
  readonly record: string;
  readonly name: string;
  /** Path of its folder. */
  readonly folder: string | null;
  readonly folderId: number | null;
}

export interface ExtensionFigures extends Amount {
  /** Lower case, without the dot; empty for none. */
  readonly extension: string;
}

export interface FileFigure {
  readonly id: number;
  readonly path: string;
  readonly size: number;
  readonly client: string | null;
  readonly record: string | null;
  /** Whether its bytes are on this computer. */
  readonly local: boolean;
  /** When it was last opened through Docktide, changed, or added. */
  readonly usedAt: string;
}

export interface ActivityBucket {
  /** When the hour, day or month began in this computer's time zone. */
  readonly start: string;
  readonly uploads: number;
  readonly downloads: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly moves: number;
  readonly deletions: number;
  readonly warnings: number;
  readonly errors: number;
}

/** Oldest first, without gaps; the last one is the present one. */
export interface ActivityFigures {
  readonly hours: readonly ActivityBucket[];
  readonly days: readonly ActivityBucket[];
  readonly months: readonly ActivityBucket[];
}

export interface QueueFigures {
  readonly client: string;
  readonly state: TaskState;
  readonly tasks: number;
  readonly bytes: number;
}

export interface LinkFigures {
  /** Links into the clients' folders that are out in the world, as Dropbox last told. */
  readonly count: number;
  /** Of these: whoever has the link can open it. */
  readonly public: number;
  /** Of these: a password is asked for. */
  readonly protected: number;
}

export interface DuplicateGroup {
  readonly hash: string;
  /** Of one of them. */
  readonly size: number;
  readonly files: number;
  /** All but one of them. */
  readonly wasted: number;
  /** The first ten. */
  readonly places: readonly { readonly id: number; readonly path: string }[];
}

export interface DuplicateFigures {
  readonly groups: number;
  readonly files: number;
  readonly wasted: number;
  /** Those that waste most. */
  readonly top: readonly DuplicateGroup[];
}

export interface FiguresView {
  readonly storage: StorageFigures;
  readonly clients: readonly ClientFigures[];
  readonly types: readonly TypeFigures[];
  readonly records: readonly RecordFigures[];
  readonly extensions: readonly ExtensionFigures[];
  readonly largest: readonly FileFigure[];
  readonly oldest: readonly FileFigure[];
  readonly activity: ActivityFigures;
  readonly queue: readonly QueueFigures[];
  readonly links: LinkFigures;
  readonly duplicates: DuplicateFigures;
}

export type FigurePart = keyof FiguresView;

export const FIGURE_PARTS: readonly FigurePart[] = [
  'storage',
  'clients',
  'types',
  'records',
  'extensions',
  'largest',
  'oldest',
  'activity',
  'queue',
  'links',
  'duplicates',
];

export interface FigureOptions {
  /** How many of each list; 10 unless told. */
  readonly top?: number;
  /** Only what belongs to this client. */
  readonly client?: string;
}

/** A difference that the check of the figures found and mended. */
export interface FigureDifference {
  readonly table: string;
  readonly rows: number;
}
