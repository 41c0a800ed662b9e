// What the window knows of the shown folder: what is chosen in it while rows come and go, the way back through folders,
// and what is kept until the next start.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Row } from '../../../src-shared/ipc/documents.ts';

const kept: { key: string; value: unknown }[] = [];
const answers: Record<string, (args: never) => unknown> = {
  'folder.watch': () => ({ rows: [], total: 0 }),
  'folder.unwatch': () => null,
  'preferences.keep': (args: { key: string; value: unknown }) => {
    kept.push(args);
    return null;
  },
};
vi.stubGlobal('window', {
  docktide: {
    call: async (name: string, args: unknown) => ({ ok: true, value: answers[name]?.(args as never) }),
    onPush: () => () => {},
  },
});
vi.stubGlobal('navigator', { language: 'en' });
const { useFolders } = await import('../../../src-renderer/stores/folder-store.ts');
const { useNavigation } = await import('../../../src-renderer/stores/navigation-store.ts');
const { usePreferences } = await import('../../../src-renderer/stores/preferences-store.ts');

function row(id: number, name: string, kind: Row['kind'] = 'file'): Row {
  const none = { size: null, changedAt: null, client: null, record: null, role: null, url: null };
  return { id, kind, name, state: 'synced', ...none };
}

function pushRows(upserts: Row[], removed: string[] = []): void {
  useFolders.getState().receive({ kind: 'rows', folderId: 1, scope: 'all', upserts, removed, total: upserts.length });
}

const CONTRACTS = { id: 1, name: 'Contracts' };
const SIGNED = { id: 2, name: 'Signed' };

beforeEach(() => {
  kept.length = 0;
  useFolders.getState().reset();
  useNavigation.getState().reset();
  usePreferences.setState({ kept: {} });
});
afterEach(() => vi.clearAllMocks());

test('what is chosen stays chosen when a document gets another number, and goes with a document that is gone', async () => {
  await useFolders.getState().open([CONTRACTS]);
  pushRows([row(3, 'Offer.txt'), row(4, 'Plan.txt'), row(5, 'Notes.txt')]);
  useFolders.getState().select({ keys: new Set(['file:3', 'file:4', 'file:5']), anchor: 'file:3', active: 'file:4' });
  pushRows([row(6, 'Plan.txt')], ['file:4', 'file:5']);
  const { selection } = useFolders.getState();
  expect([...selection.keys]).toEqual(['file:3', 'file:6']);
  expect(selection.active).toBe('file:6');
});

test('back and forward lead through folders; going up chooses where one comes from', async () => {
  const { open } = useFolders.getState();
  const ids = (): number[] => useFolders.getState().trail.map(({ id }) => id);
  await open([CONTRACTS]);
  await open([CONTRACTS, SIGNED]);
  useNavigation.getState().navigate('log');
  useNavigation.getState().back();
  expect([useNavigation.getState().screen, ids()]).toEqual(['documents', [1, 2]]);
  useNavigation.getState().back();
  expect(ids()).toEqual([1]);
  expect([...useFolders.getState().selection.keys]).toEqual(['folder:2']);
  useNavigation.getState().back();
  expect(ids()).toEqual([]);
  useNavigation.getState().forward();
  useNavigation.getState().forward();
  expect(ids()).toEqual([1, 2]);
  // The same folder again is no step.
  await open([CONTRACTS, SIGNED]);
  useNavigation.getState().back();
  expect(ids()).toEqual([1]);
});

test('the window opens with the folder and the order of the last time, and at the top where that folder is gone', async () => {
  await useFolders.getState().open([CONTRACTS, SIGNED]);
  expect(kept.at(-1)).toEqual({ key: 'documents.place', value: 'Contracts/Signed' });
  const order = { column: 'size', descending: true };
  const table = { widths: {}, hidden: [], order };
  useFolders.getState().reset();
  useNavigation.getState().reset();
  usePreferences.setState({ kept: { 'documents.place': 'Contracts/Signed', 'table.documents': table } });
  answers['entry.locate'] = () => ({ folders: [CONTRACTS, SIGNED], file: null });
  await useFolders.getState().start();
  expect([useFolders.getState().trail, useFolders.getState().order]).toEqual([[CONTRACTS, SIGNED], order]);
  expect(useNavigation.getState().past).toEqual([]);

  useFolders.getState().reset();
  usePreferences.setState({
    kept: { 'documents.place': 'Gone', 'table.documents': { ...table, order: { column: 'x' } } },
  });
  answers['entry.locate'] = () => {
    throw new Error('"Gone" is not there any more.');
  };
  await useFolders.getState().start();
  expect([useFolders.getState().trail, useFolders.getState().order.column]).toEqual([[], 'name']);
});
