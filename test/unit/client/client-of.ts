import { createClient, type RequestOptions } from '../../../functions/client.ts';
import * as declarations from '../../../functions/index.ts';
import { Problem, type ProblemCode } from '../../../lib/domain/problem.ts';
import { problemTypes } from '../../../lib/http/problem-types.ts';
import { problemDetails } from '../../../lib/http/response.ts';
import { numberedPatch } from '../../declared/bodies.ts';
import type { Declared } from '../../declared/kind.ts';
import { type AnyOperation, operationOf } from '../../harness/any-operation.ts';

type Sent = { url: string; method: string | undefined; headers: Headers; body: unknown; signal: unknown };
export type Reaction = () => Response | Promise<Response>;

export const pinned = { ifMatch: '"7"' };

export const json =
  (status: number, type: string, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': type, ...headers },
    });
export const problem = (code: ProblemCode, headers: Record<string, string> = {}): Reaction =>
  json(problemTypes[code].status, 'application/problem+json', problemDetails(new Problem(code), 'r-1'), {
    'x-request-id': 'r-1',
    ...headers,
  });
export const gateway = (status: number, headers: Record<string, string> = {}): Reaction =>
  json(status, 'application/json', { message: 'No' }, headers);
export const lost: Reaction = () => Promise.reject(new TypeError('fetch failed'));

/** A client's function for an endpoint, and the requests that it sent. */
export type TestClient = { send: AnyOperation; sent: readonly Sent[] };

/** The function of a client for each endpoint, with what the tests send to it. */
export const operations = Object.entries(declarations).map(([name, endpoint]: [string, Declared]) => {
  const { ids, reply } = endpoint.example;
  const patch = numberedPatch(endpoint, 0);

  /** A client whose requests meet these reactions in turn, the last one repeatedly. */
  const clientOf = (
    reactions: readonly Reaction[],
    options: Partial<Parameters<typeof createClient>[0]> = {},
  ): TestClient => {
    const sent: Sent[] = [];
    const fetch: typeof globalThis.fetch = async (url, init) => {
      const { method, headers, body, signal } = init ?? {};
      sent.push({ url: String(url), method, headers: new Headers(headers), body, signal });
      const react = reactions[Math.min(sent.length, reactions.length) - 1];
      if (react === undefined) throw new Error('No reaction.');
      return react();
    };
    const client = createClient({ baseUrl: 'https://api.example', token: 't', fetch, ...options });
    return { send: operationOf(client, name), sent };
  };

  const update = (client: TestClient, options?: RequestOptions) => client.send(ids, patch, options);
  const updated = json(200, 'application/json', reply, { etag: '"8"', 'x-request-id': 'r-1' });
  return { name, endpoint, ids, patch, clientOf, update, updated };
});
