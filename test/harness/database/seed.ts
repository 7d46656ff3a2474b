import { readFile } from 'node:fs/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, type PutCommandInput, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { CommandError, messageOf } from '../../../infra/command-line.ts';
import { distinctBy } from '../../../lib/domain/fields.ts';
import { changesIn, withChanges } from '../../../lib/table/changes.ts';
import { flawOf } from '../commands/flaw-of.ts';
import type { RecordKey } from './keys.ts';
import { claimKeyOf, keyOf } from './keys.ts';

const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -'));

const Timestamp = v.pipe(
  v.string(),
  v.isoTimestamp('must be an RFC 3339 timestamp, such as 2024-01-15T10:00:00Z'),
  v.transform((text) => new Date(text).toISOString()),
);

const record = {
  id: Id,
  name: v.pipe(v.string(), v.nonEmpty('must not be empty')),
  createdAt: v.exactOptional(Timestamp),
  updatedAt: v.exactOptional(Timestamp),
};

const ContactMethod = v.strictObject({ type: v.string(), value: v.string(), isPreferred: v.boolean() });

const CustomField = v.strictObject({
  fieldKey: v.string(),
  value: v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(v.string())]),
});

const SeedClient = v.strictObject({
  ...record,
  avatarUrl: v.exactOptional(v.nullable(v.string())),
  contactMethods: v.exactOptional(v.array(ContactMethod)),
  customFields: v.exactOptional(v.array(CustomField)),
});
type SeedClient = v.InferOutput<typeof SeedClient>;

const SeedWorkspace = v.strictObject({
  ...record,
  slogan: v.exactOptional(v.string()),
  email: v.exactOptional(v.pipe(v.string(), v.includes('@', 'must be an e-mail address'))),
  labTemplates: v.exactOptional(v.strictObject({ smsDefaultMessage: v.exactOptional(v.string()) })),
  sessionTemplates: v.exactOptional(
    v.strictObject({
      smsReminderMessage: v.exactOptional(v.string()),
      whatsappReminderMessage: v.exactOptional(v.string()),
    }),
  ),
  clients: v.optional(v.pipe(v.array(SeedClient), distinctBy('id')), []),
});
type SeedWorkspace = v.InferOutput<typeof SeedWorkspace>;

/** Initial records. They have fewer limits than requests, because other services write records too. */
export const Seed = v.strictObject({ workspaces: v.pipe(v.array(SeedWorkspace), distinctBy('id')) });
export type Seed = v.InferOutput<typeof Seed>;

/**
 * Reads a seed from a JSON file.
 *
 * @throws CommandError if the file cannot be read, is not JSON or is not a seed; names the path of the first error
 */
export const readSeed = async (file: string): Promise<Seed> => {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new CommandError(`The seed file ${file} cannot be read: ${messageOf(error)}.`);
  });
  return seedFrom(jsonFrom(text, file), file);
};

const jsonFrom = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`The seed file ${file} is not JSON: ${messageOf(error)}.`);
  }
};

/**
 * Validates a seed.
 *
 * @throws CommandError with the path of the first error
 */
export const seedFrom = (value: unknown, file: string): Seed => {
  const { success, output, issues } = v.safeParse(Seed, value);
  if (success) return output;
  throw new CommandError(`The seed file ${file} is invalid ${flawOf(issues[0])}.`);
};

/** How many clients are written concurrently. */
const batchSize = 25;

/**
 * Writes the records with version 1. Existing records are never overwritten.
 *
 * @throws CommandError if a workspace's e-mail address belongs to another workspace in the table
 */
export const seedTable = async (client: DynamoDBDocumentClient, table: string, { workspaces }: Seed): Promise<void> => {
  for (const { clients, ...workspace } of workspaces) {
    await putWorkspace(client, table, workspace);
    for (let start = 0; start < clients.length; start += batchSize) {
      const batch = clients.slice(start, start + batchSize);
      await Promise.all(
        batch.map((one) => putIfAbsent(client, [itemOf(table, { workspaceId: workspace.id, clientId: one.id }, one)])),
      );
    }
  }
};

const putWorkspace = async (
  client: DynamoDBDocumentClient,
  table: string,
  workspace: Omit<SeedWorkspace, 'clients'>,
): Promise<void> => {
  const { id, email } = workspace;
  const item = itemOf(table, { workspaceId: id }, workspace);
  const claim = email === undefined ? [] : [put(table, { ...claimKeyOf(email), workspaceId: id })];
  const existing = await putIfAbsent(client, [item, ...claim]);
  if (existing.length === 1 && existing[0] === 1) {
    throw new CommandError(
      `The e-mail address of the seed's workspace ${id} belongs to another workspace in the table.`,
    );
  }
};

const put = (table: string, item: PutCommandInput['Item']): PutCommandInput => ({
  TableName: table,
  Item: item,
  ConditionExpression: 'attribute_not_exists(pk)',
});

/** A record as the service stores it: flattened by the service's own functions. */
const itemOf = (
  table: string,
  key: RecordKey,
  { id: _, ...fields }: Omit<SeedWorkspace, 'clients'> | SeedClient,
): PutCommandInput => {
  const now = new Date().toISOString();
  return put(table, {
    ...withChanges(keyOf(key), changesIn({ createdAt: now, updatedAt: now, ...fields })),
    version: 1,
  });
};

/** Writes all items or none. Returns the indices of those that already exist. */
const putIfAbsent = async (client: DynamoDBDocumentClient, puts: PutCommandInput[]): Promise<number[]> => {
  try {
    await client.send(
      new TransactWriteCommand({
        TransactItems: puts.map(({ TableName, Item, ConditionExpression }) => ({
          Put: { TableName, Item, ConditionExpression },
        })),
      }),
    );
    return [];
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const existing = (error.CancellationReasons ?? []).flatMap(({ Code }, index) =>
      Code === 'ConditionalCheckFailed' ? [index] : [],
    );
    if (existing.length === 0) throw error;
    return existing;
  }
};
