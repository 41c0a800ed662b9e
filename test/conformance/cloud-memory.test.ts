// The in-memory account keeps the contract of CloudStore, in each order in which a move may be told.

import { MemoryCloud } from '../fakes/memory-cloud.ts';
import { describeCloudStore, type CloudUnderTest, type OtherSide } from './cloud-store.ts';

for (const moveOrder of ['deleted-first', 'put-first', 'shuffled'] as const) {
  describeCloudStore(`in memory, moves ${moveOrder}`, async (): Promise<CloudUnderTest> => {
    const cloud = new MemoryCloud({ moveOrder });
    const other: OtherSide = {
      write: async (path, content) => void cloud.write(path, content),
      mkdir: async (path) => void cloud.mkdir(path),
      move: async (from, to) => void cloud.move(from, to),
      recase: async (path, name) => void cloud.move(path, `${path.slice(0, path.lastIndexOf('/'))}/${name}`),
      remove: async (path) => cloud.remove(path),
      tree: async (root) => cloud.tree(root),
      resetCursors: async () => cloud.resetCursors(),
      pageSize: async (entries) => {
        cloud.pageSize = entries ?? 2000;
      },
      leaveFree: async (bytes) => {
        cloud.quota = bytes === null ? null : cloud.used + bytes;
      },
    };
    return { client: (root) => cloud.client(root), other, close: async () => undefined };
  });
}
