// The lines of the log for what people do: for each method of the service a function from its result and its arguments
// to what is said. Called by recorded.ts.

import { audienceSentence, type LinksMode, type RevokedLinksView } from '../../src-shared/link-views.ts';
import type { MovedFiles } from '../../src-shared/files-views.ts';
import type { LogView } from '../../src-shared/views.ts';
import type { DocktideService } from './docktide.ts';
import type { AddedTypes } from './type-sets.ts';

export interface Line {
  readonly kind: string;
  readonly reason: string;
  readonly level?: LogView['level'];
  readonly result?: LogView['result'];
  readonly client?: string;
  readonly path?: string;
  readonly record?: string | null;
  readonly bytes?: number | null;
}

type Telling<M> = M extends (...parameters: infer P) => infer R
  ? (result: Awaited<R>, ...parameters: P) => Line | readonly Line[] | null
  : never;
type Tellers = { readonly [M in keyof DocktideService]?: Telling<DocktideService[M]> };

const setting = (reason: string, more: Omit<Line, 'kind' | 'reason'> = {}): Line => ({
  kind: 'settings',
  reason,
  ...more,
});

export const TELLERS = {
  addType: (type) => setting(`Document type "${type.name}" added, called "${type.label}"`),
  renameType: ({ name, label }, before) =>
    setting(
      name === before
        ? `Document type "${before}" is now called "${label}"`
        : `Document type "${before}" is now "${name}", called "${label}"`,
    ),
  removeType: ({ name, folders }) =>
    setting(
      folders.length === 0 ? `Document type "${name}" removed` : `Document type "${name}" removed; its folders stay`,
    ),
  addRecord: ({ type, ref, folder }) => record('record.add', `${type}/${ref}`, 'Record added', folder),
  renameRecord: ({ type, ref, name, folder }) =>
    record('record.rename', `${type}/${ref}`, `Record renamed to "${name}"`, folder),
  archiveRecord: ({ type, ref, folder }) => record('record.archive', `${type}/${ref}`, 'Record archived', folder),
  removeRecord: ({ type, ref, folder }) => record('record.remove', `${type}/${ref}`, 'Record removed', folder),
  importRecords: ({ added, updated, preview }) =>
    preview === true || added + updated === 0
      ? null
      : { kind: 'record.import', reason: `${added} records added and ${updated} updated from a file` },
  addRule: ({ type, client, filter }) =>
    setting(`Folder rule for "${type}" added${filter === null ? '' : `, for records with "${filter}"`}`, { client }),

  addTypes: typesAdded,
  addTypeSet: typesAdded,

  addClient: ({ name, root }) => ({
    kind: 'client.add',
    client: name,
    reason: `Client added with the folder "${root}"`,
  }),
  connectClient: ({ name }) => ({ kind: 'client.login', client: name, reason: 'Logged in to Dropbox' }),
  replaceToken: ({ name }) => ({ kind: 'client.login', client: name, reason: 'Dropbox accepted the access token' }),
  removeClient: ({ name }) => ({ kind: 'client.remove', client: name, reason: 'Client removed; files stay' }),
  setAppSecret: ({ name }, _name, secret) =>
    setting(secret === null ? 'App secret forgotten' : 'App secret replaced', { client: name }),
  subscribeTo: ({ client, kinds }) =>
    setting(`Tells of ${kinds.length === 0 ? 'nothing' : kinds.join(', ')}`, { client }),

  addFolder: ({ path, client }) => setting('Folder given to a client', { path, client: client ?? '' }),
  attach: (entries) =>
    entries.map(({ path, record: of, client, size }) => ({
      kind: 'local.attach',
      path,
      record: of,
      bytes: size,
      reason: 'added here',
      ...(client === null ? {} : { client }),
    })),

  makeFolder: ({ made }) => made.map((path) => ({ kind: 'file.folder', path, reason: 'folder made here' })),
  rename: (renamed) => moves(renamed, 'renamed here'),
  move: (moved) => moves(moved, 'moved here'),
  upload: ({ added }) =>
    added.map(({ path, size }) => ({ kind: 'local.attach', path, bytes: size, reason: 'added here' })),
  download: ({ file, files, bytes }) => ({
    kind: 'file.download',
    bytes,
    reason: `${files} documents copied to "${file}"`,
  }),
  undo: ({ undone }) => undone.map((path) => ({ kind: 'file.undo', path, reason: 'taken back' })),

  restore: ({ path, from }) => ({
    kind: 'trash.restore',
    path,
    reason: from === 'trash' ? 'restored from the trash' : 'restored in Dropbox; the next pass brings it here',
  }),
  reopenConflict: ({ path }) => ({
    kind: 'conflict.reopen',
    path,
    reason: 'settlement taken back: the conflict stands again',
  }),
  settleConflict: ({ path, settled }) => ({ kind: 'conflict.settle', path, reason: SETTLEMENTS[settled] }),
  setIgnorePatterns: (patterns) =>
    setting(
      patterns.length === 0
        ? 'No pattern is ignored any more'
        : `Ignored patterns: ${patterns.map((pattern) => `"${pattern}"`).join(', ')}`,
    ),
  setFolderKeep: (_policy, path, keep) => setting(`Bytes here are kept: ${keep}`, { path }),
  setFolderFlow: (_policy, path, flow) => setting(`Documents flow: ${flow}`, { path }),
  resetClient: ({ client }) => ({ kind: 'client.reset', client, reason: 'Everything is to come back from Dropbox' }),
  setRuleClient: (_handovers, type, client) => setting(`The folders of "${type}" go to another client`, { client }),
  setFolderClient: (_handovers, path, client) => setting('The folder goes to another client', { path, client }),
  setLinks: ({ client, mode }) => setting(LINK_MODES[mode], { client }),
  // The address of a link is for those who shall have it: no line holds one.
  createLink: ({ client, path, result, audience }) =>
    result === 'existing' || result === 'address'
      ? null
      : {
          kind: result === 'made' ? 'link.make' : 'link.change',
          client,
          path,
          reason: `Link ${result}. ${audienceSentence(audience)}`,
        },
  revokeLink: linksTakenBack,
  revokeAllLinks: linksTakenBack,
  updateRule: ({ type, client }) => setting(`Folder rule for "${type}" changed`, { client }),
  removeRule: ({ type, client }) => setting(`Folder rule for "${type}" removed; its folders stay`, { client }),
  setSchedule: ({ minutes }) => setting(`Looks everywhere every ${minutes} minutes`),
  setBandwidth: ({ up, down }) => setting(`Up ${speed(up)}, down ${speed(down)}`),
  setLogKeep: ({ days, megabytes }) => setting(`The log is kept for ${days} days, up to ${megabytes} MB`),
} satisfies Tellers;

