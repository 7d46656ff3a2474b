import { UpdateItemCommand, type UpdateItemCommandInput, type UpdateItemCommandOutput } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Sends an UpdateItem request, aborted at the deadline. One at a time for a deadline. */
export type SendUpdate = (input: UpdateItemCommandInput, deadline: AbortSignal) => Promise<UpdateItemCommandOutput>;

/**
 * Sends UpdateItem requests. By itself the SDK puts its middleware together anew for each, which is an eighth of a warm
 * request; it would keep it (`cacheMiddleware`), but not for the document client, nor for what can be aborted. Here it is
 * kept for as long as the deadline is, and those are used again and again (see `within`).
 */
export const updateSender = ({ config, middlewareStack }: DynamoDBDocumentClient): SendUpdate => {
  // The SDK copies it for each request, and a copy is copied faster (`copyFaster` in lean-client.ts).
  const values = { ...config };
  const handlers = new WeakMap<AbortSignal, ReturnType<UpdateItemCommand['resolveMiddleware']>>();
  return async (input, deadline) => {
    const command = new UpdateItemCommand(input);
    const handle =
      handlers.get(deadline) ?? command.resolveMiddleware(middlewareStack, values, { abortSignal: deadline });
    handlers.set(deadline, handle);
    const { output } = await handle(command);
    return output;
  };
};
