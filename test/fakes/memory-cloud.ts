// A Dropbox account in memory, for the simulation and the engine's tests: no sockets, no timers, deterministic.
// `cloud.client(root)` is the CloudStore of one client; several clients share the account. The account's own methods
// (write, mkdir, move, remove, tree …) are "the other side": what people do in Dropbox. `before` and `after` let a test
// change things or fail in the middle of a pass. test/conformance/ holds it to the same behaviour as the real adapter.

import type { CloudStore } from '../../src-main/engine/ports.ts';
import { MemoryAccount } from './memory-account.ts';
import { MemoryClient } from './memory-client.ts';

export class MemoryCloud extends MemoryAccount {
  /** The account as one client sees it from its root folder, which need not exist yet. */
  client(root: string): CloudStore {
    return new MemoryClient(this, root.replace(/^\/+|\/+$/g, ''));
  }
}
