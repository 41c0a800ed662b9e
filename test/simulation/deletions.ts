// Which documents somebody has deleted, and did nothing else with, since everybody was quiet: they do not come back on
// either side. Whatever SYNC.md §3 lets survive a deletion is an act of its own, so that the document is none of these:
// an edit, a move (of the document or of a folder above it), a return from the trash, a refusal. So is what frees its
// bytes: whoever takes a folder of the ERP away then has not taken it.
// Written by people.ts through the ledger; read by invariants.ts.

import type { RemoteId } from '../../src-shared/domain.ts';
import { isWithin } from './names.ts';

interface Deed {
  readonly ids: Set<RemoteId>;
  /** `CLIENT/PATH`, as keys. */
  readonly keys: Set<string>;
  removes: boolean;
}

export class Deletions {
  #deeds: Deed[] = [];
  #current: Deed | null = null;

  /** All that is touched by `act` belongs together. */
  during(act: () => void): void {
    this.#current = { ids: new Set(), keys: new Set(), removes: false };
    this.#deeds.push(this.#current);
    try {
      act();
    } finally {
      this.#current = null;
    }
  }

  /** The act under way has taken away what it has touched so far. */
  removed(): void {
    if (this.#current !== null) this.#current.removes = true;
  }

  freed(id: RemoteId): void {
    this.#deeds.push({ ids: new Set([id]), keys: new Set(), removes: false });
  }

  touchId(id: RemoteId): void {
    this.#deed().ids.add(id);
  }

  touchKey(key: string): void {
    this.#deed().keys.add(key);
  }

  /** Whether all that was done with an entry is one deletion. */
  isDeleted(id: RemoteId, key: string): boolean {
    const deeds = this.#deeds.filter(
      ({ ids, keys }) => ids.has(id) || [...keys].some((touched) => isWithin(key, touched)),
    );
    return deeds.length === 1 && deeds[0]!.removes && deeds[0]!.ids.has(id);
  }

  quietNow(): void {
    this.#deeds = [];
  }

  #deed(): Deed {
    if (this.#current !== null) return this.#current;
    const deed = { ids: new Set<RemoteId>(), keys: new Set<string>(), removes: false };
    this.#deeds.push(deed);
    return deed;
  }
}
