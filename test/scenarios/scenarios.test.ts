import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runScenario, type Scenario } from '../support/scenario-run.ts';
import { CONFLICT_SCRIPTS } from './cases/conflicts.ts';
import { DELETION_SCRIPTS } from './cases/deletion.ts';
import { DISK_FAULT_SCRIPTS } from './cases/disk-faults.ts';
import { FAULT_SCRIPTS } from './cases/faults.ts';
import { MOVE_SCRIPTS } from './cases/moves.ts';
import { NAME_SCRIPTS } from './cases/names.ts';
import { PROPAGATION_SCRIPTS } from './cases/propagation.ts';
import { SAFETY_SCRIPTS } from './cases/safety.ts';
import { SCALE_SCRIPTS } from './cases/scale.ts';
import { CONFLICTS, DELETION, MOVES, NAMES, PROPAGATION, TYPE_CHANGES } from './cases/table.ts';

// The command line against the emulator, scenario by scenario. scenarios.yaml says in words what shall be; cases/ does it.

interface Told {
  readonly id: string;
  readonly init?: string;
  readonly here?: string;
  readonly dropbox?: string;
  readonly expect: string;
}

const TOLD = (
  parse(readFileSync(new URL('scenarios.yaml', import.meta.url), 'utf8')) as { readonly scenarios: readonly Told[] }
).scenarios;

const SCENARIOS: readonly Scenario[] = [
  ...PROPAGATION,
  ...PROPAGATION_SCRIPTS,
  ...DELETION,
  ...DELETION_SCRIPTS,
  ...MOVES,
  ...MOVE_SCRIPTS,
  ...CONFLICTS,
  ...CONFLICT_SCRIPTS,
  ...TYPE_CHANGES,
  ...NAMES,
  ...NAME_SCRIPTS,
  ...SAFETY_SCRIPTS,
  ...FAULT_SCRIPTS,
  ...DISK_FAULT_SCRIPTS,
  ...SCALE_SCRIPTS,
];

function title(told: Told, scenario: Scenario): string {
  const form = 'form' in scenario && scenario.form !== undefined ? ` (${scenario.form})` : '';
  const parts = [told.init, told.here && `here: ${told.here}`, told.dropbox && `Dropbox: ${told.dropbox}`];
  const text = parts.filter((part) => part !== undefined && part !== '').join(' | ');
  return `${told.id}${form}  ${text} → ${told.expect}`;
}

const CASES = TOLD.flatMap((told) =>
  SCENARIOS.flatMap((scenario) => (scenario.id === told.id ? [[title(told, scenario), scenario] as const] : [])),
);

// The longest stand last in the list: they are begun first.
test.concurrent.for(CASES.toReversed())('%s', async ([, scenario]) => {
  expect(await runScenario(scenario)).toBe(scenario.id);
});

test('every scenario is run', () => {
  const present = new Set(SCENARIOS.map(({ id }) => id));
  expect(TOLD.map(({ id }) => id).filter((id) => !present.has(id))).toEqual([]);
  const told = new Set(TOLD.map(({ id }) => id));
  expect([...present].filter((id) => !told.has(id))).toEqual([]);
});
