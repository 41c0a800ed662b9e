// The company that the scenes show: an office with quotations, invoices and a few folders of its own.

import type { AppView } from '../../src-shared/ipc/app.ts';
import { rowKey, type Row } from '../../src-shared/ipc/documents.ts';

/** One moment for all pictures. */
export const NOON = Date.parse('2026-11-20T12:00:00Z');

export function before(minutes: number): string {
  return new Date(NOON - minutes * 60_000).toISOString();
}

export const office: AppView['clients'][number] = {
  name: 'Office',
  state: 'connected',
  reason: null,
  root: 'ERP Documents',
  lastSync: before(3),
  pending: 0,
  held: 0,
  failed: 0,
  conflicts: 0,
};

export const usualApp: AppView = {
  phase: 'ready',
  demo: false,
  version: '0.1.0',
  platform: 'linux',
  documents: '/home/ada/Documents/Docktide',
  clients: [office],
  counts: {
    types: 4,
    records: 212,
    folders: 896,
    files: 4_218,
    bytes: 18_420_331_002,
    pending: 0,
    held: 0,
    failed: 0,
    conflicts: 0,
  },
  passing: [],
  problems: [],
  tokensKept: 'keyring',
  redirectAddresses: ['http://localhost:53682/', 'http://localhost:53683/'],
  loginWaits: false,
};

/** At work, with one conflict: what the frame says of `recordRows`. */
export const atWork: Partial<AppView> = {
  clients: [{ ...office, pending: 2, conflicts: 1 }],
  counts: { ...usualApp.counts, pending: 2, conflicts: 1 },
  passing: ['Office'],
};

interface Draft {
  readonly name: string;
  readonly size?: number;
  readonly state?: Row['state'];
  readonly role?: Row['role'];
  readonly record?: string;
  readonly url?: string;
}

let lastId = 0;

export function folderRow(draft: Draft): Row {
  return rowOf('folder', { role: 'manual', ...draft });
}

export function fileRow(draft: Draft): Row {
  return rowOf('file', {
    size: 48_211,
    url: `https://www.dropbox.com/home/${encodeURIComponent(draft.name)}`,
    ...draft,
  });
}

function rowOf(kind: Row['kind'], { name, size, state, role, record, url }: Draft): Row {
  const id = ++lastId;
  return {
    id,
    kind,
    name,
    size: kind === 'file' ? (size ?? 0) : null,
    changedAt: kind === 'file' ? before(((id * 617) % 9_000) + 40) : null,
    state: state ?? 'synced',
    client: 'Office',
    record: record ?? null,
    role: role ?? null,
    url: url ?? null,
  };
}

export const topFolders: readonly Row[] = [
  folderRow({ name: 'General' }),
  folderRow({ name: 'Invoices', role: 'rule' }),
  folderRow({ name: 'Personnel' }),
  folderRow({ name: 'Projects', role: 'rule' }),
  folderRow({ name: 'Quotations', role: 'rule' }),
];

/** The records of the rule for quotations. */
export const quotationRows: readonly Row[] = [
  'SO001 Müller',
  'SO002 Smith',
  'SO003 Winter',
  'SO004 Hotel Alster',
  'SO005 Miller Ltd',
  'SO006 Harbour hall',
].map((name) => folderRow({ name, role: 'record', record: `sale.order/${name.slice(0, 5)}` }));

/** What a folder holds: at the top the usual ones, in Quotations the records, in each of these `rows`. */
export function folders(rows: readonly Row[]) {
  return {
    'folder.watch': ({ folderId, scope }: { readonly folderId: number | null; readonly scope: string }) => {
      const inside = folderId === null ? topFolders : folderId === topFolders.at(-1)?.id ? quotationRows : rows;
      const shown = scope === 'folders' ? inside.filter(({ kind }) => kind === 'folder') : inside;
      return { rows: [...shown], total: shown.length };
    },
  };
}

/** The way to the first record. */
export const recordTrail = [topFolders.at(-1), quotationRows[0]].flatMap((row) =>
  row === undefined ? [] : [{ id: row.id, name: row.name }],
);

export const recordRows: readonly Row[] = [
  folderRow({ name: 'Contracts', role: 'subfolder', record: 'sale.order/SO001' }),
  folderRow({ name: 'Drawings', role: 'subfolder', record: 'sale.order/SO001' }),
  fileRow({ name: 'Delivery plan.xlsx', size: 48_211, state: 'uploading', record: 'sale.order/SO001' }),
  fileRow({ name: 'Ground floor, second draft.dwg', size: 5_310_204, record: 'sale.order/SO001' }),
  fileRow({ name: 'Notes from the call.txt', size: 812, state: 'pending', record: 'sale.order/SO001' }),
  fileRow({ name: 'Offer SO001.pdf', size: 120_401, record: 'sale.order/SO001' }),
  fileRow({ name: 'Photo of the site.jpg', size: 2_104_331, state: 'freed', record: 'sale.order/SO001' }),
  fileRow({ name: 'Price list 2026.csv', size: 9_120, state: 'conflict', record: 'sale.order/SO001' }),
  fileRow({ name: 'Signed contract.pdf', size: 311_204, record: 'sale.order/SO001' }),
];

export function manyRows(count: number): readonly Row[] {
  const states = ['synced', 'synced', 'synced', 'freed', 'pending'] as const;
  const endings = ['pdf', 'png', 'csv', 'docx'];
  return Array.from({ length: count }, (_, n) =>
    fileRow({
      name: `Scan ${n + 1}.${endings[n % 4]}`,
      size: 900 + ((n * 7919) % 4_000_000),
      state: states[n % 5] ?? 'synced',
    }),
  );
}

/** The key under which tables know a row. */
export const keyOfRow = rowKey;
