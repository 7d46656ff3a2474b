import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ApiResponse, createClient, UnexpectedResponseError } from 'patchwork/client';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { Problem } from '../../lib/domain/problem.ts';
import { problemDetails } from '../../lib/http/response.ts';
import { type Service, startService } from '../harness/local-service/service.ts';

const { updateClient: updateClientEndpoint } = declarations;
const { updateWorkspace: updateWorkspaceEndpoint } = declarations;
const { ids, body, reply } = updateClientEndpoint.example;

let service: Service;
let token: string;
beforeAll(async () => {
  service = await startService();
  token = service.token ?? '';
}, 60_000);
afterAll(() => service?.close());

const root = join(import.meta.dirname, '..', '..');

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

const connect = (fetch: Fetch = globalThis.fetch) => createClient({ baseUrl: service.url, token, fetch });

describe('the client', () => {
  test('has a function for each endpoint', () => {
    const client = createClient({ baseUrl: 'http://localhost', token: '' });
    expect(Object.keys(client)).toEqual(Object.keys(declarations));
  });

  test('sends the declared examples and returns the record and its version', async () => {
    expect(await connect().updateClient(ids, body)).toEqual({
      ok: true,
      status: 200,
      reply: { client: { ...reply.client, updatedAt: expect.any(String) } },
      etag: expect.stringMatching(/^"\d+"$/),
      requestId: expect.stringMatching(/./),
    });
    const { example } = updateWorkspaceEndpoint;
    expect(await connect().updateWorkspace(example.ids, example.body)).toMatchObject({
      status: 200,
      reply: { workspace: { ...example.reply.workspace, updatedAt: expect.any(String) } },
    });
  });

  test('returns every invalid field of a 422', async () => {
    expect(await connect().updateClient(ids, { name: '' })).toMatchObject({
      ok: false,
      status: 422,
      problem: { errors: [{ pointer: '/name', detail: 'must have 1 to 500 characters' }] },
    });
  });

  test('returns the stored version with a 412, with which the change succeeds', async () => {
    const stale = await connect().updateClient(ids, { name: 'Stale' }, { ifMatch: ['"0"', '"00"'] });
    if (stale.status !== 412) throw new Error(`The status is ${stale.status}.`);
    expect(await connect().updateClient(ids, { name: 'Fresh' }, { ifMatch: stale.etag })).toMatchObject({
      status: 200,
    });
  });

  test('accepts a function that returns the token, and a base URL with a path', async () => {
    const asking = createClient({ baseUrl: new URL(service.url), token: async () => `${token}x` });
    expect(await asking.updateClient(ids, { name: 'Jane' })).toMatchObject({ status: 401 });
    const elsewhere = createClient({ baseUrl: `${service.url}/prod/`, token });
    await expect(elsewhere.updateClient(ids, { name: 'Jane' })).rejects.toThrow(UnexpectedResponseError);
  });

  test.each(['', '.', '..'])('sends no request for the id "%s", which a URL path cannot contain', async (clientId) => {
    const { fetch, sent } = fetchWith();
    await expect(connect(fetch).updateClient({ ...ids, clientId }, { name: 'Jane' })).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });

  test('percent-encodes ids', async () => {
    expect(await connect().updateClient({ ...ids, clientId: 'a b?#' }, { name: 'Jane' })).toMatchObject({
      status: 404,
    });
  });
});

