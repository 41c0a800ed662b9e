import { describe, expect, test } from 'vitest';
import { AIMED_FROM, draw, drawWithPurge, drawWithRestore } from './draw.ts';
import { play } from './play.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';

const RUNS = Number(process.env.DOCKTIDE_SIM_RUNS ?? 150);

/** Seeds that once found a violation; the shortest story of each is in regressions-*.test.ts. */
const FOUND: readonly { readonly seed: number; readonly what: string }[] = [
  { seed: 6, what: 'the temporary file of a download that was given up lay about for ever' },
  { seed: 24, what: 'a name that was set aside twice was left aside' },
  { seed: 48, what: 'a file at the place of an ERP folder that had moved ended every pass' },
  { seed: 80, what: 'an upload that failed after the copy was made led to a second copy' },
  { seed: 95, what: 'a name of the own program in Dropbox was sometimes ignored, sometimes not' },
  { seed: 389, what: 'a conflict whose document was renamed meanwhile kept the other version twice' },
  { seed: 599, what: 'two spellings of a name that was cut were two names' },
  { seed: 777, what: 'an upload whose answer was lost was not known again at the place of a moved document' },
  { seed: 816, what: 'two computers each moved their rule folder back without end' },
  { seed: 859, what: 'a download that was placed while the disk was away was read as deleted afterwards' },
  { seed: 1013, what: 'where case does not count, a deletion waited for ever for another document at its place' },
  { seed: 1066, what: 'a document that got an ignored name in Dropbox hindered another' },
  { seed: 1540, what: 'a document without bytes stayed frozen with a folder that could be read again' },
  { seed: 2344, what: 'computers respelled a rule folder without end' },
  { seed: 2386, what: 'a name of the own program in capitals was taken for any other' },
  { seed: 3132, what: 'a document that was opened while the disk was away was read as deleted afterwards' },
  { seed: 5003, what: 'two looks at one unreadable folder were two problems with one key' },
  { seed: 5661, what: 'a folder that was made but not recorded belonged to neither of two clients' },
  { seed: 5930, what: 'a folder of the ERP that was made again stayed frozen' },
  { seed: 6140, what: 'an edit that another lane had found went to the trash' },
  { seed: 6729, what: 'opening a document was taken for an agreement about its place' },
  { seed: 11401, what: 'a deletion that Dropbox told by the former path of a moved folder was missed' },
  { seed: 12125, what: 'a folder that a person made where a link was about to come was read as its deletion' },
  { seed: 17253, what: 'a folder of a rule that is gone was still moved back by another computer' },
  { seed: 48282, what: 'a document made again at the place of a moved one collided with it' },
  { seed: 53531, what: 'an upload without an answer was not known again where two documents had changed places' },
  { seed: 65428, what: 'a name set aside and spelled otherwise in Dropbox was left aside' },
  { seed: 121687, what: 'a document that was renamed here could not be opened' },
  { seed: 124101, what: 'a file moved while the folder was looked at was seen twice' },
  { seed: 124844, what: 'a file that came to the place of a link between two looks was taken for its edit' },
  { seed: 131727, what: 'two computers called a record by different names without end' },
  { seed: 200005, what: 'a conflict whose copy arrived late was in no list' },
  { seed: 200241, what: 'a document that was renamed when the program died was in no list of conflicts' },
  { seed: 200349, what: 'a name that another client has here too was spelled otherwise, mark and all, in Dropbox' },
  { seed: 200440, what: 'half of a move was taken for a deletion' },
  { seed: 200647, what: 'a document was moved aside for one that may not go there' },
  { seed: 201766, what: 'what a pattern leaves alone went with the folder that held it' },
  { seed: 210414, what: 'a conflict in a folder that goes up only lost the version from Dropbox' },
  { seed: 212334, what: 'a document moved on both sides, on one to a name that is never synced, was doubled' },
  { seed: 212767, what: 'a document without bytes was to be deleted for a pattern, and failed for ever' },
  { seed: 213260, what: 'bytes that were about to be freed when the program died were another document' },
  { seed: 220960, what: 'a file of nobody hindered the folder of a client for ever' },
  { seed: 233504, what: 'a folder that changed places with one of the ERP lost its place' },
  { seed: 234780, what: 'a file that was respelled when the program died was taken for two names of one' },
  { seed: 240540, what: 'the temporary file of what was taken out of the trash lay about for ever' },
  { seed: 242079, what: 'a folder moved while it was looked at was seen twice, and its documents without bytes went' },
  { seed: 243963, what: 'a folder was made for what came out of the trash where a document without bytes was' },
  { seed: 245431, what: 'a document without bytes that moved to another client was stuck' },
  { seed: 246763, what: 'a new database did not tell two clients apart that have one name' },
  { seed: 250082, what: 'a document was sent without end into a folder that might not move' },
  { seed: 267169, what: 'a name that no disk can hold belonged to no client after a lost database' },
  { seed: 268437, what: 'a document that was restored in Dropbox was written over another' },
  { seed: 268657, what: 'a folder that goes neither way drove another from its name without end' },
  {
    seed: 270409,
    what: 'a name that only looks as if told apart by client belonged to no client after a lost database',
  },
  { seed: 285047, what: 'a file in a folder that goes up only stood in the way of a folder without end' },
  { seed: 285636, what: 'what a folder held that is no longer left alone was in no plan' },
  { seed: 289310, what: 'a one-way folder that was renamed was one no longer' },
  { seed: 290480, what: 'a document that Dropbox spells otherwise belonged to no client after a lost database' },
  { seed: 302662, what: 'a folder deleted in one Dropbox was in the way of what another client has in it' },
  { seed: 831885, what: 'a subfolder of a record was made again where a document without bytes has its name' },
  { seed: 304019, what: 'what the feed had told before its folder drove another from its name' },
  { seed: 401919, what: 'two plans of one pass deleted more together than goes unasked' },
  { seed: 410638, what: 'a document made room for a folder of the ERP at the place of one without bytes' },
  { seed: 413172, what: 'what sync took to the trash and did not note was read as a deletion by a person' },
  { seed: 463342, what: 'an upload into a folder that was moved in Dropbox made another one, and was sent again' },
  { seed: 465778, what: 'an edit that arrived when the program died was a rival of what another computer made of it' },
  { seed: 467148, what: 'an upload without an answer was not known again when its place was taken meanwhile' },
  { seed: 467458, what: 'a document without bytes that was deleted in Dropbox could not be opened' },
  { seed: 500306, what: 'a pass with nothing to do looked once more for what had been sent' },
  { seed: 507236, what: 'an upload that arrived when the program died was not known again after a move here' },
  { seed: 508896, what: 'two computers that met two records swapped moved them back without end' },
  { seed: 900371, what: 'a folder that failed and was made by the way was not agreed upon' },
  { seed: 1009694, what: 'what one deletion had been told was forgotten by the next, which took a new document along' },
  {
    seed: 3004930,
    what: 'a place that only one side had was agreed upon, and two computers moved a document without end',
  },
  { seed: 3008371, what: 'what a document was paired with before was never planned again' },
  { seed: 3022269, what: 'a link in a folder of the ERP that was made again stayed frozen' },
  { seed: 3034337, what: 'bytes on their way to another client were freed' },
  { seed: 3040211, what: 'an edit that was sent as a document of its own was not known again' },
  { seed: 4000809, what: 'what was sent in a conflict was taken for an earlier version' },
  { seed: 4013681, what: 'a folder went with one that had been made anew' },
  { seed: 4015654, what: 'a moved folder went with the one that it had left' },
  { seed: 4033777, what: 'what was learnt took the place of another document, which went unasked' },
  { seed: 4033923, what: 'links went with a folder that took the place of one of the ERP' },
  { seed: 4034330, what: 'what another computer moved back into the root had been asked for before it came' },
  { seed: 5012465, what: 'the echo of a move of its own was taken for a deletion, and the document went unasked' },
  { seed: 5013543, what: 'an edit that was sent gave way to what the feed had told before it' },
  {
    seed: 5034551,
    what: 'a default subfolder was made in a new database where a document has its name, and drove it from there',
  },
  { seed: 5035116, what: 'a name that tells clients apart and was taken got a second mark' },
  {
    seed: 5038423,
    what: 'an upload over another version, of which the feed was late, was not known again after a move',
  },
  { seed: 5038937, what: 'what was deleted here came back with the other half of a move there' },
  { seed: 7000237, what: 'what was sent in a conflict was a rival of what another computer made of it' },
];

