import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Records } from '../../lib/domain/records.ts';
import { recordsIn } from '../../lib/table/records.ts';
import { tableAccess } from '../contract/table-access.ts';
import { openDatabase } from '../harness/database/database.ts';
import { createTable } from '../harness/database/table.ts';

/** The records on a real engine, direct access to the table, and the commands that the records send. */
export type TestTable = ReturnType<typeof tableAccess> & {
  records: Records;
  /** The names of the commands sent since the last call. */
  sent: () => string[];
  close: () => Promise<void>;
};

/** A new table. `now` is the clock for the records' timestamps, in milliseconds since 1970. */
export const startTable = async (now: () => number = Date.now): Promise<TestTable> => {
  const name = `integration-${randomUUID()}`;
  const database = await openDatabase({});
  const settings = {
    endpoint: database.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const translation = {
    marshallOptions: { allowImpreciseNumbers: true, removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: Number },
  };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(settings), translation);
  const directClient = DynamoDBDocumentClient.from(new DynamoDBClient(settings), { ...translation });

  await createTable(directClient, name);

  let commands: string[] = [];
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        commands.push(commandName);
        return next(args);
      },
    { step: 'finalizeRequest', name: 'count', priority: 'low' },
  );
  return {
    ...tableAccess(directClient, name),
    records: recordsIn({ client, name, timeout: 20_000, now }),
    sent: () => {
      const before = commands;
      commands = [];
      return before;
    },
    close: async () => {
      client.destroy();
      directClient.destroy();
      await database.close();
    },
  };
};
