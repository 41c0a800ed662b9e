// The dashboard: all well, a company in trouble, nothing yet, figures that cannot be had.

import type { Bucket, Figures } from '../../../../src-shared/ipc/dashboard.ts';
import type { BackupLine } from '../../../../src-shared/ipc/backups.ts';
import type { AppView } from '../../../../src-shared/ipc/app.ts';
import { before, office as usualOffice, usualApp } from '../../../gallery/company.ts';
import { found, never, Refusal, type Scene } from '../../../gallery/scene.ts';

const HOUR = 60;
const DAY = 24 * HOUR;

function buckets(count: number, minutes: number): Bucket[] {
  return Array.from({ length: count }, (_, index) => {
    const wave = Math.round(18 + 14 * Math.sin(index * 1.7));
    return {
      start: before((count - index) * minutes),
      uploads: wave,
      downloads: Math.round(wave / 3),
      bytesUp: wave * 1_400_000,
      bytesDown: wave * 500_000,
      errors: 0,
    };
  });
}

const amount = (files: number, bytes: number) => ({ files, bytes });

const WORKING: Figures = {
  storage: {
    documents: amount(12_480, 48.2e9),
    local: amount(9_320, 21.4e9),
    freed: amount(3_160, 26.8e9),
    freeable: amount(1_204, 6.1e9),
    unassigned: amount(12, 4e6),
  },
  clients: [
    {
      name: 'Office',
      state: 'connected',
      lastSync: before(2),
      health: 'good',
      problems: [],
      space: { used: 412e9, allowed: 2_000e9, team: null, askedAt: before(30) },
      documents: amount(12_000, 46e9),
      pending: 0,
      held: 0,
      failed: 0,
      conflicts: 0,
    },
    {
      name: 'Berlin',
      state: 'connected',
      lastSync: before(4),
      health: 'working',
      problems: [],
      space: { used: 12e9, allowed: 5_000e9, team: { used: 1_912e9, allowed: 5_000e9 }, askedAt: before(30) },
      documents: amount(480, 2.2e9),
      pending: 14,
      held: 0,
      failed: 0,
      conflicts: 0,
    },
  ],
  types: [
    { type: 'sale.order', label: 'Quotations', ...amount(6_010, 22e9) },
    { type: 'project.project', label: 'Projects', ...amount(2_400, 17e9) },
    { type: 'account.move', label: 'Invoices', ...amount(3_200, 5.1e9) },
    { type: null, label: null, ...amount(870, 4.1e9) },
    { type: 'hr.employee', label: 'Employees', ...amount(310, 0.9e9) },
  ],
  records: [
    { record: 'project.project/P7', name: 'P7 Harbour hall', folder: 'Projects/P7 Harbour hall', ...amount(210, 6e9) },
    { record: 'sale.order/SO114', name: 'SO114 Smith', folder: 'Quotations/SO114 Smith', ...amount(44, 2.1e9) },
    { record: 'sale.order/SO009', name: 'SO009 Müller', folder: null, ...amount(31, 1.4e9) },
    { record: 'project.project/P2', name: 'P2 Hotel Alster', folder: 'Projects/P2 Hotel Alster', ...amount(88, 1.1e9) },
    { record: 'sale.order/SO071', name: 'SO071 Winter', folder: 'Quotations/SO071 Winter', ...amount(26, 0.8e9) },
  ],
  extensions: [
    { extension: 'dwg', ...amount(1_100, 19e9) },
    { extension: 'pdf', ...amount(7_400, 14e9) },
    { extension: 'jpg', ...amount(2_900, 11e9) },
    { extension: 'xlsx', ...amount(900, 2.4e9) },
    { extension: '', ...amount(12, 3e6) },
  ],
  largest: [
    {
      id: 1,
      path: 'Projects/P7 Harbour hall/Film of the site.mp4',
      size: 3.1e9,
      local: false,
      usedAt: before(90 * DAY),
    },
    { id: 2, path: 'Projects/P7 Harbour hall/Model.rvt', size: 1.8e9, local: true, usedAt: before(2 * DAY) },
    { id: 3, path: 'Quotations/SO114 Smith/Scan of all drawings.pdf', size: 0.9e9, local: true, usedAt: before(DAY) },
    { id: 9, path: 'General/Catalogue 2026, for print.pdf', size: 0.6e9, local: true, usedAt: before(9 * DAY) },
    { id: 10, path: 'Projects/P2 Hotel Alster/Photos.zip', size: 0.4e9, local: false, usedAt: before(40 * DAY) },
  ],
  oldest: [
    { id: 4, path: 'Archive/2014/Inventory.xls', size: 1.2e6, local: true, usedAt: before(3_900 * DAY) },
    { id: 5, path: 'Archive/2015/Catalogue.pdf', size: 88e6, local: true, usedAt: before(3_600 * DAY) },
    { id: 11, path: 'Archive/2017/Fair, stand.dwg', size: 31e6, local: true, usedAt: before(3_100 * DAY) },
  ],
  activity: { hours: buckets(24, HOUR), days: buckets(14, DAY), months: buckets(12, 30 * DAY) },
  links: { count: 37 },
  duplicates: {
    groups: 61,
    files: 140,
    wasted: 820e6,
    top: [
      {
        hash: 'a',
        size: 44e6,
        files: 4,
        wasted: 132e6,
        places: [
          { id: 7, path: 'General/Catalogue 2026.pdf' },
          { id: 8, path: 'Quotations/SO114 Smith/Catalogue 2026.pdf' },
        ],
      },
      {
        hash: 'b',
        size: 61e6,
        files: 2,
        wasted: 61e6,
        places: [
          { id: 12, path: 'General/Fair 2025.mp4' },
          { id: 13, path: 'Archive/2025/Fair 2025.mp4' },
        ],
      },
      {
        hash: 'c',
        size: 18e6,
        files: 3,
        wasted: 36e6,
        places: [
          { id: 14, path: 'Projects/P7 Harbour hall/Site plan.dwg' },
          { id: 15, path: 'Quotations/SO114 Smith/Site plan.dwg' },
        ],
      },
    ],
  },
};

