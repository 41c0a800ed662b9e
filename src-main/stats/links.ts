// How many links are out in the world. Called by figures.ts.

import type { ClientId } from '../../src-shared/domain.ts';
import type { LinkFigures } from '../../src-shared/figures-views.ts';
import type { Db } from '../store/database.ts';

export function linkFigures(_db: Db, _client: ClientId | null): LinkFigures {
  return { count: 0 };
}
