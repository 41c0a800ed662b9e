// Earlier versions, previews and pictures: what Dropbox keeps and makes of a document, and bringing a version back.

import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { floorPlan } from '../../../src-main/demo/papers.ts';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';
import type { Preview } from '../../../src-main/files/preview.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld({ company: false });
});
afterEach(() => world.close());

const code = (work: Promise<unknown>) => work.catch((error: unknown) => (error as { code: string }).code);
const bytesOf = (preview: Pick<Preview, 'read'>): Promise<Buffer> => buffer(Readable.from(preview.read()));

async function edited(path: string, ...contents: string[]): Promise<void> {
  for (const content of contents) {
    world.write(path, content);
    await world.sync();
  }
}

describe('versions', () => {
  test('are listed, and one comes back as an edit whose predecessor is in the trash', async () => {
    await edited('P/a.txt', 'one', 'two!', 'three');
    const versions = await world.service.versions('P/a.txt');
    expect(versions.map(({ size, current, here }) => [size, current, here])).toEqual([
      [5, true, true],
      [4, false, false],
      [3, false, false],
    ]);
    const { id, remoteId } = world.entry('P/a.txt');
    const first = versions[2]!;
    const restored = await world.service.restoreVersion('P/a.txt', first.rev);
    expect(restored).toMatchObject({ path: 'P/a.txt', rev: first.rev, from: 'here' });
    expect([world.read('P/a.txt'), world.entry('P/a.txt').state]).toEqual(['one', 'pending']);
    expect(world.service.trash()).toMatchObject([{ path: 'P/a.txt', reason: 'overwritten', size: 5 }]);
    expect(await world.sync()).toMatchObject({ uploaded: 1, conflicts: 0 });
    expect(world.entry('P/a.txt')).toMatchObject({ id, remoteId, state: 'synced' });
    expect((await world.emulator.content('/ERP/P/a.txt')).toString()).toBe('one');
    expect(await world.service.undo(restored.undo!.number)).toMatchObject({ undone: ['P/a.txt'] });
    expect(world.read('P/a.txt')).toBe('three');
    await world.sync();
    expect(await world.remote()).toEqual(await world.local());
    expect(await world.sync()).toMatchObject({ uploaded: 0, downloaded: 0 });
  });

  test('can be looked at; of another document, or none, there is nothing', async () => {
    await edited('P/a.txt', 'one', 'two!');
    await edited('P/b.txt', 'else');
    const [, first] = await world.service.versions('P/a.txt');
    const { id } = world.entry('P/a.txt');
    const shown = await world.service.versionPreview(id, first!.rev);
    expect([shown.mime, (await bytesOf(shown)).toString()]).toEqual(['text/plain', 'one']);
    const [other] = await world.service.versions('P/b.txt');
    expect(await code(world.service.versionPreview(id, other!.rev))).toBe('unknown-version');
    expect(world.read('P/a.txt')).toBe('two!');
  });

  test('an edit that no pass has seen is kept in the trash and comes back from there', async () => {
    await edited('P/a.txt', 'one', 'two!');
    const [, first] = await world.service.versions('P/a.txt');
    world.write('P/a.txt', 'not yet synced');
    const restored = await world.service.restoreVersion('P/a.txt', first!.rev).catch(async () => {
      await world.service.plan();
      world.service.list();
      return null;
    });
    // Looked at first, so that what gives way is what a person has seen.
    expect(restored).toBeNull();
    expect(world.read('P/a.txt')).toBe('not yet synced');
    await world.service.sync({ prepareOnly: true });
    const done = await world.service.restoreVersion('P/a.txt', first!.rev);
    expect([world.read('P/a.txt'), world.service.trash()[0]?.size]).toEqual(['one', 14]);
    expect(await world.service.undo(done.undo!.number)).toMatchObject({ undone: ['P/a (restored).txt'] });
    expect(world.read('P/a (restored).txt')).toBe('not yet synced');
  });

  test('of a freed document it is restored in Dropbox; no content comes through here', async () => {
    await edited('P/Far/a.txt', 'one', 'two!');
    world.service.setFolderKeep('P/Far', 'links');
    await world.service.free({ dryRun: false });
    const [second, first] = await world.service.versions('P/Far/a.txt');
    const { byEndpoint } = await world.counted(async () => {
      expect(await world.service.restoreVersion('P/Far/a.txt', first!.rev)).toMatchObject({ from: 'dropbox' });
      await world.sync();
    });
    expect(byEndpoint['files/download']).toBeUndefined();
    expect(byEndpoint['files/upload_session/append_v2']).toBeUndefined();
    expect((await world.emulator.content('/ERP/P/Far/a.txt')).toString()).toBe('one');
    expect(world.entry('P/Far/a.txt')).toMatchObject({ state: 'freed', size: 3 });
    expect(world.service.lastOperation()?.change).toMatchObject({ rev: second!.rev });
    await world.service.undo(world.service.lastOperation()!.number);
    expect((await world.emulator.content('/ERP/P/Far/a.txt')).toString()).toBe('two!');
  });

  test('what there is not is said', async () => {
    world.write('P/new.txt', 'n');
    await edited('P/a.txt', 'one');
    const [only] = await world.service.versions('P/a.txt');
    world.write('P/later.txt', 'l');
    await world.service.upload([world.at('P/later.txt')], { kind: 'folder', path: 'P' });
    expect([
      await code(world.service.versions('P/later.txt')),
      await code(world.service.versions('P')),
      await code(world.service.versions('P/nope')),
      await code(world.service.restoreVersion('P/a.txt', '123456789')),
    ]).toEqual(['not-in-dropbox', 'unknown-path', 'unknown-path', 'unknown-version']);
    expect(await world.service.restoreVersion('P/a.txt', only!.rev)).toMatchObject({ from: 'unchanged', undo: null });
  });

  test('a version that arrives damaged changes nothing', async () => {
    await edited('P/a.txt', 'one', 'two!');
    const [, first] = await world.service.versions('P/a.txt');
    await world.emulator.control('faults', { corruptBody: { next: 3, endpoints: ['files/download'] } });
    expect(await code(world.service.restoreVersion('P/a.txt', first!.rev))).toBe('hash-mismatch');
    expect([world.read('P/a.txt'), world.service.trash()]).toEqual(['two!', []]);
    expect(await world.local()).toEqual(await world.remote());
  });
});

