import { availableParallelism } from 'node:os';
import { type Built, empty } from './contestants.ts';
import type { Calls, Ground, Slice, Warm } from './ground.ts';

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

/** What each process does: requests to settle, then so many with fresh and so many with repeated tokens, slice by slice. */
export type WarmPlan = {
  processes: number;
  settle: number;
  each: number;
  slice: number;
  /** How many tokens go round: of fresh ones a multiple of a slice, and more than any contestant's cache keeps. */
  fresh: number;
  repeated: number;
};

/** Of the time until `end`, the share of one among so many who are still to come; both in milliseconds since 1970. */
const shareOf = (end: number, others: number): number => Date.now() + (end - Date.now()) / others;

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
  for (const { contestant } of runners) {
    results.set(contestant.name, { fresh: [], repeated: [], memory: [], requests: [], calls: {} });
  }
  for (let left = plan.processes; left > 0; left--) {
    await warmRound(ground, runners, plan, shareOf(end, left), results);
  }
  for (const built of runners) {
    const result = results.get(built.contestant.name);
    if (result) result.calls = await ground.callsOf(built);
  }
  return results;
};

const warmRound = async (
  ground: Ground,
  runners: readonly Built[],
  plan: WarmPlan,
  end: number,
  results: Results<Warmed>,
): Promise<void> => {
  const warms = new Map<Built, Warm>();
  for (const built of runners) warms.set(built, await ground.keep(built));
  const memory = new Map<Built, number>();
  // The first request of a process is one, too.
  let requests = 1;

  const turn = async (index: number, slice: Slice, kind?: 'fresh' | 'repeated') => {
    requests += slice.requests;
    const order = inTurn(runners, index);
    for (let first = 0; first < order.length; first += lanes) {
      const beside = order.slice(first, first + lanes).map(async (built) => {
        const cost = await warms.get(built)?.call(slice);
        if (!cost) return;
        memory.set(built, cost.memoryAtMost);
        if (kind) results.get(built.contestant.name)?.[kind].push(cost.cpu);
      });
      await Promise.all(beside);
    }
  };
  /** At least one turn, and as many as there is time for. */
  const turns = async (
    kind: 'fresh' | 'repeated',
    until: number,
    tokensAt: (done: number) => Omit<Slice, 'requests'>,
  ) => {
    for (let done = 0; done < plan.each && (done === 0 || Date.now() < until); done += plan.slice) {
      await turn(done / plan.slice, { requests: plan.slice, ...tokensAt(done) }, kind);
    }
  };

  // Unmeasured, until the engine has compiled what is hot.
  await turn(0, { requests: plan.settle, from: 0, tokens: plan.fresh });
  await turns('fresh', shareOf(end, 2), (done) => ({ from: done % plan.fresh, tokens: plan.slice }));
  await turns('repeated', end, () => ({ from: 0, tokens: plan.repeated }));
  for (const [built, warm] of warms) {
    const result = results.get(built.contestant.name);
    result?.memory.push(memory.get(built) ?? 0);
    result?.requests.push(requests);
    await warm.stop();
  }
};
