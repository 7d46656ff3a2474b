import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimKeyOf, keyOf } from '../harness/database/keys.ts';
import { startGateway } from '../harness/gateway/gateway.ts';
import { endpoints, functionEnvironment, startEndpoint } from '../harness/lambda/functions.ts';
import { compact, ecSigner } from './issuer.ts';
import { type RawRequest, type RawResponse, sendRaw } from './raw-http.ts';
import { startTarget, type Target } from './target.ts';

/** Unique text, so that it is clear where it came from wherever it is found. */
const mark = (place: string): string => `leak-${place}-${randomUUID()}`;

/** What the caller sends. */
const sent = {
  name: mark('name'),
  url: mark('url'),
  contact: mark('contact'),
  custom: mark('custom'),
  email: mark('email'),
  template: mark('template'),
  userAgent: mark('user-agent'),
  cookie: mark('cookie'),
  header: mark('header'),
  query: mark('query'),
  entityTag: mark('entity-tag'),
  mediaType: mark('media-type'),
  claim: mark('claim'),
};
/** The only value of the caller that may be logged, because an audit must be able to identify the caller. */
const subject = mark('subject');
/** The name of an unknown member, which is reported to the caller who sent it and to nobody else. */
const memberName = mark('member');
/** Stored values that must never be returned: of other records, or of attributes that the reply does not have. */
const stored = {
  foreign: mark('foreign'),
  undeclared: mark('undeclared'),
  broken: mark('broken'),
};
/** Secrets in the environment of the functions. */
const secrets = { accessKey: mark('secret'), keySet: mark('key-set'), issuerResponse: mark('issuer-response') };

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

const client = '/v1/workspace/own/clients/mine';
const workspace = '/v1/workspace/own';
const clientBody = {
  name: sent.name,
  avatarUrl: `https://example.com/${sent.url}`,
  contactMethods: [{ type: 'email', value: sent.contact, isPreferred: true }],
  customFields: [{ fieldKey: sent.custom, value: [sent.custom] }],
};
const workspaceBody = {
  name: sent.name,
  slogan: sent.name,
  email: `${sent.email}@example.com`,
  labTemplates: { smsDefaultMessage: sent.template },
};
/** Every field is invalid, in a way that a validator might quote. */
const wrongBody = {
  name: [sent.name],
  avatarUrl: `ftp://${sent.url}`,
  contactMethods: [{ type: sent.contact, value: { [sent.contact]: 1 }, isPreferred: sent.contact }],
  customFields: [{ fieldKey: { x: sent.custom }, value: { x: sent.custom } }],
  slogan: [sent.name],
  email: sent.email,
  labTemplates: sent.template,
};

let target: Target;
let service: Record<'whole' | 'noDatabase' | 'noTable' | 'noKeys' | 'rubbishKeys', Service>;
let token: string;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  target = await startTarget();
  const others = { pretend: sent.claim, email: sent.claim, name: sent.claim };
  const workspaces = Object.fromEntries(
    ['own', 'broken', 'full'].map((id) => [id, ['clients.update', 'workspace.update']]),
  );
  token = target.issuer.token({ sub: subject, workspaces, ...others });
  const version = 1;
  await target.put(
    { ...keyOf({ workspaceId: 'own' }), version, name: 'x', undeclared: stored.undeclared },
    { ...keyOf({ workspaceId: 'own', clientId: 'mine' }), version, name: 'x', undeclared: stored.undeclared },
    { ...keyOf({ workspaceId: 'foreign' }), version, name: stored.foreign, email: 'foreign@example.com' },
    { ...claimKeyOf('foreign@example.com'), workspaceId: 'foreign' },
    { ...keyOf({ workspaceId: 'broken' }), version, name: { x: stored.broken } },
    { ...keyOf({ workspaceId: 'broken', clientId: 'name' }), version, name: [stored.broken] },
    { ...keyOf({ workspaceId: 'broken', clientId: 'timestamp' }), version, name: 'x', createdAt: stored.broken },
    {
      ...keyOf({ workspaceId: 'broken', clientId: 'list' }),
      version,
      name: 'x',
      contactMethods: stored.broken,
    },
    { ...keyOf({ workspaceId: 'full', clientId: 'mine' }), version, name: 'x', undeclared: 'x'.repeat(409_300) },
  );

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

type Path = {
  says: string;
  by?: keyof typeof service;
  path?: string;
  headers?: readonly (readonly [string, string])[];
  authorization?: string;
  body?: string | object;
  owed: number;
};

