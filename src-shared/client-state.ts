// The life of a client as one pure function: the condition it is in and what happened to it, in; its next condition, out.
// A person connects, pauses, resumes and resets; passes find out what Dropbox, the network or the account refuse.
// Called by the document store, which keeps the condition and writes down every change (store/sync-store.ts); the
// window and the command line show it. The table of all cases is test/unit/clients/client-state.test.ts.

import { assertNever, type ClientReason, type ClientState } from './domain.ts';

export interface ClientCondition {
  readonly state: ClientState;
  readonly reason: ClientReason | null;
}

export type ClientSignal =
  /** A person logged in. */
  | 'logged-in'
  /** A person pauses, resumes, asks for everything to be brought back. */
  | 'paused'
  | 'resumed'
  | 'reset-started'
  /** Everything is back; nothing is agreed upon with Dropbox any more. */
  | 'reset-ended'
  /** Dropbox answered this login, whatever it was asked. */
  | 'answered'
  /** A pass came to its end. */
  | 'pass-succeeded'
  | 'login-revoked'
  | 'permission-missing'
  | 'no-network'
  | 'account-full'
  | 'root-gone';

/** Reasons that a person must end; a network that is away as well says nothing new then. */
const FOR_A_PERSON: readonly (ClientReason | null)[] = ['login-revoked', 'permission-missing', 'root-gone'];
/** Reasons that one answer of Dropbox disproves. */
const ABOUT_THE_LINE: readonly (ClientReason | null)[] = ['login-revoked', 'no-network'];

/** `resetOpen`: not everything is back yet, so that work means going on with the reset. */
export function nextCondition(now: ClientCondition, signal: ClientSignal, resetOpen: boolean): ClientCondition {
  const atWork: ClientCondition = { state: resetOpen ? 'resetting' : 'connected', reason: null };
  const paused: ClientCondition = { state: 'paused', reason: 'paused-by-person' };
  // Nothing but a login makes a client of a draft.
  if (now.state === 'draft') return signal === 'logged-in' ? atWork : now;
  switch (signal) {
    case 'logged-in':
      return atWork;
    case 'paused':
    case 'reset-ended':
      return paused;
    case 'reset-started':
      return { state: 'resetting', reason: null };
    case 'resumed':
      return now.state === 'resetting' ? now : atWork;
    case 'pass-succeeded':
      // Paused in the middle of the pass: it stays so.
      return now.state === 'paused' ? now : atWork;
    case 'answered':
      return now.state === 'disconnected' && ABOUT_THE_LINE.includes(now.reason) ? atWork : now;
    case 'no-network':
    case 'account-full':
      // A reset waits for the network as long as it takes, and takes no room in Dropbox.
      if (now.state === 'paused' || now.state === 'resetting') return now;
      return signal === 'no-network' && FOR_A_PERSON.includes(now.reason) ? now : disconnected(signal);
    case 'login-revoked':
    case 'permission-missing':
    case 'root-gone':
      return now.state === 'paused' ? now : disconnected(signal);
    default:
      return assertNever(signal);
  }
}

function disconnected(reason: ClientReason): ClientCondition {
  return { state: 'disconnected', reason };
}

/** Whether passes run by themselves: a disconnected client tries again, so that it goes on without a person. */
export function runsByItself(state: ClientState): boolean {
  return state === 'connected' || state === 'disconnected' || state === 'resetting';
}

/** Whether Dropbox answers: a full account takes nothing, but tells and gives. */
export function isReachable({ state, reason }: ClientCondition): boolean {
  return state === 'connected' || state === 'resetting' || (state === 'disconnected' && reason === 'account-full');
}

const REASONS: Readonly<Record<ClientReason, string>> = {
  'login-revoked': 'Dropbox no longer accepts the login. Connect the client again.',
  'permission-missing':
    'The Dropbox app lacks a permission. Tick it under Permissions in the Dropbox App Console, then connect the client again.',
  'no-network': 'Dropbox cannot be reached. Docktide goes on by itself when the network is back.',
  'account-full': 'The Dropbox account is full. Make room there; downloads go on meanwhile.',
  'root-gone': 'The root folder is no longer in Dropbox. Restore it there; nothing was deleted here.',
  'paused-by-person': 'It was paused and waits until somebody resumes it.',
};

/** The reason as a sentence that says what to do; null where there is none to tell. */
export function reasonSentence(reason: ClientReason | null): string | null {
  return reason === null ? null : REASONS[reason];
}
