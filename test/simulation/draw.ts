// From a seed to a scenario: how many computers, what people do, what fails and when. Nothing is played here.

import type { Random } from '../../src-main/engine/ports.ts';
import { seeded, type Platform } from '../support/engine-world.ts';
import type { Act, ErpAct, HereAct, PassStep, Pick, Scenario, Step, ThereAct, WorldEvent } from './scenario.ts';

type Weights<T extends string> = Readonly<Record<T, number>>;

const HERE: Weights<HereAct> = {
  write: 24,
  edit: 18,
  mkdir: 10,
  move: 24,
  remove: 14,
  save: 4,
  respell: 5,
  retype: 4,
  swap: 3,
  copy: 2,
  'copy-remove': 3,
  symlink: 1,
};
const THERE: Weights<ThereAct> = {
  write: 24,
  edit: 18,
  mkdir: 10,
  move: 26,
  remove: 14,
  respell: 5,
  retype: 4,
  swap: 3,
  paper: 1,
  out: 2,
  back: 2,
  rumour: 1,
};
const ERP: Weights<ErpAct> = { add: 10, rename: 6, archive: 2, remove: 4, rule: 2, unrule: 1, fields: 1 };
const WORLD: Weights<WorldEvent> = {
  'reset-cursors': 8,
  'clock-forth': 4,
  'clock-back': 4,
  quota: 3,
  'quota-lifted': 3,
  'disk-full': 3,
  'disk-freed': 3,
  unreadable: 4,
  readable: 4,
  'folder-away': 3,
  'folder-back': 3,
  'login-lost': 2,
  'login-back': 3,
  'root-away': 2,
  'root-back': 3,
};
const PLATFORMS: Weights<Platform> = { linux: 8, darwin: 1, win32: 1 };
/** How much there may be in a run. */
interface Size {
  /** Chance of more than one computer, and how many at the most. */
  readonly several: number;
  readonly computers: number;
  readonly rounds: number;
  /** Of people, before the passes of a round. */
  readonly acts: number;
  /** Calls among which what troubles a pass is put, as densely that all passes are troubled alike. */
  readonly calls: number;
  /** Chance that people meet, see `meeting`; beyond 1, that they do so twice. */
  readonly meetings: number;
  /** Chance that the feed tells meanwhile that the folder is gone. */
  readonly rumours: number;
}

/** In a pass that is troubled: what people do, and what fails. */
const DEEDS = 2.45;
const FAULTS = 1.4;

const LARGE: Size = { several: 0.3, computers: 3, rounds: 4, acts: 7, calls: 70, meetings: 0.5, rumours: 0 };
/** Most of what is found needs little to happen: a few of these take no longer than a large one. */
const SMALL: Size = { several: 0.2, computers: 2, rounds: 1, acts: 7, calls: 45, meetings: 1.5, rumours: 0.6 };
const SMALL_SHARE = 0.75;

/** Seeds below take the course that they took when they found what simulation.test.ts names. */
export const AIMED_FROM = 2_000_000;
export const MIXED_FROM = 10_000_000;

export function draw(seed: number): Scenario {
  const random = seeded(seed);
  const size = seed >= MIXED_FROM && random() < SMALL_SHARE ? SMALL : LARGE;
  const scenario = new Draw(random, seed, size).scenario();
  return seed < AIMED_FROM ? scenario : aimed(scenario, seeded(seed ^ 0x3d4d51cb), size);
}

/**
 * The same scenario, with people who come into each other's and the program's way: what somebody works at is what somebody
 * else has just moved, removed or written to, in the middle of the pass that deals with it.
 */
