// The part of the application service that finds documents and works on them: search, folders, renaming, moving,
// deleting, uploading, downloading, earlier versions. Each method checks the words it is given and calls a service of
// files/ or the store.

import type { SearchQuery, SearchResult } from '../../src-shared/search-views.ts';
import { relativePath } from './local-folder.ts';
import type { Workplace } from './docktide.ts';

export interface FilesService {
  /** Files, folders and records, best first. Empty where nothing is asked. Throws 'unknown-…', 'bad-date', 'bad-path'. */
  find(query: SearchQuery): readonly SearchResult[];
}

export function filesOf(use: () => Workplace): FilesService {
  return {
    find(query) {
      const { folder } = query;
      return use().store.search(typeof folder === 'string' ? { ...query, folder: relativePath(folder) } : query);
    },
  };
}
