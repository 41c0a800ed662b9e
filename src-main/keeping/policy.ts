// The policy under which a client's plan is made: what people decided about folders, names that are never synced,
// patterns in `.docktideignore` and in the settings, and what a reverse sync asks for. Pure but for what it is given.
// Called by compose.ts for every plan.

import ignore from 'ignore';
import type { EntryKind, RelPath } from '../../src-shared/domain.ts';
import { isIgnoredName } from '../../src-shared/names.ts';
import type { ClientRow } from '../engine/ports.ts';
import { DEFAULT_KEEP, nearestDecision, type Flow, type Keep } from '../store/keeping.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { PlanPolicy } from '../sync/model.ts';

/** In the documents folder; gitignore syntax. It is synced like any document, so that all computers share it. */
export const IGNORE_FILE = '.docktideignore';

export interface PolicyParts {
  readonly store: DocumentStore;
  /** Text of the ignore file; empty where there is none. */
  readonly ignoreText: () => string;
  /** `2026-11-23`, as people here call the day. */
  readonly date: () => string;
  readonly platform: NodeJS.Platform;
}

export function policyOf({ store, ignoreText, date, platform }: PolicyParts, client: ClientRow): PlanPolicy {
  const { keeping, entries } = store;
  const windows = platform === 'win32';
  const flows = new Map<string, Flow>(keeping.flows().map(({ path, value }) => [path, value]));
  const keeps = new Map<string, Keep>(keeping.keeps().map(({ path, value }) => [path, value]));
  const leaving = keeping
    .handovers()
    .filter((handover) => handover.from === client.id)
    .map((handover) => entries.pathOf(handover.entryId));
  const resetting = keeping.isResetting(client.id);
  const returns = (path: RelPath) => resetting || leaving.some((folder) => isWithin(path, folder));
  const patterns = [...keeping.ignorePatterns(), ignoreText()].join('\n');
  const keepOf = (path: RelPath) => nearestDecision(keeps, path, DEFAULT_KEEP);
  return {
    clientName: client.name,
    date: date(),
    localCase: windows || platform === 'darwin' ? 'insensitive' : 'sensitive',
    localNames: windows ? 'windows' : 'posix',
    ignored: ignoredBy(patterns),
    // While everything is brought back nothing goes out.
    oneWay: flows.size > 0,
    flow: (path) => (returns(path) ? 'down' : nearestDecision(flows, path, 'both')),
    fetch: (path) => returns(path) || keepOf(path).kind !== 'links',
    bringBack: (path) => returns(path) || keepOf(path).kind === 'always',
    deletionsApproved: false,
    key: JSON.stringify([platform, client.name, resetting, leaving, patterns, [...flows], [...keeps]]),
  };
}

function isWithin(path: RelPath, folder: RelPath): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Why something at a path would not be synced; null where it would. */
export type IgnoredWhy =
  { readonly kind: 'name' } | { readonly kind: 'pattern'; readonly pattern: string } | { readonly kind: 'file' };

/** The first reason found for the path or a folder above it: a name, one of `patterns`, or the ignore file. Pure. */
export function whyIgnored(
  path: RelPath,
  kind: EntryKind,
  patterns: readonly string[],
  fileText: string,
): IgnoredWhy | null {
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const at = parts.slice(0, depth).join('/') as RelPath;
    const what = depth === parts.length ? kind : 'folder';
    if (isIgnoredName(parts[depth - 1] ?? '')) return { kind: 'name' };
    if (!ignoredBy([...patterns, fileText].join('\n'))(at, what)) continue;
    // The last pattern that turns it over is the one that counts.
    const ignoredUpTo = (count: number) => ignoredBy(patterns.slice(0, count).join('\n'))(at, what);
    if (!ignoredUpTo(patterns.length)) return { kind: 'file' };
    let last = patterns.length;
    while (last > 0 && ignoredUpTo(last - 1)) last--;
    return { kind: 'pattern', pattern: patterns[last - 1] ?? '' };
  }
  return null;
}

/** Names that are never synced, and the patterns of the people. */
export function ignoredBy(patterns: string): PlanPolicy['ignored'] {
  const own = (path: RelPath) => isIgnoredName(path.slice(path.lastIndexOf('/') + 1));
  if (patterns.trim() === '') return own;
  const matcher = ignore({ ignorecase: true }).add(patterns);
  return (path, kind) =>
    own(path) || (ignore.isPathValid(path) && matcher.ignores(kind === 'folder' ? `${path}/` : path));
}
