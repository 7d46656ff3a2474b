import type { ApiResponse, Client, RequestOptions } from '../../functions/client.ts';
import type { RecordIds } from '../../lib/domain/record-kind.ts';
import type { Endpoint } from '../../lib/endpoint.ts';

/** A function of the client, whichever the endpoint. Only a method's parameters may be wider than those of what implements it. */
export type AnyOperation = {
  send(ids: RecordIds, patch: object, options?: RequestOptions): Promise<ApiResponse<Endpoint>>;
}['send'];

/**
 * The function of a client for an endpoint.
 *
 * @throws Error if it has none
 */
export const operationOf = (client: Client, name: string): AnyOperation => {
  const operations: Readonly<Record<string, AnyOperation>> = client;
  const operation = operations[name];
  if (!operation) throw new Error(`The client has no function ${name}.`);
  return operation;
};
