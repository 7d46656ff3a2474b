import {
  type CancellationReason,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { CommandError } from '../../../infra/command-line.ts';
import type { RecordIds } from '../../../lib/domain/record-kind.ts';
import type { Item } from '../../../lib/table/changes.ts';
import { claimKeyOf, type ItemKey, keyOf } from '../../../lib/table/keys.ts';
import { fullStop } from './full-stop.ts';
import type { Seed, SeedRecord } from './seed-format.ts';

/** How many records are written concurrently. Those with unique fields are written one by one, since their claims may meet. */
const batchSize = 25;

/**
 * Writes the records with version 1, and the claims on their unique values. Existing records are never overwritten.
 *
 * @throws CommandError if another record in the table has a unique value of a record, or DynamoDB cannot store a record
 */
export const seedTable = async (client: DynamoDBDocumentClient, table: string, seed: Seed): Promise<void> => {
  for (const records of Object.values(seed)) {
    const size = records.some(({ kind }) => Object.keys(kind.unique).length > 0) ? 1 : batchSize;
    for (let start = 0; start < records.length; start += size) {
      await Promise.all(records.slice(start, start + size).map((record) => putRecord(client, table, record)));
    }
  }
};

const putRecord = async (client: DynamoDBDocumentClient, table: string, record: SeedRecord): Promise<void> => {
  const claims = claimsOf(record);
  const puts = [putOf(table, itemOf(record)), ...claims.map(({ key }) => claimOf(table, key, record.ids))];
  const [isStored, ...areTaken] = await putAll(client, puts, record);
  const taken = claims.find((_, index) => areTaken[index]);
  if (isStored || !taken) return;
  throw new CommandError(
    `The ${taken.attribute} of the seed's ${nameOf(record)} belongs to another ${record.kind.name} in the table.`,
  );
};

const nameOf = ({ kind, ids }: SeedRecord): string => `${kind.name} ${Object.values(ids).join('/')}`;

/** A record as the service stores it. */
const itemOf = ({ kind, ids, attributes }: SeedRecord): Item => {
  const now = new Date().toISOString();
  return { createdAt: now, updatedAt: now, ...attributes, ...keyOf(kind, ids), version: 1 };
};

const claimsOf = ({ kind, ids, attributes }: SeedRecord): { attribute: string; key: ItemKey }[] =>
  Object.entries(kind.unique).flatMap(([attribute, unique]) => {
    const value = attributes[attribute];
    return typeof value === 'string' ? [{ attribute, key: claimKeyOf(unique, ids, value) }] : [];
  });

type Put = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const putOf = (table: string, item: Item): Put => ({
  Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
});

/** A claim may be there already if the record was removed without it. */
const claimOf = (table: string, key: ItemKey, ids: RecordIds): Put => {
  const owner = Object.entries(ids);
  return {
    Put: {
      TableName: table,
      Item: { ...key, ...ids },
      ConditionExpression: `attribute_not_exists(pk) OR (${owner.map((_, n) => `#id${n} = :id${n}`).join(' AND ')})`,
      ExpressionAttributeNames: Object.fromEntries(owner.map(([name], n) => [`#id${n}`, name])),
      ExpressionAttributeValues: Object.fromEntries(owner.map(([, id], n) => [`:id${n}`, id])),
    },
  };
};

/** Writes all items or none. Returns whether the condition of each failed. */
const putAll = async (client: DynamoDBDocumentClient, puts: Put[], record: SeedRecord): Promise<boolean[]> => {
  try {
    await client.send(new TransactWriteCommand({ TransactItems: puts }));
    return puts.map(() => false);
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    const failed = reasons.map(({ Code }) => Code === 'ConditionalCheckFailed');
    if (failed.includes(true)) return failed;
    const complaint = complaintIn(error, reasons);
    if (complaint === undefined) throw error;
    throw new CommandError(`DynamoDB cannot store the seed's ${nameOf(record)}: ${fullStop(complaint)}`);
  }
};

/** What DynamoDB says about an item that it cannot store, such as a number out of its range, or one of more than 400 KB. */
const complaintIn = (error: unknown, reasons: readonly CancellationReason[]): string | undefined => {
  if (error instanceof DynamoDBServiceException && error.name === 'ValidationException') return error.message;
  return reasons.find(({ Code }) => Code === 'ValidationError')?.Message;
};
