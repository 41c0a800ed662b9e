// The desktop app's main process for the benchmark: listings, searches and records come from a real store (`--store=FILE`), all else
// from the service in memory of the window's tests.

import { join } from 'node:path';
import type { DocktideService } from '../../src-main/app/docktide.ts';
import { findRecords } from '../../src-main/app/find-records.ts';
import { AppError } from '../../src-main/app/service.ts';
import { startApp } from '../../src-main/shell/start.ts';
import { createStore } from '../../src-main/store/open-store.ts';
import type { LocalId } from '../../src-shared/domain.ts';
import { createFakeService } from '../support/window-fake-service.ts';

const home = join(import.meta.dirname, '..', '..');
const file = process.argv.find((argument) => argument.startsWith('--store='))?.slice('--store='.length);

function service(dataFolder: string): DocktideService {
  const store = createStore({ file: file ?? ':memory:', now: () => Date.now() });
  const real: Partial<DocktideService> = {
    children: (folderId) => store.listing.children(folderId as LocalId | null),
    childIds: (folderId, only, limit) => store.listing.childIds(folderId as LocalId | null, only, limit),
    childCount: (folderId) => store.listing.childCount(folderId as LocalId | null),
    entries: (ids) => store.listing.viewsOf(ids as readonly LocalId[]),
    search: (text, limit) => store.search({ text, ...(limit === undefined ? {} : { limit }) }),
    find: (query) => store.search(query),
    types: () => store.catalog.types().map(({ name, label, records }) => ({ name, label, records })),
    rules: () => [],
    findRecords: (query) => findRecords(store, query),
  };
  return new Proxy(createFakeService('empty', dataFolder), {
    get: (target, name) => Reflect.get(Reflect.has(real, name) ? real : target, name) as unknown,
  });
}

startApp({
  dataFolder: '/nonexistent/docktide-bench',
  outFolder: join(home, 'out'),
  iconsFolder: join(home, 'build'),
  openService: (dataFolder) => Promise.resolve(service(dataFolder)),
  startDemo: () => Promise.reject(new AppError('no-demo', 'The benchmark has no demonstration.')),
});
