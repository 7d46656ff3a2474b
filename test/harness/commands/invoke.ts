import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { CommandError, messageOf, runCommand } from '../../../infra/command-line.ts';
import { defaultTable, openDatabase, startDatabase } from '../database/database.ts';
import { type Declaration, endpoints, functionEnvironment, startEndpoint } from '../lambda/functions.ts';
import { type SignToken, startIssuer } from '../local-service/issuer.ts';
import { exampleEvent } from './example-event.ts';
import { flawOf } from './flaw-of.ts';
import { parseOptions } from './parse-options.ts';

const names = endpoints.map(({ id }) => id).join(' or ');
const placeholder = 'Bearer <token>';

const usage = `Usage: npm run --silent invoke -- FUNCTION [options]

Invokes a function (${names}) with an API Gateway event and prints its response as JSON.

  --event FILE   the event as JSON, payload format 2.0; - reads standard input. By default, the declared example
  --print        print the event of the declared example instead, to edit it
  --help         print this

If the authorization header is exactly "${placeholder}", it is replaced with a new token of the local issuer that grants
the function's permission in the workspace of the event's path.

Environment: DYNAMODB_ENDPOINT makes the function use the table TABLE_NAME (${defaultTable} by default) of a running engine;
otherwise it uses a temporary engine with the demo data. JWT_ISSUER, JWT_AUDIENCE and JWT_JWKS_URI (or JWT_JWKS) replace the
local issuer; the authorization header is then left unchanged.
`;

const options = {
  event: { type: 'string' },
  print: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** The members of an event that are read here; the function gets all of them. */
const Event = v.looseObject({
  headers: v.record(v.string(), v.string()),
  pathParameters: v.exactOptional(v.record(v.string(), v.string())),
});
type Event = Pick<APIGatewayProxyEventV2, 'headers' | 'pathParameters'>;

const readEvent = async (source: string): Promise<Event> => {
  const name = source === '-' ? 'on standard input' : source;
  const json = await (source === '-' ? text(process.stdin) : readFile(source, 'utf8')).catch((error) => {
    throw new CommandError(`The event ${name} cannot be read: ${messageOf(error)}.`);
  });
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new CommandError(`The event ${name} is not JSON: ${messageOf(error)}.`);
  }
  const { success, output, issues } = v.safeParse(Event, value);
  if (success) return output;
  throw new CommandError(`The event ${name} is not an API Gateway event: ${flawOf(issues[0])}.`);
};

/** The event with a new token in place of the placeholder. */
const withToken = async (event: Event, permission: string, signToken: SignToken): Promise<Event> => {
  const { workspaceId = '' } = event.pathParameters ?? {};
  const token = await signToken({ workspaces: { [workspaceId]: [permission] } });
  const headers = Object.entries(event.headers).map(([name, value]) => [
    name,
    name.toLowerCase() === 'authorization' && value === placeholder ? `Bearer ${token}` : value,
  ]);
  return { ...event, headers: Object.fromEntries(headers) };
};

const endpointNamed = (name: string | undefined): Declaration => {
  const endpoint = endpoints.find(({ id }) => id === name);
  if (endpoint) return endpoint;
  throw new CommandError(
    name === undefined ? `Name the function to invoke: ${names}.` : `There is no function ${name}: use ${names}.`,
    2,
  );
};

await runCommand(async () => {
  const { values, positionals } = parseOptions(() => parseArgs({ options, allowPositionals: true }));
  if (values.help) return void process.stdout.write(usage);
  const [name, ...others] = positionals;
  const endpoint = endpointNamed(name);
  if (others.length > 0) throw new CommandError('Only one function can be invoked at a time.', 2);
  if (values.print && values.event !== undefined) {
    throw new CommandError('--print prints the event of the declared example: leave out --event.', 2);
  }
  const example = exampleEvent(endpoint, placeholder);
  if (values.print) return void process.stdout.write(`${JSON.stringify(example, null, 2)}\n`);
  const event = values.event === undefined ? example : await readEvent(values.event);

  const { env: environment } = process;
  const opened: { close(): Promise<void> }[] = [];
  try {
    const issuer = await startIssuer(environment);
    opened.push(issuer);
    const database = await (environment.DYNAMODB_ENDPOINT ? openDatabase : startDatabase)({ environment });
    opened.push(database);
    const variables = functionEnvironment(environment, { ...issuer.variables, ...database.variables });
    const lambda = await startEndpoint(endpoint, variables, (text) => process.stderr.write(`${text}\n`));
    opened.push(lambda);

    const { signToken } = issuer;
    const authorized = signToken ? await withToken(event, endpoint.permission, signToken) : event;
    const reply = await lambda.invoke(authorized).catch((error) => {
      throw new CommandError(`The function ${endpoint.id} failed: ${error.stack}`);
    });
    process.stdout.write(`${JSON.stringify(reply, null, 2)}\n`);
  } finally {
    await Promise.all(opened.map((one) => one.close()));
  }
});
