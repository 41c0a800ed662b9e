import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasWords, matchQuery, rankOf, tokensOf, wordsOf } from '../../../src-main/store/search/words.ts';
import type { Operation } from '../../../src-main/sync/model.ts';
import type { LocalId, RelPath } from '../../../src-shared/domain.ts';
import type { SearchQuery } from '../../../src-shared/search-views.ts';
import { observed, type ObservedStore } from '../../support/observed-store.ts';
import { replaceQueue } from '../../support/queue.ts';

const paths = (world: ObservedStore, query: SearchQuery): string[] => world.store.search(query).map((hit) => hit.path);

/** Two records with folders, files of several kinds and sizes, and a folder of nobody's. */
async function company(): Promise<ObservedStore> {
  const world = await observed({});
  const { catalog } = world.store;
  for (const [type, label] of [
    ['sale.order', 'Quotations'],
    ['account.move', 'Invoices'],
  ] as const) {
    catalog.addType(type, label);
    catalog.addRule({ type, client: 'main', subfolders: ['Drawings'] });
  }
  catalog.addRecord({ type: 'sale.order', ref: 'SO001', name: 'Kitchen', fields: { city: 'Köln' } });
  catalog.addRecord({ type: 'sale.order', ref: 'SO002', name: 'Bath', fields: {} });
  catalog.addRecord({ type: 'account.move', ref: 'SO001', name: 'Bill', fields: {} });
  await world.observe();
  const { person } = world.disk;
  person.write('Quotations/Kitchen/offer.pdf', 'a');
  person.write('Quotations/Kitchen/Drawings/offer plan.dwg', 'x'.repeat(3_000));
  person.write('Quotations/Bath/offer.docx', 'bb');
  person.write('Invoices/Bill/the offer.pdf', 'c');
  person.write('Old/offers/note.tar.gz', 'd');
  await world.observe();
  return world;
}

describe('ranking', () => {
  test('the name itself, names that begin so, the others; the newest first', async () => {
    const world = await observed({});
    const add = (name: string, modified: number): LocalId =>
      world.store.entries.insert({ parentId: null, kind: 'file', name, hash: null, size: 1, stamp: null, modified });
    add('my offer.pdf', 90);
    add('offers of May.pdf', 50);
    add('Offer.pdf', 10);
    add('offering.pdf', 70);
    add('offer', 20);
    add('the OFFER again.txt', 95);
    expect(paths(world, { text: 'offer' })).toEqual([
      'offer',
      'Offer.pdf',
      'offering.pdf',
      'offers of May.pdf',
      'the OFFER again.txt',
      'my offer.pdf',
    ]);
    expect(paths(world, { text: 'offer', limit: 2 })).toEqual(['offer', 'Offer.pdf']);
    expect(paths(world, { text: 'may offers' })).toEqual(['offers of May.pdf']);
  });

  test('of very many matches the one with the very name and the newest are among the hits', async () => {
    const world = await observed({});
    world.store.db
      .transaction(() => {
        const add = (name: string, modified: number) =>
          world.store.entries.insert({ parentId: null, kind: 'file', name, size: 1, stamp: null, modified });
        add('scan.pdf', 1);
        add('scan of old.pdf', 2);
        for (let number = 0; number < 3_000; number++) add(`page scan ${number}.pdf`, 1_000 + number);
      })
      .immediate();
    expect(paths(world, { text: 'scan', limit: 4 })).toEqual([
      'scan.pdf',
      'scan of old.pdf',
      'page scan 2999.pdf',
      'page scan 2998.pdf',
    ]);
  });

  test('words of a folder or record above a document find it too, after the others', async () => {
    const world = await company();
    expect(paths(world, { text: 'offer SO001', kinds: ['file'] }).toSorted()).toEqual([
      'Invoices/Bill/the offer.pdf',
      'Quotations/Kitchen/Drawings/offer plan.dwg',
      'Quotations/Kitchen/offer.pdf',
    ]);
    expect(paths(world, { text: 'offer kitchen köln', type: 'account.move' })).toEqual([]);
    world.disk.person.write('Old/kitchen offer.txt', 'x');
    await world.observe();
    expect(paths(world, { text: 'kitchen offer' })[0]).toBe('Old/kitchen offer.txt');
    expect(paths(world, { text: 'kitchen offer' })).toHaveLength(3);
    expect(paths(world, { text: 'kitchen nothing' })).toEqual([]);
  });

  test('what was edited last counts as the newest', async () => {
    const world = await observed({ 'a scan.txt': '1', 'b scan.txt': '2' });
    world.disk.person.write('a scan.txt', 'edited');
    await world.observe();
    expect(paths(world, { text: 'scan' })).toEqual(['a scan.txt', 'b scan.txt']);
    expect(rankOf(wordsOf('straße'), ['Strasse.pdf'])).toBe(0);
    expect(rankOf(wordsOf('strasse'), ['Straße 5.pdf'])).toBe(1);
    expect(rankOf(wordsOf('strasse'), ['Neue Straße'])).toBe(2);
  });
});

