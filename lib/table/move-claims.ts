import { randomUUID } from 'node:crypto';
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { Problem } from '../domain/problem.ts';
import { type RecordIds, takenProblem, type UniqueField } from '../domain/record-kind.ts';
import { type Item, itemIn, versionOf, withChanges } from './changes.ts';
import { untilNoConflict } from './conflicts.ts';
import { problemIn, saysTooLarge, tooLarge } from './database-errors.ts';
import { expressionOf, type Write } from './expression.ts';
import type { ItemKey } from './keys.ts';
import type { Progress } from './sdk/deadline.ts';
import type { Outcome, Table } from './table.ts';
import { readItem } from './update-item.ts';

/** The claims that a record takes and releases for a unique field, and the problem if another record has the one to take. */
export type ClaimMove = {
  attribute: string;
  to: ItemKey | undefined;
  from: ItemKey | undefined;
  problem: UniqueField['problem'];
};

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A record to write, as it was read, and the claims to move. */
export type ClaimingWrite = { key: ItemKey; ids: RecordIds; write: Write; seen: Item; moves: readonly ClaimMove[] };

/**
 * Writes a record and moves its claims on unique values, all or nothing. A claim is an item of its own, because keys are all
 * that DynamoDB keeps unique. A transaction does not return the items that it wrote, so the record is known afterwards only
 * if the write requires the version of `seen`; otherwise it is read, and may have changed in between.
 *
 * @throws Problem of a value that another record has, `record-too-large` or `unavailable`
 */
export const writeAndClaim = async (
  table: Table,
  { key, ids, write, seen, moves }: ClaimingWrite,
  progress: Progress,
): Promise<Outcome> => {
  const record = recordWrite(table, key, write);
  const claims = moves.filter(({ to }) => to !== undefined);
  const taking = [record, ...claims.flatMap(({ to }) => (to ? [claimWrite(table, to, ids)] : []))];
  const releases = moves.flatMap(({ from }) => (from ? [releaseOf(table, from, ids)] : []));

  let reasons = await transact(table, [...taking, ...releases], progress);
  const kept = releases.filter((_, index) => !isRefused(reasons[taking.length + index]));
  // The old value was never claimed for this record, and another has claimed it since: that claim stays.
  if (kept.length < releases.length && !isRefused(reasons[0])) {
    reasons = await transact(table, [...taking, ...kept], progress);
  }

  // In this order, because a record that is missing or has changed takes precedence over a value that is taken.
  const [ofRecord, ...others] = reasons;
  if (isRefused(ofRecord)) return { refused: ofRecord?.Item && itemIn(ofRecord.Item) };
  const taken = claims.find((_, index) => isRefused(others[index]));
  if (taken) throw takenProblem(taken.problem, taken.attribute);
  // A claim that was to be released has changed hands between the two transactions.
  if (others.some(isRefused)) throw new Problem('unavailable');
  if (write.versions !== 'any') return { written: itemAfter(write, seen) };
  const written = await readItem(table, key, progress);
  // Removed in between by another service. The change was stored, so `not-found` would be wrong.
  if (!written) throw new Problem('unavailable');
  return { written };
};

const ownClaim = (ids: RecordIds) => {
  const owner = Object.entries(ids);
  return {
    ConditionExpression: `attribute_not_exists(#pk) OR (${owner.map((_, n) => `#id${n} = :id${n}`).join(' AND ')})`,
    ExpressionAttributeNames: { '#pk': 'pk', ...Object.fromEntries(owner.map(([name], n) => [`#id${n}`, name])) },
    ExpressionAttributeValues: Object.fromEntries(owner.map(([, id], n) => [`:id${n}`, id])),
  };
};

const recordWrite = (table: Table, key: ItemKey, write: Write): TransactItem => ({
  Update: {
    TableName: table.name,
    Key: key,
    ...expressionOf(write),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});

const claimWrite = (table: Table, to: ItemKey, ids: RecordIds): TransactItem => ({
  Put: { TableName: table.name, Item: { ...to, ...ids }, ...ownClaim(ids) },
});

const releaseOf = (table: Table, from: ItemKey, ids: RecordIds): TransactItem => ({
  Delete: { TableName: table.name, Key: from, ...ownClaim(ids) },
});

/**
 * The reasons why a transaction was cancelled, by item; none if it was applied. Retries have the same token, so that after a
 * lost response it is neither applied twice nor refused (ClientRequestToken, valid for ten minutes).
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const transact = async (table: Table, items: TransactItem[], progress: Progress): Promise<CancellationReason[]> => {
  const command = new TransactWriteCommand({ TransactItems: items, ClientRequestToken: randomUUID() });
  const send = () => table.client.send(command);
  try {
    const { $metadata } = await untilNoConflict(send, isTransient, progress.deadline);
    // DynamoDB's response to a transaction has only headers. One without a request id is not from DynamoDB.
    if ($metadata.requestId === undefined) throw new Problem('unavailable');
    return [];
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw problemIn(error);
    const reasons = error.CancellationReasons ?? [];
    if (reasons.some(({ Message }) => saysTooLarge(Message))) throw tooLarge(error);
    if (!reasons.some(isRefused)) throw error;
    return reasons;
  }
};

const isRefused = (reason: CancellationReason | undefined): boolean => reason?.Code === 'ConditionalCheckFailed';

const transientReasons = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Whether a transaction was cancelled for a transient reason, and the condition on the record did not fail. */
const isTransient = (error: unknown): boolean => {
  if (!(error instanceof TransactionCanceledException)) return false;
  const reasons = error.CancellationReasons ?? [];
  return !isRefused(reasons[0]) && reasons.some(({ Code = '' }) => transientReasons.has(Code));
};

const itemAfter = ({ changes, stamp }: Write, seen: Item): Item => ({
  ...withChanges(seen, changes),
  version: versionOf(seen) + 1,
  ...(stamp !== undefined && { updatedAt: stamp }),
});
