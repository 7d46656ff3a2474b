import { demoSeed } from './demo-seed.ts';
import { type EngineOptions, startEngine } from './engine.ts';
import { type Seed, seedTable } from './seed.ts';
import { type Credentials, connect, createTable, type TableDefinition } from './table.ts';

export type DatabaseOptions = EngineOptions & {
  /** What the table holds to begin with; the demo data if nothing is given. */
  seed?: Seed | undefined;
  /** As the template has it. */
  definition?: TableDefinition;
};

/** A table on an engine, and the variables that tell the functions of it. */
export type Database = {
  endpoint: string;
  table: string;
  variables: NodeJS.ProcessEnv;
  close(): Promise<void>;
  /** Settles only if the engine ends before it is closed: with the last line that it wrote. */
  ended: Promise<string>;
};

/** The table's name if `TABLE_NAME` does not give another. */
export const defaultTable = 'patchwork';

/**
 * The table on the engine at hand, whatever is in it.
 *
 * @throws CommandError if there is no engine
 */
export const openDatabase = async (options: EngineOptions): Promise<Database> => {
  const { environment = process.env } = options;
  const table = environment.TABLE_NAME || defaultTable;
  const { endpoint, close, ended } = await startEngine(options);
  const variables = { ...credentialsFrom(environment), TABLE_NAME: table, DYNAMODB_ENDPOINT: endpoint };
  return { endpoint, table, variables, close, ended };
};

/**
 * The same, once the table is there with the seed in it.
 *
 * @throws CommandError if something is missing or in the way; then nothing is left running
 */
export const startDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const { seed = demoSeed, environment = process.env } = options;
  const database = await openDatabase(options);
  const client = connect(database.endpoint, credentialsFrom(environment));
  try {
    await createTable(client, database.table, options.definition);
    await seedTable(client, database.table, seed);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  } finally {
    client.destroy();
  }
};

/**
 * What requests to the engine are signed with. An engine that was running before may keep its data apart by access key
 * and region; one that is started here does not.
 */
const credentialsFrom = (environment: NodeJS.ProcessEnv): Credentials => {
  const given: Partial<Record<string, string>> = environment.DYNAMODB_ENDPOINT ? environment : {};
  return {
    AWS_REGION: given.AWS_REGION || 'us-east-1',
    AWS_ACCESS_KEY_ID: given.AWS_ACCESS_KEY_ID || 'local',
    AWS_SECRET_ACCESS_KEY: given.AWS_SECRET_ACCESS_KEY || 'local',
  };
};
