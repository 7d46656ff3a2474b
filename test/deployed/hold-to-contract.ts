import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { CommandError, messageOf } from '../../infra/command-line.ts';
import { headerChangesAt } from './header-changes.ts';
import { run } from './run.ts';

export type Deployed = {
  url: string;
  table: string;
  /** Leads to the table, and tells whose tokens are taken. */
  environment: NodeJS.ProcessEnv;
  /** What something on the way to the functions does not let them promise, in the words of the contract's tests. */
  exceptions?: readonly string[];
};

const Report = v.object({ numPassedTests: v.number() });

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

  const folder = mkdtempSync(join(tmpdir(), 'patchwork-report-'));
  const report = environment.VITEST_REPORT ?? join(folder, 'report.json');
  try {
    const code = await run('vitest', ['run', '--project', 'contract', '--testNamePattern', namesBut(exceptions)], {
      ...environment,
      BASE_URL: url,
      TABLE_NAME: table,
      VITEST_REPORT: report,
    });
    const passed = code === 0 ? v.parse(Report, JSON.parse(readFileSync(report, 'utf8'))).numPassedTests : 0;
    if (passed === 0) throw new CommandError(`${url} does not keep the contract: see above.`);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** The tests of a stage are named after it, and those of `deployed` exist only if the suite is pointed at one. */
const namesBut = (exceptions: readonly string[]): string =>
  exceptions.length === 0 ? '^deployed ' : `^deployed (?!.*(${exceptions.join('|')}))`;
