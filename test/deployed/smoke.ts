import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CommandError, messageOf, runCommand } from '../../infra/command-line.ts';
import { parseOptions } from '../harness/commands/parse-options.ts';
import { checkContract } from './check-contract.ts';
import { outputsIn } from './outputs.ts';

const usage = `Usage: npm run smoke -- --url URL [--table NAME]

Runs the contract tests against a deployed stage and prints how its gateway changes response headers. Leaves no data behind.

  --url URL     the stage: the output ApiUrl of "cdk deploy"
  --table NAME  its table: the output TableName; not needed after a deployment from this folder
  --help        print this

The tests create and remove their own records, so the AWS credentials in the environment need permission to get, put and
delete items in the table. A sandbox accepts the local issuer's tokens; for another issuer set WORKSPACE_ID, TOKEN_OWNER,
TOKEN_STRANGER, TOKEN_POWERLESS and TOKEN_EXPIRED.
`;

const options = {
  url: { type: 'string' },
  table: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const lastOutputs = fileURLToPath(new URL('../../cdk.out/outputs.json', import.meta.url));

const tableOf = (url: string): string => {
  const output = outputsIn(lastOutputs).find(({ ApiUrl }) => ApiUrl === url);
  if (output) return output.TableName;
  throw new CommandError(`The table of ${url} is unknown: set it with --table (the output TableName).`, 2);
};

const reachTable = async (table: string): Promise<void> => {
  try {
    await new DynamoDBClient().send(new DescribeTableCommand({ TableName: table }));
  } catch (error) {
    throw new CommandError(
      `The table ${table} cannot be reached (${messageOf(error)}): set AWS_REGION and credentials for its account.`,
    );
  }
};

await runCommand(async () => {
  const { values } = parseOptions(() => parseArgs({ options }));
  if (values.help) return void process.stdout.write(usage);
  if (!URL.canParse(values.url ?? '')) throw new CommandError('Set the URL of a deployed stage with --url.', 2);
  const { origin: url } = new URL(values.url ?? '');
  const table = values.table ?? tableOf(url);
  await reachTable(table);
  await checkContract({ url, table, environment: process.env });
});
