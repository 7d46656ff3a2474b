import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimKeyOf, keyOf } from '../../lib/table/keys.ts';
import { endpoints, functionEnvironment, startEndpoint } from '../harness/functions.ts';
import { startGateway } from '../harness/gateway.ts';
import { compact, ecSigner } from './issuer.ts';
import { type RawAnswer, type RawRequest, sendRaw } from './raw-http.ts';
import { startTarget, type Target } from './target.ts';

/** Text that stands in one place of the world only, so that where it is found it can have come from nowhere else. */
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
/** The one thing of the caller that may be named in a log line, since an audit must be able to tell who it was. */
const subject = mark('subject');
/** The name of a member that nobody knows is told to the caller, who sent it, and to no one else. */
const memberName = mark('member');
/** What is stored, and never to be answered: of other records, or of attributes that the reply does not have. */
const stored = {
  foreign: mark('foreign'),
  undeclared: mark('undeclared'),
  broken: mark('broken'),
};
/** What the functions run with. */
const secrets = { accessKey: mark('secret'), keySet: mark('key-set'), issuerAnswer: mark('issuer-answer') };

type Service = { send: (request: RawRequest) => Promise<RawAnswer>; close: () => Promise<void> };

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

/** An issuer that answers with something else than keys. */
const startRubbish = async () => {
  const server = createServer((_, response) => response.end(`{${secrets.issuerAnswer}`)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: async () => void server.close() };
};

/** Nothing listens on the port for "discard". */
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
/** Every field wrong, in a way that a validator might like to quote. */
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
    { ...keyOf({ workspaceId: 'broken', clientId: 'moment' }), version, name: 'x', createdAt: stored.broken },
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
    // What other logging libraries take for leave to write down whole events.
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

/** A way for each answer that there is, the defects too. */
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
    { says: 'a token that is none', authorization: `Bearer ${sent.header}`, owed: 401 },
    { says: 'a token that is forged', authorization: `Bearer ${forged}`, owed: 401 },
    { says: 'a token whose claims are cut off', authorization: `Bearer ${rotten}`, owed: 401 },
    { says: 'a token for another workspace', authorization: `Bearer ${foreigner}`, owed: 403 },
    { says: 'no such client', path: `${workspace}/clients/absent`, owed: 404 },
    { says: 'an id that cannot be', path: `${workspace}/clients/a.b`, owed: 404 },
    { says: 'another type', headers: [['Content-Type', `text/${sent.mediaType}`]], owed: 415 },
    { says: 'another coding', headers: [['Content-Encoding', sent.header]], owed: 415 },
    { says: 'a body that is too large', body: sent.name.padEnd(300_000, sent.name), owed: 413 },
    { says: 'a body that is not JSON', body: `{"name":"${sent.name}`, owed: 400 },
    { says: 'a body that is one word', body: sent.name, owed: 400 },
    { says: 'a body that is a list', body: [sent.name], owed: 400 },
    { says: 'an If-Match that cannot be read', headers: [['If-Match', sent.entityTag]], owed: 400 },
    { says: 'fields that are wrong', body: wrongBody, owed: 422 },
    { says: 'fields that are wrong, of a workspace', path: workspace, body: wrongBody, owed: 422 },
    { says: 'a field that is not known', body: { [memberName]: sent.name }, owed: 422 },
    { says: 'a field that is given twice', body: `{"name":"${sent.name}","name":"${sent.contact}"}`, owed: 422 },
    { says: 'a record that is full', path: '/v1/workspace/full/clients/mine', owed: 422 },
    { says: 'another version', headers: [['If-Match', `"${sent.entityTag}"`]], body: { name: 'new' }, owed: 412 },
    { says: 'a taken address', path: workspace, body: { name: sent.name, email: 'foreign@example.com' }, owed: 409 },
    ...['name', 'moment', 'list'].map((id) => ({
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
    { says: 'keys that are none', by: 'rubbishKeys', owed: 503 },
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

/** Which of the marks stand in a text, as they are or in base64. */
const foundIn = (text: string, marks: Record<string, string>): string[] =>
  Object.entries(marks).flatMap(([place, value]) => {
    // Of three ways to lie on the grid of base64, the middle of each is the same whatever stands around it.
    const encoded = [0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + value)
        .toString('base64url')
        .slice(4, 4 + 32),
    );
    return [value, ...encoded].some((form) => text.includes(form)) ? [place] : [];
  });

describe('nothing leaks', () => {
  const answers: { path: Path; answer: RawAnswer }[] = [];
  beforeAll(async () => {
    for (const path of paths()) answers.push({ path, answer: await take(path) });
  }, 60_000);

  test('on any way to any answer, of which there are all', () => {
    expect(answers.map(({ path: { says }, answer }) => [says, answer.status])).toEqual(
      paths().map(({ says, owed }) => [says, owed]),
    );
    expect([...new Set(answers.map(({ answer }) => answer.status))].toSorted()).toEqual([
      ...[200, 400, 401, 403, 404, 409, 412, 413, 415, 422, 500, 503],
    ]);
  });

  test('into an answer: neither what was sent, but for the record itself, nor what is stored elsewhere', () => {
    const { query, cookie, header, userAgent, entityTag, mediaType, claim } = sent;
    const unanswered = { query, cookie, header, userAgent, entityTag, mediaType, claim };
    for (const { path, answer } of answers) {
      const { status, text, headers } = answer;
      const marks = { ...stored, ...secrets, subject, token, ...(status === 200 ? unanswered : sent) };
      expect({ says: path.says, found: foundIn(text + JSON.stringify(headers), marks) }).toEqual({
        says: path.says,
        found: [],
      });
    }
  });

  test('into a defect: no stack, no message, no name of anything inside', () => {
    const defects = answers.filter(({ answer }) => answer.status >= 500);
    for (const { answer } of defects) {
      const { detail, ...rest } = JSON.parse(answer.text);
      expect(Object.keys(rest).toSorted()).toEqual(['instance', 'status', 'title', 'type']);
      // The request id is drawn by chance, and may spell anything.
      const said = (answer.text + JSON.stringify(answer.headers)).replaceAll(rest.instance, '');
      expect(said).not.toMatch(
        /\bat \w|\.ts\b|node_modules|Error:|Exception|dynamo|valibot|jose|ECONN|127\.0\.0\.1:9|no-such-table|undefined/i,
      );
    }
    expect(defects.length).toBeGreaterThan(6);
  });

  test('into anything that is written to standard output or standard error', () => {
    const who = new RegExp(`"caller":"${subject}"`, 'g');
    const marks = { ...sent, ...stored, ...secrets, memberName, subject, token, signature: token.slice(-40) };
    expect(foundIn(written.replace(who, ''), marks)).toEqual([]);
    // Something is written, or the search would find nothing for the wrong reason: a line for each defect at least.
    expect(written.split('\n').filter((line) => line.includes('"ERROR"')).length).toBeGreaterThan(4);
  });

  test('out of a function whose configuration is wrong', async () => {
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
