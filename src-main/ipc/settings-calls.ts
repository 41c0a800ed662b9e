// Settings of the document store: accounts, types and rules, folders, ignore patterns, what people are told.

import type { z } from 'zod';
import type { accountSchema, RulePreview, settingsCalls } from '../../src-shared/ipc/settings.ts';
import { parsePattern, patternName } from '../../src-shared/folder-pattern.ts';
import { matchesFilter, parseFilter } from '../../src-shared/rule-filter.ts';
import type { DocktideService } from '../app/docktide.ts';
import type { RecordView, TypeUse } from '../app/service.ts';
import { done, serviceOf, type CallParts, type HandlersOf } from './parts.ts';

/** Folders that a preview of a rule shows. */
const PREVIEW_FOLDERS = 60;
const NO_FILTER = '';

/** The login is with the others, in setup-calls.ts: one at a time, and it can be given up. */
type Calls = Omit<typeof settingsCalls, 'client.reconnect'>;

export function settingsHandlers(parts: CallParts): HandlersOf<Calls> {
  const service = serviceOf(parts);
  return {
    'settings.accounts': async ({ ask }) =>
      Promise.all(
        service()
          .clients()
          .map(({ name }) => accountOf(service(), name, ask)),
      ),
    'client.token': async ({ name, token }) => {
      const client = await service().replaceToken(name, token);
      await parts.workspace.watch();
      parts.state.changed();
      return client;
    },
    'client.remove': async ({ name }) => done([service().removeClient(name), parts.state.changed()]),
    'client.reset': async ({ name }) => done([service().resetClient(name), parts.state.changed()]),
    'client.links': async ({ name, mode }) => done(service().setLinks(name, mode)),
    'client.notices': async ({ name, kinds }) => done(service().subscribeTo(name, kinds)),

    'catalog.view': async () => ({
      types: [...service().types()],
      rules: service()
        .rules()
        .map((rule) => ({ ...rule, subfolders: [...rule.subfolders] })),
    }),
    'catalog.addType': async ({ name, label }) => service().addType(name, label),
    'catalog.typeUse': async ({ name }) => useOf(service().typeUse(name)),
    'catalog.renameType': async ({ name, newName, label }) => {
      const use = await service().renameType(name, { name: newName, label });
      parts.state.changed();
      return useOf(use);
    },
    'catalog.removeType': async ({ name }) => {
      const use = await service().removeType(name);
      parts.state.changed();
      return useOf(use);
    },
    'rule.preview': async ({ type, filter, pattern }) => previewOf(service().records(type), filter, pattern),
    'rule.add': async ({ type, client, filter, pattern, subfolders }) => {
      const rule = await service().addRule(type, client, {
        subfolders,
        ...(filter.trim() === NO_FILTER ? {} : { filter }),
        ...(pattern.trim() === '' ? {} : { pattern }),
      });
      parts.state.changed();
      return { ...rule, subfolders: [...rule.subfolders] };
    },
    'rule.update': async ({ id, filter, pattern, subfolders, existing }) => {
      const rule = await service().updateRule(id, {
        filter,
        subfolders,
        existing,
        ...(pattern.trim() === '' ? {} : { pattern }),
      });
      parts.state.changed();
      return { ...rule, subfolders: [...rule.subfolders] };
    },
    'rule.remove': async ({ id }) => done([await service().removeRule(id), parts.state.changed()]),
    'rule.setClient': async ({ type, client }) => ({ folders: service().setRuleClient(type, client).length }),

    'folder.assigned': async () =>
      service()
        .folders()
        .map(({ path, client }) => {
          const files = service()
            .list(path)
            .filter((one) => one.kind === 'file');
          return { path, client, files: files.length, bytes: files.reduce((sum, one) => sum + (one.size ?? 0), 0) };
        }),
    'folder.assign': async ({ path, client }) => done([await service().addFolder(path, client), parts.state.changed()]),
    'folder.setClient': async ({ path, client }) => ({ folders: service().setFolderClient(path, client).length }),
    'folder.policies': async () => [...service().folderPolicies()],
    'folder.setPolicy': async ({ path, keep, flow }) => {
      let view = flow === undefined ? null : service().setFolderFlow(path, flow);
      if (keep !== undefined) view = service().setFolderKeep(path, keep);
      return view ?? { path, keep: null, flow: null };
    },
    'bandwidth.view': async () => service().bandwidth(),
    'bandwidth.set': async ({ up, down }) =>
      service().setBandwidth({ ...(up !== undefined && { up }), ...(down !== undefined && { down }) }),
    'ignore.check': async ({ path, patterns }) => service().checkIgnored(path, patterns),
    'schedule.view': async () => service().schedule(),
    'schedule.set': async ({ minutes }) => service().setSchedule(minutes),
    'client.appSecret': async ({ name, secret }) => done(service().setAppSecret(name, secret)),
    'free.preview': async () => {
      const documents = (await service().free({ dryRun: true })).filter((one) => one.result !== 'kept');
      return { files: documents.length, bytes: documents.reduce((sum, one) => sum + one.size, 0) };
    },
    'ignore.list': async () => [...service().ignorePatterns()],
    'ignore.set': async ({ patterns }) => [...service().setIgnorePatterns(patterns)],
  };
}

function useOf(use: TypeUse): z.infer<(typeof settingsCalls)['catalog.typeUse']['result']> {
  return { ...use, folders: [...use.folders] };
}

async function accountOf(service: DocktideService, name: string, ask: boolean): Promise<z.infer<typeof accountSchema>> {
  const status = await service.clientStatus(name, { offline: !ask });
  const [client] = service.clients().filter((one) => one.name === name);
  return {
    client: client ?? status,
    reasonText: status.reasonText,
    account: status.account,
    space: status.space,
    missingScopes: [...status.missingScopes],
    login: status.login.kind,
    tokenKept: status.tokenKept.kind,
    links: service.linksOf(name).mode,
    notices: [...(service.subscriptions().find((one) => one.client === name)?.kinds ?? [])],
  };
}

/** As the rule itself would be read; what is wrong is a sentence, so that it can be shown while it is typed. */
function previewOf(records: readonly RecordView[], filter: string, pattern: string): RulePreview {
  const kept = records.filter((record) => !record.archived);
  const none = { matched: 0, total: kept.length, folders: [] };
  const parsedFilter = parseFilter(filter);
  if (!parsedFilter.ok) return { ...none, problem: parsedFilter.message };
  const parsedPattern = parsePattern(pattern.trim() === '' ? '{name}' : pattern);
  if (!parsedPattern.ok) return { ...none, problem: parsedPattern.message };
  const fields = ({ ref, name, fields: own }: RecordView) => ({ ...own, ref, name });
  const matched = kept.filter((record) => matchesFilter(parsedFilter.expression, fields(record)));
  return {
    matched: matched.length,
    total: kept.length,
    folders: matched.slice(0, PREVIEW_FOLDERS).map((record) => patternName(parsedPattern.parts, fields(record))),
    problem: null,
  };
}
