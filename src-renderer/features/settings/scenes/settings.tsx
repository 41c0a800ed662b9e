// The settings, part by part: usual, in trouble, empty, failing.

import type { Account, Catalog, TypeUse } from '../../../../src-shared/ipc/settings.ts';
import { before, office } from '../../../gallery/company.ts';
import { found, Refusal, typeInto, type Scene } from '../../../gallery/scene.ts';

const ACCOUNTS: readonly Account[] = [
  {
    client: office,
    reasonText: null,
    account: { name: 'Ada Example', email: 'ada@example.com', kind: 'business', team: 'Example Ltd' },
    space: { used: 412e9, allowed: 2_000e9 },
    missingScopes: [],
    login: 'app-key',
    tokenKept: 'keyring',
    links: 'on-request',
    notices: ['disconnected', 'failed', 'held'],
  },
  {
    client: {
      ...office,
      name: 'Berlin',
      state: 'disconnected',
      reason: 'permission-missing',
      lastSync: before(4_000),
    },
    reasonText:
      'The Dropbox app lacks a permission. Tick it under Permissions in the Dropbox App Console, then connect the client again.',
    account: { name: 'Bo Example', email: 'bo@example.com', kind: 'basic', team: null },
    space: { used: 1.9e9, allowed: null },
    missingScopes: ['files.content.write', 'sharing.write'],
    login: 'app-key',
    tokenKept: 'owner-only-file',
    links: 'off',
    notices: [],
  },
];

const CATALOG: Catalog = {
  types: [
    { name: 'sale.order', label: 'Quotations', records: 1_204 },
    { name: 'project.project', label: 'Projects', records: 88 },
  ],
  rules: [
    {
      id: 1,
      type: 'sale.order',
      client: 'Office',
      filter: 'state=sent',
      pattern: '{ref} {name}',
      subfolders: ['Contracts', 'Drawings'],
    },
    { id: 2, type: 'project.project', client: 'Office', filter: null, pattern: '{name}', subfolders: [] },
  ],
};

const rules = (catalog: Catalog) => ({
  'catalog.view': () => catalog,
  'rule.preview': ({ filter, pattern }: { readonly filter: string; readonly pattern: string }) => ({
    matched: filter === '' ? 1_204 : 812,
    total: 1_204,
    folders: [
      ['SO001', 'Müller'],
      ['SO002', 'Smith'],
      ['SO003', 'Grüße'],
    ].map(([ref = '', name = '']) => pattern.replace('{ref}', ref).replace('{name}', name)),
    problem: null,
  }),
});

const use = (records: number): TypeUse => ({
  name: 'sale.order',
  label: 'Quotations',
  records,
  rules: 1,
  folders: ['Quotations'],
  documents: 3_412,
});

