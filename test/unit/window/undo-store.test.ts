// Undo and redo: what is taken back can be done again, until something new is done.

import { beforeEach, expect, test, vi } from 'vitest';
import { useUndo, type Back } from '../../../src-renderer/stores/undo-store.ts';

const told: string[] = [];
vi.mock('../../../src-renderer/ui/notify.ts', () => ({
  tell: (title: string, message: string) => told.push(`${title}: ${message}`),
  warn: (title: string, message: string) => told.push(`${title}! ${message}`),
  look: () => ({}),
}));

let name = 'Old.txt';
const rename = (to: string): Back => {
  return async () => {
    const before = name;
    name = to;
    return rename(before);
  };
};
const renamed = (to: string): void => {
  const before = name;
  name = to;
  useUndo.getState().push({ label: `${before} is ${to}`, undo: rename(before) });
};

beforeEach(() => {
  name = 'Old.txt';
  told.length = 0;
  useUndo.getState().reset();
});

test('taken back, done again, and taken back once more', async () => {
  renamed('New.txt');
  renamed('Newer.txt');
  await useUndo.getState().undo();
  await useUndo.getState().undo();
  expect(name).toBe('Old.txt');
  await useUndo.getState().redo();
  expect(name).toBe('New.txt');
  await useUndo.getState().redo();
  expect(name).toBe('Newer.txt');
  await useUndo.getState().redo();
  expect(name).toBe('Newer.txt');
  await useUndo.getState().undo();
  expect(name).toBe('New.txt');
});

test('something new ends what could be done again', async () => {
  renamed('New.txt');
  await useUndo.getState().undo();
  renamed('Other.txt');
  await useUndo.getState().redo();
  expect(name).toBe('Other.txt');
});

test('what cannot be done again is not offered, and two presses take back two deeds', async () => {
  renamed('New.txt');
  useUndo.getState().push({ label: 'settled', undo: () => Promise.resolve(null) });
  await Promise.all([useUndo.getState().undo(), useUndo.getState().undo()]);
  expect(name).toBe('Old.txt');
  expect(useUndo.getState().undone.map(({ label }) => label)).toEqual(['Old.txt is New.txt']);
  // It is said where it ends.
  expect(told.toSorted()).toEqual(['Undone: Old.txt is New.txt', 'Undone: settled · It cannot be redone.']);
  useUndo.setState({ undone: [{ label: 'restored', undo: () => Promise.resolve(null) }] });
  await useUndo.getState().redo();
  expect(told.at(-1)).toBe('Done again: restored · It cannot be undone again.');
});

test('a press while a deed is on its way takes that deed back, not the one before', async () => {
  renamed('New.txt');
  const { during, push, undo, redo } = useUndo.getState();
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const deed = answered.then(() => push({ label: 'Newer', undo: rename('New.txt') }));
  name = 'Newer.txt';
  void during(deed);
  const pressed = [undo(), redo(), undo()];
  answer();
  await Promise.all(pressed);
  expect(name).toBe('New.txt');
  expect(told).toEqual(['Undone: Newer', 'Done again: Newer', 'Undone: Newer']);
});

test('a deed that fails leaves undo as it was', async () => {
  renamed('New.txt');
  const { during, undo } = useUndo.getState();
  await expect(during(Promise.reject(new Error('no')))).rejects.toThrow('no');
  await undo();
  expect(name).toBe('Old.txt');
});

test('where nothing is left to undo or redo, it says so', async () => {
  await useUndo.getState().undo();
  await useUndo.getState().redo();
  expect(told).toEqual(['Undo: There is nothing to undo.', 'Redo: There is nothing to redo.']);
});
