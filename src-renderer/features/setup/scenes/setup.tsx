// The first run in its states: the folder, each step in Dropbox's console, the form, the login, and the ready-made sets.

import type { AppView } from '../../../../src-shared/ipc/app.ts';
import type { DocumentsChoice, SetView } from '../../../../src-shared/ipc/setup.ts';
import { SET_IDS, typesOf } from '../../../../src-shared/type-sets.ts';
import { createWords } from '../../../../src-shared/words/words.ts';
import { usualApp, type office } from '../../../gallery/company.ts';
import { found, never, Refusal, type Scene } from '../../../gallery/scene.ts';

const first: Partial<AppView> = {
  phase: 'first-run',
  clients: [],
  redirectAddresses: [53682, 53683, 53684].map((port) => `http://localhost:${port}/dropbox`),
};
const at = (step: string) => ({ 'setup.progress': { documents: usualApp.documents, step } });

const CHOICE: DocumentsChoice = {
  documents: usualApp.documents,
  exists: true,
  files: 1_204,
  folders: 87,
  more: false,
  free: 182_400_000_000,
  problem: null,
  settled: false,
};
const folder = (part: Partial<DocumentsChoice> = {}) => ({ 'setup.folder': () => ({ ...CHOICE, ...part }) });

const set = ({ language }: { language: string }): SetView[] => {
  const words = createWords(language);
  const t = (key: string): string => words.t(key);
  return SET_IDS.map((id) => ({
    id,
    title: t(`sets.title.${id}`),
    types: typesOf(id, t).map((type) => ({ ...type, subfolders: [...type.subfolders], present: false })),
  }));
};
const connected = {
  'sets.view': set,
  'account.card': () => ({
    name: 'Anna Example',
    email: 'anna@example.com',
    kind: 'pro' as const,
    team: null,
    space: { used: 41_200_000_000, allowed: 2_199_023_255_552 },
  }),
  'account.photo': () => ({ image: null }),
};
const tick = async (name: string): Promise<void> => (await found(`input[aria-label="${name}"]`)).click();
const guide = async (index: number): Promise<void> => {
  (await found(`ol li:nth-child(${index}) button`)).click();
  await found(`ol li:nth-child(${index}) button[aria-current="step"]`);
};
const waits = { 'setup.init': () => ({ ...usualApp, ...first }), 'client.connect': () => never<typeof office>() };

const dropbox = { app: first, kept: at('dropbox') };
const types = { kept: at('types') };

export const scenes: readonly Scene[] = [
  { id: 'setup-start', title: 'The first start: the documents folder', app: first, answers: folder() },
  {
    id: 'setup-folder-new',
    title: 'A folder that is not there yet, on a full disk',
    app: first,
    answers: folder({ exists: false, files: 0, folders: 0, free: 1_200_000_000 }),
  },
  {
    id: 'setup-folder-bad',
    title: 'A folder that cannot be the documents folder',
    app: first,
    answers: folder({
      problem: {
        code: 'inside-dropbox',
        message:
          'The folder lies in the one that Dropbox’s own program syncs (/home/ada/Dropbox). Choose a folder outside of it.',
      },
    }),
  },
  {
    id: 'setup-folder-loading',
    title: 'The folder is looked at',
    app: first,
    answers: { 'setup.folder': () => never() },
  },
  {
    id: 'setup-folder-fails',
    title: 'The folder cannot be looked at',
    app: first,
    answers: {
      'setup.folder': () => {
        throw new Refusal('internal', 'The disk does not answer. Plug it in again.');
      },
    },
  },
  { ...dropbox, id: 'setup-guide-create', title: 'Dropbox: open the console' },
  { ...dropbox, id: 'setup-guide-access', title: 'Dropbox: scoped access', after: () => guide(2) },
  { ...dropbox, id: 'setup-guide-type', title: 'Dropbox: full Dropbox', after: () => guide(3) },
  { ...dropbox, id: 'setup-guide-name', title: 'Dropbox: the name', after: () => guide(4) },
  { ...dropbox, id: 'setup-guide-redirect', title: 'Dropbox: redirect addresses', after: () => guide(5) },
  { ...dropbox, id: 'setup-guide-permissions', title: 'Dropbox: permissions', after: () => guide(6) },
  { ...dropbox, id: 'setup-guide-submit', title: 'Dropbox: submit', after: () => guide(7) },
  { ...dropbox, id: 'setup-form', title: 'The form', after: () => guide(8) },
  {
    ...dropbox,
    id: 'setup-form-wrong',
    title: 'The form, with a team and what is wrong said beside each field',
    kept: {
      ...at('dropbox'),
      'setup.draft': { name: '', root: 'ERP./x', method: 'app-key', appKey: 'a key', team: true, email: 'anna' },
    },
    after: async () => {
      await guide(8);
      (await found('button[type="submit"]')).click();
      await found('[aria-invalid="true"]');
    },
  },
  {
    id: 'setup-waiting',
    title: 'The login waits in the browser',
    app: { ...first, loginWaits: true },
    kept: {
      ...at('dropbox'),
      'setup.draft': {
        name: 'Office',
        root: 'ERP Documents',
        method: 'app-key',
        appKey: 'a1b2c3d4e5f6g7h',
        team: false,
        email: '',
      },
    },
    answers: waits,
    after: async () => {
      await guide(8);
      (await found('button[type="submit"]')).click();
      await found('form [role="status"]');
    },
  },
  ...(['interrupted', 'login-timeout'] as const).map((code): Scene => ({
    id: `setup-${code}`,
    title: code === 'interrupted' ? 'The login was cancelled' : 'Nobody agreed in time',
    app: first,
    kept: {
      ...at('dropbox'),
      'setup.draft': {
        name: 'Office',
        root: 'ERP',
        method: 'app-key',
        appKey: 'a1b2c3d4e5f6g7h',
        team: false,
        email: '',
      },
    },
    answers: {
      ...waits,
      'client.connect': () => {
        throw new Refusal(code, 'Nobody agreed in the browser in time. Start the connection again.');
      },
    },
    after: async () => {
      await guide(8);
      (await found('button[type="submit"]')).click();
      await found('form [role="status"], form [role="alert"]');
    },
  })),
  {
    ...types,
    id: 'setup-types',
    title: 'Ready-made sets, two of them chosen',
    answers: connected,
    after: async () => {
      const [sales = '', , , , projects = ''] = set({ language: document.documentElement.lang }).map(
        ({ title }) => title,
      );
      await tick(sales);
      await tick(projects);
    },
  },
  { ...types, id: 'setup-types-none', title: 'Ready-made sets, none chosen', answers: connected },
  {
    ...types,
    id: 'setup-types-present',
    title: 'Some types are there already',
    answers: {
      ...connected,
      'sets.view': ({ language }: { language: string }) =>
        set({ language }).map((one) => ({
          ...one,
          types: one.types.map((type) => ({ ...type, present: type.name === 'sale.order' })),
        })),
    },
    after: async () => {
      await tick(set({ language: document.documentElement.lang })[0]?.title ?? '');
    },
  },
  {
    ...types,
    id: 'setup-types-fails',
    title: 'The sets cannot be read',
    answers: {
      'sets.view': () => {
        throw new Refusal('database-corrupt', 'The database cannot be read. Restore a backup.');
      },
    },
  },
];