export const scenes: readonly Scene[] = [
  {
    id: 'settings-accounts',
    title: 'Accounts, one in trouble',
    screen: 'settings',
    app: { clients: ACCOUNTS.map(({ client }) => client) },
    answers: { 'settings.accounts': () => [...ACCOUNTS] },
  },
  {
    id: 'settings-remove',
    title: 'Removing an account is asked once more',
    screen: 'settings',
    answers: { 'settings.accounts': () => [...ACCOUNTS] },
    after: async () => (await found('button', 'Remove…')).click(),
  },
  {
    id: 'settings-token',
    title: 'A new token that is of another account',
    screen: 'settings',
    answers: {
      'settings.accounts': () => ACCOUNTS.slice(0, 1).map((one) => ({ ...one, login: 'access-token' as const })),
      'client.token': () => {
        throw new Refusal(
          'other-account',
          'The token is that of Bo Example (bo@example.com), but the client "Office" keeps its documents in the Dropbox of ' +
            'Ada Example (ada@example.com). Make a token there; for another account bring everything back first ' +
            '(docktide client reset "Office"), or add another client.',
        );
      },
    },
    after: async () => {
      (await found('button', 'New token…')).click();
      const field = await found<HTMLInputElement>('dialog[open] input');
      typeInto(field, 'sl.of-another-account');
      (await found('[type=submit]', 'Use this token')).click();
    },
  },
  {
    id: 'settings-connect',
    title: 'Connecting another account',
    screen: 'settings',
    answers: { 'settings.accounts': () => [] },
    after: async () => (await found('button', 'Connect another account…')).click(),
  },
  {
    id: 'settings-rules',
    title: 'Types and rules',
    screen: 'settings',
    params: { part: 'rules' },
    answers: rules(CATALOG),
  },
  {
    id: 'settings-rules-none',
    title: 'No rule and no type',
    screen: 'settings',
    params: { part: 'rules' },
    answers: rules({ types: [], rules: [] }),
  },
  {
    id: 'settings-rules-wrong',
    title: 'A filter that cannot be read',
    screen: 'settings',
    params: { part: 'rules' },
    answers: {
      ...rules(CATALOG),
      'rule.preview': () => ({ matched: 0, total: 1_204, folders: [], problem: 'At position 7 a value is missing.' }),
    },
  },
  {
    id: 'settings-rule-edit',
    title: 'A rule is changed',
    screen: 'settings',
    params: { part: 'rules' },
    answers: rules(CATALOG),
    after: async () => (await found('button', 'Edit…')).click(),
  },
  {
    id: 'settings-rule-remove',
    title: 'A rule is removed',
    screen: 'settings',
    params: { part: 'rules' },
    answers: rules(CATALOG),
    after: async () => (await found('button', 'Remove the rule for Quotations')).click(),
  },
  {
    id: 'settings-type-rename',
    title: 'A document type is renamed, with its folder',
    screen: 'settings',
    params: { part: 'rules' },
    answers: { ...rules(CATALOG), 'catalog.typeUse': () => use(1_204) },
    after: async () => (await found('button', 'Rename the document type Quotations')).click(),
  },
  {
    id: 'settings-type-remove',
    title: 'What stays and what goes with a document type',
    screen: 'settings',
    params: { part: 'rules' },
    answers: { ...rules(CATALOG), 'catalog.typeUse': () => use(0) },
    after: async () => (await found('button', 'Remove the document type Quotations')).click(),
  },
  {
    id: 'settings-type-in-use',
    title: 'A document type with records stays',
    screen: 'settings',
    params: { part: 'rules' },
    answers: { ...rules(CATALOG), 'catalog.typeUse': () => use(1_204) },
    after: async () => (await found('button', 'Remove the document type Quotations')).click(),
  },
  {
    id: 'settings-folders',
    title: 'Folders of people, and folders set apart',
    screen: 'settings',
    params: { part: 'folders' },
    answers: {
      'folder.assigned': () => [
        { path: 'General', client: 'Office', files: 812, bytes: 4.1e9 },
        { path: 'Marketing/Photos', client: 'Office', files: 3_204, bytes: 61e9 },
      ],
      'folder.policies': () => [
        { path: 'Archive', keep: 'links', flow: null },
        { path: 'General/Catalogues', keep: 'days:7', flow: 'up' },
      ],
    },
  },
  {
    id: 'settings-folders-none',
    title: 'No folder set apart',
    screen: 'settings',
    params: { part: 'folders' },
    answers: { 'folder.policies': () => [], 'folder.assigned': () => [] },
  },
  {
    id: 'settings-sync',
    title: 'Schedule, limits of the line, room',
    screen: 'settings',
    params: { part: 'sync' },
    answers: {
      'schedule.view': () => ({ minutes: 15 }),
      'bandwidth.view': () => ({ up: 500_000, down: null }),
      'free.preview': () => ({ files: 1_204, bytes: 6.1e9 }),
    },
  },
  {
    id: 'settings-notifications',
    title: 'Notifications of two accounts',
    screen: 'settings',
    params: { part: 'notifications' },
    app: { clients: ['Office', 'Berlin'].map((name) => ({ ...office, name })) },
    answers: { 'settings.accounts': () => [...ACCOUNTS] },
  },
  {
    id: 'settings-log',
    title: 'How long the log is kept',
    screen: 'settings',
    params: { part: 'log' },
    answers: { 'log.keep': () => ({ days: 180, megabytes: 200 }) },
  },
  {
    id: 'settings-secret',
    title: 'The secret of a Dropbox app',
    screen: 'settings',
    answers: { 'settings.accounts': () => [...ACCOUNTS] },
    after: async () => (await found('button', 'App secret…')).click(),
  },
  {
    id: 'settings-ignored',
    title: 'Patterns',
    screen: 'settings',
    params: { part: 'ignored' },
    answers: {
      'ignore.list': () => ['*.bak', '/Private/'],
      'ignore.check': () => ({
        path: 'Projects/plan.bak',
        why: { kind: 'pattern' as const, pattern: '*.bak' },
      }),
    },
    after: async () => {
      const field = await found<HTMLInputElement>('main input');
      typeInto(field, 'Projects/plan.bak');
      await found('p', 'is not synced');
    },
  },
  {
    id: 'settings-fails',
    title: 'The settings cannot be read',
    screen: 'settings',
    params: { part: 'ignored' },
    answers: {
      'ignore.list': () => {
        throw new Refusal('database-corrupt', 'The database cannot be read. Restore a backup.');
      },
    },
  },
  {
    id: 'settings-computer',
    title: 'Language, colours, start, quick drop',
    screen: 'settings',
    params: { part: 'appearance' },
    answers: {
      'startup.view': () => ({ available: true, on: true }),
      'quickDrop.view': () => ({
        shortcut: 'CommandOrControl+Shift+D',
        standard: 'CommandOrControl+Shift+Space',
        problem: 'taken' as const,
      }),
    },
  },
  { id: 'settings-about', title: 'About', screen: 'settings', params: { part: 'about' } },
];
