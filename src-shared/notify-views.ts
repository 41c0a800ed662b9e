// What people are told about: one notice for each change, kept in the document store, pushed to the window and handed to
// commands. Shapes for JSON and the window, and the words for people.

import type { ClientReason, ClientState } from './domain.ts';
import { reasonSentence } from './client-state.ts';

/**
 * `disconnected`, `connected`, `paused`, `resetting`: a client's state became this. `failed`: something failed for good
 * and waits for a person. `held`: deletions wait for a person. `conflict`: both sides changed a document.
 * `backup`: a backup was made, or failed (`level` says which).
 */
export const NOTICE_KINDS = [
  'disconnected',
  'connected',
  'paused',
  'resetting',
  'failed',
  'held',
  'conflict',
  'backup',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What a client tells without being asked: everything that waits for a person. */
export const DEFAULT_NOTICES: readonly NoticeKind[] = ['disconnected', 'failed', 'held', 'conflict', 'backup'];

export interface NoticeView {
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Null for what concerns no single client. */
  readonly client: string | null;
  readonly kind: NoticeKind;
  readonly level: 'info' | 'warning' | 'error';
  /** The client's state and reason after a change of it. */
  readonly state: ClientState | null;
  readonly reason: ClientReason | null;
  /** How many things it is about: failed tasks, held deletions, conflicts. */
  readonly count: number;
  /** Their paths, the first twenty. */
  readonly paths: readonly string[];
  /** One or two sentences for a person. */
  readonly message: string;
  /** Whether somebody wants to hear of this kind from this client. */
  readonly subscribed: boolean;
}

export interface SubscriptionView {
  readonly client: string;
  readonly kinds: readonly NoticeKind[];
  /** Nobody has chosen yet. */
  readonly byDefault: boolean;
}

export interface NoticeFacts {
  readonly client: string | null;
  readonly kind: NoticeKind;
  readonly state: ClientState | null;
  readonly reason: ClientReason | null;
  readonly count: number;
  readonly paths: readonly string[];
  /** What went wrong, as a sentence, where one was told. */
  readonly detail: string | null;
}

export function noticeMessage(facts: NoticeFacts): string {
  const who = facts.client ?? 'Docktide';
  const detail = facts.detail === null ? '' : ` ${facts.detail}`;
  const [first] = facts.paths;
  switch (facts.kind) {
    case 'disconnected':
      return `${who} is disconnected. ${reasonSentence(facts.reason) ?? ''}${detail}`.trim();
    case 'connected':
      return `${who} is connected.${detail}`;
    case 'paused':
      return `${who} is paused.${detail}`;
    case 'resetting':
      return `${who}: everything comes back from Dropbox.${detail}`;
    case 'failed':
      if (facts.count === 1 && first !== undefined) return `${who}: "${first}" could not be synchronised.${detail}`;
      if (facts.count === 0 || first === undefined) return `${who} could not be synchronised.${detail}`;
      return `${who}: ${facts.count} documents could not be synchronised, among them "${first}".${detail}`;
    case 'held':
      return facts.count === 1
        ? `${who}: 1 deletion is held back until somebody agrees: "${first ?? ''}".`
        : `${who}: ${facts.count} deletions are held back until somebody agrees, among them "${first ?? ''}".`;
    case 'conflict':
      return facts.count === 1
        ? `${who}: "${first ?? ''}" was changed on both sides. Both versions are kept.`
        : `${who}: ${facts.count} documents were changed on both sides, among them "${first ?? ''}". Both versions are kept.`;
    case 'backup':
      return facts.detail ?? `${who}: a backup was made.`;
  }
}
