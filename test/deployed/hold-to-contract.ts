import { CommandError, messageOf } from '../harness/command.ts';
import { headerChangesAt } from './header-changes.ts';
import { run } from './run.ts';

export type Deployed = {
  url: string;
  table: string;
  /** Leads to the table, and tells whose tokens are taken. */
  environment: NodeJS.ProcessEnv;
  /** Promises that something on the way to the functions does not let them keep, each as its name begins. */
  exceptions?: readonly string[];
};

/**
 * Says what the gateway does to answers, and runs the contract's tests against a deployed stage. They make their own records
 * and remove them.
 *
 * @throws CommandError if nothing answers, or if a promise is not kept
 */
export const holdToContract = async ({ url, table, environment, exceptions = [] }: Deployed): Promise<void> => {
  const changes = await headerChangesAt(url).catch((error) => {
    throw new CommandError(`Nothing answers at ${url}: ${messageOf(error)}.`);
  });
  process.stdout.write(
    `The gateway at ${url} ${changes.length === 0 ? 'leaves headers alone' : changes.join(', ')}.\n`,
  );
  const skipped = exceptions.length === 0 ? [] : ['--testNamePattern', `^(?!.*(${exceptions.join('|')}))`];
  const code = await run('vitest', ['run', '--project', 'contract', ...skipped], {
    ...environment,
    BASE_URL: url,
    TABLE_NAME: table,
  });
  if (code !== 0) throw new CommandError(`${url} does not keep the contract: see above.`);
};