describe('content, previews and pictures', () => {
  test('the bytes of a document with type and size, whole and in parts, from here and from Dropbox', async () => {
    await edited('P/Far/plan.txt', '0123456789');
    const { id } = world.entry('P/Far/plan.txt');
    for (const from of ['here', 'dropbox']) {
      const content = await world.service.content(id);
      expect(content).toMatchObject({ from, mime: 'text/plain', size: 10, name: 'plan.txt', path: 'P/Far/plan.txt' });
      expect((await bytesOf(content)).toString()).toBe('0123456789');
      expect((await buffer(Readable.from(content.read({ start: 3, end: 7 })))).toString()).toBe('3456');
      expect((await buffer(Readable.from(content.read({ start: 8 })))).toString()).toBe('89');
      expect((await buffer(Readable.from(content.read({ start: 5, end: 5 })))).toString()).toBe('');
      world.service.setFolderKeep('P/Far', 'links');
      await world.service.free({ dryRun: false });
    }
    expect(await code(world.service.content(world.entry('P').id))).toBe('not-found');
    expect(await code(world.service.content(99_999))).toBe('unknown-path');
  });

  test('what a page can show is shown itself, nothing that could run; Dropbox makes pages of the rest', async () => {
    world.write('P/plan.png', floorPlan(1));
    world.write('P/page.html', '<script>alert(1)</script>');
    world.write('P/drawing.svg', '<svg onload="alert(1)"/>');
    world.write('P/letter.docx', 'words');
    world.write('P/model.step', 'solid');
    await world.sync();
    const preview = async (path: string) => world.service.preview(world.entry(path).id);
    expect(await preview('P/plan.png')).toMatchObject({ kind: 'own', mime: 'image/png' });
    expect(await preview('P/page.html')).toMatchObject({ kind: 'own', mime: 'text/plain' });
    expect(await preview('P/drawing.svg')).toMatchObject({ kind: 'own', mime: 'text/plain' });
    const letter = await preview('P/letter.docx');
    expect(letter).toMatchObject({ kind: 'dropbox', mime: 'application/pdf', size: expect.any(Number) as number });
    expect((await bytesOf(letter)).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await code(preview('P/model.step'))).toBe('not-downloadable');
    world.write('P/letter.docx', 'edited words');
    await world.service.sync({ prepareOnly: true });
    expect(await code(preview('P/letter.docx'))).toBe('not-downloadable');
  });

  test('small pictures come from Dropbox, else from here', async () => {
    world.write('P/plan.png', floorPlan(1));
    await world.service.sync({ prepareOnly: true });
    const { id } = world.entry('P/plan.png');
    expect(await world.service.thumbnail(id, 100)).toMatchObject({ kind: 'own', mime: 'image/png' });
    await world.sync();
    const picture = await world.service.thumbnail(id, 100);
    expect(picture).toMatchObject({ kind: 'dropbox', mime: 'image/jpeg' });
    expect((await bytesOf(picture)).length).toBe(picture.size);
    world.write('P/a.txt', 'a');
    await world.sync();
    expect(await code(world.service.thumbnail(world.entry('P/a.txt').id, 64))).toBe('not-downloadable');
  });
});
