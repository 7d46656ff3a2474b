import { availableParallelism } from 'node:os';
import { type Built, empty } from './contestants.ts';
import type { Calls, Ground, Slice, SliceCost, Warm } from './ground.ts';

/** What was measured of a contestant, round by round. */
export type Cold = {
  /** Processor time until the first answer, and from when it was loaded until then, in milliseconds. */
  start: number[];
  first: number[];
  /** The most memory until then, in KiB. */
  memory: number[];
  calls: Calls;
};

export type Warmed = {
  /** Processor time of a request, in milliseconds, slice by slice. */
  fresh: number[];
  repeated: number[];
  /** The most memory, in KiB, and how many requests that took, process by process. */
  memory: number[];
  requests: number[];
  calls: Calls;
};

/** A value for each contestant, by name. */
export type Results<Result> = Map<string, Result>;

/**
 * How many warm processes are measured at a time. Each waits for the stub now and then, so two keep two processors busy; and a
 * processor that never rests is the same for all. Starts are measured one at a time, because their first request waits too.
 */
const lanes = Math.max(2, availableParallelism() - 1);

/** Every other turn in the opposite order, and each turn begun one further on, so that nobody always goes beside the same. */
const inTurn = <Item>(items: readonly Item[], turn: number): Item[] => {
  const start = turn % items.length;
  const forth = [...items.slice(start), ...items.slice(0, start)];
  return turn % 2 === 0 ? forth : forth.toReversed();
};

/**
 * Starts each contestant in a process of its own, round after round. Every time is what it has above the empty function of
 * the same round.
 */
export const coldRace = async (ground: Ground, field: readonly Built[], rounds: number): Promise<Results<Cold>> => {
  const nothing = field.find(({ contestant }) => contestant.name === empty.name);
  if (!nothing) throw new Error('The empty function must take part.');
  const others = field.filter((built) => built !== nothing);
  const results: Results<Cold> = new Map();
  for (const { contestant } of others) results.set(contestant.name, { start: [], first: [], memory: [], calls: {} });

  for (let round = 0; round < rounds; round++) {
    const base = await ground.start(nothing);
    for (const built of inTurn(others, round)) {
      const report = await ground.start(built);
      const result = results.get(built.contestant.name);
      result?.start.push(report.answered - base.answered);
      result?.first.push(report.answered - report.loaded);
      result?.memory.push(report.memory);
    }
  }
  for (const built of others) {
    const result = results.get(built.contestant.name);
    if (result) result.calls = await ground.callsOf(built);
  }
  return results;
};

/** What each process does, in slices: some to settle, then so many with fresh and so many with repeated tokens. */
export type WarmPlan = {
  processes: number;
  /** Requests in a slice. */
  slice: number;
  settle: number;
  each: number;
  /** How many tokens go round: of fresh ones a multiple of a slice, and more than any contestant's cache keeps. */
  fresh: number;
  repeated: number;
};

/** The moment when the next of so many equal shares of the time until `end` is over, in milliseconds since 1970. */
const endOfShare = (end: number, remaining: number): number => Date.now() + (end - Date.now()) / remaining;

/**
 * Keeps a process of each contestant and lets them take turns, a slice of the requests each, so that whatever else the
 * machine does meets all of them alike. Ends early, and for all alike, when the time is up (in milliseconds since 1970).
 */
export const warmRace = async (
  ground: Ground,
  field: readonly Built[],
  plan: WarmPlan,
  end: number,
): Promise<Results<Warmed>> => {
  const runners = field.filter(({ contestant }) => contestant.isWarm);
  const results: Results<Warmed> = new Map();
  for (const built of runners) {
    results.set(built.contestant.name, { fresh: [], repeated: [], memory: [], requests: [], calls: {} });
    // Whatever was called before is none of this race's.
    await ground.callsOf(built);
  }
  for (let remaining = plan.processes; remaining > 0; remaining--) {
    await warmRound(ground, runners, plan, endOfShare(end, remaining), results);
  }
  for (const built of runners) {
    const result = results.get(built.contestant.name);
    if (result) result.calls = await ground.callsOf(built);
  }
  return results;
};

/** Which tokens a slice uses: so many in turn, from the one with that number on. */
type TokenRange = Omit<Slice, 'requests'>;
type Take = (result: Warmed, cost: SliceCost) => void;

const warmRound = async (
  ground: Ground,
  runners: readonly Built[],
  plan: WarmPlan,
  end: number,
  results: Results<Warmed>,
): Promise<void> => {
  const warms = new Map<string, Warm>();
  for (const built of runners) warms.set(built.contestant.name, await ground.keep(built));
  let costs = new Map<string, SliceCost>();
  // The first request of a process is one, too.
  let requests = 1;

  /** At least one slice, and as many as there is time for. */
  const slices = async (count: number, until: number, tokens: () => TokenRange, take: Take) => {
    for (let index = 0; index < count && (index === 0 || Date.now() < until); index++) {
      costs = await turn(warms, index, { requests: plan.slice, ...tokens() });
      requests += plan.slice;
      for (const [name, result] of results) take(result, costs.get(name) ?? lost(name));
    }
  };
  let used = 0;
  const fresh = () => ({ from: (plan.slice * used++) % plan.fresh, tokens: plan.slice });
  const repeated = () => ({ from: 0, tokens: plan.repeated });

  // Unmeasured, until the engine has compiled what is hot.
  await slices(plan.settle, endOfShare(end, 4), fresh, () => {});
  await slices(plan.each, endOfShare(end, 2), fresh, (result, { cpu }) => result.fresh.push(cpu));
  await slices(plan.each, end, repeated, (result, { cpu }) => result.repeated.push(cpu));

  for (const [name, result] of results) {
    result.memory.push((costs.get(name) ?? lost(name)).memoryAtMost);
    result.requests.push(requests);
    await warms.get(name)?.stop();
  }
};

/** Has every process answer a slice of its own; gives what that cost. */
const turn = async (warms: Map<string, Warm>, index: number, slice: Slice): Promise<Map<string, SliceCost>> => {
  const costs = new Map<string, SliceCost>();
  const order = inTurn([...warms], index);
  for (let first = 0; first < order.length; first += lanes) {
    const beside = order.slice(first, first + lanes);
    await Promise.all(beside.map(async ([name, warm]) => costs.set(name, await warm.call(slice))));
  }
  return costs;
};

const lost = (name: string): never => {
  throw new Error(`${name} was not measured`);
};
