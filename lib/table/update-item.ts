import { ConditionalCheckFailedException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { Problem } from '../domain/problem.ts';
import { type Item, itemIn } from './changes.ts';
import { untilNoConflict } from './conflicts.ts';
import { problemIn } from './database-errors.ts';
import { expressionOf, readExpression, type Write, type WriteExpression } from './expression.ts';
import type { ItemKey } from './keys.ts';
import type { Progress } from './sdk/deadline.ts';
import type { Outcome, Table } from './table.ts';

/**
 * One conditional UpdateItem: one round trip, whatever its outcome.
 *
 * @throws Problem `record-too-large` or `unavailable`
 */
export const updateItem = (table: Table, key: ItemKey, write: Write, progress: Progress): Promise<Outcome> =>
  send(table, key, expressionOf(write), progress);

/**
 * An item as it is stored now, returned by an update whose condition is never true. Needs no permission other than that to
 * update, and costs a write unit.
 *
 * @throws Problem `unavailable`
 */
export const readItem = async (table: Table, key: ItemKey, progress: Progress): Promise<Item | undefined> => {
  const { inDoubt } = progress;
  const outcome = await send(table, key, readExpression, progress);
  // It writes nothing, so an attempt of its own that failed leaves no doubt.
  progress.inDoubt = inDoubt;
  return 'refused' in outcome ? outcome.refused : outcome.written;
};

const send = async (table: Table, key: ItemKey, expression: WriteExpression, progress: Progress): Promise<Outcome> => {
  const input = {
    TableName: table.name,
    Key: key,
    ...expression,
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  try {
    const { Attributes } = await untilNoConflict(() => table.sendUpdate(input), isConflict, progress.deadline);
    // DynamoDB returns the attributes of the item that it wrote. A response without them is not from DynamoDB.
    if (!Attributes) throw new Problem('unavailable');
    return { written: Attributes };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw problemIn(error);
    return { refused: error.Item && itemIn(error.Item) };
  }
};

const isConflict = (error: unknown): boolean => error instanceof TransactionConflictException;
