import { demoSeed } from './demo-seed.ts';
import { type EngineOptions, startEngine } from './engine.ts';
import { seedTable } from './seed.ts';
import type { Seed } from './seed-format.ts';
import { type Credentials, connect, createTable, type TableDefinition } from './table.ts';

export type DatabaseOptions = EngineOptions & {
  /** The table's initial records; the demo data by default. */
  seed?: Seed | undefined;
  /** The template's; `tableDefinition` by default. */
  definition?: TableDefinition;
};

/** A table on an engine, and the environment variables that lead the functions to it. */
export type Database = {
  endpoint: string;
  table: string;
  variables: NodeJS.ProcessEnv;
  close(): Promise<void>;
  /** Resolves only if the engine exits before `close`, to the last line of its output. */
  ended: Promise<string>;
};

/** The table's name unless `TABLE_NAME` is set. */
export const defaultTable = 'patchwork';

/**
 * Starts the engine, or connects to a running one. Does not create the table.
 *
 * @throws CommandError if no engine is available
 */
export const openDatabase = async (options: EngineOptions): Promise<Database> => {
  const { environment = process.env } = options;
  const table = environment.TABLE_NAME || defaultTable;
  const { endpoint, close, ended } = await startEngine(options);
  const variables = { ...credentialsFrom(environment), TABLE_NAME: table, DYNAMODB_ENDPOINT: endpoint };
  return { endpoint, table, variables, close, ended };
};

/**
 * Starts the engine, or connects to a running one, and creates and seeds the table. After a failure, nothing is left running.
 *
 * @throws CommandError if no engine is available, or the table's name or seed is rejected
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
 * The credentials for requests to the engine. An engine that was already running may keep separate data for each access key
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
