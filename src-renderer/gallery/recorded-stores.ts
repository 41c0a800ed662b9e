// In the gallery this stands in for `zustand` (scripts/gallery.mjs): every store is known, so that one page can show scene
// after scene, each from a fresh start.

import type { StateCreator, StoreApi, UseBoundStore } from 'zustand';
import { create as make } from 'zustand/react';

type Create = <T>() => (creator: StateCreator<T>) => UseBoundStore<StoreApi<T>>;

const resets: (() => void)[] = [];

export const create: Create = () => (creator) => {
  const store = make(creator);
  resets.push(() => store.setState(store.getInitialState(), true));
  return store;
};

export function resetStores(): void {
  for (const reset of resets) reset();
}
