// Fields that several routes share: the path patterns of the specification, revs, hashes, commits.

import { anything, flag, list, nullable, optional, struct, text, timestamp, union } from '../arguments.ts';

export const readPath = text({ pattern: '(/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/.*)?)' });
export const writePath = text({ pattern: '(/(.|[\\r\\n])*)|(ns:[0-9]+(/.*)?)' });
export const writePathOrId = text({ pattern: '(/(.|[\\r\\n])*)|(ns:[0-9]+(/.*)?)|(id:.*)' });
export const rootOrPath = text({ pattern: '(/(.|[\\r\\n])*)?|id:.*|(ns:[0-9]+(/.*)?)' });
export const rev = text({ min: 9, pattern: '[0-9a-f]+' });
export const contentHash = nullable(text({ min: 64, max: 64 }));
export const jobId = struct({ async_job_id: text({ min: 1 }) });

export const writeMode = union({ add: null, overwrite: null, update: rev });

export const commitFields = {
  path: writePathOrId,
  mode: optional(writeMode, { tag: 'add', value: null } as const),
  autorename: optional(flag, false),
  client_modified: nullable(timestamp),
  mute: optional(flag, false),
  property_groups: nullable(list(anything)),
  strict_conflict: optional(flag, false),
} as const;

export const commitInfo = struct(commitFields);
