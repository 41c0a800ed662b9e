import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files at once: a test that waits for a process leaves its core to another. */
const AT_ONCE = Math.max(2, Math.min(4, availableParallelism()));

/** Begun first, the longest at the head, so that none of them is left running alone at the end. */
const LONG = [
  'e2e/crash',
  'scenarios/scenarios',
  'e2e/reverse',
  'e2e/gallery',
  'simulation/simulation',
  'e2e/backup',
  'e2e/backup-restore',
  'e2e/round-trips',
  'e2e/disk-faults',
  'e2e/stopping',
  'e2e/keeping',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = LONG.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
      return found < 0 ? LONG.length : found;
    };
    const group = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;
    return (await super.sort(files)).toSorted((a, b) => group(a) - group(b) || rank(a) - rank(b));
  }
}

// `unit` needs nothing but Node; `system` starts real processes (command line, emulator); `window` is what needs the
// screen or the fixed ports of the login to itself, one file after the other.
const SYSTEM = ['test/e2e/**/*.test.ts', 'test/scenarios/**/*.test.ts', 'test/simulation/**/*.test.ts'];
const WINDOW = ['test/e2e/window*.test.ts', 'test/e2e/connecting.test.ts', 'test/e2e/login.test.ts'];
const PATIENT = { testTimeout: 300_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts', 'test/conformance/**/*.test.ts'],
          // A second or two alone; a busy machine may take much longer.
          testTimeout: 300_000,
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'system',
          include: SYSTEM,
          exclude: WINDOW,
          ...PATIENT,
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'window',
          include: WINDOW,
          ...PATIENT,
          // Waiting for what appears by itself; the default is a second, which a busy machine needs for a start of a screen.
          expect: { poll: { timeout: 60_000 } },
          fileParallelism: false,
          // A second try for what depends on focus and drawing; the report names who needed it.
          retry: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
