import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { CommandError, runCommand } from '../../infra/command-line.ts';
import { demoSeed } from '../harness/database/demo-seed.ts';
import { seedTable } from '../harness/database/seed.ts';
import { connect } from '../harness/database/table.ts';
import { checkContract } from './check-contract.ts';
import { startEmulator } from './emulator.ts';
import { outputsIn } from './outputs.ts';
import { run } from './run.ts';

/** MiniStack replaces invalid UTF-8 in a body before it reaches the function. */
const exceptions = ['a body must be UTF-8'];

/** The number of items in a table. */
const countOf = async (client: DynamoDBDocumentClient, table: string): Promise<number> => {
  const { Count = 0 } = await client.send(new ScanCommand({ TableName: table, Select: 'COUNT', ConsistentRead: true }));
  return Count;
};

/** Deploys the stack to an AWS emulator, checks the contract there, and destroys the stack. */
await runCommand(async () => {
  const emulator = await startEmulator();
  const output = mkdtempSync(join(tmpdir(), 'patchwork-rehearsal-cdk-'));
  const { AWS_ENDPOINT_URL = '', AWS_REGION = '' } = emulator.environment;
  const client = connect(AWS_ENDPOINT_URL, { AWS_REGION, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  const cdk = async (...args: string[]) => {
    const code = await run('cdk', [...args, '--output', output, '--ci'], emulator.environment);
    if (code !== 0) throw new CommandError(`cdk ${args[0]} failed: see above.`);
  };
  try {
    await cdk('bootstrap', `aws://000000000000/${AWS_REGION}`);
    const outputsFile = join(output, 'outputs.json');
    await cdk('deploy', '--require-approval', 'never', '--outputs-file', outputsFile);
    const [deployed] = outputsIn(outputsFile);
    if (!deployed) throw new CommandError('cdk deploy wrote no outputs.');
    const { ApiUrl: url, TableName: table } = deployed;

    await seedTable(client, table, demoSeed);
    const before = await countOf(client, table);
    await checkContract({ url, table, environment: { ...process.env, ...emulator.environment }, exceptions });
    if ((await countOf(client, table)) !== before) throw new CommandError('The contract tests left records behind.');

    await cdk('destroy', '--force');
    const { TableNames = [] } = await client.send(new ListTablesCommand());
    if (TableNames.length > 0) throw new CommandError(`cdk destroy left ${TableNames.join(', ')} behind.`);
    process.stdout.write('The rehearsal passed: bootstrap, deploy, contract, destroy.\n');
  } finally {
    client.destroy();
    await emulator.close();
    rmSync(output, { recursive: true, force: true });
  }
});
