import { randomUUID } from 'node:crypto';
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { Problem } from '../domain/problem.ts';
import { type Item, itemIn, versionOf, withChanges } from './changes.ts';
import { untilNoConflict } from './conflicts.ts';
import { problemIn, saysTooLarge, tooLarge } from './database-errors.ts';
import { expressionOf, type Write } from './expression.ts';
import { claimKeyOf, keyOf } from './keys.ts';
import type { Progress } from './sdk/deadline.ts';
import type { Outcome, Table } from './table.ts';
import { readItem } from './update-item.ts';

/** The address that a workspace claims, and the one that it releases, if any. */
export type EmailMove = { workspaceId: string; from: string | undefined; to: string };

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * Writes a workspace and moves its claim on an e-mail address, all or nothing. A claim is an item of its own, because keys
 * are all that DynamoDB keeps unique. A transaction does not return the items that it wrote, so the workspace is known
 * afterwards only if the write requires the version of `seen`; otherwise it is read, and may have changed in between.
 *
 * @throws Problem `email-taken`, `record-too-large` or `unavailable`
 */
export const moveEmail = async (
  table: Table,
  move: EmailMove,
  write: Write,
  seen: Item,
  progress: Progress,
): Promise<Outcome> => {
  const workspace = workspaceWrite(table, move, write);
  const claim = claimWrite(table, move);
  const release = releaseOf(table, move);

  let reasons = await transact(table, [workspace, claim, ...release], progress);
  // The old address was never claimed for this workspace, and another has claimed it since: that claim stays.
  if (isRefused(reasons[2]) && !isRefused(reasons[0])) reasons = await transact(table, [workspace, claim], progress);

  // In this order, because a record that is missing or has changed takes precedence over an address that is taken.
  const [ofWorkspace, ofClaim] = reasons;
  if (isRefused(ofWorkspace)) return { refused: ofWorkspace?.Item && itemIn(ofWorkspace.Item) };
  if (isRefused(ofClaim)) throw new Problem('email-taken');
  if (write.versions !== 'any') return { written: itemAfter(write, seen) };
  const written = await readItem(table, keyOf({ workspaceId: move.workspaceId }), progress);
  // Removed in between by another service. The change was stored, so `not-found` would be wrong.
  if (!written) throw new Problem('unavailable');
  return { written };
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

/** Whether a transaction was cancelled for a transient reason, and the condition on the workspace did not fail. */
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