/** A request for each possible response, including defects. */
const paths = (): Path[] => {
  const foreigner = target.issuer.token({ sub: subject, workspaces: { foreign: ['clients.update'] }, x: sent.claim });
  const forged = compact({ alg: 'ES256', kid: 'ec', x: sent.claim }, { sub: sent.claim }, () => Buffer.alloc(64));
  const rotten = compact({ alg: 'ES256', kid: 'ec' }, `{"sub":"${sent.claim}`, ecSigner(target.issuer.keys.ec));
  return [
    { says: 'a change', owed: 200 },
    { says: 'a change of a workspace', path: workspace, body: workspaceBody, owed: 200 },
    { says: 'no change', owed: 200 },
    { says: 'no token', authorization: '', owed: 401 },
    { says: 'another scheme', authorization: `Basic ${sent.header}`, owed: 401 },
    { says: 'a malformed token', authorization: `Bearer ${sent.header}`, owed: 401 },
    { says: 'a token that is forged', authorization: `Bearer ${forged}`, owed: 401 },
    { says: 'a token whose claims are cut off', authorization: `Bearer ${rotten}`, owed: 401 },
    { says: 'a token for another workspace', authorization: `Bearer ${foreigner}`, owed: 403 },
    { says: 'no such client', path: `${workspace}/clients/absent`, owed: 404 },
    { says: 'an invalid id', path: `${workspace}/clients/a.b`, owed: 404 },
    { says: 'another type', headers: [['Content-Type', `text/${sent.mediaType}`]], owed: 415 },
    { says: 'another coding', headers: [['Content-Encoding', sent.header]], owed: 415 },
    { says: 'a body that is too large', body: sent.name.padEnd(300_000, sent.name), owed: 413 },
    { says: 'a body that is not JSON', body: `{"name":"${sent.name}`, owed: 400 },
    { says: 'a body that is one word', body: sent.name, owed: 400 },
    { says: 'a body that is a list', body: [sent.name], owed: 400 },
    { says: 'a malformed If-Match', headers: [['If-Match', sent.entityTag]], owed: 400 },
    { says: 'invalid fields', body: wrongBody, owed: 422 },
    { says: 'invalid fields of a workspace', path: workspace, body: wrongBody, owed: 422 },
    { says: 'an unknown field', body: { [memberName]: sent.name }, owed: 422 },
    { says: 'a repeated field', body: `{"name":"${sent.name}","name":"${sent.contact}"}`, owed: 422 },
    { says: 'a record that is full', path: '/v1/workspace/full/clients/mine', owed: 422 },
    { says: 'another version', headers: [['If-Match', `"${sent.entityTag}"`]], body: { name: 'new' }, owed: 412 },
    { says: 'a taken address', path: workspace, body: { name: sent.name, email: 'foreign@example.com' }, owed: 409 },
    ...['name', 'timestamp', 'list'].map((id) => ({
      says: `a stored ${id} that is broken`,
      path: `/v1/workspace/broken/clients/${id}`,
      body: id === 'name' ? { avatarUrl: clientBody.avatarUrl } : { name: sent.name },
      owed: 500,
    })),
    { says: 'a stored workspace that is broken', path: '/v1/workspace/broken', body: { slogan: sent.name }, owed: 500 },
    { says: 'no database', by: 'noDatabase', owed: 503 },
    { says: 'no table', by: 'noTable', owed: 500 },
    { says: 'no table for an address', by: 'noTable', path: workspace, body: workspaceBody, owed: 500 },
    { says: 'no keys', by: 'noKeys', owed: 503 },
    { says: 'unusable keys', by: 'rubbishKeys', owed: 503 },
  ];
};

const take = ({
  by = 'whole',
  path = client,
  headers = [],
  authorization = `Bearer ${token}`,
  body = clientBody,
}: Path) =>
  service[by].send({
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
  const responses: { path: Path; response: RawResponse }[] = [];
  beforeAll(async () => {
    for (const path of paths()) responses.push({ path, response: await take(path) });
  }, 60_000);

  test('in any of the requests, which cover every status', () => {
    expect(responses.map(({ path: { says }, response }) => [says, response.status])).toEqual(
      paths().map(({ says, owed }) => [says, owed]),
    );
    expect([...new Set(responses.map(({ response }) => response.status))].toSorted()).toEqual([
      ...[200, 400, 401, 403, 404, 409, 412, 413, 415, 422, 500, 503],
    ]);
  });

  test('into a response: neither what was sent, except for the record, nor what is stored elsewhere', () => {
    const { query, cookie, header, userAgent, entityTag, mediaType, claim } = sent;
    const unreturned = { query, cookie, header, userAgent, entityTag, mediaType, claim };
    for (const { path, response } of responses) {
      const { status, text, headers } = response;
      const marks = { ...stored, ...secrets, subject, token, ...(status === 200 ? unreturned : sent) };
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
    const marks = { ...sent, ...stored, ...secrets, memberName, subject, token, signature: token.slice(-40) };
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