describe('a request whose response is lost', () => {
  let etag: string;
  beforeEach(async () => {
    const before = await connect().updateClient(ids, { name: 'Before' });
    if (!before.ok) throw new Error(`The status is ${before.status}.`);
    etag = before.etag;
  });

  test.each([
    ['no response', lost],
    ['a 503', unavailable],
  ])('is retried after %s if it names a version, and succeeds', async (_, fault) => {
    const { fetch, sent } = fetchWith(fault, fault);
    const result = await connect(fetch).updateClient(ids, { name: 'After' }, { ifMatch: etag });
    expect(result).toMatchObject({ status: 200, reply: { client: { name: 'After' } } });
    expect(sent.map((headers) => headers.get('if-match'))).toEqual([etag, etag, etag]);
  });

  test.each([{}, { ifMatch: '*' }, { ifMatch: ['*'] }])('is not retried with the options %j', async (options) => {
    const { fetch, sent } = fetchWith(lost);
    await expect(connect(fetch).updateClient(ids, { name: 'After' }, options)).rejects.toThrow('fetch failed');
    const again = fetchWith(unavailable);
    expect(await connect(again.fetch).updateClient(ids, { name: 'After' }, options)).toMatchObject({
      status: 503,
      retryAfter: 0,
      problem: { type: 'urn:problem-type:patchwork:unavailable' },
    });
    expect([...sent, ...again.sent]).toHaveLength(2);
  });

  test('is retried up to the limit of the caller, or twice', async () => {
    const { fetch, sent } = fetchWith(lost, unavailable, lost);
    const result = await connect(fetch).updateClient(ids, { name: 'After' }, { retries: 3 });
    expect([result.status, sent.length]).toEqual([200, 4]);
    const hopeless = fetchWith(lost, lost, lost);
    await expect(connect(hopeless.fetch).updateClient(ids, { name: 'Later' }, { ifMatch: etag })).rejects.toThrow();
    expect(hopeless.sent).toHaveLength(3);
  });

  test('is not retried after the caller aborts', async () => {
    const abort = new AbortController();
    const { fetch, sent } = fetchWith(() => {
      setImmediate(() => abort.abort(new Error('enough')));
      return new Response('', { status: 503, headers: { 'retry-after': '60' } });
    });
    const request = connect(fetch).updateClient(ids, { name: 'After' }, { ifMatch: etag, signal: abort.signal });
    await expect(request).rejects.toThrow('enough');
    expect(sent).toHaveLength(1);

    const early = connect().updateClient(ids, { name: 'After' }, { ifMatch: etag, signal: AbortSignal.abort() });
    await expect(early).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});

describe('the types of the client', () => {
  type Client = ReturnType<typeof createClient>;
  type UpdateClient = ApiResponse<typeof updateClientEndpoint>;
  type UpdateWorkspace = ApiResponse<typeof updateWorkspaceEndpoint>;

  test('describe requests', () => {
    expectTypeOf<Client['updateClient']>().parameter(0).toEqualTypeOf<Record<'workspaceId' | 'clientId', string>>();
    expectTypeOf<Client['updateWorkspace']>().parameter(0).toEqualTypeOf<Record<'workspaceId', string>>();
    expectTypeOf<Client['updateClient']>().parameter(1).toEqualTypeOf<{
      name?: string;
      avatarUrl?: string | null;
      contactMethods?: {
        type: 'whatsapp' | 'phone' | 'email' | 'fax' | 'other';
        value: string;
        isPreferred: boolean;
      }[];
      customFields?: { fieldKey: string; value: string | boolean | null | number | string[] }[];
    }>();
    const neverCalled = (client: Client) => [
      // @ts-expect-error: an unknown field
      client.updateClient(ids, { nickname: 'Jane' }),
      // @ts-expect-error: an unknown field of a nested object
      client.updateWorkspace(ids, { labTemplates: { smsMessage: '' } }),
      // @ts-expect-error: null is not a name
      client.updateClient(ids, { name: null }),
    ];
    expectTypeOf(neverCalled).toBeFunction();
  });

  test('describe responses by status', () => {
    type Common = 200 | 400 | 401 | 403 | 404 | 412 | 413 | 415 | 422 | 500 | 503;
    expectTypeOf<UpdateClient['status']>().toEqualTypeOf<Common>();
    expectTypeOf<UpdateWorkspace['status']>().toEqualTypeOf<Common | 409>();
    type Success = Extract<UpdateClient, { ok: true }>;
    expectTypeOf<Success['reply']['client']['avatarUrl']>().toEqualTypeOf<string | null>();
    expectTypeOf<Extract<UpdateClient, { status: 412 }>['etag']>().toEqualTypeOf<string>();
    expectTypeOf<Extract<UpdateClient, { status: 503 }>['retryAfter']>().toEqualTypeOf<number>();
    expectTypeOf<Extract<UpdateClient, { status: 422 }>['problem']['errors']>().toEqualTypeOf<
      { pointer: string; detail: string }[]
    >();
    expectTypeOf<Extract<UpdateClient, { status: 404 }>>().not.toHaveProperty('etag');
    expectTypeOf<
      Extract<UpdateWorkspace, { status: 409 }>['problem']['type']
    >().toEqualTypeOf<'urn:problem-type:patchwork:email-taken'>();
  });
});

test('another package can import the client and its types', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'patchwork-caller-'));
  try {
    mkdirSync(join(directory, 'node_modules'));
    symlinkSync(root, join(directory, 'node_modules', 'patchwork'));
    writeFileSync(
      join(directory, 'caller.mjs'),
      `import { createClient } from 'patchwork/client';
       const client = createClient({ baseUrl: process.env.URL, token: process.env.TOKEN });
       const response = await client.updateClient(${JSON.stringify(ids)}, { name: 'Called' });
       console.log(response.status, response.reply.client.name);`,
    );
    const inDirectory = { cwd: directory, env: { ...process.env, URL: service.url, TOKEN: token } };
    const called = await promisify(execFile)(process.execPath, ['caller.mjs'], inDirectory);
    expect(called).toEqual({ stdout: '200 Called\n', stderr: '' });

    writeFileSync(
      join(directory, 'caller.mts'),
      `import { createClient } from 'patchwork/client';
       const client = createClient({ baseUrl: 'http://localhost', token: '' });
       const response = await client.updateClient(${JSON.stringify(ids)}, { name: 'Typed' });
       // @ts-expect-error: a name is not a number
       if (response.status === 200) response.reply.client.name satisfies number;
       if (response.status === 412) response.etag satisfies string;`,
    );
    const strict = ['--strict', '--noEmit', '--allowImportingTsExtensions', '--module', 'nodenext', '--types', ''];
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    await promisify(execFile)(tsc, [...strict, '--lib', 'es2024,dom', 'caller.mts'], inDirectory);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
