import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway } from '../harness/gateway/gateway.ts';
import { functionEnvironment, startEndpoint } from '../harness/lambda/functions.ts';
import { endpoints, permissions } from './declared.ts';
import { memberName, type Path, pathsOf, sent, subject } from './leak-paths.ts';
import { leakSceneOf } from './leak-scene.ts';
import { newMark } from './marks.ts';
import { type RawRequest, type RawResponse, sendRaw } from './raw-http.ts';
import { startTarget, type Target } from './target.ts';

/** Secrets in the environment of the functions. */
const secrets = { accessKey: newMark(), keySet: newMark(), issuerResponse: newMark() };

const scenes = endpoints.map(leakSceneOf);
const allOf = (part: 'sent' | 'stored'): Record<string, string> =>
  Object.assign({}, ...scenes.map((scene) => scene[part]));

type Service = { send: (request: RawRequest) => Promise<RawResponse>; close: () => Promise<void> };

/** Everything that all functions wrote to standard output and standard error. */
let written = '';
const startService = async (environment: NodeJS.ProcessEnv): Promise<Service> => {
  const log = (text: string) => {
    written += `${text}\n`;
  };
  const running = await Promise.all(
    endpoints.map(async (endpoint) => ({ endpoint, ...(await startEndpoint(endpoint, environment, log)) })),
  );
  const routes = running.map(({ endpoint, invoke }) => ({ ...endpoint, invoke }));
  const gateway = await startGateway({ routes, log });
  return {
    send: (request) => sendRaw(gateway.url, request),
    close: async () => void (await Promise.all([gateway.close(), ...running.map(({ close }) => close())])),
  };
};

/** An issuer that responds with something other than keys. */
const startRubbish = async () => {
  const server = createServer((_, response) => response.end(`{${secrets.issuerResponse}`)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: async () => void server.close() };
};

/** Nothing listens on the port of "discard". */
const nowhere = 'http://127.0.0.1:9';

let target: Target;
let service: Record<'whole' | 'noDatabase' | 'noTable' | 'noKeys' | 'rubbishKeys', Service>;
let token: string;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  target = await startTarget();
  const others = { pretend: sent.claim, email: sent.claim, name: sent.claim };
  const workspaces = Object.fromEntries(
    ['own', 'broken', 'full', 'absent', 'a.b'].map((workspaceId) => [workspaceId, permissions]),
  );
  token = target.issuer.token({ sub: subject, workspaces, ...others });
  await target.put(...scenes.flatMap(({ items }) => items));

  const rubbish = await startRubbish();
  const environment = functionEnvironment(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: secrets.accessKey,
    LOG_LEVEL: 'INFO',
    // The variables with which other logging libraries log whole events.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_LOGGER_LOG_EVENT: 'true',
  });
  const started = async (variables: NodeJS.ProcessEnv = {}): Promise<Service> => {
    const one = await startService({ ...environment, ...variables });
    opened.push(one);
    return one;
  };
  service = {
    whole: await started(),
    noDatabase: await started({ DYNAMODB_ENDPOINT: nowhere }),
    noTable: await started({ TABLE_NAME: 'no-such-table' }),
    noKeys: await started({ JWT_JWKS_URI: nowhere }),
    rubbishKeys: await started({ JWT_JWKS_URI: rubbish.url }),
  };
  opened.push(rubbish);
}, 60_000);
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await target?.close();
});

const paths = () => scenes.flatMap((scene) => pathsOf(scene, target.issuer).map((path) => ({ ...path, scene })));

