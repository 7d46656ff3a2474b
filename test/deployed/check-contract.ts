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
  /** The environment of the tests: AWS credentials for the table, and the variables that select the token issuer. */
  environment: NodeJS.ProcessEnv;
  /** Parts of the names of contract tests to skip, because the platform between caller and function prevents the promise. */
  exceptions?: readonly string[];
};

const Report = v.object({ numPassedTests: v.number() });

/**
 * Prints how the gateway changes response headers and runs the contract tests against a deployed stage. They create their own
 * records and remove them.
 *
 * @throws CommandError if the stage does not respond, or a test fails
 */
export const checkContract = async ({ url, table, environment, exceptions = [] }: Deployed): Promise<void> => {
  const changes = await headerChangesAt(url).catch((error) => {
    throw new CommandError(`${url} does not respond: ${messageOf(error)}.`);
  });
  process.stdout.write(
    `The gateway at ${url} ${changes.length === 0 ? 'leaves headers unchanged' : changes.join(', ')}.\n`,
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
    if (passed === 0) throw new CommandError(`${url} does not meet the contract: see above.`);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** The tests of a stage have its name as a prefix; those of `deployed` exist only with `BASE_URL`. */
const namesBut = (exceptions: readonly string[]): string =>
  exceptions.length === 0 ? '^deployed ' : `^deployed (?!.*(${exceptions.join('|')}))`;
