import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { built, contestants, empty } from './contestants.ts';
import { makeGround } from './ground.ts';
import { coldRace, warmRace } from './races.ts';
import { lineOfGateway, linesOf, tableOfLines, tableOfSizes } from './report.ts';
import { costBySize } from './sizes.ts';
import { throughput } from './throughput.ts';

const usage = `Usage: npm run bench -- [options]

Bundles both functions and their peers, starts and calls them against a stub of DynamoDB and a key set over TLS on this
machine, and prints one table. Times are processor time; beside every median stand its quartiles. Ratios are to the bare
handler in the same round.

  --quick       a look of less than a minute, too short to claim anything from
  --requests N  warm requests to each process, 20000 by default; with 4000 a slow machine is done in ten minutes
  --only NAMES  only contestants whose names begin with one of these, between commas
  --endurance   nothing but 100,000 requests to one process of update-client, and the memory it has in use on the way
  --json        the same as data
  --help        print this
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    requests: { type: 'string', default: '20000' },
    only: { type: 'string' },
    endurance: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** A tenth of the requests to settle, and the rest in halves: a token each, and repeated tokens. */
const fullWith = (requests: number) => ({
  rounds: 20,
  warm: {
    processes: 3,
    settle: requests * 0.1,
    fresh: requests * 0.45,
    repeated: requests * 0.45,
    slices: 20,
    tokens: 50,
  },
  sized: 1_000,
  gateway: { slices: 10, requests: 500 },
});
const quick = {
  rounds: 2,
  warm: { processes: 1, settle: 100, fresh: 200, repeated: 200, slices: 4, tokens: 50 },
  sized: 40,
  gateway: { slices: 2, requests: 100 },
};

const requests = Number(values.requests);
if (!Number.isInteger(requests) || requests < 400 || requests % 400 !== 0) {
  throw new Error(`--requests must be a multiple of 400, and not ${values.requests}.`);
}

const isChosen = (name: string): boolean =>
  values.only === undefined ||
  [empty.name, 'bare', 'floor', ...values.only.split(',')].some((beginning) => name.startsWith(beginning));

const race = async (): Promise<string> => {
  const plan = values.quick ? quick : fullWith(requests);
  await using ground = await makeGround(plan.warm.settle + plan.warm.fresh);
  const chosen = contestants.filter(({ name }) => isChosen(name));
  const field = await Promise.all(chosen.map((contestant) => built(contestant, ground.directory)));
  const cold = await coldRace(ground, field, plan.rounds);
  const warm = await warmRace(ground, field, plan.warm);
  const ours = field.find(({ contestant }) => contestant.name === 'update-client');
  const sizes = ours ? await costBySize(ground, ours, plan.sized) : [];
  const gateway = await throughput(plan.gateway);
  // The first request of a process is one more.
  const lines = linesOf(field, cold, warm, 1 + plan.warm.settle + plan.warm.fresh + plan.warm.repeated);
  const machine = { node: process.version, processor: cpus()[0]?.model, cores: cpus().length };
  if (values.json) return JSON.stringify({ machine, plan, lines, sizes, gateway }, undefined, 2);
  return [JSON.stringify(machine), tableOfLines(lines), tableOfSizes(sizes), lineOfGateway(gateway)].join('\n\n');
};

const endure = async (): Promise<string> => {
  const tokens = 2_000;
  await using ground = await makeGround(tokens);
  const ours = contestants.find(({ name }) => name === 'update-client');
  if (!ours) throw new Error('update-client is no contestant');
  const warm = await ground.keep(await built(ours, ground.directory));
  const memory: number[] = [];
  for (let slice = 0; slice < 20; slice++) {
    memory.push((await warm.call({ requests: 5_000, from: 0, tokens })).memory);
  }
  await warm.stop();
  if (values.json) return JSON.stringify({ memory });
  return `MiB in use after each 5,000 requests: ${memory.map((bytes) => Math.round(bytes / 2 ** 20)).join(' ')}`;
};

if (values.help) process.stdout.write(usage);
else process.stdout.write(`${await (values.endurance ? endure() : race())}\n`);
