import { randomUUID } from 'node:crypto';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { vi } from 'vitest';
import { type Database, startDatabase } from '../harness/database/database.ts';
import { eventOf } from '../harness/gateway/event.ts';
import { type FunctionRoute, startGateway } from '../harness/gateway/gateway.ts';
import { replyOf } from '../harness/gateway/reply.ts';
import { matchIn, pathOf } from '../harness/gateway/routes.ts';
import { endpoints, functionEnvironment, startEndpoint } from '../harness/lambda/functions.ts';
import { type Issuer, localIssuer, type SignToken, startIssuer } from '../harness/local-service/issuer.ts';
import { httpSend } from './http-send.ts';
import type { Stage } from './stage.ts';
import { tableAccess } from './table-access.ts';

/** The environment of the suite, before a stage replaces it with that of its functions. */
const outside = { ...process.env };

const permissions = endpoints.map(({ permission }) => permission);

/** Permissions that resemble those of the endpoints. */
const others = permissions
  .flatMap((permission) => [
    `${permission}s`,
    permission.toUpperCase(),
    permission.replace(/\..*/, ''),
    `${permission}.all`,
  ])
  .filter((other) => !permissions.includes(other));

/** Nothing listens on the port of "discard", which only privileged processes can open. */
const nowhere = 'http://127.0.0.1:9';

const minted =
  (signToken: SignToken): Stage['token'] =>
  (caller, workspaceId) =>
    signToken({
      workspaces: {
        owner: { [workspaceId]: permissions },
        stranger: { [`${workspaceId}x`.slice(-64)]: permissions },
        powerless: { [workspaceId]: others },
        expired: { [workspaceId]: permissions },
      }[caller],
      ...(caller === 'expired' && { expiresIn: -3600 }),
    });

const freshIds = (): { own: string; other: string } => {
  const own = `contract-${randomUUID()}`;
  return { own, other: `${own}-other` };
};

const documentClient = (settings: DynamoDBClientConfig) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(settings), {
    marshallOptions: { allowImpreciseNumbers: true, removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: Number },
  });

/** The dependencies of both local stages: a database, an issuer, and environments with and without something broken. */
type Dependencies = {
  environment: NodeJS.ProcessEnv;
  noDatabase: NodeJS.ProcessEnv;
  noKeys: NodeJS.ProcessEnv;
  common: Pick<Stage, 'token' | 'workspaceIds' | 'put' | 'items' | 'remove'>;
  close: () => Promise<void>;
};

