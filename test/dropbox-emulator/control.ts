// The control endpoint: what tests and people do to the emulator from outside. Loopback only, without a login; JSON.
// Its writes are those of somebody else who uses the same account: they obey conflicts but not the name rules of the API.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { displayName, type AccountKind, type AccountSettings } from './accounts.ts';
import {
  choice,
  flag,
  list,
  nullable,
  optional,
  ShapeProblem,
  size,
  struct,
  text,
  timestamp,
  type Shape,
} from './arguments.ts';
import { contentHashOf } from './content-hash.ts';
import type { Emulator, View } from './emulator.ts';
import { viewAt } from './http.ts';
import { UNTOUCHED_APP, type AppSettings } from './login.ts';
import { LookupProblem, requireFile, requireNode } from './lookup.ts';
import { timeText } from './metadata.ts';
import { nameKey, splitPath } from './paths.ts';
import type { RequestCounts } from './request-counts.ts';
import { pathDisplay, pathLower, ROOT_ID, subtree, type FolderNode, type PaperInfo, type TreeNode } from './tree.ts';
import { RelocationProblem, WriteProblem } from './writes.ts';

/** A refusal, told as 400 with a sentence. */
class ControlProblem extends Error {}

/** One row of /_control/tree. */
export interface TreeRow {
  readonly path: string;
  readonly pathLower: string;
  readonly kind: 'file' | 'folder';
  readonly id: string;
  readonly rev: string | null;
  readonly contentHash: string | null;
  readonly size: number | null;
  readonly clientModified: string | null;
}

type Action = (emulator: Emulator, counts: RequestCounts, body: unknown) => unknown;

function action<T>(shape: Shape<T>, run: (emulator: Emulator, argument: T, counts: RequestCounts) => unknown): Action {
  return (emulator, counts, body) => run(emulator, shape.read(body, ''), counts);
}

function home(emulator: Emulator): View {
  return viewAt(emulator, emulator.tree.root);
}

function row(node: TreeNode): TreeRow {
  const version = node.kind === 'file' ? node.version : null;
  return {
    path: pathDisplay(node),
    pathLower: pathLower(node),
    kind: node.kind,
    id: node.id,
    rev: version?.rev ?? null,
    contentHash: version?.hash ?? null,
    size: version?.size ?? null,
    clientModified: version === null ? null : timeText(version.clientModified),
  };
}