function aimed(scenario: Scenario, random: Random, size: Size): Scenario {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = (): Pick => [below(100), below(100), below(100)];
  const who = () => below(scenario.platforms.length);
  const client = () => below(scenario.clients);
  const take = (act: Act, share: number): Act => {
    if (act.on !== 'here' && act.on !== 'there') return act;
    const isAimed = random() < share;
    if (random() < 0.04) return { on: 'there', who: client(), act: 'rumour', pick: act.pick, aimed: isAimed };
    return isAimed ? { ...act, aimed: true } : act;
  };
  const steps = scenario.steps.map((step): Step => {
    if (step.step === 'act') return { ...step, act: take(step.act, 0.2) };
    if (step.step !== 'pass') return step;
    return { ...step, acts: step.acts.map(([call, act]) => [call, take(act, 0.5)] as const) };
  });
  const at = (acts: readonly Act[], calls: number): PassStep['acts'] =>
    acts.map((act) => [below(calls), act] as const).toSorted(([a], [b]) => a - b);
  const pass = (computer: number, acts: PassStep['acts'] = []): PassStep => {
    const crashAt = acts.length > 0 && random() < 0.1 ? below(size.calls) : null;
    return { step: 'pass', who: computer, hinted: random() < 0.1, crashAt, acts, faults: [] };
  };
  /** A folder that both sides know, and what becomes of it on one while the other is at work in it. */
  const meeting = (): Step[] => {
    const computer = who();
    const root = client();
    const by = (side: 'here' | 'there', act: 'mkdir' | 'write' | 'edit' | 'move' | 'remove', entry: number): Act => {
      const [, folder, name] = pick();
      const what = { act, pick: [entry, folder, name] as const, aimed: act !== 'mkdir' };
      return side === 'here' ? { on: side, who: computer, ...what } : { on: side, who: root, ...what };
    };
    const side = (): 'here' | 'there' => (random() < 0.5 ? 'here' : 'there');
    const made = side();
    const filed = [by(made, 'mkdir', 0), by(made, 'write', 0), ...(random() < 0.5 ? [by(made, 'write', 0)] : [])];
    const deed = by(side(), random() < 0.7 ? 'remove' : 'move', random() < 0.7 ? 0 : below(100));
    const [other, acts] = [side(), ['write', 'edit', 'edit', 'move'] as const];
    const late = Array.from({ length: 1 + below(2) }, () => by(other, acts[below(acts.length)]!, below(100)));
    if (size.rumours > 0 && random() < size.rumours) {
      late.push({ on: 'there', who: root, act: 'rumour', pick: pick(), aimed: true });
    }
    const early = random() < 0.2 ? [by(other, acts[below(acts.length)]!, below(100))] : [];
    return [
      ...filed.map((act): Step => ({ step: 'act', act })),
      random() < 0.5 ? { step: 'quiet' } : pass(computer),
      ...[deed, ...early].map((act): Step => ({ step: 'act', act })),
      pass(computer, at(late, 40)),
    ];
  };
  /** What everybody agrees about, and something of it is deleted, while all else goes wrong that can. */
  const clearing = (): Step[] => {
    const remove = (): Act =>
      random() < 0.5
        ? { on: 'here', who: who(), act: 'remove', pick: pick() }
        : { on: 'there', who: client(), act: 'remove', pick: pick() };
    const acts = Array.from({ length: 1 + below(3) }, (): Step => ({ step: 'act', act: remove() }));
    const faults = Array.from({ length: below(3) }, () => [below(40), below(1000)] as const);
    const reset: Act = { on: 'world', who: who(), event: 'reset-cursors', pick: pick() };
    const crashAt = random() < 0.5 ? below(40) : null;
    return [
      { step: 'quiet' },
      ...acts,
      { ...pass(who(), random() < 0.2 ? at([reset], 30) : []), crashAt, faults },
      ...(random() < 0.5 ? [pass(who())] : []),
      { step: 'quiet' },
    ];
  };
  for (let left = size.meetings; left > 0 && random() < left; left--) {
    steps.splice(below(steps.length + 1), 0, ...meeting());
  }
  if (random() < 0.25) steps.splice(below(steps.length + 1), 0, ...clearing());
  return { ...scenario, steps, ...(random() < 0.2 ? { lag: 1 + below(4) } : {}) };
}

/** The same scenario with a backup somewhere on the way, and the database restored from it later. */
export function drawWithRestore(seed: number): Scenario {
  const scenario = draw(seed);
  const random = seeded(seed ^ 0x2c1b3c6d);
  const steps = [...scenario.steps];
  const below = (limit: number) => Math.floor(random() * limit);
  const who = below(scenario.platforms.length);
  const backUp = below(steps.length + 1);
  steps.splice(backUp, 0, { step: 'back-up-database', who });
  steps.splice(backUp + 1 + below(steps.length - backUp), 0, { step: 'restore-database', who });
  return { ...scenario, steps };
}

/** The same scenario with a time before it in which much was filed, and then much of it is deleted on one side. */
export function drawWithPurge(seed: number): Scenario {
  const scenario = draw(seed);
  const random = seeded(seed ^ 0x51ed270b);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = (): Pick => [below(100), below(100), below(100)];
  const who = below(scenario.platforms.length);
  const client = below(scenario.clients);
  const pass: PassStep = { step: 'pass', who, hinted: false, crashAt: null, acts: [], faults: [] };
  const acts = (side: 'here' | 'there', act: 'mkdir' | 'write' | 'remove', count: number): Step[] =>
    Array.from({ length: count }, () => ({
      step: 'act',
      act: side === 'here' ? { on: side, who, act, pick: pick() } : { on: side, who: client, act, pick: pick() },
    }));
  const side = () => (random() < 0.5 ? 'here' : 'there');
  const filing = side();
  // Names are few: there is room for many documents in many folders only.
  const filed = [...acts(filing, 'mkdir', 6 + below(4)), ...acts(filing, 'write', 20 + below(10))];
  const crashAt = random() < 0.3 ? below(LARGE.calls) : null;
  const purge = [...acts(side(), 'remove', 4 + below(8)), { ...pass, crashAt }, pass];
  const steps = [...filed, pass, ...purge, ...scenario.steps];
  return { ...scenario, approved: false, steps };
}

class Draw {
  readonly #random: Random;
  readonly #seed: number;
  readonly #size: Size;
  #computers = 1;
  #clients = 1;
  #erp = 0;

