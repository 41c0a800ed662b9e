// The chips of the search and what they ask for. Pure; kept in the parameters of the screen, so that going back finds the
// same results.

import type { Query } from '../../../src-shared/ipc/files.ts';
import type { Params } from '../../stores/navigation-store.ts';

export interface Filters {
  readonly kind: 'file' | 'folder' | 'record' | null;
  readonly what: keyof typeof ENDINGS | null;
  readonly state: keyof typeof STATES | null;
  readonly size: keyof typeof SIZES | null;
  readonly when: keyof typeof DAYS | null;
  /** Row id of the folder to search in. */
  readonly folder: number | null;
}

export const ENDINGS = {
  pdf: ['pdf'],
  image: ['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'tif', 'tiff', 'bmp', 'heic'],
  sheet: ['csv', 'tsv', 'xls', 'xlsx', 'ods'],
  document: ['doc', 'docx', 'odt', 'rtf', 'txt', 'md'],
  slides: ['ppt', 'pptx', 'odp', 'key'],
  drawing: ['dwg', 'dxf', 'step', 'stp', 'stl'],
  mail: ['eml', 'msg'],
  archive: ['zip', 'gz', '7z', 'rar'],
} as const;

export const STATES = {
  waiting: ['pending', 'uploading', 'downloading'],
  trouble: ['failed', 'held', 'conflict'],
  freed: ['freed'],
  unassigned: ['unassigned'],
} as const satisfies Record<string, Query['states']>;

const MB = 1_000_000;
export const SIZES = {
  small: { maxSize: MB },
  medium: { minSize: MB, maxSize: 20 * MB },
  large: { minSize: 20 * MB },
} as const;

export const DAYS = { today: 1, week: 7, month: 31, year: 366 } as const;

export const NO_FILTERS: Filters = { kind: null, what: null, state: null, size: null, when: null, folder: null };

function oneOf<T extends string>(value: string | undefined, known: Readonly<Record<T, unknown>>): T | null {
  return value !== undefined && Object.hasOwn(known, value) ? (value as T) : null;
}

export function filtersOf(params: Params): Filters {
  const folder = Number(params['folder']);
  return {
    kind: oneOf(params['kind'], { file: 1, folder: 1, record: 1 }),
    what: oneOf(params['what'], ENDINGS),
    state: oneOf(params['state'], STATES),
    size: oneOf(params['size'], SIZES),
    when: oneOf(params['when'], DAYS),
    folder: Number.isInteger(folder) && folder > 0 ? folder : null,
  };
}

export function paramsOf(text: string, filters: Filters): Params {
  const given = Object.entries(filters).filter(([, value]) => value !== null);
  return { search: text, ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])) };
}

export function queryOf(text: string, filters: Filters, now: number): Query {
  const { kind, what, state, size, when, folder } = filters;
  return {
    text,
    ...(kind !== null && { kinds: [kind] }),
    ...(what !== null && { extensions: [...ENDINGS[what]] }),
    ...(state !== null && { states: [...STATES[state]] }),
    ...(size !== null && SIZES[size]),
    ...(when !== null && { since: new Date(now - DAYS[when] * 86_400_000).toISOString() }),
    ...(folder !== null && { folder }),
  };
}

export function isEmpty(text: string, filters: Filters): boolean {
  const { folder: _folder, ...asked } = filters;
  return text.trim() === '' && Object.values(asked).every((value) => value === null);
}
