import { type Built, empty } from './contestants.ts';
import type { Ground, Warm } from './ground.ts';

/** What was measured of a contestant, round by round. */
export type Cold = {
  /** Processor time until the first answer, and from when it was loaded until then, in milliseconds. */
  start: number[];
  first: number[];
  /** The most memory until then, in KiB. */
  memory: number[];
  calls: Record<string, number>;
};

export type Warmed = {
  /** Processor time of a request, in milliseconds. */
  fresh: number[];
  repeated: number[];
  /** The most memory, in KiB. */
  memory: number[];
  calls: Record<string, number>;
};

/** A value for each contestant, by name. */
export type Results<Result> = Map<string, Result>;

const added = (one: Record<string, number>, other: Record<string, number>): Record<string, number> => {
  const sum = { ...one };
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

/**
 * Starts each contestant in a process of its own, round after round, each round in the opposite order. Every value is
 * what it has above the empty function of the same round.
 */
export const coldRace = async (ground: Ground, field: readonly Built[], rounds: number): Promise<Results<Cold>> => {
  const results: Results<Cold> = new Map();
  const nothing = field.find(({ contestant }) => contestant.name === empty.name);
  const others = field.filter((built) => built !== nothing);
  if (!nothing) throw new Error('The empty function must take part.');
  await ground.calls();
  for (let round = 0; round < rounds; round++) {
    const base = await ground.run(nothing);
    for (const built of round % 2 === 0 ? others : others.toReversed()) {
      const report = await ground.run(built);
      const name = built.contestant.name;
      const result = results.get(name) ?? { start: [], first: [], memory: [], calls: {} };
      result.start.push(report.answered - base.answered);
      result.first.push(report.answered - report.loaded);
      result.memory.push(report.memoryAtFirst);
      results.set(name, { ...result, calls: added(result.calls, await ground.calls()) });
    }
  }
  return results;
};

/** Calls each contestant many times in one process, round after round. */
export const warmRace = async (
  ground: Ground,
  field: readonly Built[],
  rounds: number,
  warm: Warm,
): Promise<Results<Warmed>> => {
  const results: Results<Warmed> = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const built of field.filter(({ contestant }) => contestant.isWarm)) {
      const report = await ground.run(built, { warm });
      const name = built.contestant.name;
      const result = results.get(name) ?? { fresh: [], repeated: [], memory: [], calls: {} };
      result.fresh.push(...(report.fresh ?? []));
      result.repeated.push(...(report.repeated ?? []));
      result.memory.push(report.memoryAtMost ?? 0);
      results.set(name, { ...result, calls: added(result.calls, await ground.calls()) });
    }
  }
  return results;
};