/** Methods whose failure is a line too: what a person asked for and the world refused. */
export const TOLD_FAILURES: ReadonlyMap<string, string> = new Map([
  ['connectClient', 'client.login'],
  ['replaceToken', 'client.login'],
]);

/** What runs for its own reasons: what happens in it is nobody's doing, and it says itself who asked for it. */
export const BY_ITSELF: ReadonlySet<string> = new Set(['watch', 'sync', 'plan', 'subscribe', 'close']);

const LINK_MODES: Readonly<Record<LinksMode, string>> = {
  on: 'Shared links are made for its documents',
  'on-request': 'Links are made for documents when somebody asks for one',
  off: 'No links to Dropbox are made',
};

function typesAdded({ types, rules }: AddedTypes): readonly Line[] {
  return [
    ...types.map(({ name, label }) => setting(`Document type "${name}" added, called "${label}"`)),
    ...rules.map(({ type, client }) => setting(`Folder rule for "${type}" added`, { client })),
  ];
}

function linksTakenBack({ revoked }: RevokedLinksView): readonly Line[] {
  return revoked.map(({ client, path }) => ({
    kind: 'link.revoke',
    client,
    reason: path === null ? 'Link to something that is not here taken back' : 'Link taken back',
    ...(path === null ? {} : { path }),
  }));
}

function speed(bytes: number | null): string {
  return bytes === null ? 'as fast as the line' : `at most ${bytes} bytes a second`;
}

const SETTLEMENTS = {
  'keep-here': 'conflict settled: the version from here is kept',
  'keep-dropbox': "conflict settled: Dropbox's version is kept",
  'keep-both': 'conflict settled: both versions are kept',
} as const;

function moves({ moved }: MovedFiles, reason: string): Line[] {
  return moved.map(({ from, to }) => ({ kind: 'file.move', path: to, reason: `${reason}, from "${from}"` }));
}

function record(kind: string, name: string, reason: string, folder: string | null): Line {
  return { kind, record: name, reason, ...(folder === null ? {} : { path: folder }) };
}
