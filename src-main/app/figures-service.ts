// The part of the application service that answers the dashboard: figures by part, room in Dropbox, and the check of the
// tables that the figures stand in.

import {
  FIGURE_PARTS,
  type FigureDifference,
  type FigureOptions,
  type FigurePart,
  type FiguresView,
} from '../../src-shared/figures-views.ts';
import { figures } from '../stats/figures.ts';
import { figureDifferences, recountFigures } from '../stats/recount.ts';
import type { Workplace } from './docktide.ts';
import { spaceOf } from './roots.ts';
import { askSpace } from './space.ts';

export interface FiguresService {
  /** Without a request to Dropbox, and without walking the store. */
  figures(options?: FigureOptions): FiguresView;
  /** Only these parts, each as in `figures`. */
  figureParts<P extends FigurePart>(parts: readonly P[], options?: FigureOptions): Pick<FiguresView, P>;
  /** Asks Dropbox how much room there is; the clients that could not be asked, with the reason. */
  refreshSpace(client?: string): Promise<readonly { readonly client: string; readonly message: string }[]>;
  /** Compares the figures with a full count and mends them; what differed. Empty: all was right. */
  checkFigures(): readonly FigureDifference[];
}

export function figuresOf(use: () => Workplace): FiguresService {
  const parts = <P extends FigurePart>(wanted: readonly P[], options: FigureOptions): Pick<FiguresView, P> => {
    const { store, clock } = use();
    const memory = (name: string) => spaceOf(store.clients.get(name));
    return figures({ store, now: clock.now(), spaceOf: memory }, wanted, options);
  };
  return {
    figures: (options = {}) => parts(FIGURE_PARTS, options),
    figureParts: (wanted, options = {}) => parts(wanted, options),
    async refreshSpace(name) {
      const place = use();
      const { store } = place;
      const chosen = name === undefined ? null : store.clients.get(name).id;
      const clients = store.sync
        .clients()
        .filter((client) => (chosen === null ? client.state === 'connected' : client.id === chosen));
      const faults = await Promise.all(clients.map((client) => askSpace(place, client)));
      return faults.flatMap((fault, index) =>
        fault === null ? [] : [{ client: clients[index]?.name ?? '', message: fault.message }],
      );
    },
    checkFigures() {
      const { store } = use();
      const differences = figureDifferences(store.db);
      if (differences.length > 0) recountFigures(store.db);
      return differences;
    },
  };
}