/** All entries below a folder, by path; a file's own row for a file. */
export function treeRows(emulator: Emulator, path: string): readonly TreeRow[] {
  const names = splitPath(path);
  if (names === null) throw new ControlProblem(`"${path}" is not a path. Begin it with "/".`);
  const top = names.length === 0 ? emulator.tree.root : requireNode(home(emulator), path);
  const rows = [...subtree(top)]
    .filter((node) => node.parent !== null && (node !== top || node.kind === 'file'))
    .map(row);
  return rows.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

interface Written {
  readonly path: string;
  readonly bytes: Buffer;
  readonly clientModified: number | null;
  readonly autoParents: boolean;
  readonly paper: PaperInfo | null;
}

/** The folder that shall hold `path`, made where it is missing, and the entry's name. */
function placeFor(emulator: Emulator, path: string, autoParents: boolean): { parent: FolderNode; name: string } {
  const names = splitPath(path);
  const name = names?.at(-1);
  if (names === null || name === undefined) throw new ControlProblem(`"${path}" is not a path. Begin it with "/".`);
  let parent: FolderNode = emulator.tree.root;
  for (const folder of names.slice(0, -1)) {
    let next: TreeNode | undefined = parent.children.get(nameKey(folder));
    if (next === undefined) {
      if (!autoParents) throw new ControlProblem(`The folder "${folder}" of "${path}" does not exist.`);
      const id = emulator.tree.newId();
      emulator.tree.apply({ op: 'folder', parent: parent.id, name: folder, id });
      next = emulator.tree.byId(id) ?? undefined;
    }
    if (next?.kind !== 'folder') throw new ControlProblem(`"${folder}" of "${path}" is a file.`);
    parent = next;
  }
  return { parent, name };
}

/** Writes a file over whatever is there, a folder included. */
export async function writeControlled(emulator: Emulator, written: Written): Promise<TreeRow> {
  const { tree, blobs } = emulator;
  const hash = contentHashOf(written.bytes);
  await blobs.putBytes(hash, written.bytes);
  const { parent, name } = placeFor(emulator, written.path, written.autoParents);
  const now = Math.floor(emulator.now() / 1000) * 1000;
  let present = parent.children.get(nameKey(name));
  if (present?.kind === 'folder') {
    tree.apply({ op: 'remove', id: present.id, at: now });
    present = undefined;
  }
  const id = present?.id ?? tree.newId();
  tree.apply({
    op: 'file',
    parent: parent.id,
    name: present?.name ?? name,
    id,
    version: {
      rev: tree.newRev(),
      hash,
      size: written.bytes.length,
      clientModified: written.clientModified ?? now,
      serverModified: now,
      paper: written.paper,
    },
  });
  return row(tree.byId(id) as TreeNode);
}

function moveControlled(emulator: Emulator, from: string, to: string): TreeRow {
  const { tree, faults } = emulator;
  const source = requireNode(home(emulator), from);
  const { parent, name } = placeFor(emulator, to, true);
  const present = parent.children.get(nameKey(name));
  if (present === source) tree.apply({ op: 'recase', id: source.id, name });
  else if (present !== undefined) throw new ControlProblem(`"${to}" exists already.`);
  else {
    const revsAfter = faults.settings.keepRevOnMove ? null : tree.lastRev;
    const at = Math.floor(emulator.now() / 1000) * 1000;
    tree.apply({ op: 'move', id: source.id, parent: parent.id, name, revsAfter, at });
  }
  return row(source);
}

function makeFolder(emulator: Emulator, path: string): TreeRow {
  const { parent, name } = placeFor(emulator, path, true);
  const present = parent.children.get(nameKey(name));
  if (present?.kind === 'file') throw new ControlProblem(`"${path}" is a file.`);
  if (present !== undefined) return row(present);
  const id = emulator.tree.newId();
  emulator.tree.apply({ op: 'folder', parent: parent.id, name, id });
  return row(emulator.tree.byId(id) as TreeNode);
}

const accountArgument = struct({
  kind: nullable(choice('basic', 'pro', 'business')),
  accountId: nullable(text({ min: 40, max: 40 })),
  givenName: nullable(text({ min: 1 })),
  surname: nullable(text()),
  email: nullable(text()),
  teamName: nullable(text()),
  linkPolicy: nullable(choice('public', 'team')),
  teamSpace: nullable(flag),
  rootNamespace: nullable(text({ min: 1 })),
});

/** Sets what is given; a team space gets a home folder for the member. */
function setAccount(emulator: Emulator, given: { readonly [key: string]: unknown }): AccountSettings {
  const { accounts } = emulator;
  const kind = (given['kind'] as AccountKind | null) ?? accounts.settings.kind;
  const personal = Object.fromEntries(
    ['accountId', 'givenName', 'surname', 'email', 'linkPolicy'].flatMap((name) =>
      given[name] === null ? [] : [[name, given[name]]],
    ),
  );
  const teamName = (given['teamName'] as string | null) ?? accounts.settings.team?.name ?? 'Example Ltd';
  accounts.set({
    ...personal,
    kind,
    team: kind === 'business' ? { id: 'dbtid:AAFdgehTzw7WlXhZJsbGCLePe8RvQGYDr-I', name: teamName } : null,
  });
  const teamSpace = kind === 'business' && ((given['teamSpace'] as boolean | null) ?? accounts.settings.teamSpace);
  if (teamSpace && !accounts.settings.teamSpace) {
    const homeFolder = makeFolder(emulator, `/${displayName(accounts.settings)}`);
    accounts.set({ teamSpace: true, rootNamespace: '9001', homeFolderId: homeFolder.id });
  }
  if (!teamSpace && accounts.settings.teamSpace) {
    accounts.set({ teamSpace: false, rootNamespace: accounts.settings.homeNamespace, homeFolderId: ROOT_ID });
  }
  const rootNamespace = given['rootNamespace'] as string | null;
  if (rootNamespace !== null) {
    accounts.set({ rootNamespace, ...(teamSpace ? {} : { homeNamespace: rootNamespace }) });
  }
  return accounts.settings;
}

function setFaults(emulator: Emulator, body: unknown): unknown {
  const { clear, ...change } = body as Readonly<Record<string, unknown>>;
  if (clear === true) emulator.faults.clear();
  const settings = emulator.faults.set(change);
  if (settings.cursorReset) {
    emulator.cursorEpoch++;
    emulator.faults.set({ cursorReset: false });
    emulator.tree.journal.announce();
  }
  return emulator.faults.settings;
}

const appShape = struct({
  redirectUris: nullable(list(text())),
  scopes: nullable(list(text())),
  appSecret: nullable(text({ min: 1 })),
  needsSecret: optional(flag, false),
  team: optional(flag, false),
  codeSeconds: optional(size, UNTOUCHED_APP.codeSeconds),
  strangeState: optional(flag, false),
});

/** Changes what is named of the Dropbox app, keeps the rest. */
function setApp(emulator: Emulator, body: unknown): AppSettings {
  const read = appShape.read(body, '');
  const named = Object.keys(body as object) as (keyof AppSettings)[];
  emulator.login.app = { ...emulator.login.app, ...Object.fromEntries(named.map((name) => [name, read[name]])) };
  return emulator.login.app;
}

const path = struct({ path: text({ min: 1 }) });
const object: Shape<unknown> = {
  missing: null,
  read(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ShapeProblem('expected object');
    return value;
  },
};

const POST_ACTIONS: Readonly<Record<string, Action>> = {
  write: action(
    struct({
      path: text({ min: 1 }),
      text: nullable(text()),
      base64: nullable(text()),
      clientModified: nullable(timestamp),
      autoParents: optional(flag, true),
    }),
    (emulator, argument) => {
      const bytes =
        argument.base64 === null ? Buffer.from(argument.text ?? '') : Buffer.from(argument.base64, 'base64');
      return writeControlled(emulator, { ...argument, bytes, paper: null });
    },
  ),
  /** Many small files at once; answers how many. */
  fill: action(
    struct({ files: list(struct({ path: text({ min: 1 }), text: text() })) }),
    async (emulator, { files }) => {
      for (const { path, text: content } of files) {
        const bytes = Buffer.from(content);
        await writeControlled(emulator, { path, bytes, clientModified: null, autoParents: true, paper: null });
      }
      return { written: files.length };
    },
  ),
  paper: action(
    struct({
      path: text({ min: 1 }),
      text: optional(text(), '# Untitled'),
      exportAs: optional(text(), 'markdown'),
      exportOptions: optional(list(text()), ['markdown', 'html']),
    }),
    (emulator, argument) =>
      writeControlled(emulator, {
        path: argument.path,
        bytes: Buffer.from(argument.text),
        clientModified: null,
        autoParents: true,
        paper: { exportAs: argument.exportAs, exportOptions: argument.exportOptions },
      }),
  ),
  delete: action(path, (emulator, argument) => {
    const node = requireNode(home(emulator), argument.path);
    if (node.parent === null) throw new ControlProblem('The root cannot be deleted.');
    const gone = row(node);
    emulator.tree.apply({ op: 'remove', id: node.id, at: Math.floor(emulator.now() / 1000) * 1000 });
    return gone;
  }),
  move: action(struct({ from: text({ min: 1 }), to: text({ min: 1 }) }), (emulator, argument) =>
    moveControlled(emulator, argument.from, argument.to),
  ),
  mkdir: action(path, (emulator, argument) => makeFolder(emulator, argument.path)),
  faults: action(object, setFaults),
  revoke: action(struct({ token: nullable(text()), all: optional(flag, false) }), (emulator, argument) => {
    if (argument.token === null && !argument.all) throw new ControlProblem('Say which token, or all.');
    if (argument.token !== null) emulator.login.revoke(argument.token);
    if (argument.all) emulator.login.revokeAll();
    return { revoked: true };
  }),
  expire: action(struct({ token: nullable(text()) }), (emulator, argument) => {
    emulator.login.expire(argument.token);
    return { expired: true };
  }),
  scopes: action(struct({ token: text({ min: 1 }), scopes: list(text()) }), (emulator, argument) => {
    emulator.login.limit(argument.token, argument.scopes);
    return { scopes: argument.scopes };
  }),
  oauth: action(object, setApp),
  token: action(struct({ token: text({ min: 1 }), team: flag }), (emulator, { token, team }) => {
    emulator.login.declare(token, team);
    return { token, team };
  }),
  quota: action(struct({ allocated: size }), (emulator, argument) => {
    emulator.accounts.set({ allocated: argument.allocated });
    return { allocated: argument.allocated, used: emulator.tree.usedBytes };
  }),
  account: action(accountArgument, setAccount),
  'requests/reset': action(object, (_emulator, _argument, counts) => {
    counts.reset();
    return counts.view;
  }),
};

export async function serveControl(
  emulator: Emulator,
  counts: RequestCounts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const name = url.pathname.slice('/_control/'.length).replace(/\/$/, '');
  try {
    if (request.method === 'GET' && name === 'content') {
      const node = requireFile(home(emulator), url.searchParams.get('path') ?? '');
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': node.version.size });
      for await (const chunk of emulator.blobs.read(node.version.hash, 0, node.version.size)) {
        if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
      }
      response.end();
      return;
    }
    answer(response, 200, await carryOut(emulator, counts, request, name, url));
  } catch (error) {
    const known = controlMessage(error);
    if (known === null) process.stderr.write(`Dropbox emulator, control ${name}: ${String((error as Error).stack)}\n`);
    answer(response, known === null ? 500 : 400, { error: known ?? 'The emulator failed; see its standard error.' });
  }
}

async function carryOut(
  emulator: Emulator,
  counts: RequestCounts,
  request: IncomingMessage,
  name: string,
  url: URL,
): Promise<unknown> {
  if (request.method === 'GET') {
    if (name === 'tree') return { entries: treeRows(emulator, url.searchParams.get('path') ?? '') };
    if (name === 'requests') return counts.view;
    if (name === 'faults') return emulator.faults.settings;
    if (name === 'account') return { ...emulator.accounts.settings, used: emulator.tree.usedBytes };
    if (name === '') return { origin: emulator.origin, entries: emulator.tree.entryCount };
  }
  if (request.method === 'DELETE' && name === 'faults') {
    emulator.faults.clear();
    return emulator.faults.settings;
  }
  const run = request.method === 'POST' && Object.hasOwn(POST_ACTIONS, name) ? POST_ACTIONS[name] : undefined;
  if (run === undefined) throw new ControlProblem(`There is no ${request.method} /_control/${name}.`);
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  return run(emulator, counts, body === '' ? {} : JSON.parse(body));
}

/** A sentence for what the caller did wrong; null for a failure of the emulator itself. */
function controlMessage(error: unknown): string | null {
  if (error instanceof ControlProblem) return error.message;
  if (error instanceof ShapeProblem) return `The request is not understood: ${error.message}.`;
  if (error instanceof SyntaxError) return 'The request is not JSON.';
  if (error instanceof LookupProblem || error instanceof WriteProblem || error instanceof RelocationProblem) {
    return `The path was refused: ${error.message.replaceAll('_', ' ')}.`;
  }
  return null;
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
