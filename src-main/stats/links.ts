// How many links are out in the world, and who may open them. Called by figures.ts.

import type { ClientId } from '../../src-shared/domain.ts';
import type { LinkFigures } from '../../src-shared/figures-views.ts';
import type { DocumentStore } from '../store/open-store.ts';

/** Links that open something of the clients' root folders now; of one client, or of all. */
export function linkFigures({ db, links }: DocumentStore, client: ClientId | null, now: number): LinkFigures {
  const rows = db
    .prepare<[{ client: number | null; now: number }], { audience: string; password: 0 | 1; count: number }>(
      `SELECT audience, password, count(*) AS count FROM links
       WHERE inside = 1 AND (@client IS NULL OR client_id = @client) AND (expires IS NULL OR expires > @now)
       GROUP BY audience, password`,
    )
    .all({ client, now });
  const sum = (chosen: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(chosen).reduce((total, row) => total + row.count, 0);
  return {
    count: links.count(client),
    public: sum((row) => row.audience === 'public'),
    protected: sum((row) => row.password === 1),
  };
}
