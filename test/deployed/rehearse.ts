import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as declarations from '../../functions/index.ts';
import { CommandError, runCommand } from '../../infra/command-line.ts';
import type { Item } from '../../lib/table/changes.ts';
import { tableAccess } from '../contract/table-access.ts';
import { type Declared, keyFor } from '../declared/kind.ts';
import { storedItem } from '../declared/records.ts';
import { connect } from '../harness/database/table.ts';
import { checkContract } from './check-contract.ts';
import { startEmulator } from './emulator.ts';
import { outputsIn } from './outputs.ts';
import { run } from './run.ts';

/** MiniStack replaces invalid UTF-8 in a body before it reaches the function. */
const exceptions = ['a body must be UTF-8'];

/** All items of a table, in the order of their keys. Reads at most 1 MB. */
const itemsIn = async (client: DynamoDBDocumentClient, table: string): Promise<Item[]> => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  return Items.toSorted((one, other) => (`${one.pk} ${one.sk}` < `${other.pk} ${other.sk}` ? -1 : 1));
};

/** Stores the records of the declared examples, and returns all items of the table. */
const storeExamples = async (client: DynamoDBDocumentClient, table: string): Promise<Item[]> => {
  const endpoints: readonly Declared[] = Object.values(declarations);
  const items = new Map(
    endpoints.map((endpoint) => {
      const { ids } = endpoint.example;
      return [JSON.stringify(keyFor(endpoint, ids)), storedItem(endpoint, ids)];
    }),
  );
  await tableAccess(client, table).put(...items.values());
  return itemsIn(client, table);
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

    const before = await storeExamples(client, table);
    await checkContract({ url, table, environment: { ...process.env, ...emulator.environment }, exceptions });
    if (!isDeepStrictEqual(await itemsIn(client, table), before)) {
      throw new CommandError('The contract tests left records behind, or changed some.');
    }

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
