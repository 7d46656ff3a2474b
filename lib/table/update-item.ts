import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { itemIn } from './client.ts';
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
  const command = new UpdateCommand({
    TableName: table.name,
    Key: key,
    ...expressionOf(write),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  let isInDoubt = false;
  const send = async () => {
    try {
      return await table.client.send(command, { abortSignal: deadline });
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
    return { written: Attributes };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw problemIn(error);
    return { refused: error.Item && itemIn(error.Item), isInDoubt };
  }
};

/** Whether the SDK sent a request again, so that an error is the last word on it but not the only one. */
const wasRepeated = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && (error.$metadata.attempts ?? 1) > 1;
