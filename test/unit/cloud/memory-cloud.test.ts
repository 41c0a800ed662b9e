// The hooks by which tests fail the in-memory account or change it in the middle of a pass.

import { describe, expect, it } from 'vitest';

import { Fault } from '../../../src-main/engine/ports.ts';
import type { RelPath, RemoteId } from '../../../src-shared/domain.ts';
import { codeOf, faultCode, upload, uploadAll } from '../../conformance/cloud-store.ts';
import { MemoryCloud } from '../../fakes/memory-cloud.ts';

const rel = (path: string): RelPath => path as RelPath;

describe('hooks of the in-memory account', () => {
  it('announce every effect by itself, and can fail one of many', async () => {
    const cloud = new MemoryCloud();
    const store = cloud.client('Root');
    const seen: string[] = [];
    cloud.before = ({ method, path }) => {
      seen.push(`${method} ${path ?? ''}`);
      if (path === 'b') throw new Fault('network', 'The line is down.', { retryable: true });
    };
    const outcomes = await uploadAll(store, [upload('a', '1'), upload('b', '2'), upload('c', '3')]);
    expect(outcomes.map(codeOf)).toEqual(['ok', 'network', 'ok']);
    expect(seen).toEqual(['upload a', 'upload b', 'upload c']);
    expect(cloud.tree('Root')).toEqual({ a: '1', c: '3' });
    expect(cloud.calls.get('upload')).toBe(3);
  });

  it('let the other side act between a look and an effect', async () => {
    const cloud = new MemoryCloud();
    const { rev } = cloud.write('Root/a', 'one');
    cloud.before = ({ method }) => void (method === 'upload' && cloud.write('Root/a', 'theirs'));
    const [outcome] = await uploadAll(cloud.client('Root'), [upload('a', 'mine', { replaces: rev })]);
    expect(codeOf(outcome)).toBe('conflict');
    expect(cloud.tree('Root')).toEqual({ a: 'theirs' });
  });

  it('end the caller after an effect, as a crash does', async () => {
    const cloud = new MemoryCloud();
    cloud.write('Root/a', 'x');
    cloud.after = () => {
      throw new Error('crash');
    };
    const id: RemoteId = cloud.entry('Root/a').id;
    await expect(cloud.client('Root').move(id, rel('b'))).rejects.toThrow('crash');
    await expect(cloud.client('Root').createFolders([rel('c')])).rejects.toThrow('crash');
    expect(cloud.tree('Root')).toEqual({ b: 'x', c: null });
  });

  it('keeps every content that ever was', async () => {
    const cloud = new MemoryCloud();
    const first = cloud.write('Root/a', 'one');
    cloud.write('Root/a', 'two');
    cloud.remove('Root');
    expect(Buffer.from(cloud.contentOf(first.rev ?? ('' as never)) ?? []).toString()).toBe('one');
    expect(cloud.hashesEver().size).toBe(2);
    expect(await faultCode(cloud.client('Root').changes(null))).toBe('root-gone');
  });

  it('counts what is used and refuses what does not fit', () => {
    const cloud = new MemoryCloud({ quota: 10 });
    cloud.write('a', '12345');
    expect(() => cloud.write('b', '123456')).toThrow(/is full/);
    cloud.write('a', '1');
    cloud.write('b', '123456');
    expect(cloud.used).toBe(7);
  });
});