const startDependencies = async (): Promise<Dependencies> => {
  const table = `contract-${randomUUID()}`;
  const database: Database = await startDatabase({
    environment: { ...outside, TABLE_NAME: table },
    seed: { workspaces: [] },
  });
  const issuer: Issuer = await startIssuer({});
  if (!issuer.signToken) throw new Error('The local issuer cannot sign.');
  const environment = functionEnvironment(outside, { ...issuer.variables, ...database.variables });
  const client = documentClient({
    endpoint: database.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    environment,
    noDatabase: { ...environment, DYNAMODB_ENDPOINT: nowhere },
    noKeys: { ...environment, JWT_JWKS_URI: `${nowhere}/jwks.json` },
    common: { token: minted(issuer.signToken), workspaceIds: freshIds, ...tableAccess(client, table) },
    close: async () => {
      client.destroy();
      await Promise.all([database.close(), issuer.close()]);
    },
  };
};

type Handler = (event: APIGatewayProxyEventV2, context: object) => Promise<unknown>;

/**
 * Loads the functions with an environment, which must stay in place: the SDK looks up its region and credentials when they are
 * first needed.
 */
const loadFunctions = async (environment: NodeJS.ProcessEnv): Promise<FunctionRoute[]> => {
  process.env = { ...environment };
  vi.resetModules();
  return Promise.all(
    endpoints.map(async (endpoint) => {
      const { handler }: { handler: Handler } = await import(`../../functions/${endpoint.id}/handler.ts`);
      return { ...endpoint, invoke: (event) => handler(event, {}) };
    }),
  );
};

const sendInProcess =
  (routes: readonly FunctionRoute[]): Stage['send'] =>
  async ({ method, path, headers, body }) => {
    const match = matchIn(routes, method, pathOf(path) ?? '');
    if (!match) throw new Error(`No route for ${method} ${path}.`);
    const received = {
      method,
      target: path,
      rawHeaders: headers.flat(),
      body,
      sourceIp: '127.0.0.1',
      port: 443,
      requestId: randomUUID(),
      receivedAt: new Date(),
    };
    const reply = replyOf(await match.route.invoke(eventOf(received, match)));
    const replyHeaders = Object.entries(reply.headers).map(([name, value]) => [name, String(value)]);
    return { status: reply.status, headers: Object.fromEntries(replyHeaders), text: reply.body.toString() };
  };

/** The handlers, called with the events that the gateway would send. */
export const inProcess = async (): Promise<Stage> => {
  const dependencies = await startDependencies();
  return {
    send: sendInProcess(await loadFunctions(dependencies.environment)),
    broken: {
      database: { send: sendInProcess(await loadFunctions(dependencies.noDatabase)) },
      keys: { send: sendInProcess(await loadFunctions(dependencies.noKeys)) },
    },
    ...dependencies.common,
    close: dependencies.close,
  };
};

/** The local gateway, over HTTP. */
export const throughGateway = async (): Promise<Stage> => {
  const dependencies = await startDependencies();
  const toClose: { close(): Promise<void> }[] = [dependencies];
  const serve = async (environment: NodeJS.ProcessEnv): Promise<Stage['send']> => {
    const functions = await Promise.all(
      endpoints.map(async (endpoint) => ({ endpoint, running: await startEndpoint(endpoint, environment, () => {}) })),
    );
    const routes = functions.map(({ endpoint, running }) => ({ ...endpoint, invoke: running.invoke }));
    const gateway = await startGateway({ routes });
    toClose.push(gateway, ...functions.map(({ running }) => running));
    return httpSend(gateway.url);
  };
  return {
    send: await serve(dependencies.environment),
    broken: {
      database: { send: await serve(dependencies.noDatabase) },
      keys: { send: await serve(dependencies.noKeys) },
    },
    ...dependencies.common,
    close: async () => {
      for (const one of toClose.toReversed()) await one.close();
    },
  };
};

const Deployed = v.object({
  API_URL: v.pipe(v.string(), v.url()),
  TABLE_NAME: v.string('TABLE_NAME must name the table of the stage at BASE_URL'),
  DYNAMODB_ENDPOINT: v.optional(v.string()),
  WORKSPACE_ID: v.optional(v.string()),
  TOKEN_OWNER: v.optional(v.string()),
  TOKEN_STRANGER: v.optional(v.string()),
  TOKEN_POWERLESS: v.optional(v.string()),
  TOKEN_EXPIRED: v.optional(v.string()),
});

/**
 * A deployed stage: `BASE_URL` is its URL (passed on as `API_URL`), and `TABLE_NAME` its table, which is accessed with the usual
 * variables of the AWS SDK. Tokens are signed with the local key, which a sandbox trusts. For a stage with another issuer, set
 * `WORKSPACE_ID`, and tokens for that workspace in `TOKEN_OWNER`, `TOKEN_STRANGER`, `TOKEN_POWERLESS` and `TOKEN_EXPIRED`.
 */
export const deployed = async (): Promise<Stage> => {
  const given = v.parse(Deployed, outside);
  const client = documentClient(given.DYNAMODB_ENDPOINT === undefined ? {} : { endpoint: given.DYNAMODB_ENDPOINT });
  const fixed = {
    owner: given.TOKEN_OWNER,
    stranger: given.TOKEN_STRANGER,
    powerless: given.TOKEN_POWERLESS,
    expired: given.TOKEN_EXPIRED,
  };
  const { signToken } = await localIssuer();
  const mint = minted(signToken);
  const { WORKSPACE_ID: own } = given;
  return {
    send: httpSend(given.API_URL),
    token: async (caller, workspaceId) => fixed[caller] ?? mint(caller, workspaceId),
    workspaceIds: own === undefined ? freshIds : () => ({ own, other: `${own}-other`.slice(-64) }),
    ...tableAccess(client, given.TABLE_NAME),
    close: async () => client.destroy(),
  };
};

/** Whether the suite runs against a deployed stage. */
export const isDeployed = URL.canParse(outside.API_URL ?? '');

/** The stages to test: the one at `BASE_URL`, or else the local ones. */
export const stages: Record<string, () => Promise<Stage>> = isDeployed
  ? { deployed }
  : { 'in process': inProcess, 'through the local gateway': throughGateway };
