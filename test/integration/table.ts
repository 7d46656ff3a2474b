import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Records } from '../../lib/domain/records.ts';
import { recordsIn } from '../../lib/table/records.ts';
import { tableAccess } from '../contract/table-access.ts';
import { startDatabase } from '../harness/database.ts';

/** The records on a real engine, with a way past them, and a count of what they ask of the database. */
export type TestTable = ReturnType<typeof tableAccess> & {
  records: Records;
  /** The names of the commands that were sent since the last call. */
  sent: () => string[];
  close: () => Promise<void>;
};

/** A table of its own. `now` is the clock by which records are stamped, in milliseconds since 1970. */
export const startTable = async (now: () => number = Date.now): Promise<TestTable> => {
  const name = `integration-${randomUUID()}`;
  const database = await startDatabase({ environment: { ...process.env, TABLE_NAME: name }, seed: { workspaces: [] } });
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
  const pastRecords = DynamoDBDocumentClient.from(new DynamoDBClient(settings), { ...translation });

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
    ...tableAccess(pastRecords, name),
    records: recordsIn({ client, name, timeout: 20_000, now }),
    sent: () => {
      const before = commands;
      commands = [];
      return before;
    },
    close: async () => {
      client.destroy();
      pastRecords.destroy();
      await database.close();
    },
  };
};
