// A run as an explicit list of decisions: what a seed draws (draw.ts), what is played (play.ts), what can be cut down
// while it still fails (shrink.ts), and what a regression test keeps (found.ts). Plain values, so that it can be
// printed as JSON and played again.

import type { Platform } from '../support/engine-world.ts';

export type HereAct =
  | 'write'
  | 'edit'
  | 'mkdir'
  | 'move'
  | 'remove'
  | 'save'
  | 'respell'
  | 'retype'
  | 'swap'
  | 'copy'
  | 'copy-remove'
  | 'symlink';

export type ThereAct =
  'write' | 'edit' | 'mkdir' | 'move' | 'remove' | 'respell' | 'retype' | 'swap' | 'paper' | 'out' | 'back' | 'rumour';

export type ErpAct = 'add' | 'rename' | 'archive' | 'remove' | 'rule' | 'unrule' | 'fields';

/**
 * What people do. The numbers choose among what is there at that moment: an entry, a folder, a name; `aimed` ones only at
 * and below the place where somebody was last at work, on whatever side.
 */
export type Act =
  | { readonly on: 'here'; readonly who: number; readonly act: HereAct; readonly pick: Pick; readonly aimed?: boolean }
  | {
      readonly on: 'there';
      readonly who: number;
      readonly act: ThereAct;
      readonly pick: Pick;
      readonly aimed?: boolean;
    }
  | { readonly on: 'erp'; readonly act: ErpAct; readonly pick: Pick }
  /** Another computer makes a whole pass of its own meanwhile. */
  | { readonly on: 'pass'; readonly who: number }
  | { readonly on: 'world'; readonly who: number; readonly event: WorldEvent; readonly pick: Pick };

export type Pick = readonly [entry: number, folder: number, name: number];

export type WorldEvent =
  | 'reset-cursors'
  | 'clock-forth'
  | 'clock-back'
  | 'quota'
  | 'quota-lifted'
  | 'disk-full'
  | 'disk-freed'
  | 'unreadable'
  | 'readable'
  | 'folder-away'
  | 'folder-back'
  | 'login-lost'
  | 'login-back'
  | 'root-away'
  | 'root-back';

/** A pass of one computer, all its clients side by side. Numbers count the calls that it makes from 0 on. */
export interface PassStep {
  readonly step: 'pass';
  readonly who: number;
  /** Looks only where people were at work since the last pass. */
  readonly hinted: boolean;
  /** Tasks that failed wait for their time, as in a pass of the schedule. */
  readonly patient?: boolean;
  /** A person lets deletions go that guard 2 holds. */
  readonly approve?: boolean;
  /** Draws how long each call takes, so that lanes and downloads overtake each other; none: all alike. */
  readonly jitter?: number;
  /** How many folders are compared with Dropbox itself. */
  readonly audit?: number;
  readonly crashAt: number | null;
  readonly acts: readonly (readonly [call: number, act: Act])[];
  /** The second number chooses which fault. */
  readonly faults: readonly (readonly [call: number, which: number])[];
}

export type Step =
  | PassStep
  | { readonly step: 'act'; readonly act: Act }
  /** Frees bytes where the policy says links only; brings one document back. */
  | { readonly step: 'free'; readonly who: number; readonly crashAt?: number | null }
  | { readonly step: 'open'; readonly who: number; readonly pick: Pick; readonly crashAt?: number | null }
  /** A person takes something out of the trash, or settles a conflict. */
  | { readonly step: 'restore'; readonly who: number; readonly pick: Pick; readonly crashAt: number | null }
  /** A person refuses the deletions that are held. */
  | { readonly step: 'refuse'; readonly who: number; readonly crashAt: number | null }
  | { readonly step: 'settle'; readonly who: number; readonly pick: Pick; readonly crashAt: number | null }
  /** A person makes a folder one-way, or names what is never synced, until everybody is quiet. */
  | { readonly step: 'flow'; readonly who: number; readonly pick: Pick }
  | { readonly step: 'ignore'; readonly pick: Pick }
  | { readonly step: 'lose-database'; readonly who: number }
  /** Backs the database up; puts the last backup back. */
  | { readonly step: 'back-up-database'; readonly who: number }
  | { readonly step: 'restore-database'; readonly who: number }
  /** Everybody is quiet: all invariants are checked, then work goes on. */
  | { readonly step: 'quiet' };

export interface Scenario {
  /** Of what the world draws itself: the order of moves in the feed, the jitter of back-off. */
  readonly seed: number;
  readonly platforms: readonly Platform[];
  readonly clients: number;
  /** How many computers are joined to the ERP. */
  readonly erp: number;
  /** Documents in this folder of the first computer's are kept as links only; null: nowhere. */
  readonly links: 'everywhere' | 'b' | null;
  /** False: guard 2 holds deletions until everybody is quiet; then they are approved. */
  readonly approved: boolean;
  readonly pageSize: number;
  /** How many of the newest changes a look at the feed may miss. */
  readonly lag?: number;
  readonly steps: readonly Step[];
}