  constructor(random: Random, seed: number, size: Size) {
    this.#random = random;
    this.#seed = seed;
    this.#size = size;
  }

  scenario(): Scenario {
    const { several, computers, rounds: most, acts } = this.#size;
    this.#computers = this.#chance(several) ? 2 + this.#below(computers - 1) : 1;
    this.#clients = this.#chance(0.12) ? 2 : 1;
    this.#erp = this.#chance(0.35) ? (this.#chance(0.5) ? 1 : this.#computers) : 0;
    const frame = {
      seed: this.#seed ^ 0x5bd1e995,
      platforms: Array.from({ length: this.#computers }, () => this.#weighted(PLATFORMS)),
      clients: this.#clients,
      erp: this.#erp,
      links: this.#chance(0.2) ? (this.#chance(0.5) ? ('everywhere' as const) : ('b' as const)) : null,
      approved: this.#chance(0.85),
      pageSize: this.#chance(0.4) ? 1 + this.#below(4) : 2000,
      ...(this.#chance(0.15) ? { lag: 1 + this.#below(4) } : {}),
    };
    const decides = this.#chance(0.2);
    const steps: Step[] = [];
    const rounds = 1 + this.#below(most);
    for (let round = 0; round < rounds; round++) {
      for (let i = this.#below(acts + 1); i > 0; i--) steps.push({ step: 'act', act: this.#act() });
      for (let i = 1 + this.#below(this.#computers + 1); i > 0; i--) {
        steps.push(this.#pass());
        if (frame.links !== null && this.#chance(0.5)) {
          steps.push({ step: 'free', who: this.#who(), crashAt: this.#crash(0.2, 12) });
        }
        if (frame.links !== null && this.#chance(0.2))
          steps.push({ step: 'open', who: this.#who(), pick: this.#pick(), crashAt: this.#crash(0.3, 12) });
        for (const step of ['restore', 'settle'] as const) {
          if (!this.#chance(0.08)) continue;
          steps.push({ step, who: this.#who(), pick: this.#pick(), crashAt: this.#crash(0.3, 12) });
        }
        if (!frame.approved && this.#chance(0.2)) {
          steps.push({ step: 'refuse', who: this.#who(), crashAt: this.#crash(0.2, 8) });
        }
        if (decides && this.#chance(0.3)) steps.push({ step: 'flow', who: this.#who(), pick: this.#pick() });
        if (decides && this.#chance(0.2)) steps.push({ step: 'ignore', pick: this.#pick() });
      }
      if (this.#chance(0.02)) steps.push({ step: 'lose-database', who: this.#who() });
      if (this.#chance(0.2)) steps.push({ step: 'quiet' });
    }
    return { ...frame, steps };
  }

  #act(): Act {
    const pick = this.#pick();
    const draw = this.#random();
    if (draw < 0.04) return { on: 'world', who: this.#who(), event: this.#weighted(WORLD), pick };
    if (this.#erp > 0 && draw < 0.15) return { on: 'erp', act: this.#weighted(ERP), pick };
    if (this.#chance(0.5)) return { on: 'here', who: this.#who(), act: this.#weighted(HERE), pick };
    return { on: 'there', who: this.#below(this.#clients), act: this.#weighted(THERE), pick };
  }

  #pass(): PassStep {
    const who = this.#who();
    const { calls } = this.#size;
    const crashAt = this.#chance(0.3) ? this.#below(calls) : null;
    const hinted = this.#chance(0.25);
    const more = {
      ...(this.#chance(0.2) ? { patient: true } : {}),
      ...(this.#chance(0.1) ? { approve: true } : {}),
      ...(this.#chance(0.3) ? { jitter: this.#below(1_000_000) } : {}),
      ...(this.#chance(0.1) ? { audit: 1 + this.#below(10) } : {}),
    };
    const acts: [number, Act][] = [];
    const faults: [number, number][] = [];
    if (this.#chance(0.7)) {
      for (let call = 0; call < calls; call++) {
        if (this.#chance(DEEDS / calls)) acts.push([call, this.#between(who)]);
        if (this.#chance(FAULTS / calls)) faults.push([call, this.#below(1000)]);
      }
    }
    return { step: 'pass', who, hinted, ...more, crashAt, acts, faults };
  }

  #between(who: number): Act {
    if (this.#computers === 1 || !this.#chance(0.25)) return this.#act();
    return { on: 'pass', who: (who + 1 + this.#below(this.#computers - 1)) % this.#computers };
  }

  #crash(probability: number, calls: number): number | null {
    return this.#chance(probability) ? this.#below(calls) : null;
  }

  #who(): number {
    return this.#below(this.#computers);
  }

  #pick(): Pick {
    return [this.#below(100), this.#below(100), this.#below(100)];
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #weighted<T extends string>(weights: Weights<T>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.#random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of entries) if ((left -= weight) < 0) return value;
    return entries[0]![0];
  }
}
