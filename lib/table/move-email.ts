import { randomUUID } from 'node:crypto';
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { Problem } from '../domain/problem.ts';
import { type Item, withChanges } from './changes.ts';
import { itemIn } from './client.ts';
import { problemIn, saysTooLarge, tooLarge } from './database-errors.ts';
import { expressionOf, type Write } from './expression.ts';
import { claimKeyOf, keyOf } from './keys.ts';
import { untilNoConflict } from './patience.ts';
import type { Outcome, Table } from './table.ts';

/** From the address that a workspace was seen with, if any, to the one it asks for. */
export type EmailMove = { workspaceId: string; from: string | undefined; to: string };

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * Writes a workspace and moves its claim on an e-mail address, all or nothing. A claim is an item of its own, since a
 * unique key is the only thing that DynamoDB keeps unique. The write must name the version of `seen`: a transaction
 * gives nothing back, so the item as it is afterwards is known only if nobody else changed it.
 *
 * @throws Problem `email-taken`, `record-too-large` or `unavailable`
 */
export const moveEmail = async (
  table: Table,
  move: EmailMove,
  write: Write,
  seen: Item,
  deadline: AbortSignal,
): Promise<Outcome> => {
  const workspace = workspaceWrite(table, move, write);
  const claim = claimWrite(table, move);
  const release = releaseOf(table, move);

  let reasons = await transact(table, [workspace, claim, ...release], deadline);
  // The address that the workspace leaves was never claimed for it, and is another's by now: that claim stays.
  if (isRefused(reasons[2]) && !isRefused(reasons[0])) reasons = await transact(table, [workspace, claim], deadline);

  // In this order, because a record that is absent or has changed says more than an address that is taken.
  const [ofWorkspace, ofClaim] = reasons;
  if (isRefused(ofWorkspace)) return { refused: ofWorkspace?.Item && itemIn(ofWorkspace.Item), isInDoubt: false };
  if (isRefused(ofClaim)) throw new Problem('email-taken');
  return { written: afterwards(write, seen) };
};

const ownClaim = ({ workspaceId }: EmailMove) => ({
  ConditionExpression: 'attribute_not_exists(#pk) OR #owner = :workspaceId',
  ExpressionAttributeNames: { '#pk': 'pk', '#owner': 'workspaceId' },
  ExpressionAttributeValues: { ':workspaceId': workspaceId },
});

const workspaceWrite = (table: Table, { workspaceId }: EmailMove, write: Write): TransactItem => ({
  Update: {
    TableName: table.name,
    Key: keyOf({ workspaceId }),
    ...expressionOf(write),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});

const claimWrite = (table: Table, move: EmailMove): TransactItem => ({
  Put: {
    TableName: table.name,
    Item: { ...claimKeyOf(move.to), workspaceId: move.workspaceId },
    ...ownClaim(move),
  },
});

const releaseOf = (table: Table, move: EmailMove): TransactItem[] =>
  move.from === undefined ? [] : [{ Delete: { TableName: table.name, Key: claimKeyOf(move.from), ...ownClaim(move) } }];

/**
 * The reasons why a transaction was cancelled, by item; none if it was not. Sent again with the same token, so that an
 * answer that was lost does not make it happen twice, nor look refused (ClientRequestToken, kept for ten minutes).
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const transact = async (table: Table, items: TransactItem[], deadline: AbortSignal): Promise<CancellationReason[]> => {
  const command = new TransactWriteCommand({ TransactItems: items, ClientRequestToken: randomUUID() });
  try {
    await untilNoConflict(() => table.client.send(command, { abortSignal: deadline }), mayPass, deadline);
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

const passingReasons = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Whether a transaction was cancelled for something other than what the workspace's item says, and that passes. */
const mayPass = (error: unknown): boolean => {
  if (!(error instanceof TransactionCanceledException)) return false;
  const reasons = error.CancellationReasons ?? [];
  return !isRefused(reasons[0]) && reasons.some(({ Code = '' }) => passingReasons.has(Code));
};

const afterwards = ({ changes, stamp }: Write, seen: Item): Item => ({
  ...withChanges(seen, changes),
  version: (typeof seen.version === 'number' ? seen.version : 0) + 1,
  ...(stamp !== undefined && { updatedAt: stamp }),
});
