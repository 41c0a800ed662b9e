// What goes into the zip of `docktide log share`, gathered from store, settings and versions: chosen field by field, so
// that nothing gets in that nobody has thought about. The packing and the scrubbing are in log/.

import { release } from 'node:os';
import { join } from 'node:path';
import { FIGURE_PARTS } from '../../src-shared/figures-views.ts';
import { LOG_FILES, logFolder } from '../infra/log-file.ts';
import { programVersion } from '../infra/version.ts';
import { logPages } from '../log/export.ts';
import { logKeep } from '../log/prune.ts';
import { hiddenNames, makeScrub, NAMES_AS_THEY_ARE, secretTexts, secretVariables, type Names } from '../log/scrub.ts';
import { jsonFile, logFile, programLog, zipped, type SharedFile } from '../log/share.ts';
import { figures } from '../stats/figures.ts';
import { keepText } from '../store/keeping.ts';
import { iso } from '../store/keepsakes.ts';
import { credentialsSchema } from './clouds.ts';
import { accountOf, spaceOf } from './roots.ts';
import { clientView, logView, taskView } from './views-of.ts';
import type { LogQuery } from '../store/log-rows.ts';
import type { Workplace } from './docktide.ts';

/** Lines of the log unless more are asked for: a zip that can be sent by mail. */
const LINES = 50_000;
const FINISHED_TASKS = 1000;

export interface Shared {
  readonly contents: readonly string[];
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Lines of the log that went in; complete once the pieces are read. */
  readonly rows: () => number;
}

interface Where {
  readonly dataFolder: string;
  readonly tokensKept: () => 'owner-only-file' | 'keyring';
}

export function shareLog(place: Workplace, where: Where, query: LogQuery, hideNames: boolean): Shared {
  const { store } = place;
  const names = hideNames ? hiddenNames() : NAMES_AS_THEY_ARE;
  let rows = 0;
  async function* lines() {
    for await (const page of logPages(store, { limit: LINES, ...query })) yield page.map(logView);
  }
  const files: SharedFile[] = [
    readme(hideNames),
    jsonFile('versions.json', versions(place)),
    jsonFile('settings.json', settings(place, where, names)),
    jsonFile('clients.json', clients(place, names)),
    jsonFile('plan.json', lastPlan(place, names)),
    jsonFile('queue.json', queue(place, names)),
    jsonFile('figures.json', storeFigures(place, names)),
    logFile(lines, names, (more) => (rows += more)),
    ...LOG_FILES.flatMap((name, index) =>
      programLog(join(logFolder(where.dataFolder), name), index === 0 ? 'program.log' : `program.${index}.log`, names),
    ),
  ];
  const scrub = makeScrub([...secretTexts(place.secrets.all()), ...secretVariables(place.env, tokenVariables(place))]);
  return { contents: files.map((file) => file.name), pieces: zipped(files, scrub), rows: () => rows };
}

function tokenVariables({ store }: Workplace): string[] {
  return store.clients.all().flatMap((client) => {
    const kept = credentialsSchema.safeParse(client.credentials).data;
    return kept?.kind === 'token-env' ? [kept.variable] : [];
  });
}

function readme(hideNames: boolean): SharedFile {
  return {
    name: 'README.txt',
    async *pieces() {
      yield [
        'What Docktide did, for somebody who helps.',
        '',
        'log.jsonl      what was done, one line each        program.log    errors and times of the program itself',
        'plan.json      what the last pass planned          queue.json     what is waiting, held, failed or done',
        'clients.json   how the Dropbox accounts are        settings.json  how Docktide is set up',
        'figures.json   how much there is                   versions.json  of the program and this computer',
        '',
        'There are no tokens, passwords or app secrets in it, no links, and no documents.',
        hideNames
          ? 'Names of documents, folders, records, clients and people are replaced: the same name by the same sign.'
          : 'Names of documents, folders and records are in it. "docktide log share --hide-names" replaces them.',
        '',
      ].join('\n');
    },
  };
}

function versions({ store, clock }: Workplace): unknown {
  const sqlite = store.db.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get();
  return {
    docktide: programVersion(),
    made: iso(clock.now()),
    node: process.versions.node,
    electron: process.versions['electron'] ?? null,
    sqlite: sqlite?.version ?? null,
    schema: Number(store.db.pragma('user_version', { simple: true })),
    platform: process.platform,
    release: release(),
    arch: process.arch,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
  };
}