describe('accents and other spellings', () => {
  test.each([
    ['muller', 'Müller.txt'],
    ['mueller', 'Müller.txt'],
    ['Müller', 'Mueller.txt'],
    ['MÜLLER', 'muller.txt'],
    ['strasse', 'Straße.txt'],
    ['STRASSE', 'straße.txt'],
    ['straße', 'STRASSE.txt'],
    ['lodz', 'Łódź.txt'],
    ['soren', 'Søren.txt'],
    ['soeren', 'Søren.txt'],
    ['søren', 'Soren.txt'],
    ['cafe', 'Cafe\u0301.txt'],
    ['café', 'CAFE.txt'],
    ['viet', 'Tiếng Việt.txt'],
    ['план', 'План этажа.txt'],
    ['strasse muller', 'Müller, Lange Straße.txt'],
  ])('%s finds %s', async (text, name) => {
    const world = await observed({ [name]: '1', 'other.txt': '2' });
    expect(paths(world, { text })).toEqual([name]);
    const record = { type: 't', ref: 'R1', name: name.slice(0, -4), fields: {} };
    world.store.catalog.addType('t', 'Things');
    world.store.catalog.addRecord(record);
    expect(world.store.search({ text, kinds: ['record'] })).toMatchObject([{ record: 't/R1' }]);
  });

  test('letters of other scripts keep their marks', async () => {
    const world = await observed({ 'й.txt': '1', 'и.txt': '2' });
    expect(paths(world, { text: 'й' })).toEqual(['й.txt']);
  });
});

