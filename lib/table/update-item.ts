import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { attributesOf, itemIn } from './client.ts';
import { problemIn } from './database-errors.ts';
import { expressionOf, type Write } from './expression.ts';
import type { ItemKey } from './keys.ts';
import { untilNoConflict } from './patience.ts';
import type { Outcome, Table } from './table.ts';

/**
 * One conditional UpdateItem: one round trip, whatever becomes of it.
 *
 * @throws Problem `record-too-large` or `unavailable`
 */
export const updateItem = async (table: Table, key: ItemKey, write: Write, deadline: AbortSignal): Promise<Outcome> => {
  const { ExpressionAttributeValues, ...expression } = expressionOf(write);
  const input = {
    TableName: table.name,
    Key: attributesOf(key),
    ...expression,
    ExpressionAttributeValues: attributesOf(ExpressionAttributeValues),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  let isInDoubt = false;
  const send = async () => {
    try {
      return await table.sendUpdate(input, deadline);
    } catch (error) {
      isInDoubt ||= wasRepeated(error);
      throw error;
    }
  };
  try {
    const { Attributes = {} } = await untilNoConflict(
      send,
      (error) => error instanceof TransactionConflictException,
      deadline,
    );
    return { written: itemIn(Attributes) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw problemIn(error);
    return { refused: error.Item && itemIn(error.Item), isInDoubt };
  }
};

/** Whether the SDK sent a request again, so that an error is the last word on it but not the only one. */
const wasRepeated = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && (error.$metadata.attempts ?? 1) > 1;
