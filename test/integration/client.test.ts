import { createClient, UnexpectedResponseError } from 'patchwork/client';
import { safeParse } from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { Problem } from '../../lib/domain/problem.ts';
import { fieldErrorsOf } from '../../lib/http/field-errors.ts';
import { problemDetails } from '../../lib/http/response.ts';
import { numberedPatch } from '../declared/bodies.ts';
import type { Declared } from '../declared/kind.ts';
import { operationOf } from '../harness/any-operation.ts';
import { type Service, startService } from '../harness/local-service/service.ts';
import { exampleReply } from './example-reply.ts';

/** An endpoint, and the name of its function. */
type Called = { name: string; endpoint: Declared };

const called: Called[] = Object.entries(declarations).map(([name, endpoint]) => ({ name, endpoint }));

let service: Service;
let token: string;
beforeAll(async () => {
  service = await startService();
  token = service.token ?? '';
}, 60_000);
afterAll(() => service?.close());

type Fetch = typeof globalThis.fetch;

/** `fetch`, with a fault for each of the first responses. */
const fetchWith = (...faults: ((response: Response) => Response)[]) => {
  const sent: Headers[] = [];
  const fetch: Fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init);
    const fault = faults[sent.length];
    sent.push(new Headers(init?.headers));
    return fault ? fault(response) : response;
  };
  return { fetch, sent };
};

const lost = (): Response => {
  throw new TypeError('fetch failed');
};

const unavailable = (): Response =>
  new Response(JSON.stringify(problemDetails(new Problem('unavailable'), 'request')), {
    status: 503,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '0', 'x-request-id': 'request' },
  });

/** The client's function for an endpoint. */
const connect = ({ name }: Called, fetch: Fetch = globalThis.fetch) =>
  operationOf(createClient({ baseUrl: service.url, token, fetch }), name);

let changes = 0;

/** A patch that no test has sent before. */
const freshPatch = ({ endpoint }: Called): object => numberedPatch(endpoint, ++changes);

/** The reply after a patch, as far as it shows what was sent. */
const replyWith = ({ endpoint }: Called, patch: object): object => {
  const { example, kind } = endpoint;
  const shown = new Set(Object.values(example.reply).flatMap(Object.keys));
  return { [kind.name]: Object.fromEntries(Object.entries(patch).filter(([field]) => shown.has(field))) };
};

test('the client has a function for each endpoint', () => {
  const client = createClient({ baseUrl: 'http://localhost', token: '' });
  expect(Object.keys(client)).toEqual(Object.keys(declarations));
});

describe.each(called)('$name', (operation) => {
  const { name, endpoint } = operation;
  const { ids, body, mistakes } = endpoint.example;
  const [lastId = '', id = ''] = Object.entries(ids).at(-1) ?? [];

  test('sends the declared example and returns the record and its version', async () => {
    expect(await connect(operation)(ids, body)).toEqual({
      ok: true,
      status: 200,
      reply: exampleReply(endpoint),
      etag: expect.stringMatching(/^"\d+"$/),
      requestId: expect.stringMatching(/./),
    });
  });

  test('returns every invalid field of a 422', async () => {
    const errors = fieldErrorsOf(safeParse(endpoint.body, mistakes).issues);
    expect(errors).not.toEqual([]);
    expect(await connect(operation)(ids, mistakes)).toMatchObject({ ok: false, status: 422, problem: { errors } });
  });

  test('returns the stored version with a 412, with which the change succeeds', async () => {
    const stale = await connect(operation)(ids, freshPatch(operation), { ifMatch: ['"0"', '"00"'] });
    if (stale.status !== 412) throw new Error(`The status is ${stale.status}.`);
    expect(await connect(operation)(ids, freshPatch(operation), { ifMatch: stale.etag })).toMatchObject({
      status: 200,
    });
  });

  test('accepts a function that returns the token, and a base URL with a path', async () => {
    const asking = createClient({ baseUrl: new URL(service.url), token: async () => `${token}x` });
    expect(await operationOf(asking, name)(ids, body)).toMatchObject({ status: 401 });
    const elsewhere = createClient({ baseUrl: `${service.url}/prod/`, token });
    await expect(operationOf(elsewhere, name)(ids, body)).rejects.toThrow(UnexpectedResponseError);
  });

  test.each(['', '.', '..'])(
    'sends no request for the id "%s", which a URL path cannot contain',
    async (impossible) => {
      const { fetch, sent } = fetchWith();
      await expect(connect(operation, fetch)({ ...ids, [lastId]: impossible }, body)).rejects.toThrow(TypeError);
      expect(sent).toEqual([]);
    },
  );

  test.each(['?', '#'])('percent-encodes "%s" in an id', async (character) => {
    const response = await connect(operation)({ ...ids, [lastId]: `${id}${character}` }, body);
    expect(response.status).toBe(lastId === 'workspaceId' ? 403 : 404);
  });
});

describe.each(called)('a request of $name whose response is lost', (operation) => {
  const { ids } = operation.endpoint.example;
  let etag: string;
  let patch: object;
  beforeEach(async () => {
    patch = freshPatch(operation);
    const before = await connect(operation)(ids, freshPatch(operation));
    if (!before.ok) throw new Error(`The status is ${before.status}.`);
    etag = before.etag;
  });

  test.each([
    ['no response', lost],
    ['a 503', unavailable],
  ])('is retried after %s if it names a version, and succeeds', async (_, fault) => {
    const { fetch, sent } = fetchWith(fault, fault);
    const result = await connect(operation, fetch)(ids, patch, { ifMatch: etag });
    expect(result).toMatchObject({ status: 200, reply: replyWith(operation, patch) });
    expect(sent.map((headers) => headers.get('if-match'))).toEqual([etag, etag, etag]);
  });

  test.each([{}, { ifMatch: '*' }, { ifMatch: ['*'] }])('is not retried with the options %j', async (options) => {
    const { fetch, sent } = fetchWith(lost);
    await expect(connect(operation, fetch)(ids, patch, options)).rejects.toThrow('fetch failed');
    const again = fetchWith(unavailable);
    expect(await connect(operation, again.fetch)(ids, patch, options)).toMatchObject({
      status: 503,
      retryAfter: 0,
      problem: { type: 'urn:problem-type:patchwork:unavailable' },
    });
    expect([...sent, ...again.sent]).toHaveLength(2);
  });

  test('is retried up to the limit of the caller, or twice', async () => {
    const { fetch, sent } = fetchWith(lost, unavailable, lost);
    const result = await connect(operation, fetch)(ids, patch, { retries: 3 });
    expect([result.status, sent.length]).toEqual([200, 4]);
    const hopeless = fetchWith(lost, lost, lost);
    const later = connect(operation, hopeless.fetch)(ids, freshPatch(operation), { ifMatch: etag });
    await expect(later).rejects.toThrow();
    expect(hopeless.sent).toHaveLength(3);
  });

  test('is not retried after the caller aborts', async () => {
    const abort = new AbortController();
    const { fetch, sent } = fetchWith(() => {
      setImmediate(() => abort.abort(new Error('enough')));
      return new Response('', { status: 503, headers: { 'retry-after': '60' } });
    });
    const request = connect(operation, fetch)(ids, patch, { ifMatch: etag, signal: abort.signal });
    await expect(request).rejects.toThrow('enough');
    expect(sent).toHaveLength(1);

    const early = connect(operation)(ids, patch, { ifMatch: etag, signal: AbortSignal.abort() });
    await expect(early).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});