const [office, berlin] = WORKING.clients as [Figures['clients'][number], Figures['clients'][number]];
/** Everything is where it should be. */
const FIGURES: Figures = { ...WORKING, clients: [office, { ...berlin, health: 'good', pending: 0 }] };
const TROUBLE: Figures = {
  ...FIGURES,
  clients: [
    { ...office, health: 'attention', problems: ['held', 'failed', 'conflicts'], held: 141, failed: 2, conflicts: 1 },
    {
      ...berlin,
      state: 'disconnected',
      health: 'attention',
      problems: ['disconnected', 'nearly-full'],
      space: { used: 12e9, allowed: 5_000e9, team: { used: 4_912e9, allowed: 5_000e9 }, askedAt: before(30) },
      lastSync: null,
    },
    { ...berlin, name: 'Warehouse', health: 'stopped', state: 'paused', space: null },
  ],
  activity: {
    ...FIGURES.activity,
    days: FIGURES.activity.days.map((day, index) => ({ ...day, errors: index === 12 ? 3 : 0 })),
  },
};

const NOTHING: Figures = {
  ...FIGURES,
  storage: {
    documents: amount(0, 0),
    local: amount(0, 0),
    freed: amount(0, 0),
    freeable: amount(0, 0),
    unassigned: amount(0, 0),
  },
  clients: [],
};

const EMPTY_CLIENT: Figures = {
  ...NOTHING,
  clients: [{ ...office, lastSync: null, documents: amount(0, 0) }],
  types: [],
  records: [],
  extensions: [],
  largest: [],
  oldest: [],
  links: { count: 0 },
  duplicates: { groups: 0, files: 0, wasted: 0, top: [] },
  activity: {
    hours: [],
    days: FIGURES.activity.days.map((day) => ({ ...day, uploads: 0, downloads: 0, bytesUp: 0, bytesDown: 0 })),
    months: [],
  },
};

const BACKUPS: readonly BackupLine[] = [0, 1, 2].map((days) => ({
  id: `backup-${days}`,
  madeAt: before(days * DAY + 9 * HOUR),
  size: 41_204_118,
  state: 'verified',
  verifiedAt: before(days * DAY + 9 * HOUR),
  error: null,
  encrypted: true,
  where: 'dropbox',
  client: 'Office',
  cause: 'schedule',
  content: null,
}));

const shown = (figures: Figures) => ({ 'dashboard.figures': () => figures });

/** What the frame around the figures says of the same accounts. */
function frameOf({ storage, clients }: Figures): Partial<AppView> {
  const sum = (key: 'pending' | 'held' | 'failed' | 'conflicts') => clients.reduce((all, one) => all + one[key], 0);
  return {
    clients: clients.map(({ name, state, lastSync, pending, held, failed, conflicts }) => ({
      ...usualOffice,
      name,
      state,
      reason: state === 'disconnected' ? 'login-revoked' : state === 'paused' ? 'paused-by-person' : null,
      lastSync,
      pending,
      held,
      failed,
      conflicts,
    })),
    counts: {
      ...usualApp.counts,
      files: storage.documents.files,
      bytes: storage.documents.bytes,
      pending: sum('pending'),
      held: sum('held'),
      failed: sum('failed'),
      conflicts: sum('conflicts'),
    },
    passing: clients.flatMap(({ name, health }) => (health === 'working' ? [name] : [])),
  };
}

export const scenes: readonly Scene[] = [
  {
    id: 'dashboard-good',
    title: 'All well',
    screen: 'dashboard',
    app: frameOf(FIGURES),
    answers: shown(FIGURES),
    lists: { backups: BACKUPS },
  },
  {
    id: 'dashboard-working',
    title: 'Documents are on their way',
    screen: 'dashboard',
    app: frameOf(WORKING),
    answers: shown(WORKING),
    lists: { backups: BACKUPS },
  },
  {
    id: 'dashboard-trouble',
    title: 'Three accounts in trouble',
    screen: 'dashboard',
    app: frameOf(TROUBLE),
    answers: shown(TROUBLE),
    lists: { backups: BACKUPS },
  },
  {
    id: 'dashboard-duplicates',
    title: 'A document that is kept more than once',
    screen: 'dashboard',
    answers: shown(FIGURES),
    after: async () => {
      (await found('button', 'Catalogue 2026.pdf')).click();
      await found('button', 'Delete the other one');
    },
  },
  { id: 'dashboard-new', title: 'Connected, no documents yet', screen: 'dashboard', answers: shown(EMPTY_CLIENT) },
  { id: 'dashboard-nothing', title: 'Nothing yet', screen: 'dashboard', answers: shown(NOTHING) },
  { id: 'dashboard-waits', title: 'Still counting', screen: 'dashboard', answers: { 'dashboard.figures': never } },
  {
    id: 'dashboard-fails',
    title: 'The store cannot be read',
    screen: 'dashboard',
    answers: {
      'dashboard.figures': () => {
        throw new Refusal('database-corrupt', 'The database cannot be read. Restore a backup.');
      },
    },
  },
];
