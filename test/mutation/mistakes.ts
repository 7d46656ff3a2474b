import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CommandError, runCommand } from '../../infra/command-line.ts';
import { parseOptions } from '../harness/commands/parse-options.ts';
import { copyTree, type TreeCopy } from '../harness/tree-copy.ts';
import { addInvented } from '../invented/add.ts';
import type { Mistake } from './mistake.ts';

/** In percent of all mistakes that were picked. */
const goal = 95;

const usage = `Usage: npm run mistakes -- [options]

Plants each mistake of test/mutation/mistakes/*.ts in a copy of the working tree and runs its tests there: "caught" if they
fail, SURVIVED if they pass, stale if the text to replace is not there exactly once, broken if the tests fail without it.
Exits with 1 if fewer than ${goal} % are caught, or any is stale or broken.

  --only TEXT   those whose promise, file or list has this text in it
  --jobs N      so many copies at once; 1 by default
  --help        print this
`;

const options = {
  only: { type: 'string', default: '' },
  jobs: { type: 'string', default: '1' },
  help: { type: 'boolean', default: false },
} as const;

type Listed = Mistake & { list: string };
type Verdict = 'caught' | 'SURVIVED' | 'stale' | 'broken';

const allMistakes = async (): Promise<Listed[]> => {
  const folder = join(import.meta.dirname, 'mistakes');
  const lists = readdirSync(folder).toSorted();
  const read = async (list: string): Promise<Listed[]> => {
    const module: Record<string, readonly Mistake[]> = await import(join(folder, list));
    return Object.values(module).flatMap((mistakes) => mistakes.map((mistake) => ({ ...mistake, list })));
  };
  return (await Promise.all(lists.map(read))).flat();
};

/** Whether a test file passes without any mistake; each is run once. */
const newBaseline = () => {
  const known = new Map<string, Promise<boolean>>();
  return (copy: TreeCopy, test: string, isInvented = false): Promise<boolean> => {
    const key = `${test} ${isInvented}`;
    const passes = known.get(key) ?? copy.passes([test]);
    known.set(key, passes);
    return passes;
  };
};

const judge = async (
  copy: TreeCopy,
  { file, find, replace, tests, isInvented }: Mistake,
  passes: ReturnType<typeof newBaseline>,
): Promise<Verdict> => {
  const text = copy.read(file);
  if (text?.split(find).length !== 2 || find === replace) return 'stale';
  for (const test of tests) {
    if (!(await passes(copy, test, isInvented))) return 'broken';
  }
  copy.write(
    file,
    text.replace(find, () => replace),
  );
  const isCaught = !(await copy.passes(tests));
  copy.write(file, text);
  return isCaught ? 'caught' : 'SURVIVED';
};

/** Makes something when it is first needed. */
const once = <Made>(make: () => Made): (() => Made) => {
  let made: { value: Made } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

await runCommand(async () => {
  const { values } = parseOptions(() => parseArgs({ options }));
  if (values.help) return void process.stdout.write(usage);
  if (!/^[1-9]\d?$/.test(values.jobs)) throw new CommandError('--jobs must be a number from 1 to 99.', 2);
  const picked = (await allMistakes()).filter(({ list, file, promise }) =>
    [list, file, promise].some((text) => text.includes(values.only)),
  );
  if (picked.length === 0) throw new CommandError(`No mistake has ${JSON.stringify(values.only)} in it.`, 2);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const passes = newBaseline();
  const waiting = picked[Symbol.iterator]();
  const counts: Record<Verdict, number> = { caught: 0, SURVIVED: 0, stale: 0, broken: 0 };
  const work = async () => {
    const copy = once(copyTree);
    const withInvented = once(() => addInvented(copyTree()));
    // The jobs share the iterator: each mistake goes to the first that is free.
    for (const mistake of waiting) {
      const verdict = await judge(mistake.isInvented ? withInvented() : copy(), mistake, passes);
      counts[verdict]++;
      process.stdout.write(`${verdict.padEnd(8)}  ${mistake.file}: ${mistake.promise}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(Number(values.jobs), picked.length) }, work));

  const { caught, SURVIVED: survived, stale, broken } = counts;
  const share = (100 * caught) / picked.length;
  process.stdout.write(
    `${caught} of ${picked.length} caught (${share.toFixed(1)} %), ${survived} survived, ${stale} stale, ${broken} broken\n`,
  );
  if (share < goal || stale + broken > 0) process.exitCode = 1;
});