describe('filters', () => {
  test('by document type, record and folder, alone and together', async () => {
    const world = await company();
    const files = (query: SearchQuery) => paths(world, { kinds: ['file'], ...query }).toSorted();
    expect(files({ text: 'offer', type: 'sale.order' })).toEqual([
      'Quotations/Bath/offer.docx',
      'Quotations/Kitchen/Drawings/offer plan.dwg',
      'Quotations/Kitchen/offer.pdf',
    ]);
    expect(files({ record: 'sale.order/SO001' })).toHaveLength(2);
    expect(files({ record: 'SO001' })).toHaveLength(3);
    expect(files({ record: 'SO001', type: 'account.move' })).toEqual(['Invoices/Bill/the offer.pdf']);
    expect(files({ folder: 'Quotations/Kitchen/Drawings' })).toEqual(['Quotations/Kitchen/Drawings/offer plan.dwg']);
    expect(files({ folder: world.id('Old') })).toEqual(['Old/offers/note.tar.gz']);
    expect(files({ folder: 'Quotations', record: 'account.move/SO001' })).toEqual([]);
    // The folder, the record and the type themselves belong to it.
    expect(paths(world, { record: 'sale.order/SO001', kinds: ['folder'] }).toSorted()).toEqual([
      'Quotations/Kitchen',
      'Quotations/Kitchen/Drawings',
    ]);
    expect(paths(world, { type: 'sale.order', text: 'quotations' })).toEqual(['Quotations']);
    expect(world.store.search({ type: 'sale.order', kinds: ['record'] }).map((hit) => hit.record)).toHaveLength(2);
    expect(world.store.search({ text: 'köln', folder: 'Old' })).toEqual([]);
  });

  test('by kind, ending, size, date and state', async () => {
    const world = await company();
    expect(paths(world, { text: 'offers' })).toEqual(['Old/offers']);
    expect(paths(world, { text: 'offer', kinds: ['folder'] })).toEqual(['Old/offers']);
    expect(paths(world, { extensions: ['pdf', '.DOCX'] }).toSorted()).toEqual([
      'Invoices/Bill/the offer.pdf',
      'Quotations/Bath/offer.docx',
      'Quotations/Kitchen/offer.pdf',
    ]);
    expect(paths(world, { extensions: ['gz'] })).toEqual(['Old/offers/note.tar.gz']);
    expect(paths(world, { text: 'note', extensions: ['tar.gz'] })).toEqual(['Old/offers/note.tar.gz']);
    expect(paths(world, { extensions: ['zip.gz'] })).toEqual([]);
    expect(paths(world, { minSize: 2_000 })).toEqual(['Quotations/Kitchen/Drawings/offer plan.dwg']);
    expect(paths(world, { text: 'offer', minSize: 2, maxSize: 2 })).toEqual(['Quotations/Bath/offer.docx']);
    const { modifiedAt } = world.store.search({ text: 'docx' })[0]!;
    expect(paths(world, { since: modifiedAt, until: modifiedAt })).toEqual(['Quotations/Bath/offer.docx']);
    expect(paths(world, { text: 'offer', until: '2026-11-22' })).toEqual([]);
    world.markSynced('Quotations');
    world.markSynced('Quotations/Bath');
    world.markSynced('Quotations/Bath/offer.docx');
    expect(paths(world, { states: ['synced'], kinds: ['file'] })).toEqual(['Quotations/Bath/offer.docx']);
    expect(paths(world, { states: ['pending'], text: 'offer', kinds: ['file'] })).toHaveLength(3);
    expect(paths(world, { states: ['freed'] })).toEqual([]);
    world.free('Quotations/Bath/freed offer.pdf', 'f');
    world.markSynced('Quotations/Bath/freed offer.pdf');
    expect(paths(world, { states: ['freed'] })).toEqual(['Quotations/Bath/freed offer.pdf']);
    expect(paths(world, { states: ['freed', 'synced'], text: 'offer' })).toHaveLength(2);
    expect(world.store.search({ states: ['synced'], kinds: ['record'] })).toEqual([]);
  });

  test('states that come from tasks', async () => {
    const world = await company();
    const [client] = world.store.sync.clients();
    const path = 'Quotations/Kitchen/offer.pdf' as RelPath;
    const operation: Operation = {
      kind: 'remote.upload',
      key: 'k',
      direction: 'direct',
      priority: 2,
      reason: 'new-here',
      path,
      remotePath: path,
      dependsOn: [],
      held: false,
      localId: world.id(path),
      replaces: null,
      hash: world.row(path).hash!,
      size: 1,
    };
    const [task] = replaceQueue(world.store.sync, client!.id, [operation], [], 1);
    for (const [state, shown] of [
      ['running', 'uploading'],
      ['failed', 'failed'],
      ['held', 'held'],
    ] as const) {
      world.store.sync.updateTask(task!.id, { state });
      expect(paths(world, { states: [shown] })).toEqual([path]);
    }
  });

  test('nothing is asked, nothing is found; what is not there is said', async () => {
    const world = await company();
    expect(world.store.search({})).toEqual([]);
    expect(world.store.search({ text: '   ', limit: 9 })).toEqual([]);
    expect(world.store.search({ text: '-', folder: 'Old' })).toEqual([]);
    const codes = [{ type: 'nope' }, { record: 'nope' }, { folder: 'nope' }, { since: 'soon' }].map((query) => {
      try {
        return world.store.search(query);
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(codes).toEqual(['unknown-type', 'unknown-record', 'unknown-folder', 'bad-date']);
  });
});

describe('the index follows every write', () => {
  test('rename, move, edit, removal', async () => {
    const world = await company();
    const { person } = world.disk;
    person.rename('Quotations/Kitchen/offer.pdf', 'Old/proposal.txt');
    await world.observe();
    expect(paths(world, { text: 'proposal', folder: 'Old', extensions: ['txt'] })).toEqual(['Old/proposal.txt']);
    expect(paths(world, { extensions: ['pdf'] })).toEqual(['Invoices/Bill/the offer.pdf']);
    person.rename('Old', 'Quotations/Bath/Old');
    await world.observe();
    expect(paths(world, { text: 'proposal', record: 'SO002' })).toEqual(['Quotations/Bath/Old/proposal.txt']);
    person.write('Quotations/Bath/Old/proposal.txt', 'much longer now');
    await world.observe();
    expect(world.store.search({ text: 'proposal' })).toMatchObject([{ size: 15, type: 'sale.order', client: 'main' }]);
    person.remove('Quotations/Bath/Old');
    await world.observe();
    expect(paths(world, { text: 'proposal' })).toEqual([]);
    expect(world.store.db.prepare('SELECT count(*) AS n FROM findable').get()).toEqual({
      n: world.store.listing.list().length + world.store.catalog.records().length,
    });
  });

  test('what is pending is always among what the merge base may not agree with', async () => {
    const world = await company();
    const pending = (): string[] => paths(world, { states: ['pending'], limit: 100 }).toSorted();
    const listed = (): string[] =>
      world.store.listing.list().flatMap((entry) => (entry.state === 'pending' ? [entry.path] : []));
    expect(pending()).toEqual(listed().toSorted());
    for (const path of world.paths()) world.markSynced(path);
    expect(listed()).toEqual([]);
    expect(pending()).toEqual([]);
    expect(world.store.db.prepare('SELECT count(*) AS n FROM unagreed').get()).toEqual({ n: 0 });
    world.disk.person.rename('Old/offers', 'Old/bids');
    world.disk.person.write('Quotations/Bath/offer.docx', 'edited');
    await world.observe();
    expect(pending()).toEqual(['Old/bids', 'Quotations/Bath/offer.docx']);
    expect(pending()).toEqual(listed());
    const [client] = world.store.sync.clients();
    world.store.sync.record(client!.id, [{ kind: 'synced.removeByLocal', localId: world.id('Quotations/Kitchen') }]);
    expect(pending()).toEqual(listed().toSorted());
    expect(pending()).toContain('Quotations/Kitchen/Drawings');
  });
});

describe('words', () => {
  const signs = fc.constantFrom(...Array.from('aäßøłüsŁ .-_"*()^:\u0301'));
  // The letters of Europe's languages in Latin script.
  const letters = fc.integer({ min: 0xc0, max: 0x17e }).map((code) => String.fromCharCode(code));
  const text = fc.string({ unit: fc.oneof(signs, letters), maxLength: 10 });

  test('the index and the comparison of plain text find the same', async () => {
    const world = await observed({});
    const insert = (name: string): LocalId =>
      world.store.entries.insert({ parentId: null, kind: 'file', name, size: 1, stamp: null });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), text, (names, asked) => {
        world.store.db.prepare('DELETE FROM entries').run();
        const all = [...new Set(names.filter((name) => name !== ''))];
        for (const name of all) insert(name);
        const words = wordsOf(asked);
        const expected = words.length === 0 ? [] : all.filter((name) => hasWords(words, [name]));
        expect(paths(world, { text: asked, limit: 100 }).toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 300 },
    );
  });

  test('any text is a query that the index takes', async () => {
    const world = await observed({ 'a.txt': '1' });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (any) => {
        expect(() => world.store.search({ text: any })).not.toThrow();
        expect(matchQuery(wordsOf(any), []) === null).toBe(wordsOf(any).length === 0);
      }),
      { numRuns: 300 },
    );
    expect(wordsOf('x '.repeat(1_000)).length).toBeLessThan(30);
    expect(tokensOf('Ünïcödé_words-42')).toEqual(['unicode', 'words', '42']);
  });
});