function settings({ store, documents }: Workplace, { tokensKept }: Where, names: Names): unknown {
  return {
    documents: names.text(documents),
    tokensKept: tokensKept(),
    log: logKeep(store),
    ignored: store.keeping.ignorePatterns().map((pattern) => names.path(pattern)),
    keep: store.keeping.keeps().map(({ path, value }) => ({ path: names.path(path), keep: keepText(value) })),
    flow: store.keeping.flows().map(({ path, value }) => ({ path: names.path(path), flow: value })),
    types: store.catalog.types().map(({ name, records }) => ({ type: names.name(name), records })),
    rules: store.catalog.rules().map((rule) => ({
      type: names.name(rule.type),
      client: rule.client === null ? null : names.name(rule.client),
      filtered: rule.filter !== null,
      subfolders: rule.subfolders.length,
      below: rule.parentRuleId,
    })),
  };
}

function clients({ store, secrets }: Workplace, names: Names): unknown {
  return store.clients.all().map((client) => {
    const row = store.sync.client(client.id);
    const kept = credentialsSchema.safeParse(client.credentials).data;
    const account = accountOf(client);
    const counts = row === null ? null : clientView(store, row);
    return {
      name: names.name(client.name),
      root: names.path(client.root),
      state: client.state,
      reason: client.reason,
      lastSync: client.lastSync === null ? null : iso(client.lastSync),
      pending: counts?.pending,
      held: counts?.held,
      failed: counts?.failed,
      conflicts: counts?.conflicts,
      links: client.links,
      rootKnown: client.rootId !== null,
      login: kept?.kind ?? null,
      loginKept: kept?.kind === 'token-env' ? null : secrets.has(`client-${client.id}`),
      scopes: kept?.kind === 'app-key' ? (kept.scopes ?? null) : null,
      team: kept?.teamMemberEmail !== undefined,
      teamSpace: kept?.teamSpace ?? false,
      account: account?.kind ?? null,
      space: spaceOf(client),
    };
  });
}

/** Open tasks in the order of the last plan, with what the planner wanted. */
function lastPlan({ store }: Workplace, names: Names): unknown {
  return store.sync.clients().map((client) => ({
    client: names.name(client.name),
    operations: store.sync.openTasks(client.id).map((task) => ({
      id: task.id,
      kind: task.kind,
      direction: task.direction,
      priority: task.priority,
      path: names.path(task.path),
      from: names.pathOrNull(task.fromPath),
      reason: names.text(task.reason, [task.path, task.fromPath]),
      held: task.state === 'held',
      bytes: task.bytes,
    })),
  }));
}

function queue({ store }: Workplace, names: Names): unknown {
  const clientNames = new Map(store.sync.clients().map((client) => [client.id, client.name]));
  const open = store.sync.clients().flatMap((client) => store.sync.openTasks(client.id));
  const finished = store.listing.queue({ finished: true, limit: open.length + FINISHED_TASKS }).slice(open.length);
  return [...open, ...finished].map((task) => {
    const view = taskView(task, clientNames.get(task.clientId) ?? '');
    const known = [view.path, view.from, view.client];
    return {
      ...view,
      client: names.name(view.client),
      path: names.path(view.path),
      from: names.pathOrNull(view.from),
      reason: names.text(view.reason, known),
      error: view.error === null ? null : names.text(view.error, known),
      errorCode: task.errorCode,
    };
  });
}

function storeFigures({ store, clock }: Workplace, names: Names): unknown {
  const parts = FIGURE_PARTS.filter((part) => ['storage', 'extensions', 'activity', 'queue', 'links'].includes(part));
  const view = figures({ store, now: clock.now(), spaceOf: () => null }, parts);
  const duplicates = figures({ store, now: clock.now(), spaceOf: () => null }, ['duplicates'], { top: 0 }).duplicates;
  return {
    ...view,
    queue: view.queue.map((row) => ({ ...row, client: names.name(row.client) })),
    duplicates: { groups: duplicates.groups, files: duplicates.files, wasted: duplicates.wasted },
  };
}
