import { randomUUID } from 'node:crypto';
import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Item } from '../../lib/table/changes.ts';
import { startDatabase } from '../harness/database/database.ts';
import { startGateway } from '../harness/gateway/gateway.ts';
import { endpoints, functionEnvironment } from '../harness/lambda/functions.ts';
import { type Issuer, startSecurityIssuer } from './issuer.ts';
import { type RawRequest, type RawResponse, sendRaw } from './raw-http.ts';

/** The whole service as a target: real functions, a real engine, and access to everything that is stored. */
export type Target = {
  issuer: Issuer;
  send: (request: RawRequest) => Promise<RawResponse>;
  put: (...items: readonly Item[]) => Promise<void>;
  /** Every item as DynamoDB stores it, ordered by key. */
  stored: () => Promise<Record<string, AttributeValue>[]>;
  close: () => Promise<void>;
};

type Handler = (event: APIGatewayProxyEventV2, context: object) => Promise<unknown>;

/** Loads the functions into this process, so that a test which changes their code (a mutant) is seen by these tests. */
const load = async (id: string): Promise<(event: APIGatewayProxyEventV2) => Promise<unknown>> => {
  const { handler }: { handler: Handler } = await import(`../../functions/${id}/handler.ts`);
  return (event) => handler(event, {});
};

/** Starts the service in this process behind the local gateway. The process keeps its environment: once per test file. */
export const startTarget = async (): Promise<Target> => {
  const table = `security-${randomUUID()}`;
  const database = await startDatabase({
    environment: { ...process.env, TABLE_NAME: table },
    seed: { workspaces: [] },
  });
  const issuer = await startSecurityIssuer();
  Object.assign(process.env, functionEnvironment(process.env, { ...issuer.variables, ...database.variables }));
  const routes = await Promise.all(endpoints.map(async (one) => ({ ...one, invoke: await load(one.id) })));
  const gateway = await startGateway({ routes });

  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const documents = DynamoDBDocumentClient.from(client);
  return {
    issuer,
    send: (request) => sendRaw(gateway.url, request),
    put: async (...items) => {
      for (const Item of items) await documents.send(new PutCommand({ TableName: table, Item }));
    },
    stored: async () => {
      const items: Record<string, AttributeValue>[] = [];
      for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
        items.push(...(page.Items ?? []));
      }
      return items.toSorted((a, b) => (keyIn(a) < keyIn(b) ? -1 : 1));
    },
    close: async () => {
      client.destroy();
      await Promise.all([gateway.close(), issuer.close(), database.close()]);
    },
  };
};

/** The key of a stored item, as one string. */
export const keyIn = ({ pk, sk }: Record<string, AttributeValue>): string => `${pk?.S} ${sk?.S}`;
