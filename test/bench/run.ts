import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../../infra/command-line.ts';
import { installExtraPackages } from '../harness/extra-packages.ts';
import { costOfVariants, variants } from './ablation.ts';
import { bare, built, contestants, empty, floor, updateClient } from './contestants.ts';
import { makeGround } from './ground.ts';
import { plotOf } from './plot.ts';
import { coldRace, warmRace } from './races.ts';
import { lineOfGateway, linesOf, tableOfLines, tableOfSizes, tableOfVariants } from './report.ts';
import { costBySize } from './sizes.ts';
import { throughput } from './throughput.ts';

const usage = `Usage: npm run bench -- [options]

Bundles both functions and their peers, starts and calls them against a stub of DynamoDB and a key set over TLS on this
machine, prints one table and draws it as test/bench/speed.svg (not with --quick or --only). Times are processor time, medians
with quartiles. Ratios are to the bare handler in the same round, medians with their 95 % intervals.

  --quick       a look of less than a minute, too short to claim anything from
  --starts N    cold starts of each, 20 by default, 30 with --ablation
  --requests N  warm requests to each process, 20000 by default
  --minutes N   when to end, 9 by default, 12 with --ablation: warm requests come last, and are as many as there is time for
  --only NAMES  only contestants (with --ablation, variants) whose names begin with one of these, between commas
  --ablation    nothing but update-client, as it is deployed and with one thing done otherwise
  --endurance   nothing but 100,000 requests to one process of update-client, and the memory it has in use on the way
  --json        the same as data
  --help        print this
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    starts: { type: 'string' },
    requests: { type: 'string', default: '20000' },
    minutes: { type: 'string' },
    only: { type: 'string' },
    ablation: { type: 'boolean', default: false },
    endurance: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** A tenth of the requests to settle, and the rest in halves: fresh tokens, and repeated ones. */
const fullWith = (starts: number, requests: number) => ({
  rounds: starts,
  warm: {
    processes: 3,
    slice: 150,
    settle: Math.ceil((requests * 0.1) / 150),
    each: Math.ceil((requests * 0.45) / 150),
    fresh: 1_500,
    repeated: 50,
  },
  sized: 1_000,
  gateway: { slices: 10, requests: 500 },
});
const quick = {
  rounds: 2,
  warm: { processes: 1, slice: 50, settle: 2, each: 4, fresh: 300, repeated: 50 },
  sized: 40,
  gateway: { slices: 2, requests: 100 },
};

/** More processes than in a race, so that no interval rests on the luck of one: a process keeps the code that it compiled first. */
const ablationWith = (starts: number) => ({
  rounds: starts,
  warm: { processes: 8, slice: 100, settle: 12, each: 1_000, fresh: 1_500, repeated: 50 },
});

const starts = Number(values.starts ?? (values.ablation ? 30 : 20));
if (!Number.isInteger(starts) || starts < 1) {
  throw new Error(`--starts must be a whole number from 1 on, and not ${values.starts}.`);
}

const requests = Number(values.requests);
if (!Number.isInteger(requests) || requests < 1000) {
  throw new Error(`--requests must be a whole number from 1000 on, and not ${values.requests}.`);
}
const minutes = Number(values.minutes ?? (values.ablation ? 12 : 9));
if (!(minutes > 0)) throw new Error(`--minutes must be a number above 0, and not ${values.minutes}.`);

const isChosen = (name: string): boolean =>
  values.only === undefined ||
  [empty.name, bare.name, floor.name, ...values.only.split(',')].some((beginning) => name.startsWith(beginning));

const machine = { node: process.version, processor: cpus()[0]?.model, cores: cpus().length };

const race = async (): Promise<string> => {
  installExtraPackages(import.meta.dirname, 'the benchmark');
  const plan = values.quick ? quick : fullWith(starts, requests);
  const end = Date.now() + minutes * 60_000;
  await using ground = await makeGround(plan.warm.fresh);
  const chosen = contestants.filter(({ name }) => isChosen(name));
  const field = await Promise.all(chosen.map((contestant) => built(contestant, ground.directory)));
  const cold = await coldRace(ground, field, plan.rounds);
  const ours = field.find(({ contestant }) => contestant === updateClient);
  const sizes = ours ? await costBySize(ground, ours, plan.sized) : [];
  const gateway = await throughput(plan.gateway);
  const warm = await warmRace(ground, field, plan.warm, end);
  const lines = linesOf(field, cold, warm);
  const isWhole = !values.quick && values.only === undefined;
  if (isWhole) writeFileSync(join(import.meta.dirname, 'speed.svg'), plotOf(lines));
  const made = warm.get(bare.name)?.requests ?? [];
  if (values.json) return JSON.stringify({ machine, plan, requests: made, lines, sizes, gateway }, undefined, 2);
  return [
    JSON.stringify(machine),
    `${plan.rounds} cold starts; warm, processes of ${made.join(', ')} requests`,
    tableOfLines(lines),
    tableOfSizes(sizes),
    lineOfGateway(gateway),
  ].join('\n\n');
};

const ablate = async (): Promise<string> => {
  const plan = values.quick ? quick : ablationWith(starts);
  const end = Date.now() + minutes * 60_000;
  await using ground = await makeGround(plan.warm.fresh);
  const all = [empty, ...variants(join(ground.directory, 'compiled'))];
  const chosen = all.filter((contestant) => contestant === updateClient || isChosen(contestant.name));
  const field = await Promise.all(chosen.map((contestant) => built(contestant, ground.directory)));
  const cold = await coldRace(ground, field, plan.rounds);
  const warm = await warmRace(ground, field, plan.warm, end);
  const costs = costOfVariants(field, cold, warm);
  return values.json ? JSON.stringify({ machine, plan, costs }, undefined, 2) : tableOfVariants(costs);
};

const endure = async (): Promise<string> => {
  const tokens = 2_000;
  await using ground = await makeGround(tokens);
  const warm = await ground.keep(await built(updateClient, ground.directory));
  const memory: number[] = [];
  for (let slice = 0; slice < 20; slice++) {
    memory.push((await warm.call({ requests: 5_000, from: 0, tokens })).memory);
  }
  await warm.stop();
  if (values.json) return JSON.stringify({ memory });
  return `MiB in use after each 5,000 requests: ${memory.map((bytes) => Math.round(bytes / 2 ** 20)).join(' ')}`;
};

const task = () => {
  if (values.ablation) return ablate();
  return values.endurance ? endure() : race();
};

await runCommand(async () => {
  process.stdout.write(values.help ? usage : `${await task()}\n`);
});