/** The same for runs in which a database is restored from a backup. */
const RESTORED: readonly { readonly seed: number; readonly what: string }[] = [
  { seed: 201, what: 'a deletion was believed that only the restored database told of' },
  { seed: 213, what: 'names that were swapped since the backup looked like moves that cross' },
  { seed: 3420, what: 'rows were proof of files that nobody had looked at' },
  { seed: 5300500, what: 'what had been sent before the backup was looked for' },
  { seed: 5301843, what: 'versions of a document in a folder that is new on both sides were mixed up' },
];

describe('simulation of the whole engine', () => {
  test(`${RUNS} seeds: quiet in the end, equal on all sides, nothing lost`, async () => {
    let passes = 0;
    for (let seed = 1; seed <= RUNS; seed++) passes += (await simulate(seed)).passes;
    expect(passes).toBeGreaterThan(RUNS);
  });

  const aimed = Math.ceil(RUNS / 3);
  test(`${aimed} seeds: the same where people come into each other's way`, async () => {
    let passes = 0;
    for (let seed = AIMED_FROM; seed < AIMED_FROM + aimed; seed++) passes += (await simulate(seed)).passes;
    expect(passes).toBeGreaterThan(aimed);
  });

  const restored = Math.ceil(RUNS / 3);
  test(`${restored} seeds: a database restored on the way deletes nothing and loses nothing`, async () => {
    let passes = 0;
    for (let seed = 1; seed <= restored; seed++) passes += (await simulate(seed, drawWithRestore)).passes;
    expect(passes).toBeGreaterThan(restored);
  });

  const purged = Math.ceil(RUNS / 5);
  test(`${purged} seeds: no mass deletion goes to the other side unasked`, async () => {
    let passes = 0;
    for (let seed = 1; seed <= purged; seed++) passes += (await simulate(seed, drawWithPurge)).passes;
    expect(passes).toBeGreaterThan(purged);
  });

  test.each(RESTORED)('seed $seed with a restore: $what', async ({ seed }) => {
    await expect(simulate(seed, drawWithRestore)).resolves.toMatchObject({ passes: expect.any(Number) });
  });

  test.each(FOUND)('seed $seed: $what', async ({ seed }) => {
    await expect(simulate(seed)).resolves.toMatchObject({ passes: expect.any(Number) });
  });
});

describe('the simulation itself', () => {
  test('the same seed takes the same course', async () => {
    for (let seed = 1; seed <= 20; seed++) expect(await play(draw(seed))).toEqual(await play(draw(seed)));
  });

  test('a failing scenario is cut down to what makes it fail', async () => {
    const scenario = draw(7);
    const small = await shrink(scenario, async ({ steps }) => steps.some((step) => step.step === 'pass'));
    expect(small.steps).toMatchObject([{ step: 'pass', acts: [], faults: [], crashAt: null }]);
    expect(small).toMatchObject({ platforms: ['linux'], clients: 1, erp: 0, links: null, pageSize: 2000 });
  });

  test('content that the engine loses is a violation', async () => {
    const scenario = { ...draw(1), platforms: ['linux' as const], clients: 1, erp: 0, links: null };
    const write = { on: 'here', who: 0, act: 'write', pick: [50, 0, 0] } as const;
    const { violation } = await play(
      { ...scenario, steps: [{ step: 'act', act: write }] },
      { tamper: ({ computers }) => computers[0]!.disk.person.remove('a') },
    );
    expect(violation).toBe('"text 0" is lost');
  });
});