const take = async ({ by = 'whole', path, item, headers = [], authorization = `Bearer ${token}`, body }: Path) => {
  if (item) await target.put(item);
  return service[by].send({
    target: `${path}?q=${sent.query}`,
    headers: [
      ...(headers.some(([name]) => name === 'Content-Type') ? [] : [['Content-Type', 'application/json'] as const]),
      ['Authorization', authorization],
      ['User-Agent', sent.userAgent],
      ['Cookie', `c=${sent.cookie}`],
      ['X-Anything', sent.header],
      ...headers,
    ],
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
};

/** The marks that a text contains, in plain text or in base64. */
const foundIn = (text: string, marks: Record<string, string>): string[] =>
  Object.entries(marks).flatMap(([place, value]) => {
    // At each of the three alignments of base64, the middle part does not depend on the surrounding text.
    const encoded = [0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + value)
        .toString('base64url')
        .slice(4, 4 + 32),
    );
    return [value, ...encoded].some((form) => text.includes(form)) ? [place] : [];
  });

describe('nothing leaks', () => {
  const responses: { path: ReturnType<typeof paths>[number]; response: RawResponse }[] = [];
  beforeAll(async () => {
    for (const path of paths()) responses.push({ path, response: await take(path) });
  }, 60_000);

  test('in any of the requests, which get the expected status', () => {
    expect(responses.map(({ path: { says }, response }) => [says, response.status])).toEqual(
      paths().map(({ says, owed }) => [says, owed]),
    );
  });

  test.each(scenes)('in any of the requests, which cover every status of $endpoint.id', (scene) => {
    const own = responses.filter(({ path }) => path.scene === scene);
    const statuses = [200, 400, 401, 403, 404, 412, 413, 415, 422, 500, 503, ...(scene.taken.length > 0 ? [409] : [])];
    expect(new Set(own.map(({ response }) => response.status))).toEqual(new Set(statuses));
  });

  test('into a response: neither what was sent, except for the record, nor what is stored elsewhere', () => {
    for (const { path, response } of responses) {
      const { status, text, headers } = response;
      const { endpoint, hidden } = path.scene;
      const ofOthers = scenes.filter((scene) => scene.endpoint !== endpoint).map((scene) => scene.sent);
      const fields = status === 200 ? Object.assign({}, hidden, ...ofOthers) : allOf('sent');
      const marks = { ...allOf('stored'), ...secrets, ...sent, subject, token, ...fields };
      expect({ says: path.says, found: foundIn(text + JSON.stringify(headers), marks) }).toEqual({
        says: path.says,
        found: [],
      });
    }
  });

  test('into a 5xx: no stack, no message, no internal name', () => {
    const defects = responses.filter(({ response }) => response.status >= 500);
    for (const { response } of defects) {
      const { detail, ...rest } = JSON.parse(response.text);
      expect(Object.keys(rest).toSorted()).toEqual(['instance', 'status', 'title', 'type']);
      // The request id is random, and may contain any name.
      const said = (response.text + JSON.stringify(response.headers)).replaceAll(rest.instance, '');
      expect(said).not.toMatch(
        /\bat \w|\.ts\b|node_modules|Error:|Exception|dynamo|valibot|jose|ECONN|127\.0\.0\.1:9|no-such-table|undefined/i,
      );
    }
    expect(defects.length).toBeGreaterThan(6);
  });

  test('into standard output or standard error', () => {
    const who = new RegExp(`"caller":"${subject}"`, 'g');
    const marks = {
      ...sent,
      ...allOf('sent'),
      ...allOf('stored'),
      ...secrets,
      memberName,
      subject,
      token,
      signature: token.slice(-40),
    };
    expect(foundIn(written.replace(who, ''), marks)).toEqual([]);
    // Something must have been written for the search to be meaningful: at least a line for each defect.
    expect(written.split('\n').filter((line) => line.includes('"ERROR"')).length).toBeGreaterThan(4);
  });

  test('from a function with an invalid configuration', async () => {
    const starting = startService({
      ...functionEnvironment(process.env, { JWT_JWKS: `{"keys":[{"d":"${secrets.keySet}"` }),
      JWT_CLOCK_TOLERANCE: secrets.keySet,
      JWT_ALGORITHMS: secrets.keySet,
    });
    const message = await starting.then(() => 'It started.', String);
    expect(message).toMatch(/JWT_JWKS /);
    expect(foundIn(message + written, { keySet: secrets.keySet })).toEqual([]);
  });
});
